//! The report of an import: every row accounted for, as text for a person and as JSON for a program.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Serialize;

use crate::answers::Answers;

/// What became of the rows of one table or content type. `rows` is the sum of all the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Rows that the source holds.
    pub rows: u64,
    /// Rows that are new here.
    pub imported: u64,
    /// Rows that were here and are different now.
    pub updated: u64,
    /// Rows that were here and are the same.
    pub unchanged: u64,
    /// Rows that nothing uses yet: stored as they are.
    pub kept: u64,
    /// Rows that could not be taken; the report says why.
    pub refused: u64,
}

impl Count {
    /// Whether every row is accounted for.
    pub fn adds_up(&self) -> bool {
        self.rows == self.imported + self.updated + self.unchanged + self.kept + self.refused
    }

    /// Counts one row with this fate.
    pub fn add(&mut self, fate: Fate) {
        self.rows += 1;
        *match fate {
            Fate::Imported => &mut self.imported,
            Fate::Updated => &mut self.updated,
            Fate::Unchanged => &mut self.unchanged,
            Fate::Kept => &mut self.kept,
            Fate::Refused => &mut self.refused,
        } += 1;
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "see the fields of Count")]
pub enum Fate {
    Imported,
    Updated,
    Unchanged,
    Kept,
    Refused,
}

/// A row that could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its table, or `uploads`.
    pub table: String,
    /// Its number and its place in the source.
    pub row: String,
    /// Why.
    pub reason: String,
}

/// What became of the files of the uploads folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Uploads {
    /// Files seen.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are new or different here.
    pub imported: u64,
    /// Files that were here already.
    pub unchanged: u64,
    /// Files that no item names; they answer at their address all the same.
    pub unowned: u64,
    /// Files that must never be served (exports of personal data): left out.
    pub withheld: u64,
    /// Their names, for whoever moves the site; no door ever answers at them.
    pub withheld_names: Vec<String>,
    /// Links, special files and names that lead elsewhere: left out.
    pub refused: u64,
    /// Files that items name and the folder lacks: (item, path).
    pub missing: Vec<(i64, String)>,
    /// How many of these there are, also where the list is cut.
    pub missing_count: u64,
}

/// What an import did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// File or address that was read.
    pub source: String,
    /// Whether nothing was kept of it on purpose.
    pub dry_run: bool,
    /// The prefix of the tables.
    pub prefix: String,
    /// Every table of the source, those without rows too.
    pub tables: BTreeMap<String, Count>,
    /// The rows of `posts` by content type.
    pub types: BTreeMap<String, Count>,
    /// Rows that could not be taken, the first [`MOST_REFUSED`] of them.
    pub refused: Vec<Refused>,
    /// Things that a person should know.
    pub notes: Vec<String>,
    /// The uploads folder, where one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uploads: Option<Uploads>,
    /// Every old public address with the answer of the new site; filled in by whoever has a router.
    #[serde(skip)]
    pub addresses: Answers,
}

/// A report as it is written: with all the answers, or with those worth keeping.
#[derive(Serialize)]
struct WithAddresses<'a, A> {
    #[serde(flatten)]
    report: &'a Report,
    addresses: A,
}

/// How many refused rows a report lists; their number is in the table's count.
pub const MOST_REFUSED: usize = 10_000;

impl Report {
    /// Counts a row of a table.
    pub fn count(&mut self, table: &str, fate: Fate) {
        match self.tables.get_mut(table) {
            Some(count) => count.add(fate),
            None => self.tables.entry(table.to_owned()).or_default().add(fate),
        }
    }

    /// Counts a row of a content type.
    pub fn count_type(&mut self, kind: &str, fate: Fate) {
        match self.types.get_mut(kind) {
            Some(count) => count.add(fate),
            None => self.types.entry(kind.to_owned()).or_default().add(fate),
        }
    }

    /// Counts and lists a row that could not be taken.
    pub fn refuse(&mut self, table: &str, row: String, reason: String) {
        self.count(table, Fate::Refused);
        self.list_refused(table, row, reason);
    }

