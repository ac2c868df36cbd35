//! The first walk through a source: which tables there are, which ids, all terms, and which text was encoded twice.
//! Nothing is written before it has come to its end, so a source that cannot be read leaves nothing behind.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, atomic::Ordering},
};

use gp_kernel::{Error, Result};
use gp_sqldump::{TableDef, charset, wordpress};

use super::{dump::Flow, idset::IdSet, spec::SPECS};
use crate::{
    progress::Progress,
    rows::{Batch, OwnedRow, Piece},
};

/// What is known of a source before the first row is written.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// Every table by its label, with its definition and rows.
    pub tables: BTreeMap<String, (Arc<TableDef>, u64)>,
    /// The tables' prefix.
    pub prefix: String,
    /// The database that holds them, where the dump holds several.
    pub database: Option<String>,
    /// Ids of posts, users; comments that are on posts.
    pub posts: IdSet,
    /// See above.
    pub users: IdSet,
    /// See above.
    pub comments: IdSet,
    /// The greatest id of each of our tables that the source brings.
    pub greatest: HashMap<&'static str, i64>,
    /// Rows of `terms` and `term_taxonomy`, with their columns.
    pub terms: Vec<(Batch, OwnedRow)>,
    /// See above.
    pub taxonomies: Vec<(Batch, OwnedRow)>,
    /// Whether text in latin1 tables is UTF-8 encoded twice.
    pub twice: bool,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

/// What is collected of a table that might be WordPress's, until the prefix is known.
#[derive(Default)]
struct Found {
    ids: IdSet,
    owners: Vec<(i64, i64)>,
    rows: Vec<(Batch, OwnedRow)>,
    greatest: i64,
}

#[derive(Default)]
struct Evidence {
    twice: u64,
    once: u64,
}

struct Walk {
    tables: HashMap<(Option<String>, String), (Arc<TableDef>, u64)>,
    found: HashMap<(Option<String>, String), Found>,
    evidence: Evidence,
}

/// Walks through the source once.
pub(crate) async fn survey(
    mut flow: Flow,
    wanted: Option<&str>,
    source: &str,
    progress: &dyn Progress,
) -> Result<Survey> {
    progress.begin("Reading through the source", flow.total);
    let mut walk = Walk {
        tables: HashMap::new(),
        found: HashMap::new(),
        evidence: Evidence::default(),
    };
    while let Some(piece) = flow.pieces.recv().await {
        match piece? {
            Piece::Table(table) => walk.define(table),
            Piece::Rows(batch) => walk.rows(&batch),
        }
        progress.at(flow.done.load(Ordering::Relaxed));
    }
    walk.settle(wanted, source)
}

impl Walk {
    fn define(&mut self, table: Arc<TableDef>) {
        let key = (table.database.clone(), table.name.clone());
        let rows = self.tables.get(&key).map_or(0, |t| t.1);
        self.tables.insert(key, (table, rows));
    }

    fn rows(&mut self, batch: &Batch) {
        let key = (batch.table.database.clone(), batch.table.name.clone());
        let entry = self
            .tables
            .entry(key.clone())
            .or_insert_with(|| (batch.table.clone(), 0));
        entry.1 += batch.rows.len() as u64;
        self.weigh(batch);
        let name = &batch.table.name;
        let ends = |tail: &str| name.ends_with(tail);
        let (id, owner) = match () {
            () if ends("posts") => ("ID", None),
            () if ends("comments") => ("comment_ID", Some("comment_post_ID")),
            () if ends("users") => ("ID", None),
            () if ends("commentmeta") || ends("postmeta") || ends("termmeta") => ("meta_id", Some("meta_id")),
            () if ends("usermeta") => ("umeta_id", Some("umeta_id")),
            () if ends("term_taxonomy") || ends("terms") => ("", None),
            () => return,
        };
        let found = self.found.entry(key).or_default();
        if id.is_empty() {
            let shape = Batch {
                rows: Vec::new(),
                ..batch.clone()
            };
            found
                .rows
                .extend(batch.rows.iter().map(|row| (shape.clone(), row.clone())));
            return;
        }
        let names = columns(batch, standard_name(name));
        let Some(at) = position(&names, id) else { return };
        let owner = owner.and_then(|o| position(&names, o));
        for row in &batch.rows {
            let Some(id) = row.int(at).filter(|id| *id > 0) else {
                continue;
            };
            found.greatest = found.greatest.max(id);
            match owner {
                Some(owner) if owner == at => {}
                Some(owner) => found.owners.push((id, row.int(owner).unwrap_or(0))),
                None => drop(found.ids.insert(id)),
            }
        }
    }

    /// Looks whether text of latin1 tables is UTF-8 that was taken for latin1 and encoded once more.
    fn weigh(&mut self, batch: &Batch) {
        let utf8 = batch.charset.as_deref().is_none_or(|c| c.starts_with("utf8"));
        if !utf8 || batch.table.charset.as_deref() != Some("latin1") {
            return;
        }
        for row in &batch.rows {
            for cell in (0..row.len()).filter_map(|at| row.value(at)).filter(|c| !c.is_ascii()) {
                let Ok(text) = std::str::from_utf8(cell) else { continue };
                match charset::undo_double_encoding(text) {
                    Some(_) => self.evidence.twice += 1,
                    None => self.evidence.once += 1,
                }
            }
        }
    }

