//! The two ends of the box: [`Reader`] hands a file to a worker, [`inside`] is what the worker does.

use std::{
    fs::File,
    io::{Read as _, Seek as _, Write as _},
};

use futures_util::TryStreamExt as _;
use gp_kernel::{Error, Result};
use gp_sandbox::{Ended, Input, Limits, Sandbox, confine};
use gp_store::{BlobStore, Digest};

use crate::{
    drawing::{Drawn, Wish},
    ocr::Ocr,
    told::Told,
};

/// Larger files are not read.
const LARGEST: u64 = 200 << 20;
/// The worker's tasks.
const READ: &str = "read";
const DRAW: &str = "draw";
/// A picture of the most pixels that are taken on needs more than a text.
const MEMORY_TO_DRAW: u64 = 1 << 30;
/// Lines stay as they were set, instead of being joined to paragraphs.
pub const LINES: &str = "lines";

/// Reads files, each in a process of its own.
#[derive(Debug, Clone)]
pub struct Reader {
    reading: Sandbox,
    drawing: Sandbox,
    pub(crate) blobs: BlobStore,
    pub(crate) ocr: Option<Ocr>,
}

impl Reader {
    /// Reads files of this store within the usual limits, scanned ones only when somebody is there to do it.
    ///
    /// # Errors
    /// When the program does not find itself.
    pub fn new(blobs: BlobStore, ocr: Option<Ocr>) -> Result<Self> {
        let more = Limits {
            memory: MEMORY_TO_DRAW,
            ..Limits::default()
        };
        Ok(Self {
            reading: Sandbox::new(Limits::default())?,
            drawing: Sandbox::new(more)?,
            blobs,
            ocr,
        })
    }

    /// A plain text, as a file with it would be read.
    pub(crate) async fn read_text(&self, text: &str) -> Result<Told> {
        let mut file = tempfile::tempfile()?;
        file.write_all(text.as_bytes())?;
        file.rewind()?;
        boxed(&self.reading, file, false).await
    }

    /// What stands in a file of the store.
    ///
    /// # Errors
    /// When store or machine do not answer; a file that cannot be read is no error.
    pub async fn read(&self, digest: &Digest, size: u64) -> Result<Told> {
        if size > LARGEST {
            return Ok(too_large());
        }
        boxed(&self.reading, self.file(digest, size).await?, false).await
    }

    /// What is wished of a file of the store.
    ///
    /// # Errors
    /// When store or machine do not answer; a file of which nothing can be made is no error.
    pub async fn draw(&self, digest: &Digest, size: u64, wish: &Wish) -> Result<Drawn> {
        if size > LARGEST {
            return Ok(Drawn::refused("The file is too large to make a picture of it."));
        }
        let wish = serde_json::to_string(wish).map_err(|e| Error::internal(e.to_string()))?;
        let file = self.file(digest, size).await?;
        Ok(match self.drawing.run(DRAW, &[wish], Input::File(file)).await? {
            Ok(answer) => Drawn::parse(&answer).ok_or_else(|| {
                Error::internal(format!(
                    "the worker's answer of {} bytes is not understood",
                    answer.len()
                ))
            })?,
            Err(Ended::Failed(said)) => {
                tracing::warn!(said, "a worker failed on a file");
                Drawn::refused("The file breaks off whoever makes a picture of it: it may be damaged.")
            }
            Err(_) => Drawn::refused("Making a picture of the file takes more time or memory than allowed."),
        })
    }

    async fn file(&self, digest: &Digest, size: u64) -> Result<File> {
        let mut stream = std::pin::pin!(self.blobs.stream(digest, 0, size).await?);
        let mut file = tempfile::tempfile()?;
        while let Some(bytes) = stream.try_next().await? {
            file.write_all(&bytes)?;
        }
        file.rewind()?;
        Ok(file)
    }
}

/// What stands in a file of this machine, with its lines as they stand on the page.
///
/// # Errors
/// When the machine starts no worker.
pub async fn read_file(file: File) -> Result<Told> {
    boxed(&Sandbox::new(Limits::default())?, file, true).await
}

async fn boxed(sandbox: &Sandbox, file: File, lines: bool) -> Result<Told> {
    let more = if lines { vec![LINES.to_owned()] } else { Vec::new() };
    if file.metadata()?.len() > LARGEST {
        return Ok(too_large());
    }
    Ok(match sandbox.run(READ, &more, Input::File(file)).await? {
        Ok(answer) => serde_json::from_slice(&answer)
            .map_err(|e| Error::internal(format!("the worker's answer is not understood: {e}")))?,
        Err(ended) => unfinished(&ended),
    })
}

fn too_large() -> Told {
    let megabytes = LARGEST >> 20;
    Told::only(
        "too big",
        &format!("The file is larger than {megabytes} MB; its text was not read. Readers can download it."),
    )
}

fn unfinished(ended: &Ended) -> Told {
    match ended {
        Ended::TooLong => Told::only(
            "too big",
            "Reading the file took longer than allowed. Readers can download it; a shorter or simpler copy can be searched.",
        ),
        Ended::TooMuchMemory | Ended::TooMuchAnswer => Told::only(
            "too big",
            "Reading the file needs more memory than allowed. Readers can download it; a smaller copy can be searched.",
        ),
        Ended::Failed(said) => {
            tracing::warn!(said, "a worker failed on a file");
            Told::only(
                "damaged",
                "The file breaks its reader off: it may be damaged. Open it, save it anew and upload that copy.",
            )
        }
    }
}

/// The worker: confined, it does its work on the file on stdin and writes what came out to stdout. `arguments` are memory in bytes
/// and time in seconds, as [`Sandbox::run`] gives them, and a word for the work.
///
/// # Errors
/// When stdin or stdout fail.
pub fn inside(arguments: &[String], work: impl FnOnce(&[u8], &str) -> Vec<u8>) -> std::io::Result<()> {
    let argument = |at: usize| arguments.get(at).map_or("", String::as_str);
    confine(&Limits::parse(argument(0), argument(1)));
    let mut bytes = Vec::new();
    std::io::stdin().take(LARGEST).read_to_end(&mut bytes)?;
    std::io::stdout().write_all(&work(&bytes, argument(2)))
}
