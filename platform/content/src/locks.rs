//! Who is editing what: WordPress's lock of an item (`_edit_lock`: seconds and account), which ends by itself.
//!
//! A lock warns; it keeps nobody from saving. Taking one is no change of the item: nothing that was made of it has to be made anew, and
//! no line of the audit log tells of it. What must never be here: what two people wrote.

use gp_kernel::{ItemId, Result, UserId};
use gp_store::Conn;

use crate::{
    actions::Act,
    items::Item,
    meta::{self, MetaKind},
    permission::{Grant, Verb},
};

/// A lock that was not renewed for so many seconds is none.
pub const LASTS: i64 = 150;
/// The key of the meta value.
const KEY: &str = "_edit_lock";

/// A lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lock {
    /// Seconds since 1970 when it was taken or renewed.
    pub at: i64,
    /// By whom.
    pub who: UserId,
}

impl Lock {
    fn parse(text: &str) -> Option<Self> {
        let (at, who) = text.split_once(':')?;
        Some(Self {
            at: at.parse().ok()?,
            who: UserId(who.parse().ok()?),
        })
    }

    /// Whether it holds at a moment (seconds since 1970).
    pub fn holds(self, now: i64) -> bool {
        (now - LASTS..=now + LASTS).contains(&self.at)
    }
}

impl std::fmt::Display for Lock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.at, self.who)
    }
}

/// The locks of these items that hold.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut Conn, ids: &[ItemId], now: i64) -> Result<Vec<(ItemId, Lock)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    // Never from what is kept: a lock changes without telling.
    let sql = format!(
        "select item_id, value from item_meta where key = $1 and item_id in ({})",
        list.join(",")
    );
    conn.reading([]);
    let rows = conn.all(&sql, &[KEY.into()]).await?;
    let mut found = Vec::new();
    for row in &rows {
        let text = String::from_utf8_lossy(&row.bytes(1)?).into_owned();
        found.extend(
            Lock::parse(&text)
                .filter(|lock| lock.holds(now))
                .map(|lock| (ItemId(row.int(0).unwrap_or(0)), lock)),
        );
    }
    Ok(found)
}

/// The lock of one item, if it holds.
///
/// # Errors
/// When the database does not answer.
pub async fn one(conn: &mut Conn, id: ItemId, now: i64) -> Result<Option<Lock>> {
    Ok(of(conn, &[id], now).await?.first().map(|(_, lock)| *lock))
}

/// Takes the lock of an item or renews it, whoever had it.
///
/// # Errors
/// `Forbidden` without leave to change the item.
pub async fn take(act: &mut Act<'_>, grant: &Grant, item: &Item) -> Result<Lock> {
    let lock = Lock {
        at: act.now.as_second(),
        who: grant.actor(),
    };
    set(act, grant, item, &[lock.to_string().as_bytes()]).await?;
    Ok(lock)
}

/// Lets a lock go, if it is one's own.
///
/// # Errors
/// `Forbidden` without leave to change the item.
pub async fn let_go(act: &mut Act<'_>, grant: &Grant, item: &Item) -> Result<()> {
    let now = act.now.as_second();
    match one(act.tx, item.id, now).await? {
        Some(lock) if lock.who == grant.actor() => set(act, grant, item, &[]).await,
        _ => Ok(()),
    }
}

async fn set(act: &mut Act<'_>, grant: &Grant, item: &Item, values: &[&[u8]]) -> Result<()> {
    grant.covers(&[Verb::SetMeta, Verb::Update], item.id, &item.kind)?;
    meta::set(act.tx, MetaKind::Item, item.id.0, KEY, values).await
}
