-- Which symbols stand in a file's text, in the one spelling of `symbols`: derived with the rest of its reading.
create table document_citations (
  symbol text collate "C" not null,
  digest text collate "C" not null,
  primary key (symbol, digest)
);
create index document_citations_by_digest on document_citations (digest);
