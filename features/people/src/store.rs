//! The questions of this feature that the platform does not answer: all its SQL stands here.

use gp_kernel::{Result, UserId};
use gp_store::{Conn, Row};

/// Somebody signed in on a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's secret.
    pub id: String,
    /// Whose it is.
    pub user: UserId,
    /// Seconds since 1970.
    pub created: i64,
    /// When it was used last, to a few minutes.
    pub seen: i64,
    /// When it ends.
    pub expires: i64,
    /// The network it was used from, not the address.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

const COLUMNS: &str = "id, user_id, created, seen, expires, address, agent";

fn session_of(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.text(0)?,
        user: UserId(row.int(1)?),
        created: row.int(2)?,
        seen: row.int(3)?,
        expires: row.int(4)?,
        address: row.text(5)?,
        agent: row.text(6)?,
    })
}

pub(crate) async fn add_session(tx: &mut Conn, session: &Session) -> Result<()> {
    let sql = format!("insert into sessions ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)");
    let args = [
        (&session.id).into(),
        session.user.into(),
        session.created.into(),
        session.seen.into(),
        session.expires.into(),
        (&session.address).into(),
        (&session.agent).into(),
    ];
    tx.run(&sql, &args).await.map(drop)
}

/// The session of this id, when it has not ended.
pub(crate) async fn session(conn: &mut Conn, id: &str, now: i64) -> Result<Option<Session>> {
    let sql = format!("select {COLUMNS} from sessions where id = $1 and expires > $2");
    let row = conn.one(&sql, &[id.into(), now.into()]).await?;
    row.as_ref().map(session_of).transpose()
}

/// All of an account, the newest first.
pub(crate) async fn sessions_of(conn: &mut Conn, user: UserId, now: i64) -> Result<Vec<Session>> {
    let sql = format!("select {COLUMNS} from sessions where user_id = $1 and expires > $2 order by seen desc, id");
    let rows = conn.all(&sql, &[user.into(), now.into()]).await?;
    rows.iter().map(session_of).collect()
}

pub(crate) async fn touch_session(tx: &mut Conn, id: &str, now: i64) -> Result<()> {
    let sql = "update sessions set seen = $2 where id = $1";
    tx.run(sql, &[id.into(), now.into()]).await.map(drop)
}

pub(crate) async fn end_session(tx: &mut Conn, user: UserId, id: &str) -> Result<u64> {
    let sql = "delete from sessions where user_id = $1 and id = $2";
    tx.run(sql, &[user.into(), id.into()]).await
}

pub(crate) async fn end_other_sessions(tx: &mut Conn, user: UserId, but: &str) -> Result<u64> {
    let sql = "delete from sessions where user_id = $1 and id <> $2";
    tx.run(sql, &[user.into(), but.into()]).await
}

/// Forgets what has ended: sessions, and wrong passwords of long ago.
pub(crate) async fn sweep(tx: &mut Conn, now: i64, attempts_before: i64) -> Result<()> {
    tx.run("delete from sessions where expires <= $1", &[now.into()])
        .await?;
    let sql = "delete from attempts where last < $1 and until < $2";
    tx.run(sql, &[attempts_before.into(), now.into()]).await.map(drop)
}

/// Wrong passwords of one account, one network, or one of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts {
    /// How many, one after the other.
    pub failures: i64,
    /// When the last one came.
    pub last: i64,
    /// Until then none is looked at.
    pub until: i64,
}

/// Takes hold of a count until the transaction ends: tries that come at once are counted one after the other.
pub(crate) async fn hold_attempts(tx: &mut Conn, scope: &str) -> Result<()> {
    let sql = "insert into attempts (scope) values ($1) on conflict (scope) do update set scope = excluded.scope";
    tx.run(sql, &[scope.into()]).await.map(drop)
}

pub(crate) async fn attempts(conn: &mut Conn, scope: &str) -> Result<Attempts> {
    let sql = "select failures, last, until from attempts where scope = $1";
    let Some(row) = conn.one(sql, &[scope.into()]).await? else {
        return Ok(Attempts::default());
    };
    Ok(Attempts {
        failures: row.int(0)?,
        last: row.int(1)?,
        until: row.int(2)?,
    })
}

pub(crate) async fn keep_attempts(tx: &mut Conn, scope: &str, attempts: Attempts) -> Result<()> {
    let sql = "insert into attempts (scope, failures, last, until) values ($1, $2, $3, $4) \
               on conflict (scope) do update set failures = excluded.failures, last = excluded.last, until = excluded.until";
    let Attempts { failures, last, until } = attempts;
    let args = [scope.into(), failures.into(), last.into(), until.into()];
    tx.run(sql, &args).await.map(drop)
}

pub(crate) async fn forget_attempts(tx: &mut Conn, scope: &str) -> Result<()> {
    tx.run("delete from attempts where scope = $1", &[scope.into()])
        .await
        .map(drop)
}
