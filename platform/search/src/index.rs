//! The index as the rest of the program sees it: opened, written in whole steps, read.
//!
//! Writing takes the folder's lock from the first `apply` until [`Index::rest`] lets it go, so any
//! process may write as long as no other does. Searching never waits for writing.

use crate::alike;
use crate::answers::Answers;
use crate::error::{Error, Result};
use crate::folder;
use crate::model::{Alike, Answer, Doc, Query};
use crate::schema::{self, Fields};
use crate::search;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tantivy::collector::Count;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Directory, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError};

/// Memory for entries that are not yet written to disk.
const WRITER_BYTES: usize = 50_000_000;

/// So many items that are alike are told.
const MOST_ALIKE: usize = 12;

/// The file that names the segments of the current state.
const META: &str = "meta.json";

/// A full-text index in a folder or in memory. Shared between threads by reference.
pub struct Index {
    dir: PathBuf,
    index: tantivy::Index,
    fields: Fields,
    reader: IndexReader,
    on_disk: bool,
    state: RwLock<Arc<State>>,
    /// Held while a newer state is loaded, so that an older one never follows it.
    loading: Mutex<()>,
    writer: Mutex<Writer>,
}

/// What searches look at: one state of the index with the checkpoint that it was written with.
struct State {
    meta: Vec<u8>,
    checkpoint: i64,
    searcher: Searcher,
    /// What this state answered before. The same words find the same in the same state, so that nothing has to be thrown away.
    answers: Answers,
}

struct Writer {
    open: Option<IndexWriter>,
    used: Instant,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in a folder, creating it where needed. A damaged index, or one made by
    /// another analyser or engine version, is made anew and empty: [`Index::checkpoint`] is then 0.
    pub fn open(dir: &Path) -> Result<Index> {
        Index::over(dir.to_owned(), true, folder::open(dir)?)
    }

    /// An index that lives only as long as the process.
    pub fn in_memory() -> Result<Index> {
        let index = tantivy::Index::create_in_ram(schema::build().0);
        schema::register(&index);
        Index::over(PathBuf::from("(in memory)"), false, index)
    }

