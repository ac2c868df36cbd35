//! A dump file as a source of rows: read and unpacked on a thread of its own, handed on in batches.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use gp_kernel::{Error, Result};
use gp_sqldump::{Event, Limits, Reader, TableDef};
use tokio::sync::mpsc;

use crate::rows::{BATCH_BYTES, BATCH_ROWS, Batch, OwnedRow, Piece};

/// No value of a real site is larger; together with the batches on their way this bounds the memory.
const LIMITS: Limits = Limits {
    max_value: 16 << 20,
    max_row: 20 << 20,
    max_statement: 1 << 20,
};

/// Pieces on their way, and how far the file is read.
pub(crate) struct Flow {
    /// The pieces; after an error or the end comes nothing more.
    pub pieces: mpsc::Receiver<Result<Piece>>,
    /// Bytes of the file read so far (rows of a live database).
    pub done: Arc<AtomicU64>,
    /// Bytes of the file, where they are known.
    pub total: Option<u64>,
}

/// Begins to read a dump, plain or gzip.
pub(crate) fn read(path: &Path) -> Result<Flow> {
    let file = open(path)?;
    let total = file.metadata().map(|m| m.len()).ok();
    let done = Arc::new(AtomicU64::new(0));
    let (sender, pieces) = mpsc::channel(2);
    let (path, counter) = (path.to_owned(), done.clone());
    std::thread::Builder::new()
        .name("dump".to_owned())
        .spawn(move || {
            if let Err(error) = run(file, counter, &path, &sender) {
                let _ = sender.blocking_send(Err(error));
            }
        })
        .map_err(Error::from)?;
    Ok(Flow { pieces, done, total })
}

fn open(path: &Path) -> Result<File> {
    let file = File::open(path).map_err(|e| Error::from(e).at(path.display()))?;
    let meta = file.metadata().map_err(|e| Error::from(e).at(path.display()))?;
    if meta.is_dir() {
        return Err(Error::invalid(format!("{}: this is a folder", path.display()))
            .hint("name the .sql or .sql.gz file that mysqldump wrote"));
    }
    Ok(file)
}

/// Counts what is read of the file itself, before it is unpacked.
struct Counted {
    file: File,
    done: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read(buf)?;
        self.done.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

fn run(mut file: File, done: Arc<AtomicU64>, path: &Path, sender: &mpsc::Sender<Result<Piece>>) -> Result<()> {
    let mut start = Vec::new();
    (&mut file)
        .take(2)
        .read_to_end(&mut start)
        .map_err(|e| Error::from(e).at(path.display()))?;
    let packed = start == [0x1f, 0x8b];
    let whole = start.as_slice();
    let input = whole.chain(Counted { file, done });
    let input: Box<dyn Read> = if packed {
        Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(
            1 << 16,
            input,
        )))
    } else {
        Box::new(input)
    };
    feed(input, path, sender)
}

fn feed(mut input: impl Read, path: &Path, sender: &mpsc::Sender<Result<Piece>>) -> Result<()> {
    let wrong = |e: &dyn std::fmt::Display| Error::invalid(format!("{}: {e}", path.display()));
    let mut head = Vec::new();
    (&mut input).take(4096).read_to_end(&mut head).map_err(|e| wrong(&e))?;
    if head.is_empty() {
        return Err(wrong(&"the file is empty").hint("make the dump again with mysqldump"));
    }
    let signed = {
        let text = String::from_utf8_lossy(&head);
        text.contains("MySQL dump ") || text.contains("MariaDB dump ")
    };
    let mut reader = Reader::new(head.as_slice().chain(input), LIMITS);
    let mut open: Option<Batch> = None;
    let mut size = 0;
    loop {
        let charset = reader.charset().map(str::to_owned);
        let Some(event) = reader.next().map_err(|e| wrong(&e))? else {
            break;
        };
        match event {
            Event::CreateTable(table) => {
                let piece = Piece::Table(Arc::new(table.clone()));
                if !flush(&mut open, sender) || sender.blocking_send(Ok(piece)).is_err() {
                    return Ok(());
                }
            }
            Event::Row(row) => {
                let full = size >= BATCH_BYTES || open.as_ref().is_some_and(|b| b.rows.len() >= BATCH_ROWS);
                if full || !open.as_ref().is_some_and(|batch| fits(batch, &row)) {
                    let last = open.as_ref().map(|b| (b.table.clone(), b.columns.clone()));
                    if !flush(&mut open, sender) {
                        return Ok(());
                    }
                    size = 0;
                    open = Some(begin(&row, charset, last));
                }
                if let Some(batch) = &mut open {
                    let owned = OwnedRow::of(&row);
                    size += owned.size();
                    batch.rows.push(owned);
                }
            }
        }
    }
    if signed && !reader.completed() {
        return Err(wrong(&format!(
            "the dump ends at byte {} without the line “-- Dump completed” that its program writes last: it is cut off",
            reader.offset()
        ))
        .hint("make it again or copy it again"));
    }
    flush(&mut open, sender);
    Ok(())
}

/// Hands a batch on; `false` when nobody listens any more.
fn flush(open: &mut Option<Batch>, sender: &mpsc::Sender<Result<Piece>>) -> bool {
    open.take()
        .is_none_or(|batch| sender.blocking_send(Ok(Piece::Rows(batch))).is_ok())
}

fn same_table(table: &TableDef, row: &gp_sqldump::Row<'_>) -> bool {
    let other = row.table();
    table.name == other.name && table.database == other.database && table.columns.len() == other.columns.len()
}

/// Whether a row has the table and columns of a batch.
fn fits(batch: &Batch, row: &gp_sqldump::Row<'_>) -> bool {
    let names = &batch.columns;
    same_table(&batch.table, row)
        && if names.is_empty() {
            row.name(0).is_none()
        } else {
            names.len() == row.len() && (0..row.len()).all(|at| row.name(at) == Some(names[at].as_str()))
        }
}

type Shape = (Arc<TableDef>, Arc<[String]>);

fn begin(row: &gp_sqldump::Row<'_>, charset: Option<String>, last: Option<Shape>) -> Batch {
    let names = (0..row.len()).map_while(|at| row.name(at)).map(str::to_owned);
    let columns: Arc<[String]> = names.collect();
    let (table, columns) = match last {
        Some((table, names)) if same_table(&table, row) => (table, if names == columns { names } else { columns }),
        _ => (Arc::new(row.table().clone()), columns),
    };
    Batch {
        table,
        columns,
        charset: charset.map(Into::into),
        rows: Vec::new(),
    }
}
