-- What was read in files, by their bytes: derived, and read again when the reader got better.
create table documents (
  digest text collate "C" primary key,
  reader bigint not null,
  status text collate "C" not null,
  reason text collate "C" not null default '',
  mime text collate "C" not null default '',
  language text collate "C" not null default '',
  title text collate "C" not null default '',
  symbol text collate "C" not null default '',
  pages bigint not null default 0,
  facts text collate "C" not null default '',
  read_at bigint not null default 0
);
create index documents_by_symbol on documents (symbol);

create table document_pages (
  digest text collate "C" not null,
  number bigint not null,
  label text collate "C" not null default '',
  language text collate "C" not null default '',
  text text collate "C" not null,
  primary key (digest, number)
);

create table document_paragraphs (
  digest text collate "C" not null,
  position bigint not null,
  number text collate "C" not null,
  page bigint not null,
  text text collate "C" not null,
  primary key (digest, position)
);

-- What a name below the uploads answered before it was given other bytes.
create table file_versions (
  path text collate "C" not null,
  digest text collate "C" not null,
  size bigint not null,
  mime_type text collate "C" not null default '',
  until_at bigint not null,
  primary key (path, digest)
);

-- How often something happened on a day: downloads, searches that found nothing. Never who.
create table daily_counts (
  day text collate "C" not null,
  kind text collate "C" not null,
  subject text collate "C" not null,
  count bigint not null,
  primary key (day, kind, subject)
);
