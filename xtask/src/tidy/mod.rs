//! `cargo xtask tidy`: fails when the shape of the workspace is broken, and says for each place what to do.

mod code_rules;
mod exceptions;
mod graph;
mod migrations;
mod source;
mod types;

use std::fmt;
use std::fs;
use std::path::Path;

use exceptions::Exceptions;
use source::Source;

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The rule's name, as exceptions name it.
    pub(crate) rule: &'static str,
    /// Path from the root of the workspace, with `/`.
    pub(crate) path: String,
    /// Line, from 1.
    pub(crate) line: usize,
    /// The function or other thing within the file that exceptions may name; empty for the whole file.
    pub(crate) item: String,
    /// What is wrong and what to do about it.
    pub(crate) message: String,
}

impl Finding {
    fn new(rule: &'static str, path: &str, line: usize, message: String) -> Self {
        Self {
            rule,
            path: path.to_owned(),
            line,
            item: String::new(),
            message,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {} [{}]", self.path, self.line, self.message, self.rule)
    }
}

/// Where exceptions stand, each with its reason.
const EXCEPTIONS: &str = "xtask/tidy-exceptions.txt";
/// Where checksums of released migrations stand.
const CHECKSUMS: &str = "migrations/checksums.txt";
/// Folders that hold no code of ours.
const NOT_OURS: [&str; 4] = ["target", "node_modules", "dist", "demo-data"];

/// Checks everything; prints what is wrong; true when nothing is.
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    let sources = read_sources(root)?;
    let mut findings = graph::check(&graph::read(root)?);
    findings.extend(types::check(&types::read(root)?));
    findings.extend(migrations::check(
        &migrations::read(root)?,
        &read_optional(root, CHECKSUMS)?,
    ));
    findings.extend(sources.iter().flat_map(code_rules::check));

    let (exceptions, faults) = Exceptions::parse(EXCEPTIONS, &read_optional(root, EXCEPTIONS)?);
    let mut findings = exceptions.apply(EXCEPTIONS, findings);
    findings.extend(faults);
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("tidy: {} source files, nothing to mend", sources.len()),
        1 => println!("tidy: 1 thing to mend"),
        many => println!("tidy: {many} things to mend"),
    }
    Ok(findings.is_empty())
}

/// Writes the checksums of all migrations, so that from now on `tidy` refuses to see them changed.
pub(crate) fn record_migrations(root: &Path) -> Result<bool, String> {
    let files = migrations::read(root)?;
    let before = read_optional(root, CHECKSUMS)?;
    let findings = migrations::check(&files, &before);
    if !findings.is_empty() {
        findings.iter().for_each(|finding| println!("{finding}"));
        return Ok(false);
    }
    let path = root.join(CHECKSUMS);
    fs::write(&path, migrations::checksums(&files)).map_err(|error| format!("cannot write {CHECKSUMS}: {error}"))?;
    println!("{CHECKSUMS}: {} files recorded", files.len());
    Ok(true)
}

fn read_sources(root: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for path in files_below(root, "")? {
        if path.ends_with(".rs") {
            sources.push(Source::new(&path, &read(root, &path)?));
        }
    }
    Ok(sources)
}

/// Paths of all files below a folder, from the root, sorted; hidden folders and those of others left out.
fn files_below(root: &Path, folder: &str) -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for (name, is_folder) in entries(root, &folder)? {
            let path = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            if !is_folder {
                files.push(path);
            } else if !name.starts_with('.') && !NOT_OURS.contains(&name.as_str()) {
                folders.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Names in a folder and whether each is a folder; nothing where there is no such folder.
fn entries(root: &Path, folder: &str) -> Result<Vec<(String, bool)>, String> {
    let path = root.join(folder);
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let read = fs::read_dir(&path).map_err(|error| format!("cannot list {}: {error}", path.display()))?;
    let mut names = Vec::new();
    for entry in read {
        let entry = entry.map_err(|error| format!("cannot list {}: {error}", path.display()))?;
        let kind = entry
            .file_type()
            .map_err(|error| format!("cannot read {}: {error}", entry.path().display()))?;
        names.push((entry.file_name().to_string_lossy().into_owned(), kind.is_dir()));
    }
    names.sort();
    Ok(names)
}

fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path)).map_err(|error| format!("cannot read {path}: {error}"))
}

fn read_optional(root: &Path, path: &str) -> Result<String, String> {
    if root.join(path).exists() {
        read(root, path)
    } else {
        Ok(String::new())
    }
}