    pub(crate) fn list_refused(&mut self, table: &str, row: String, reason: String) {
        if self.refused.len() < MOST_REFUSED {
            let table = table.to_owned();
            self.refused.push(Refused { table, row, reason });
        }
    }

    /// All tables together.
    pub fn total(&self) -> Count {
        self.tables.values().fold(Count::default(), |sum, c| Count {
            rows: sum.rows + c.rows,
            imported: sum.imported + c.imported,
            updated: sum.updated + c.updated,
            unchanged: sum.unchanged + c.unchanged,
            kept: sum.kept + c.kept,
            refused: sum.refused + c.refused,
        })
    }

    /// What the store keeps of it, in one line: without the addresses that answer well, of which there may be a million.
    pub fn to_json(&self) -> String {
        let kept = WithAddresses {
            report: self,
            addresses: self.addresses.others(),
        };
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// For programs, indented; written as it goes, since a large site has a million addresses.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_json(&self, mut out: impl std::io::Write) -> std::io::Result<()> {
        let whole = WithAddresses {
            report: self,
            addresses: &self.addresses,
        };
        serde_json::to_writer_pretty(&mut out, &whole)?;
        out.write_all(b"\n")?;
        out.flush()
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        let dry = if self.dry_run {
            " (dry run: nothing was kept)"
        } else {
            ""
        };
        let _ = writeln!(out, "Import of {}{dry}\n", self.source);
        table(&mut out, "table", &self.tables);
        if !self.types.is_empty() {
            table(&mut out, "content type", &self.types);
        }
        if let Some(uploads) = &self.uploads {
            uploads_text(&mut out, uploads);
        }
        for refused in &self.refused {
            let _ = writeln!(out, "refused: {} {}: {}", refused.table, refused.row, refused.reason);
        }
        let unlisted = self.total().refused.saturating_sub(self.refused.len() as u64);
        if unlisted > 0 {
            let _ = writeln!(out, "refused: {unlisted} more that are not listed");
        }
        for note in &self.notes {
            let _ = writeln!(out, "note: {note}");
        }
        addresses_text(&mut out, &self.addresses);
        out
    }
}

fn table(out: &mut String, head: &str, counts: &BTreeMap<String, Count>) {
    let width = counts.keys().map(String::len).max().unwrap_or(0).max(head.len());
    let _ = writeln!(
        out,
        "{head:width$} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "rows", "imported", "updated", "unchanged", "kept", "refused"
    );
    for (name, c) in counts {
        let _ = writeln!(
            out,
            "{name:width$} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            c.rows, c.imported, c.updated, c.unchanged, c.kept, c.refused
        );
    }
    out.push('\n');
}

fn uploads_text(out: &mut String, uploads: &Uploads) {
    let _ = writeln!(
        out,
        "uploads: {} files, {} bytes: {} imported, {} unchanged, {} withheld, {} refused; {} named by no item\n",
        uploads.files,
        uploads.bytes,
        uploads.imported,
        uploads.unchanged,
        uploads.withheld,
        uploads.refused,
        uploads.unowned
    );
    for (item, path) in &uploads.missing {
        let _ = writeln!(out, "missing: item {item} names {path}, which the uploads folder lacks");
    }
    let unlisted = uploads.missing_count.saturating_sub(uploads.missing.len() as u64);
    if unlisted > 0 {
        let _ = writeln!(out, "missing: {unlisted} more that are not listed");
    }
}

fn addresses_text(out: &mut String, addresses: &Answers) {
    if addresses.asked() == 0 {
        return;
    }
    let (asked, good) = (addresses.asked(), addresses.good());
    let _ = writeln!(out, "addresses: {asked} asked, {good} answer 200");
    for answer in addresses.others() {
        let to = answer
            .location
            .as_deref()
            .map(|l| format!(" to {l}"))
            .unwrap_or_default();
        let _ = writeln!(out, "  {} {}{to}: {}", answer.status, answer.url, answer.why);
    }
    let unlisted = asked - good - addresses.others().len() as u64;
    if unlisted > 0 {
        let _ = writeln!(out, "  {unlisted} more are in the report's file (`--report`)");
    }
}
