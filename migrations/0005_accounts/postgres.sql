-- Who is signed in where: of the cookie's secret only its SHA-256 is kept, of the address only its network.
create table sessions (
  id text collate "C" primary key,
  user_id bigint not null,
  created bigint not null,
  seen bigint not null,
  expires bigint not null,
  address text not null default '',
  agent text not null default ''
);
create index sessions_by_user on sessions (user_id, created);

-- How often a wrong password came, by account and network; names that nobody has only as a digest.
create table attempts (
  scope text collate "C" primary key,
  failures bigint not null default 0,
  last bigint not null default 0,
  until bigint not null default 0
);
create index attempts_by_time on attempts (last);
