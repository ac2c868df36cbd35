//! What is read of real documents, against what poppler reads and what the notes beside them say.
//!
//! The fixtures are found through `GUIDEPOST_FIXTURES`; without them the suite says "skipped".

use gp_documents::{Document, Limits, Status, read};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// Share of words that must agree on a page.
const SAME: f64 = 0.95;

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("GUIDEPOST_FIXTURES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures"),
        PathBuf::from,
    );
    let folder = root.join("documents");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("documents: skipped, {} is absent", folder.display());
    None
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of documents is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ending));
    files.sort();
    files
}

fn document(path: &Path, keep_lines: bool) -> Document {
    let bytes = std::fs::read(path).expect("the document is there");
    read(
        &bytes,
        &Limits {
            keep_lines,
            ..Limits::default()
        },
    )
}

/// How often each word stands on a page, after what poppler adds and what no reader sees is taken away.
fn words(text: &str) -> HashMap<String, usize> {
    let invisible = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
            || (c.is_control() && !c.is_whitespace())
    };
    let plain: String = text.nfkc().filter(|c| !invisible(*c)).collect();
    let mut words = HashMap::new();
    for word in plain.split_whitespace() {
        *words.entry(word.to_owned()).or_default() += 1;
    }
    words
}

/// The words again, parted where scripts meet and without punctuation: poppler leaves blanks out where the direction of
/// reading changes, and lines of Chinese are joined here.
fn terms(text: &str) -> HashMap<String, usize> {
    let kind = |c: char| match c {
        '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fefc}' => 1,
        c if c > '\u{2e80}' => 2,
        c if c.is_alphanumeric() => 3,
        _ => 0,
    };
    let mut parted = String::new();
    let mut last = 0;
    for c in text.nfkc() {
        if kind(c) != last || kind(c) == 2 {
            parted.push(' ');
        }
        last = kind(c);
        if last > 0 && (c.is_alphanumeric() || last == 1 && !matches!(c, '،' | '؛' | '؟')) {
            parted.push(c);
        }
    }
    words(&parted)
}

/// Twice the common words by all words.
fn agreement(one: &HashMap<String, usize>, two: &HashMap<String, usize>) -> f64 {
    let common: usize = one
        .iter()
        .map(|(word, times)| times.min(two.get(word).unwrap_or(&0)))
        .sum();
    let all: usize = one.values().sum::<usize>() + two.values().sum::<usize>();
    2.0 * common as f64 / all.max(1) as f64
}

#[test]
fn first_pages_have_the_words_that_poppler_finds() {
    let Some(folder) = folder() else { return };
    let (mut same, mut as_read, mut all) = (0, 0, 0);
    for expected in files(&folder, ".page1.txt") {
        let name = expected.to_string_lossy().replace(".page1.txt", ".pdf");
        let poppler = std::fs::read_to_string(&expected).expect("the text of a page");
        let page = |keep_lines| {
            let pages = document(Path::new(&name), keep_lines).pages;
            pages.into_iter().next().map(|page| page.text).unwrap_or_default()
        };
        let shown = agreement(&words(&poppler), &words(&page(true)));
        let text = agreement(&terms(&poppler), &terms(&page(false)));
        if shown < SAME || text < SAME {
            println!("  {shown:.3} {text:.3} {name}");
        }
        all += 1;
        same += usize::from(shown >= SAME);
        as_read += usize::from(text >= SAME);
    }
    println!("documents page-1 text: {same}/{all}");
    println!("documents page-1 text in reading order, lines joined: {as_read}/{all}");
    assert!(same * 100 >= all * 94, "words of first pages: {same} of {all}");
    assert!(
        as_read * 100 >= all * 80,
        "words of first pages in reading order: {as_read} of {all}"
    );
}

#[test]
fn states_are_as_the_notes_say() {
    let Some(folder) = folder() else { return };
    let (mut right, mut all) = (0, 0);
    let documents = [".pdf", ".docx", ".doc"]
        .into_iter()
        .flat_map(|ending| files(&folder, ending));
    for path in documents {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let has_text = folder.join(name.replace(".pdf", ".page1.txt")).exists() && name.ends_with(".pdf");
        let expected = match name.as_str() {
            _ if has_text => Status::Text,
            _ if name.starts_with("damaged-") || name.starts_with("hostile-") || name.contains("truncated") => {
                Status::Damaged
            }
            _ if name.contains("encrypted") => Status::Locked,
            _ if name.starts_with("scan-") || name.contains("image-only") || name.ends_with(".pdf") => Status::Scanned,
            _ => Status::Text,
        };
        let found = document(&path, false);
        assert_eq!(
            found.reason.is_none(),
            found.status == Status::Text,
            "{name}: {:?}",
            found.reason
        );
        if found.status != expected {
            println!("  {name}: {} instead of {expected}", found.status);
        }
        all += 1;
        right += usize::from(found.status == expected);
    }
    println!("documents states: {right}/{all}");
    assert_eq!(right, all);
}

