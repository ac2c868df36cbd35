//! Migrations: a folder each, `NNNN_name/`, with both dialects; released ones keep their checksums.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{CHECKSUMS, Finding, files_below};

/// Files below `migrations/`: path without that folder, and content.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

const FOLDER: &str = "migrations";
const DIALECTS: [&str; 2] = ["postgres.sql", "sqlite.sql"];
/// Files that may lie beside the folders.
const BESIDE: [&str; 2] = ["checksums.txt", "README.md"];

/// Reads all migrations.
pub(crate) fn read(root: &Path) -> Result<Files, String> {
    let mut files = Files::new();
    for path in files_below(root, FOLDER)? {
        let content = fs::read(root.join(&path)).map_err(|error| format!("cannot read {path}: {error}"))?;
        let short = path.strip_prefix("migrations/").unwrap_or(&path).to_owned();
        if !BESIDE.contains(&short.as_str()) {
            files.insert(short, content);
        }
    }
    Ok(files)
}

/// The text of the checksum list: `SHA256  FOLDER/FILE`, a line each.
pub(crate) fn checksums(files: &Files) -> String {
    files
        .iter()
        .map(|(path, content)| format!("{}  {path}\n", checksum(content)))
        .collect()
}

fn checksum(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Checks names, dialects and the checksums of released ones.
pub(crate) fn check(files: &Files, released: &str) -> Vec<Finding> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in files.keys() {
        let (folder, file) = path.split_once('/').unwrap_or(("", path));
        folders.entry(folder).or_default().push(file);
    }
    let mut findings = Vec::new();
    for (folder, names) in &folders {
        findings.extend(check_folder(folder, names).map(|message| at(folder, 1, message)));
    }
    let numbers: Vec<&str> = folders.keys().map(|folder| folder.get(..4).unwrap_or(folder)).collect();
    for (pair, folder) in numbers
        .windows(2)
        .zip(folders.keys().skip(1))
        .filter(|(pair, _)| pair[0] == pair[1])
    {
        findings.push(at(
            folder,
            1,
            format!(
                "number {} is taken by another migration; take the next free one",
                pair[0]
            ),
        ));
    }
    findings.extend(check_released(files, released));
    findings
}

fn at(path: &str, line: usize, message: String) -> Finding {
    Finding::new("migrations", &format!("{FOLDER}/{path}"), line, message)
}

fn check_folder(folder: &str, names: &[&str]) -> Option<String> {
    let (number, name) = folder.split_once('_').unwrap_or((folder, ""));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if number.len() != 4
        || !number.bytes().all(|byte| byte.is_ascii_digit())
        || name.is_empty()
        || !name.chars().all(plain)
    {
        return Some("a migration is a folder called NNNN_name, small letters; rename it".to_owned());
    }
    (names != DIALECTS).then(|| {
        format!(
            "holds {}; it needs exactly {}",
            names.join(", "),
            DIALECTS.join(" and ")
        )
    })
}

fn check_released(files: &Files, released: &str) -> Vec<Finding> {
    let listed = |line: usize, message: String| Finding::new("migrations", CHECKSUMS, line, message);
    let mut findings = Vec::new();
    let mut recorded: Vec<&str> = Vec::new();
    for (index, line) in released.lines().enumerate() {
        let Some((sum, path)) = line.split_once("  ") else {
            findings.push(listed(
                index + 1,
                "write `SHA256  FOLDER/FILE`, two spaces between".to_owned(),
            ));
            continue;
        };
        recorded.push(path);
        match files.get(path) {
            None => findings.push(listed(
                index + 1,
                format!("{path} was released and is gone; bring it back"),
            )),
            Some(content) if checksum(content) != sum => {
                let message = "was released and has changed; undo that and write a new migration".to_owned();
                findings.push(at(path, 1, message));
            }
            Some(_) => {}
        }
    }
    let newest = recorded.iter().max().copied().unwrap_or_default();
    for path in files
        .keys()
        .filter(|path| path.as_str() < newest && !recorded.contains(&path.as_str()))
    {
        findings.push(at(
            path,
            1,
            "comes before released migrations; give it the next free number".to_owned(),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Files {
        paths
            .iter()
            .map(|path| ((*path).to_owned(), path.as_bytes().to_vec()))
            .collect()
    }

    fn paths(files: &Files, released: &str) -> Vec<String> {
        check(files, released).into_iter().map(|finding| finding.path).collect()
    }

    #[test]
    fn both_dialects_and_nothing_else() {
        let good = files(&["0001_items/postgres.sql", "0001_items/sqlite.sql"]);
        assert_eq!(paths(&good, ""), Vec::<String>::new());
        assert_eq!(paths(&files(&["0001_items/sqlite.sql"]), ""), ["migrations/0001_items"]);
        assert_eq!(
            paths(&files(&["1_Items/postgres.sql", "1_Items/sqlite.sql"]), ""),
            ["migrations/1_Items"]
        );
        assert_eq!(paths(&files(&["stray.sql"]), "").len(), 1);
    }

    #[test]
    fn numbers_are_used_once() {
        let twice = files(&[
            "0001_a/postgres.sql",
            "0001_a/sqlite.sql",
            "0001_b/postgres.sql",
            "0001_b/sqlite.sql",
        ]);
        assert_eq!(paths(&twice, ""), ["migrations/0001_b"]);
    }

    #[test]
    fn released_ones_stay_as_they_are() {
        let mut some = files(&["0002_b/postgres.sql", "0002_b/sqlite.sql"]);
        let released = checksums(&some);
        assert_eq!(paths(&some, &released), Vec::<String>::new());
        some.insert("0002_b/sqlite.sql".to_owned(), b"changed".to_vec());
        assert_eq!(paths(&some, &released), ["migrations/0002_b/sqlite.sql"]);
        some.remove("0002_b/sqlite.sql");
        assert!(paths(&some, &released).contains(&CHECKSUMS.to_owned()));
        let mut late = files(&["0002_b/postgres.sql", "0002_b/sqlite.sql"]);
        late.extend(files(&["0001_a/postgres.sql", "0001_a/sqlite.sql"]));
        assert_eq!(
            paths(&late, &released),
            ["migrations/0001_a/postgres.sql", "migrations/0001_a/sqlite.sql"]
        );
    }
}
