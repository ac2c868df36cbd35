-- When each resource that everybody may read last changed, and which ones were there and are no more: for harvesters, who
-- ask for what is new. A resource that is gone keeps the terms that it had, as ',3,5,'.
create table exchange (
  item_id bigint primary key,
  stamp text collate "C" not null,
  gone bigint not null default 0,
  terms text collate "C" not null default ''
);
create index exchange_by_stamp on exchange (stamp, item_id);
insert into exchange (item_id, stamp)
  select id, case when modified_gmt < '1970-01-01 00:00:00' then to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS') else modified_gmt end
  from items where type = 'post' and status = 'publish' and password = '';

-- Symbols and other names of resources in the one spelling that all others have in common: derived from their records, for
-- finding by symbol.
create table symbols (symbol text collate "C" not null, item_id bigint not null, primary key (symbol, item_id));
create index symbols_by_item on symbols (item_id);
