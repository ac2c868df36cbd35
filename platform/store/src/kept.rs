//! What a process keeps of the database in memory: answers to expensive questions, each for as long as nothing changed of
//! what it was made from. Whoever makes something out of many rows asks [`Conn::recall`] first.
//!
//! The size is bounded; what is asked for seldom goes first. What must never be here: what only one visitor may see, unless
//! the key says who; anything that is nowhere else.

use std::{
    any::Any,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use gp_kernel::Result;
use quick_cache::{Weighter, sync::Cache};

use crate::{
    db::{Conn, Db},
    feed::{Feed, latest_change},
    reads::{Ledger, Reads, next_changes},
};

/// Bytes of answers that are kept, about.
const MOST_BYTES: u64 = 48 << 20;
/// How many that may be, about.
const ABOUT: usize = 10_000;
/// A file that was written within this time may have been written again without looking different.
const RACY: Duration = Duration::from_millis(50);

/// Answers kept in memory, with the ledger of changes that says which of them still hold.
#[derive(Debug)]
pub struct Kept {
    answers: Cache<String, Arc<Slot>, Bytes>,
    ledger: RwLock<Ledger>,
    witness: Witness,
    /// What the witness said when the feed was last read.
    seen: RwLock<Option<Moment>>,
    reading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Slot {
    value: Arc<dyn Any + Send + Sync>,
    freshness: Freshness,
    bytes: u64,
}

#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<String, Arc<Slot>> for Bytes {
    fn weight(&self, key: &String, slot: &Arc<Slot>) -> u64 {
        key.len() as u64 + slot.bytes + slot.freshness.reads.size() as u64 + 100
    }
}

/// What an answer was made from, and up to which change it is known to hold.
#[derive(Debug)]
pub struct Freshness {
    reads: Reads,
    /// Position of the feed when the making began.
    made: i64,
    /// A later position at which it still held.
    held: AtomicI64,
}

impl Freshness {
    /// Of something whose making began at this position.
    pub fn new(reads: Reads, made: i64) -> Self {
        Self {
            reads,
            made,
            held: AtomicI64::new(made),
        }
    }

    /// What it was made from.
    pub fn reads(&self) -> &Reads {
        &self.reads
    }
}

impl Kept {
    pub(crate) fn new(witness: Witness) -> Self {
        Self {
            answers: Cache::with_weighter(ABOUT, MOST_BYTES, Bytes),
            ledger: RwLock::default(),
            witness,
            seen: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
        }
    }

    /// The position up to which the change feed was read: the version of the whole content.
    pub fn position(&self) -> i64 {
        self.ledger.read().unwrap_or_else(PoisonError::into_inner).position()
    }

    /// Whether something still holds, as far as the feed was read.
    pub fn holds(&self, of: &Freshness) -> bool {
        let ledger = self.ledger.read().unwrap_or_else(PoisonError::into_inner);
        let position = ledger.position();
        if of.held.load(Ordering::Relaxed) == position {
            return true;
        }
        let holds = ledger.holds(&of.reads, of.made);
        if holds {
            of.held.store(position, Ordering::Relaxed);
        }
        holds
    }

    /// Whether nothing can have changed since the feed was last read. Costs no question to the database.
    pub fn is_current(&self) -> bool {
        let now = self.witness.moment();
        now.is_some() && now == *self.seen.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was written by this process: the feed has to be read before anything kept is used again.
    pub(crate) fn doubt(&self) {
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads the change feed to its end, unless nothing can have changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catch_up(&self, conn: &mut Conn) -> Result<()> {
        if self.is_current() {
            return Ok(());
        }
        let _one_at_a_time = self.reading.lock().await;
        let now = self.witness.moment();
        let position = self.position();
        conn.reading([]);
        if position == 0 {
            let opened = Ledger::open(conn).await?;
            *self.ledger.write().unwrap_or_else(PoisonError::into_inner) = opened;
        } else {
            self.take(conn, position).await?;
        }
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(())
    }

    async fn take(&self, conn: &mut Conn, mut position: i64) -> Result<()> {
        loop {
            conn.reading([]);
            let changes = next_changes(conn, position).await?;
            let Some(last) = changes.last() else { return Ok(()) };
            position = last.id;
            self.ledger
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .take(&changes);
        }
    }

    /// Follows the changes that other servers make, for as long as the process lives.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn follow(&self, db: &Db) -> Result<()> {
        if let Witness::Feed(feed) = &self.witness
            && feed.get().is_none()
        {
            let _ = feed.set(Feed::follow(db).await?);
        }
        Ok(())
    }
}

/// Something that looks different whenever the database was changed, by whichever process, and costs no question to it.
#[derive(Debug)]
pub(crate) enum Witness {
    /// The log to which SQLite writes every change first.
    WriteAheadLog(PathBuf),
    /// The feed of a server, once somebody follows it.
    Feed(std::sync::OnceLock<Feed>),
}

/// What a witness looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment(i128, u64);

impl Witness {
    pub(crate) fn of_sqlite(file: &Path) -> Self {
        let mut name = file.as_os_str().to_owned();
        name.push("-wal");
        Self::WriteAheadLog(name.into())
    }

    pub(crate) fn of_feed() -> Self {
        Self::Feed(std::sync::OnceLock::new())
    }

    /// `None`: it does not know.
    fn moment(&self) -> Option<Moment> {
        match self {
            // The file is only looked at: opening and closing it would end the locks that SQLite holds on it.
            Self::WriteAheadLog(path) => {
                let about = std::fs::metadata(path).ok()?;
                let written = about.modified().ok()?;
                let settled = SystemTime::now().duration_since(written).is_ok_and(|age| age > RACY);
                let nanos = written.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos();
                settled.then_some(Moment(i128::try_from(nanos).ok()?, about.len()))
            }
            Self::Feed(feed) => {
                let position = feed.get()?.live_position()?;
                Some(Moment(i128::from(position), 0))
            }
        }
    }
}

/// What [`Conn::recall`] gives back.
pub enum Recall<T> {
    /// It is there.
    Found(Arc<T>),
    /// It has to be made; [`Making::keep`] ends that.
    Missing(Making),
}

/// Something is being made, to be kept. When making fails, it is dropped and nothing is kept.
#[derive(Debug)]
pub struct Making {
    key: String,
    made: i64,
}

impl Making {
    /// Keeps what was made; `bytes` is about its size in memory.
    pub fn keep<T: Send + Sync + 'static>(self, conn: &mut Conn, value: T, bytes: usize) -> Arc<T> {
        let value = Arc::new(value);
        let reads = conn.watched();
        if !conn.is_transaction() && reads.may_be_kept() {
            let slot = Slot {
                value: value.clone(),
                freshness: Freshness::new(reads, self.made),
                bytes: bytes as u64,
            };
            conn.kept().answers.insert(self.key, Arc::new(slot));
        }
        value
    }
}

impl Conn {
    /// What is kept under a key, when it still holds; what it was made from counts as read. The key names the question with
    /// everything that decides the answer, who asks included. Whoever finds it missing makes it and hands it to
    /// [`Making::keep`]. A transaction finds nothing and keeps nothing: it sees what nobody else may.
    pub fn recall<T: Send + Sync + 'static>(&mut self, key: impl Into<String>) -> Recall<T> {
        let key = key.into();
        if !self.is_transaction()
            && let Some(slot) = self.kept().answers.get(&key)
        {
            if self.kept().holds(&slot.freshness)
                && let Ok(value) = slot.value.clone().downcast::<T>()
            {
                self.found_all(&slot.freshness.reads);
                return Recall::Found(value);
            }
            self.kept().answers.remove(&key);
        }
        let made = self.kept().position();
        self.watch();
        Recall::Missing(Making { key, made })
    }

    /// The position of the feed as it is now, for whoever begins to make something.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&mut self) -> Result<i64> {
        self.reading([]);
        latest_change(self).await
    }
}
