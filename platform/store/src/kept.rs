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
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use gp_kernel::Result;
use quick_cache::{Weighter, sync::Cache};

use crate::{
    db::Conn,
    reads::{Dep, Ledger, Reads, next_changes},
};

/// Bytes of answers that are kept, about.
const MOST_BYTES: u64 = 32 << 20;
/// How many that may be, about.
const ABOUT: usize = 10_000;
/// A file that was written within this time may have been written again without looking different.
const RACY: Duration = Duration::from_millis(50);
/// A look at the witness holds for so many microseconds: thousands of answers in that time need not ask the system each. What this
/// process writes itself is seen at once all the same.
const GLANCE: u64 = 1000;

/// Answers kept in memory, with the ledger of changes that says which of them still hold.
#[derive(Debug)]
pub struct Kept {
    answers: Cache<String, Arc<Slot>, Bytes>,
    /// Nothing until the tables are there.
    ledger: RwLock<Option<Ledger>>,
    witness: Witness,
    /// What the witness said when the feed was last read.
    seen: RwLock<Option<Moment>>,
    reading: tokio::sync::Mutex<()>,
    /// How often reading the feed was begun and ended.
    begun: AtomicU64,
    ended: AtomicU64,
    since: Instant,
    /// When the witness was last looked at and said nothing new, in microseconds since then.
    looked: AtomicU64,
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
            begun: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            since: Instant::now(),
            looked: AtomicU64::new(0),
        }
    }

    /// The position up to which the change feed was read: the version of the whole content.
    pub fn position(&self) -> i64 {
        let ledger = self.ledger.read().unwrap_or_else(PoisonError::into_inner);
        ledger.as_ref().map_or(0, Ledger::position)
    }

    /// Whether something still holds, as far as the feed was read.
    pub fn holds(&self, of: &Freshness) -> bool {
        let ledger = self.ledger.read().unwrap_or_else(PoisonError::into_inner);
        let Some(ledger) = ledger.as_ref() else { return false };
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
        let seen = *self.seen.read().unwrap_or_else(PoisonError::into_inner);
        let Some(seen) = seen else { return false };
        let now = self.since.elapsed().as_micros().try_into().unwrap_or(u64::MAX);
        if now.saturating_sub(self.looked.load(Ordering::Relaxed)) < GLANCE {
            return true;
        }
        let current = self.witness.moment() == Some(seen);
        if current {
            self.looked.store(now, Ordering::Relaxed);
        }
        current
    }

    /// Begins to keep things, once the tables are there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn open(&self, conn: &mut Conn) -> Result<()> {
        let ledger = Ledger::open(conn).await?;
        *self.ledger.write().unwrap_or_else(PoisonError::into_inner) = Some(ledger);
        Ok(())
    }

    fn is_open(&self) -> bool {
        self.ledger.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Something was written by this process: the feed has to be read before anything kept is used again.
    pub(crate) fn doubt(&self) {
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Reads the change feed to its end, unless nothing can have changed. Those who ask at the same time share one reading:
    /// any that began after they asked is as good as their own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn catch_up(&self, conn: &mut Conn) -> Result<()> {
        if self.is_current() || !self.is_open() {
            return Ok(());
        }
        let asked = self.begun.load(Ordering::Acquire);
        let _one_at_a_time = self.reading.lock().await;
        if self.ended.load(Ordering::Acquire) > asked {
            return Ok(());
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let now = self.witness.moment();
        self.take(conn, self.position()).await?;
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = now;
        self.ended.store(number, Ordering::Release);
        Ok(())
    }

    async fn take(&self, conn: &mut Conn, mut position: i64) -> Result<()> {
        loop {
            conn.reading([]);
            let changes = next_changes(conn, position).await?;
            let Some(last) = changes.last() else { return Ok(()) };
            position = last.id;
            let mut ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner);
            ledger.iter_mut().for_each(|ledger| ledger.take(&changes));
        }
    }
}

/// The log to which SQLite writes every change first: it looks different whenever the database was changed, by whichever
/// process, and looking costs no question. A server has no such thing; it is asked.
#[derive(Debug)]
pub(crate) struct Witness(Option<PathBuf>);

/// What a witness looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment(SystemTime, u64);

impl Witness {
    pub(crate) fn of_sqlite(file: &Path) -> Self {
        let mut name = file.as_os_str().to_owned();
        name.push("-wal");
        Self(Some(name.into()))
    }

    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// `None`: it does not know.
    fn moment(&self) -> Option<Moment> {
        // The file is only looked at: opening and closing it would end the locks that SQLite holds on it.
        let about = std::fs::metadata(self.0.as_ref()?).ok()?;
        let written = about.modified().ok()?;
        let settled = SystemTime::now().duration_since(written).is_ok_and(|age| age > RACY);
        settled.then_some(Moment(written, about.len()))
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
    /// How many logs were open when the making began.
    depth: usize,
}

impl Making {
    /// Keeps what was made; `bytes` is about its size in memory.
    pub fn keep<T: Send + Sync + 'static>(self, conn: &mut Conn, value: T, bytes: usize) -> Arc<T> {
        let value = Arc::new(value);
        // Also what was begun inside and given up: a failure that somebody overlooked has been read all the same.
        let reads = conn.watched_to(self.depth);
        if conn.keeps() && reads.may_be_kept() {
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
        if let Some(value) = self.peek(&key) {
            return Recall::Found(value);
        }
        let (made, depth) = (self.position(), self.depth());
        self.watch();
        Recall::Missing(Making { key, made, depth })
    }

    /// What is kept under a key, when it still holds: for many small things at once, which [`Conn::put`] keeps.
    pub fn peek<T: Send + Sync + 'static>(&mut self, key: &str) -> Option<Arc<T>> {
        if !self.keeps() {
            return None;
        }
        let slot = self.kept().answers.get(key)?;
        if !self.kept().holds(&slot.freshness) {
            self.kept().answers.remove(key);
            return None;
        }
        let value = slot.value.clone().downcast::<T>().ok()?;
        self.found_all(&slot.freshness.reads);
        Some(value)
    }

    /// Keeps something that was read after this [`Conn::position`] and depends on nothing else.
    pub fn put<T: Send + Sync + 'static>(&self, key: String, value: T, bytes: usize, deps: &[Dep], position: i64) {
        if !self.keeps() {
            return;
        }
        let mut reads = Reads::default();
        reads.add(deps.iter().copied());
        let slot = Slot {
            value: Arc::new(value),
            freshness: Freshness::new(reads, position),
            bytes: bytes as u64,
        };
        self.kept().answers.insert(key, Arc::new(slot));
    }

    /// Up to where the change feed was read when this connection's next statement is sent.
    pub fn position(&self) -> i64 {
        self.kept().position()
    }
}
