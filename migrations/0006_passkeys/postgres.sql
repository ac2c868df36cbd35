-- Passkeys (WebAuthn): the public half, by the id that the authenticator gave it.
create table passkeys (
  id text collate "C" primary key,
  user_id bigint not null,
  user_handle text not null,
  rp_id text not null,
  name text not null,
  public_key bytea not null,
  counter bigint not null default 0,
  backup_eligible bigint not null default 0,
  created bigint not null,
  used bigint not null default 0
);
create index passkeys_by_user on passkeys (user_id, created);

-- What an authenticator has to sign next, as its SHA-256: good once, and for minutes.
create table challenges (
  id text collate "C" primary key,
  purpose text not null,
  user_id bigint not null default 0,
  user_handle text not null default '',
  expires bigint not null
);
create index challenges_by_time on challenges (expires);