#[test]
fn languages_are_as_the_notes_say() {
    let Some(folder) = folder() else { return };
    let notes = std::fs::read_to_string(folder.join("README.md")).expect("the notes");
    let (mut right, mut all) = (0, 0);
    for row in notes
        .lines()
        .filter(|line| line.starts_with("| ") && line.matches('|').count() >= 8)
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let path = folder.join(cells[1]);
        if cells[2].len() != 2 || !path.exists() {
            continue;
        }
        let found = document(&path, false);
        let letters: usize = found
            .pages
            .iter()
            .map(|page| page.text.chars().filter(|c| c.is_alphabetic()).count())
            .sum();
        if found.status != Status::Text || letters < 24 {
            continue;
        }
        all += 1;
        right += usize::from(found.language.as_deref() == Some(cells[2]));
        if found.language.as_deref() != Some(cells[2]) {
            println!("  {}: {:?} instead of {}", cells[1], found.language, cells[2]);
        }
    }
    println!("documents languages: {right}/{all}");
    assert!(right * 100 >= all * 90, "languages: {right} of {all}");
}

#[test]
fn united_nations_documents_are_taken_apart() {
    let Some(folder) = folder() else { return };
    let expected = [
        ("un-A_80_604_Add.6.pdf", "A/80/604/Add.6", "2026-04-07", 40, "40"),
        ("un-A_80_604_Add.8.pdf", "A/80/604/Add.8", "2026-04-20", 69, "69"),
        (
            "un-A_81_6_Sect_24.pdf",
            "A/81/6 (Sect. 24)/Part A",
            "2026-04-10",
            98,
            "24.98",
        ),
        ("un-A_HRC_43_12.pdf", "A/HRC/43/12", "2019-12-27", 348, "27"),
    ];
    let mut right = 0;
    for (name, symbol, issued, least, last) in expected {
        let found = document(&folder.join(name), false);
        let is_right = found.symbol.as_ref().map(ToString::to_string).as_deref() == Some(symbol)
            && found.issued.as_deref() == Some(issued)
            && found.job_number.is_some()
            && found.paragraphs.len() >= least
            && found
                .paragraphs
                .last()
                .is_some_and(|paragraph| paragraph.number == last);
        println!("  {name}: {} paragraphs", found.paragraphs.len());
        right += usize::from(is_right);
    }
    println!("documents UN heads and paragraphs: {right}/{}", expected.len());
    assert_eq!(right, expected.len());
}

#[test]
fn automatic_numbers_of_word_are_in_the_text() {
    let Some(folder) = folder() else { return };
    let found = document(&folder.join("docx-numbered-list.docx"), false);
    let text: String = found.pages.iter().map(|page| format!("{}\n\n", page.text)).collect();
    for part in [
        "1) This",
        "a) Is",
        "i) A multi",
        "ii) Level",
        "1. Within cell 1",
        "b. Cell b",
        "iii) List",
        "2) foo",
        "ii) baz",
        "ii) foo",
        "II. bar",
        "6. six",
        "7. seven",
        "a. seven a",
        "e. seven e",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn labels_and_titles_are_the_files_own() {
    let Some(folder) = folder() else { return };
    let labels: Vec<Option<String>> = document(&folder.join("page-labels.pdf"), false)
        .pages
        .into_iter()
        .map(|page| page.label)
        .collect();
    assert_eq!(
        labels[..5].iter().flatten().map(String::as_str).collect::<Vec<_>>(),
        ["A1", "A2", "A3", "i", "ii"]
    );
    let title = document(&folder.join("xmp-title-three-languages.pdf"), false).title;
    assert_eq!(title.as_deref(), Some("Hello World"));
    assert!(document(&folder.join("headings-toc.pdf"), false).headings.len() >= 4);
}
