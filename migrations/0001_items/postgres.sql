-- Everything that a library keeps. Columns are bigint, text and bytea only; nothing is NULL; ids come from `sequences`.

create table sequences (name text collate "C" primary key, next bigint not null);
insert into sequences (name, next) values
  ('items', 1), ('item_meta', 1), ('terms', 1), ('term_taxonomy', 1), ('term_meta', 1), ('users', 1), ('user_meta', 1),
  ('comments', 1), ('comment_meta', 1), ('changes', 1), ('jobs', 1), ('audit', 1), ('imports', 1);

-- One row per thing, whatever its type: WordPress's posts table, its ids kept.
create table items (
  id bigint primary key,
  type text collate "C" not null,
  status text collate "C" not null,
  name text collate "C" not null default '',
  title text collate "C" not null default '',
  content text collate "C" not null default '',
  excerpt text collate "C" not null default '',
  author bigint not null default 0,
  parent bigint not null default 0,
  menu_order bigint not null default 0,
  date text collate "C" not null default '0000-00-00 00:00:00',
  date_gmt text collate "C" not null default '0000-00-00 00:00:00',
  modified text collate "C" not null default '0000-00-00 00:00:00',
  modified_gmt text collate "C" not null default '0000-00-00 00:00:00',
  password text collate "C" not null default '',
  comment_status text collate "C" not null default 'closed',
  ping_status text collate "C" not null default 'closed',
  to_ping text collate "C" not null default '',
  pinged text collate "C" not null default '',
  content_filtered text collate "C" not null default '',
  guid text collate "C" not null default '',
  mime_type text collate "C" not null default '',
  comment_count bigint not null default 0,
  version bigint not null default 1
);
create index items_by_type on items (type, status, date, id);
create index items_by_change on items (type, status, modified, id);
create index items_by_name on items (name, type);
create index items_by_parent on items (parent, type);
create index items_by_author on items (author, type, status, date);
-- What is open to everybody, for counting it and for what is related: the password itself lies behind the text of each row.
-- It stands last: among indexes that look equally good to it SQLite takes the newest.
create index items_open on items (type, status, date, id) where password = '';

create table item_meta (id bigint primary key, item_id bigint not null, key text collate "C" not null, value bytea not null);
create index item_meta_by_item on item_meta (item_id, key);

-- A term in a taxonomy: terms and term_taxonomy of WordPress in one row, both ids kept.
create table terms (
  id bigint primary key,
  term_id bigint not null,
  taxonomy text collate "C" not null,
  name text collate "C" not null,
  slug text collate "C" not null,
  description text collate "C" not null default '',
  parent bigint not null default 0,
  count bigint not null default 0,
  term_group bigint not null default 0
);
create unique index terms_by_term on terms (term_id, taxonomy);
create index terms_by_slug on terms (taxonomy, slug);
create table term_meta (id bigint primary key, term_id bigint not null, key text collate "C" not null, value bytea not null);
create index term_meta_by_term on term_meta (term_id, key);
create table item_terms (
  item_id bigint not null, term_taxonomy_id bigint not null, term_order bigint not null default 0,
  primary key (item_id, term_taxonomy_id)
);
create index item_terms_by_term on item_terms (term_taxonomy_id, item_id);

create table users (
  id bigint primary key,
  login text collate "C" not null,
  password text collate "C" not null default '',
  nicename text collate "C" not null default '',
  email text collate "C" not null default '',
  url text collate "C" not null default '',
  registered text collate "C" not null default '0000-00-00 00:00:00',
  activation_key text collate "C" not null default '',
  status bigint not null default 0,
  display_name text collate "C" not null default ''
);
create index users_by_login on users (login);
create index users_by_nicename on users (nicename);
create table user_meta (id bigint primary key, user_id bigint not null, key text collate "C" not null, value bytea not null);
create index user_meta_by_user on user_meta (user_id, key);

create table comments (
  id bigint primary key,
  item_id bigint not null,
  author text collate "C" not null default '',
  author_email text collate "C" not null default '',
  author_url text collate "C" not null default '',
  author_ip text collate "C" not null default '',
  date text collate "C" not null default '0000-00-00 00:00:00',
  date_gmt text collate "C" not null default '0000-00-00 00:00:00',
  content text collate "C" not null default '',
  karma bigint not null default 0,
  approved text collate "C" not null default '1',
  agent text collate "C" not null default '',
  type text collate "C" not null default 'comment',
  parent bigint not null default 0,
  user_id bigint not null default 0
);
create index comments_by_item on comments (item_id, approved, date_gmt);
create index comments_by_date on comments (approved, date_gmt);
create table comment_meta (id bigint primary key, comment_id bigint not null, key text collate "C" not null, value bytea not null);
create index comment_meta_by_comment on comment_meta (comment_id, key);

create table options (name text collate "C" primary key, value bytea not null, autoload bigint not null default 1);

-- Stable names of bytes: what readers ask for, which blob answers, and whose permission decides (0: nobody's).
create table files (
  path text collate "C" primary key,
  item_id bigint not null default 0,
  role text collate "C" not null default 'original',
  digest text collate "C" not null,
  size bigint not null,
  mime_type text collate "C" not null default '',
  modified bigint not null default 0
);
create index files_by_item on files (item_id);

-- Old addresses of items (`_wp_old_slug`): derived from meta, for finding by address.
create table old_slugs (slug text collate "C" not null, item_id bigint not null, primary key (slug, item_id));
create index old_slugs_by_item on old_slugs (item_id);

create table redirects (source text collate "C" primary key, target text collate "C" not null, status bigint not null default 301, created bigint not null default 0);

create table jobs (
  id bigint primary key,
  kind text collate "C" not null,
  subject text collate "C" not null,
  run_at bigint not null,
  lease_until bigint not null default 0,
  attempts bigint not null default 0,
  failure text collate "C" not null default ''
);
create unique index jobs_by_subject on jobs (kind, subject);
create index jobs_by_time on jobs (run_at, lease_until);

create table audit (
  id bigint primary key, at bigint not null, actor bigint not null, verb text collate "C" not null,
  kind text collate "C" not null, object bigint not null, detail text collate "C" not null default ''
);
create index audit_by_object on audit (kind, object);

create table changes (id bigint primary key, kind text collate "C" not null, object bigint not null, at bigint not null);

-- What an import brings that nothing uses yet: tables with their definition, rows as canonical SQL tuples.
create table kept_tables (name text collate "C" primary key, definition text collate "C" not null, columns text collate "C" not null, digest text collate "C" not null, rows bigint not null);
create table kept_rows (table_name text collate "C" not null, position bigint not null, data bytea not null, primary key (table_name, position));
-- The exact bytes of a text that is not UTF-8 or holds U+0000; the column itself holds the readable form.
create table originals (table_name text collate "C" not null, row_id bigint not null, column_name text collate "C" not null, bytes bytea not null, primary key (table_name, row_id, column_name));
create table imports (id bigint primary key, source text collate "C" not null, started bigint not null, finished bigint not null default 0, report text collate "C" not null default '');