    fn over(dir: PathBuf, on_disk: bool, index: tantivy::Index) -> Result<Index> {
        let fields = schema::build().1;
        let reader: IndexReader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|source| folder::engine("open", &dir, source))?;
        let state = load(&index, &reader).map_err(|source| folder::engine("read", &dir, source))?;
        let writer = Mutex::new(Writer {
            open: None,
            used: Instant::now(),
        });
        Ok(Index {
            dir,
            index,
            fields,
            reader,
            on_disk,
            state: RwLock::new(Arc::new(state)),
            loading: Mutex::new(()),
            writer,
        })
    }

    /// Writes a batch in one step: entries of `deletes` and of the ids of `upserts` go, `upserts`
    /// come, and `checkpoint` (the id of the last change of the database that is included) is kept
    /// with them. Batches of some hundred documents keep memory low. [`Error::Busy`] when another
    /// process writes; [`Error::Behind`] when another process has already written a later checkpoint.
    pub fn apply(&self, upserts: Vec<Doc>, deletes: &[i64], checkpoint: i64) -> Result<()> {
        self.write(
            |writer, fields| {
                for &id in deletes {
                    writer.delete_term(fields.id_term(id));
                }
                for doc in upserts {
                    writer.delete_term(fields.id_term(doc.id));
                    for entry in fields.entries(doc) {
                        writer.add_document(entry)?;
                    }
                }
                Ok(())
            },
            Some(checkpoint),
        )
    }

    /// Empties the index and sets the checkpoint to 0.
    pub fn clear(&self) -> Result<()> {
        self.write(|writer, _| writer.delete_all_documents().map(|_| ()), None)
    }

    /// Writes one step. `checkpoint` none means: start over at 0.
    fn write(
        &self,
        change: impl FnOnce(&IndexWriter, &Fields) -> tantivy::Result<()>,
        checkpoint: Option<i64>,
    ) -> Result<()> {
        let mut slot = lock(&self.writer);
        if slot.open.is_none() {
            slot.open = Some(self.open_writer()?);
            // Another process may have written since the last look.
            self.refresh()?;
        }
        let index = self.checkpoint();
        if let Some(offered) = checkpoint.filter(|&offered| offered < index) {
            return Err(Error::Behind {
                dir: self.dir.clone(),
                index,
                offered,
            });
        }
        slot.used = Instant::now();
        let Some(mut writer) = slot.open.take() else {
            return Ok(());
        };
        // On failure the writer is dropped, and with it all that was not committed.
        let done = change(&writer, &self.fields)
            .and_then(|()| commit(&mut writer, checkpoint.unwrap_or(0)))
            .map_err(|source| folder::engine("write", &self.dir, source));
        done?;
        slot.open = Some(writer);
        drop(slot);
        self.refresh()
    }

    fn open_writer(&self) -> Result<IndexWriter> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(WRITER_BYTES)
            .num_merge_threads(1)
            .build();
        self.index
            .writer_with_options(options)
            .map_err(|source| folder::engine("write", &self.dir, source))
    }

    /// Lets the writer's memory, threads and lock go when nothing was written for `idle`. To be
    /// called now and then; waits for running merges, but never for a running `apply`.
    pub fn rest(&self, idle: Duration) -> Result<()> {
        let Ok(mut slot) = self.writer.try_lock() else {
            return Ok(());
        };
        if slot.used.elapsed() < idle {
            return Ok(());
        }
        match slot.open.take() {
            Some(writer) => writer
                .wait_merging_threads()
                .map_err(|source| folder::engine("write", &self.dir, source)),
            None => Ok(()),
        }
    }

    /// Looks for what another process has written; cheap when there is nothing new.
    pub fn refresh(&self) -> Result<()> {
        let failed = |source| folder::engine("read", &self.dir, source);
        let _turn = lock(&self.loading);
        let meta = read_meta(&self.index).map_err(failed)?;
        if meta == self.state().meta {
            return Ok(());
        }
        if self.on_disk && !folder::is_ours(&self.dir) {
            return Err(Error::Replaced { dir: self.dir.clone() });
        }
        let state = load(&self.index, &self.reader).map_err(failed)?;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(())
    }

    /// The checkpoint of the state that searches see; 0 for an empty index.
    pub fn checkpoint(&self) -> i64 {
        self.state().checkpoint
    }

    /// How many items are in the index.
    pub fn count(&self) -> usize {
        let state = self.state();
        state.searcher.search(&self.fields.of_part(false), &Count).unwrap_or(0)
    }

    /// The ids of all items, ascending.
    pub fn ids(&self) -> Result<impl Iterator<Item = i64> + use<>> {
        let state = self.state();
        let ids = search::ids(&state.searcher).map_err(|source| folder::engine("read", &self.dir, source))?;
        Ok(ids.into_iter())
    }

    /// Names of files whose contents do not match their checksum. Reads the whole index.
    pub fn damaged_files(&self) -> Result<Vec<String>> {
        let failed = |source| folder::engine("check", &self.dir, source);
        let files = self.index.validate_checksum().map_err(failed)?;
        let mut names: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
        names.sort();
        Ok(names)
    }

    /// Answers a query. Never fails on any text of the query, only when the index cannot be read.
    pub fn search(&self, query: &Query) -> Result<Answer> {
        let state = self.state();
        let answer = state.answers.or_ask(query, || {
            let answer = search::answer(&state.searcher, &self.fields, query)?;
            Ok(Answer {
                checkpoint: state.checkpoint,
                ..answer
            })
        });
        answer.map_err(|source| folder::engine("search", &self.dir, source))
    }

    /// The items of the same kind whose texts are most like an item's, the most alike first; few, or none. The same in the same
    /// state of the index.
    pub fn alike(&self, id: i64) -> Result<Arc<Vec<Alike>>> {
        let state = self.state();
        let alike = || alike::alike(&state.searcher, &self.fields, id, MOST_ALIKE);
        let found = state.answers.alike(id, alike);
        found.map_err(|source| folder::engine("search", &self.dir, source))
    }

    fn state(&self) -> Arc<State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn commit(writer: &mut IndexWriter, checkpoint: i64) -> tantivy::Result<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&checkpoint.to_string());
    prepared.commit()?;
    Ok(())
}

fn read_meta(index: &tantivy::Index) -> tantivy::Result<Vec<u8>> {
    index
        .directory()
        .atomic_read(Path::new(META))
        .map_err(TantivyError::from)
}

/// Loads the newest state together with its checkpoint. Another process may commit between the two
/// reads: then once more; and if that never ends, the older checkpoint is the safe one.
fn load(index: &tantivy::Index, reader: &IndexReader) -> tantivy::Result<State> {
    let mut meta = read_meta(index)?;
    for _ in 0..10 {
        reader.reload()?;
        let after = read_meta(index)?;
        if after == meta {
            break;
        }
        meta = after;
    }
    let checkpoint = checkpoint_of(&meta);
    Ok(State {
        checkpoint,
        searcher: reader.searcher(),
        meta,
        answers: Answers::default(),
    })
}

fn checkpoint_of(meta: &[u8]) -> i64 {
    let meta: serde_json::Value = serde_json::from_slice(meta).unwrap_or_default();
    meta.get("payload")
        .and_then(|payload| payload.as_str())
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}
