-- What was read in files, by their bytes: derived, and read again when the reader got better.
create table documents (
  digest text primary key,
  reader bigint not null,
  status text not null,
  reason text not null default '',
  mime text not null default '',
  language text not null default '',
  title text not null default '',
  symbol text not null default '',
  pages bigint not null default 0,
  facts text not null default '',
  read_at bigint not null default 0
) without rowid;
create index documents_by_symbol on documents (symbol);

create table document_pages (
  digest text not null,
  number bigint not null,
  label text not null default '',
  language text not null default '',
  text text not null,
  primary key (digest, number)
);

create table document_paragraphs (
  digest text not null,
  position bigint not null,
  number text not null,
  page bigint not null,
  text text not null,
  primary key (digest, position)
);

-- What a name below the uploads answered before it was given other bytes.
create table file_versions (
  path text not null,
  digest text not null,
  size bigint not null,
  mime_type text not null default '',
  until_at bigint not null,
  primary key (path, digest)
);

-- How often something happened on a day: downloads, searches that found nothing. Never who.
create table daily_counts (
  day text not null,
  kind text not null,
  subject text not null,
  count bigint not null,
  primary key (day, kind, subject)
);
