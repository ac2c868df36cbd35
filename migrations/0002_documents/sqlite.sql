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