    fn settle(mut self, wanted: Option<&str>, source: &str) -> Result<Survey> {
        let names: Vec<&str> = self.tables.keys().map(|(_, name)| name.as_str()).collect();
        let prefixes = wordpress::find_prefixes(names.iter().copied());
        let prefix = choose(wanted, &prefixes, &names, source)?;
        let posts = format!("{prefix}posts");
        let database = {
            let mut homes: Vec<&(Option<String>, String)> = self.tables.keys().filter(|k| k.1 == posts).collect();
            homes.sort_by_key(|home| std::cmp::Reverse(self.tables[*home].1));
            homes.first().and_then(|home| home.0.clone())
        };
        let mut survey = Survey {
            twice: self.evidence.twice > 0 && self.evidence.once * 50 <= self.evidence.twice,
            ..Survey::default()
        };
        for spec in SPECS {
            let key = (database.clone(), format!("{prefix}{}", spec.from));
            survey
                .greatest
                .insert(spec.to, self.found.get(&key).map_or(0, |f| f.greatest));
        }
        let mut take = |name: &str| {
            self.found
                .remove(&(database.clone(), format!("{prefix}{name}")))
                .unwrap_or_default()
        };
        survey.posts = take("posts").ids;
        survey.users = take("users").ids;
        for (id, owner) in take("comments").owners {
            if survey.posts.contains(owner) {
                survey.comments.insert(id);
            }
        }
        survey.terms = take("terms").rows;
        survey.taxonomies = take("term_taxonomy").rows;
        if self.evidence.twice > 0 {
            survey.notes.push(told(&self.evidence, survey.twice));
        }
        if wanted.is_none() && prefixes.len() > 1 {
            let others = prefixes[1..].join(", ");
            survey.notes.push(format!(
                "the dump holds several sites: {prefix} was taken, {others} are kept unused; choose with --prefix"
            ));
        }
        let further = wordpress::sites(names.iter().copied(), &prefix).len() - 1;
        if further > 0 {
            survey.notes.push(format!(
                "this is a network of sites: the main one was taken, the tables of {further} more are kept unused"
            ));
        }
        survey.prefix = prefix;
        survey.database = database;
        let tables = std::mem::take(&mut self.tables);
        survey.tables = tables
            .into_values()
            .map(|(t, rows)| (survey.label(&t), (t, rows)))
            .collect();
        Ok(survey)
    }
}

fn told(evidence: &Evidence, repaired: bool) -> String {
    let Evidence { twice, once } = evidence;
    if repaired {
        let left = if *once > 0 {
            format!(", {once} others were left as they are")
        } else {
            String::new()
        };
        format!("text in latin1 tables was UTF-8 encoded twice: {twice} values were repaired{left}")
    } else {
        format!("in latin1 tables {twice} values look encoded twice and {once} do not: all were left as they are")
    }
}

fn choose(wanted: Option<&str>, prefixes: &[String], names: &[&str], source: &str) -> Result<String> {
    let found = if prefixes.is_empty() {
        "none".to_owned()
    } else {
        prefixes.join(", ")
    };
    match wanted {
        Some(prefix) if names.contains(&format!("{prefix}posts").as_str()) => Ok(prefix.to_owned()),
        Some(prefix) => Err(Error::invalid(format!("{source}: there is no table {prefix}posts"))
            .hint(format!("prefixes of WordPress sites in it: {found}"))),
        None => prefixes.first().cloned().ok_or_else(|| {
            Error::invalid(format!(
                "{source}: this is no dump of a WordPress site: of its {} tables no two are called …posts and …options",
                names.len()
            ))
            .hint("dump the site's whole database, or name the tables' prefix with --prefix")
        }),
    }
}

impl Survey {
    /// The name under which the report and the kept rows know a table.
    pub fn label(&self, table: &TableDef) -> String {
        match &table.database {
            Some(database) if table.database != self.database => format!("{database}.{}", table.name),
            _ => table.name.clone(),
        }
    }

    /// WordPress's name of a table without prefix; `None` when it is not of this site.
    pub fn standard<'t>(&self, table: &'t TableDef) -> Option<&'t str> {
        if table.database != self.database {
            return None;
        }
        table.name.strip_prefix(&self.prefix)
    }
}

fn standard_name(name: &str) -> &str {
    [
        "posts",
        "comments",
        "users",
        "term_taxonomy",
        "terms",
        "postmeta",
        "commentmeta",
        "usermeta",
        "termmeta",
    ]
    .into_iter()
    .find(|tail| name.ends_with(tail))
    .unwrap_or(name)
}

/// The columns of a batch; WordPress's own where the source names none.
pub(crate) fn columns(batch: &Batch, standard: &str) -> Vec<String> {
    if !batch.columns.is_empty() {
        return batch.columns.to_vec();
    }
    let names = wordpress::standard_columns(standard).unwrap_or_default();
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// Where a column stands; names are compared as MySQL does.
pub(crate) fn position(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|n| n.eq_ignore_ascii_case(name))
}
