//! Passkeys and challenges as they are kept: the SQL of both.

use gp_kernel::{Result, UserId};
use gp_store::{Conn, Row};

/// A passkey of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passkey {
    /// What it is known by, in Base64 for addresses.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) user: UserId,
    /// What the authenticator knows the account by: random, and the same for all passkeys of it.
    pub(crate) user_handle: String,
    /// The host that it is for.
    pub(crate) rp_id: String,
    /// What its owner calls it.
    pub(crate) name: String,
    /// COSE.
    pub(crate) key: Vec<u8>,
    /// How often it was used, where it counts.
    pub(crate) counter: u32,
    /// It may be on several devices.
    pub(crate) backup_eligible: bool,
    /// Seconds since 1970.
    pub(crate) created: i64,
    /// When it was used last; 0: not yet.
    pub(crate) used: i64,
}

const COLUMNS: &str = "id, user_id, user_handle, rp_id, name, public_key, counter, backup_eligible, created, used";

fn passkey_of(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        id: row.text(0)?,
        user: UserId(row.int(1)?),
        user_handle: row.text(2)?,
        rp_id: row.text(3)?,
        name: row.text(4)?,
        key: row.bytes(5)?,
        counter: u32::try_from(row.int(6)?).unwrap_or(u32::MAX),
        backup_eligible: row.int(7)? != 0,
        created: row.int(8)?,
        used: row.int(9)?,
    })
}

/// Keeps a new one; `false` when there is one of this id already.
pub(crate) async fn add(tx: &mut Conn, passkey: &Passkey) -> Result<bool> {
    let sql = format!(
        "insert into passkeys ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing"
    );
    let args = [
        (&passkey.id).into(),
        passkey.user.into(),
        (&passkey.user_handle).into(),
        (&passkey.rp_id).into(),
        (&passkey.name).into(),
        passkey.key.as_slice().into(),
        i64::from(passkey.counter).into(),
        i64::from(passkey.backup_eligible).into(),
        passkey.created.into(),
        passkey.used.into(),
    ];
    Ok(tx.run(&sql, &args).await? == 1)
}

/// The one of this id.
pub(crate) async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Passkey>> {
    let sql = format!("select {COLUMNS} from passkeys where id = $1");
    conn.one(&sql, &[id.into()]).await?.as_ref().map(passkey_of).transpose()
}

/// All of an account, the oldest first.
pub(crate) async fn of(conn: &mut Conn, user: UserId) -> Result<Vec<Passkey>> {
    let sql = format!("select {COLUMNS} from passkeys where user_id = $1 order by created, id");
    conn.all(&sql, &[user.into()]).await?.iter().map(passkey_of).collect()
}

/// Keeps that it was used; `false` when another use of it was kept meanwhile.
pub(crate) async fn keep_use(tx: &mut Conn, before: &Passkey, counter: u32, now: i64) -> Result<bool> {
    let sql = "update passkeys set counter = $2, used = $3 where id = $1 and counter = $4";
    let (counter, known) = (i64::from(counter), i64::from(before.counter));
    let args = [(&before.id).into(), counter.into(), now.into(), known.into()];
    Ok(tx.run(sql, &args).await? == 1)
}

/// Forgets one of an account.
pub(crate) async fn remove(tx: &mut Conn, user: UserId, id: &str) -> Result<bool> {
    let sql = "delete from passkeys where user_id = $1 and id = $2";
    Ok(tx.run(sql, &[user.into(), id.into()]).await? == 1)
}

/// Forgets all of an account; how many there were.
pub(crate) async fn remove_all(tx: &mut Conn, user: UserId) -> Result<u64> {
    tx.run("delete from passkeys where user_id = $1", &[user.into()]).await
}

/// A challenge that was given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// SHA-256 of it.
    pub(crate) id: String,
    /// What it was given out for.
    pub(crate) purpose: String,
    /// To whom; 0: to somebody who has not said yet.
    pub(crate) user: UserId,
    /// The user_handle for a new passkey.
    pub(crate) user_handle: String,
    /// When it ends.
    pub(crate) expires: i64,
}

/// Keeps one, and forgets those that have ended.
pub(crate) async fn add_challenge(tx: &mut Conn, challenge: &Challenge, now: i64) -> Result<()> {
    tx.run("delete from challenges where expires <= $1", &[now.into()])
        .await?;
    let sql = "insert into challenges (id, purpose, user_id, user_handle, expires) values ($1, $2, $3, $4, $5)";
    let args = [
        (&challenge.id).into(),
        (&challenge.purpose).into(),
        challenge.user.into(),
        (&challenge.user_handle).into(),
        challenge.expires.into(),
    ];
    tx.run(sql, &args).await.map(drop)
}

/// Takes one out: nobody gets it a second time, whatever becomes of it.
pub(crate) async fn take_challenge(tx: &mut Conn, id: &str, purpose: &str, now: i64) -> Result<Option<Challenge>> {
    let sql = "select id, purpose, user_id, user_handle, expires from challenges where id = $1";
    let Some(row) = tx.one(sql, &[id.into()]).await? else {
        return Ok(None);
    };
    let challenge = Challenge {
        id: row.text(0)?,
        purpose: row.text(1)?,
        user: UserId(row.int(2)?),
        user_handle: row.text(3)?,
        expires: row.int(4)?,
    };
    let taken = tx.run("delete from challenges where id = $1", &[id.into()]).await?;
    Ok((taken == 1 && challenge.purpose == purpose && challenge.expires > now).then_some(challenge))
}
