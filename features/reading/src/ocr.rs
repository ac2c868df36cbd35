//! Scanned documents, read by Tesseract where the operator wants it and the distribution's package is installed.
//!
//! A worker in the box draws each page; only that picture, of our own making, reaches Tesseract, which has little memory and
//! time, and an end for the whole document. What it read comes back as text, and is marked as read by a machine.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use gp_kernel::{Error, Result};
use gp_store::Digest;
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::{Unread, drawing::Wish, reader::Reader, told::Told};

/// The program.
const PROGRAM: &str = "tesseract";
/// About 250 pixels an inch on a page of A4.
const WIDTH: u32 = 2066;
/// More pages are not read.
const MOST_PAGES: usize = 300;
/// No page is begun after so long: a job has its time.
const PATIENCE: Duration = Duration::from_secs(420);
/// A page takes seconds; one that takes longer is left out.
const A_PAGE: Duration = Duration::from_secs(60);
/// Memory of the program in bytes, and its processor time in seconds, as `prlimit` takes them.
const LIMITS: [&str; 2] = ["--as=1500000000", "--cpu=60"];
/// Fewer letters than this are dirt on the paper.
const LEAST: usize = 20;
/// What editors are told.
const REASON: &str = "A machine read it from pictures of paper: there may be errors.";

/// The languages in which scanned documents are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ocr {
    languages: String,
}

impl Ocr {
    /// Of these languages, by Tesseract's names (`eng+fra`); `None` when there are none.
    ///
    /// # Errors
    /// When Tesseract or a language is not installed.
    pub async fn of(languages: &str) -> Result<Option<Self>> {
        let languages = languages.trim();
        if languages.is_empty() || languages == "off" {
            return Ok(None);
        }
        let wanted: Vec<&str> = languages.split('+').collect();
        let plain = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if let Some(odd) = wanted.iter().find(|name| !plain(name)) {
            return Err(
                Error::invalid(format!("{odd:?} is no language of Tesseract")).hint("name them like eng+fra+ara")
            );
        }
        let told = Command::new(PROGRAM)
            .arg("--list-langs")
            .stdin(Stdio::null())
            .output()
            .await;
        let told = told.map_err(|e| {
            Error::invalid(format!(
                "scanned documents are to be read (GUIDEPOST_OCR), but {PROGRAM} does not start: {e}"
            ))
            .hint("install the package tesseract-ocr")
        })?;
        let installed = String::from_utf8_lossy(&told.stdout).into_owned();
        match wanted
            .iter()
            .find(|name| !installed.lines().any(|line| line.trim() == **name))
        {
            None => Ok(Some(Self {
                languages: languages.to_owned(),
            })),
            Some(missing) => Err(Error::invalid(format!(
                "scanned documents are to be read in {missing:?} (GUIDEPOST_OCR), which {PROGRAM} does not know here"
            ))
            .hint(format!(
                "install the package tesseract-ocr-{}",
                missing.replace('_', "-")
            ))),
        }
    }

    /// What stands in the pictures of a scanned document; `scanned` as it was told, where nothing can be read.
    ///
    /// # Errors
    /// When blobs or machine do not answer.
    pub(crate) async fn read(&self, reader: &Reader, file: &Unread, scanned: Told) -> Result<Told> {
        let Some(digest) = Digest::parse(&file.digest) else {
            return Ok(scanned);
        };
        let begun = Instant::now();
        let mut pages: Vec<String> = Vec::new();
        let all = scanned.pages.len();
        for number in 1..=all.min(MOST_PAGES) {
            if begun.elapsed() > PATIENCE {
                break;
            }
            let wish = Wish::Page(number, WIDTH);
            let drawn = reader.draw(&digest, file.size, &wish).await?;
            let picture = drawn.files.into_iter().next().map(|page| page.bytes);
            pages.push(match picture {
                Some(picture) => self.page(&picture).await.unwrap_or_default(),
                None => String::new(),
            });
        }
        let letters = pages
            .iter()
            .flat_map(|page| page.chars())
            .filter(|c| c.is_alphanumeric());
        if letters.count() < LEAST {
            return Ok(scanned);
        }
        let told = reader.read_text(&pages.join("\u{c}")).await?;
        Ok(marked(told, scanned, pages.len()))
    }

    /// The text of one picture. A page that cannot be read is an empty one.
    async fn page(&self, picture: &[u8]) -> Option<String> {
        let mut child = Command::new("prlimit")
            .args(LIMITS)
            .args([PROGRAM, "stdin", "stdout", "-l", &self.languages])
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        let mut to = child.stdin.take()?;
        let reading = async {
            // It may end before it has taken all.
            let giving = async move {
                let _ = to.write_all(picture).await;
                drop(to);
            };
            tokio::join!(giving, child.wait_with_output()).1
        };
        let output = tokio::time::timeout(A_PAGE, reading).await.ok()?.ok()?;
        let text = String::from_utf8_lossy(&output.stdout).replace('\u{c}', " ");
        output.status.success().then_some(text)
    }
}

/// The reading of the text, as one of the scanned file.
fn marked(told: Told, scanned: Told, read: usize) -> Told {
    let mut facts = scanned.facts;
    for (name, value) in told.facts {
        if ["headings", "cites"].contains(&name.as_str()) {
            facts.insert(name, value);
        }
    }
    facts.insert("machine_read".to_owned(), true.into());
    let all = scanned.pages.len();
    let reason = if read < all {
        format!("{REASON} It read the first {read} of {all} pages.")
    } else {
        REASON.to_owned()
    };
    Told {
        reason: Some(reason),
        mime: scanned.mime,
        title: scanned.title.or(told.title),
        page_count: i64::try_from(all).ok(),
        facts,
        ..told
    }
}

#[cfg(test)]
mod tests {
    use super::Ocr;

    #[tokio::test]
    async fn off_is_off_and_names_are_names() {
        assert_eq!(Ocr::of("").await.unwrap(), None);
        assert_eq!(Ocr::of(" off ").await.unwrap(), None);
        for odd in ["eng;rm", "../eng", "eng+", "-l"] {
            assert!(Ocr::of(odd).await.is_err(), "{odd}");
        }
    }
}
