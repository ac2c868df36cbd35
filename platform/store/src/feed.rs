//! The change feed: every change writes one line in its own transaction; indexes, caches and other servers follow it.
//!
//! On PostgreSQL other servers hear of it by NOTIFY; on SQLite other processes are noticed by looking for a newer line.

use std::time::Duration;

use gp_kernel::Result;
use sqlx::postgres::PgListener;
use tokio::sync::watch;

use crate::{
    db::{Conn, Db, Dialect, fault},
    row::Arg,
};

/// One line of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Position; later changes have higher numbers, in the order of commits.
    pub id: i64,
    /// What changed: `item`, `term`, `user`, `comment`, `option`, `all` (an import: everything may be different).
    pub kind: String,
    /// Which one; 0 with `all`.
    pub object: i64,
}

const CHANNEL: &str = "guidepost_changes";

/// Writes a change into the feed, in the transaction of the change itself.
///
/// # Errors
/// When the database does not answer.
pub async fn record_change(tx: &mut Conn, kind: &str, object: i64, at: i64) -> Result<i64> {
    let id = tx.next_id("changes").await?;
    let args: [Arg; 4] = [id.into(), kind.into(), object.into(), at.into()];
    tx.run(
        "insert into changes (id, kind, object, at) values ($1, $2, $3, $4)",
        &args,
    )
    .await?;
    if tx.dialect() == Dialect::Postgres {
        tx.run("select pg_notify('guidepost_changes', '')", &[]).await?;
    }
    Ok(id)
}

/// Changes after a position, oldest first, at most `limit`.
///
/// # Errors
/// When the database does not answer.
pub async fn changes_after(conn: &mut Conn, position: i64, limit: usize) -> Result<Vec<Change>> {
    conn.all(
        "select id, kind, object from changes where id > $1 order by id limit $2",
        &[position.into(), limit.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Change {
            id: row.int(0)?,
            kind: row.text(1)?,
            object: row.int(2)?,
        })
    })
    .collect()
}

/// The position of the newest change: the version of the whole content.
///
/// # Errors
/// When the database does not answer.
pub async fn latest_change(conn: &mut Conn) -> Result<i64> {
    conn.number("select coalesce(max(id), 0) from changes", &[]).await
}

/// Tells followers that there is something new. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed {
    position: watch::Receiver<i64>,
}

impl Feed {
    /// Starts to watch the database, for as long as a `Feed` lives.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow(db: &Db) -> Result<Self> {
        let mut conn = db.read().await?;
        let (sender, position) = watch::channel(latest_change(&mut conn).await?);
        let db = db.clone();
        tokio::spawn(async move {
            while !sender.is_closed() {
                if let Err(error) = watch_once(&db, &sender).await {
                    tracing::warn!(%error, "the change feed is interrupted; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        });
        Ok(Self { position })
    }

    /// Waits until the feed has moved; the newest position.
    pub async fn moved(&mut self) -> i64 {
        if self.position.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        *self.position.borrow_and_update()
    }

    /// The newest position that was noticed.
    pub fn position(&self) -> i64 {
        *self.position.borrow()
    }
}

/// How soon a change made by another process is noticed on SQLite, which cannot notify.
const LOOK_EVERY: Duration = Duration::from_millis(100);

async fn watch_once(db: &Db, sender: &watch::Sender<i64>) -> Result<()> {
    let mut listener = match db.postgres() {
        Some(pool) => {
            let mut listener = PgListener::connect_with(pool).await.map_err(fault)?;
            listener.listen(CHANNEL).await.map_err(fault)?;
            Some(listener)
        }
        None => None,
    };
    loop {
        let newest = latest_change(&mut db.read().await?).await?;
        sender.send_if_modified(|seen| std::mem::replace(seen, newest) != newest);
        if sender.is_closed() {
            return Ok(());
        }
        match &mut listener {
            // Nothing (the connection was lost and made anew) means that notices may have been missed: look too.
            Some(listener) => drop(listener.try_recv().await.map_err(fault)?),
            None => tokio::time::sleep(LOOK_EVERY).await,
        }
    }
}
