//! Reads a folder or a tar archive file by file, on a thread of its own. Links are not followed, and no name leads elsewhere.

use std::{
    fs::{self, File},
    io::{BufReader, Read, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::UNIX_EPOCH,
};

use bytes::Bytes;
use gp_kernel::{Error, Result};
use tokio::sync::mpsc;

/// A file of the folder.
#[derive(Debug)]
pub(crate) struct Found {
    /// Below the uploads folder, with `/`.
    pub path: String,
    pub size: u64,
    pub modified: i64,
    pub content: Content,
}

/// Where the bytes are.
#[derive(Debug)]
pub(crate) enum Content {
    Memory(Bytes),
    File(PathBuf),
    Spool(Spool),
    /// Nobody asked for them.
    Unread,
}

/// A large member of an archive, on disk while it is needed.
#[derive(Debug)]
pub(crate) struct Spool(pub PathBuf);

impl Drop for Spool {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What was met.
#[derive(Debug)]
pub(crate) enum Seen {
    File(Found),
    /// Name and reason.
    Refused(String, String),
}

type Sender = mpsc::Sender<Result<Seen>>;

/// Larger members of an archive do not stay in memory.
const MOST_IN_MEMORY: u64 = 8 << 20;

/// Folders inside each other.
const DEEPEST: usize = 64;

/// Begins to read; `whole` asks for the bytes too.
pub(crate) fn read(path: &Path, whole: bool) -> Result<mpsc::Receiver<Result<Seen>>> {
    let (sender, receiver) = mpsc::channel(2);
    let root = path.to_owned();
    std::thread::Builder::new()
        .name("uploads".to_owned())
        .spawn(move || {
            let done = if root.is_dir() {
                folder(&root, &sender)
            } else {
                archive(&root, whole, &sender)
            };
            if let Err(error) = done {
                let _ = sender.blocking_send(Err(error));
            }
        })
        .map_err(Error::from)?;
    Ok(receiver)
}

/// Why a name cannot be taken.
pub(crate) fn fault_of(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        Some("it has no name")
    } else if path.starts_with('/') {
        Some("the name begins at the root of a computer")
    } else if path.split(['/', '\\']).any(|part| part == "..") {
        Some("the name leads out of the folder")
    } else if path.split('/').any(|part| part.is_empty() || part == ".") {
        Some("the name has empty parts")
    } else if path.chars().any(char::is_control) {
        Some("the name holds control characters")
    } else if path.len() > 1000 {
        Some("the name is longer than 1000 bytes")
    } else {
        None
    }
}

fn seconds(meta: &fs::Metadata) -> i64 {
    let since = meta.modified().ok().and_then(|m| m.duration_since(UNIX_EPOCH).ok());
    since.and_then(|d| i64::try_from(d.as_secs()).ok()).unwrap_or(0)
}

fn folder(root: &Path, sender: &Sender) -> Result<()> {
    let mut open = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = open.pop() {
        let told = |e: std::io::Error| Error::from(e).at(folder.display());
        let mut entries: Vec<fs::DirEntry> = fs::read_dir(&folder)
            .map_err(told)?
            .collect::<std::io::Result<_>>()
            .map_err(told)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        let mut below = Vec::new();
        for entry in entries {
            let meta = fs::symlink_metadata(entry.path()).map_err(|e| Error::from(e).at(entry.path().display()))?;
            let name = entry.file_name();
            let path = format!("{prefix}{}", name.to_string_lossy());
            let fault = match () {
                () if name.to_str().is_none() => Some("the name is not written in UTF-8"),
                () if meta.is_symlink() => Some("it is a link, and links are not followed"),
                () if meta.is_dir() && depth >= DEEPEST => Some("it lies too deep"),
                () if !meta.is_dir() && !meta.is_file() => Some("it is no ordinary file"),
                () => fault_of(&path),
            };
            let seen = match fault {
                Some(reason) => Seen::Refused(path, reason.to_owned()),
                None if meta.is_dir() => {
                    below.push((entry.path(), format!("{path}/"), depth + 1));
                    continue;
                }
                None => Seen::File(Found {
                    path,
                    size: meta.len(),
                    modified: seconds(&meta),
                    content: Content::File(entry.path()),
                }),
            };
            if sender.blocking_send(Ok(seen)).is_err() {
                return Ok(());
            }
        }
        below.reverse();
        open.extend(below);
    }
    Ok(())
}

fn archive(file: &Path, whole: bool, sender: &Sender) -> Result<()> {
    let told = |e: std::io::Error| {
        Error::invalid(format!("{}: the archive cannot be read: {e}", file.display()))
            .hint("uploads are a folder, or a .tar or .tar.gz archive of it")
    };
    let mut input = File::open(file).map_err(|e| Error::from(e).at(file.display()))?;
    let mut start = Vec::new();
    (&mut input).take(2).read_to_end(&mut start).map_err(told)?;
    let packed = start == [0x1f, 0x8b];
    let input = BufReader::with_capacity(1 << 16, std::io::Cursor::new(start).chain(input));
    let input: Box<dyn Read> = if packed {
        Box::new(flate2::read::MultiGzDecoder::new(input))
    } else {
        Box::new(input)
    };
    let mut archive = tar::Archive::new(input);
    for entry in archive.entries().map_err(told)? {
        let mut entry = entry.map_err(told)?;
        let name = entry.path_bytes().into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let (size, modified) = (entry.size(), entry.header().mtime().unwrap_or(0));
        let path = std::str::from_utf8(&name).map(below_uploads);
        let seen = match path {
            Err(_) => refused(&String::from_utf8_lossy(&name), "the name is not written in UTF-8"),
            Ok(path) if kind.is_symlink() || kind.is_hard_link() => {
                refused(path, "it is a link, and links are not followed")
            }
            Ok(path) if !kind.is_file() && !kind.is_contiguous() && !kind.is_gnu_sparse() => {
                refused(path, "it is no ordinary file")
            }
            Ok(path) => match fault_of(path) {
                Some(reason) => refused(path, reason),
                None => Seen::File(Found {
                    path: path.to_owned(),
                    size,
                    modified: i64::try_from(modified).unwrap_or(0),
                    content: if whole {
                        content(&mut entry, size).map_err(told)?
                    } else {
                        Content::Unread
                    },
                }),
            },
        };
        if sender.blocking_send(Ok(seen)).is_err() {
            return Ok(());
        }
    }
    Ok(())
}

fn refused(path: &str, reason: &str) -> Seen {
    Seen::Refused(path.to_owned(), reason.to_owned())
}

/// The name of a member without the folder itself, however the archive was made.
fn below_uploads(name: &str) -> &str {
    let name = name.strip_prefix("./").unwrap_or(name);
    let name = name.strip_prefix("wp-content/").unwrap_or(name);
    name.strip_prefix("uploads/").unwrap_or(name)
}

pub(crate) fn content(entry: &mut impl Read, size: u64) -> std::io::Result<Content> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let cut = || std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "it ends in the middle of a file");
    if size <= MOST_IN_MEMORY {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        entry.take(MOST_IN_MEMORY + 1).read_to_end(&mut bytes)?;
        return if bytes.len() as u64 == size {
            Ok(Content::Memory(bytes.into()))
        } else {
            Err(cut())
        };
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let spool = Spool(std::env::temp_dir().join(format!("guidepost-{}-{number}.part", std::process::id())));
    let mut file = File::create_new(&spool.0)?;
    if std::io::copy(entry, &mut file)? != size {
        return Err(cut());
    }
    file.flush()?;
    Ok(Content::Spool(spool))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for bad in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a/..",
            "..\\x",
            "a//b",
            "./a",
            "a\nb",
            "a\0b",
        ] {
            assert!(fault_of(bad).is_some(), "{bad:?}");
        }
        for good in ["2026/11/a.pdf", "دليل.pdf", "a..b/c", "...", "儿童 保护.pdf"] {
            assert_eq!(fault_of(good), None, "{good:?}");
        }
    }

    #[test]
    fn the_folder_itself_is_no_part_of_the_name() {
        for name in [
            "uploads/2026/a.pdf",
            "./uploads/2026/a.pdf",
            "wp-content/uploads/2026/a.pdf",
            "2026/a.pdf",
        ] {
            assert_eq!(below_uploads(name), "2026/a.pdf");
        }
    }
}
