//! Terms: labels, topics, menus and every other grouping. Names are stored HTML-escaped, as WordPress does.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use gp_kernel::{ItemId, Result, TermId, TermTaxonomyId};
use gp_store::{Arg, Conn, Dep, Recall, Row};

use crate::{items::FEW, meta::placeholders};

/// A term in a taxonomy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// `term_taxonomy_id`: what items point at.
    pub id: TermTaxonomyId,
    /// `term_id`: what settings, menus and clients name.
    pub term_id: TermId,
    /// Its taxonomy.
    pub taxonomy: String,
    /// Its name, HTML-escaped.
    pub name: String,
    /// Its slug.
    pub slug: String,
    /// Its description.
    pub description: String,
    /// The parent's `term_id`; 0 is none.
    pub parent: TermId,
    /// How many published items had it when last counted.
    pub count: i64,
    /// WordPress's `term_group`, kept.
    pub term_group: i64,
}

/// The columns of [`Term`].
pub const COLUMNS: &str = "t.id, t.term_id, t.taxonomy, t.name, t.slug, t.description, t.parent, t.count, t.term_group";

/// An insert of all columns, for [`Conn::insert_many`] with [`Term::args`].
pub const INSERT: &str =
    "insert into terms (id, term_id, taxonomy, name, slug, description, parent, count, term_group) values";

/// How many columns there are.
pub const WIDTH: usize = 9;

impl Term {
    /// Reads a row of [`COLUMNS`], beginning at column `from`.
    ///
    /// # Errors
    /// When the row has another shape.
    pub fn from_row(row: &Row, from: usize) -> Result<Self> {
        Ok(Self {
            id: TermTaxonomyId(row.int(from)?),
            term_id: TermId(row.int(from + 1)?),
            taxonomy: row.text(from + 2)?,
            name: row.text(from + 3)?,
            slug: row.text(from + 4)?,
            description: row.text(from + 5)?,
            parent: TermId(row.int(from + 6)?),
            count: row.int(from + 7)?,
            term_group: row.int(from + 8)?,
        })
    }

    /// The values of [`INSERT`].
    pub fn args(&self) -> [Arg; WIDTH] {
        [
            self.id.into(),
            self.term_id.into(),
            (&self.taxonomy).into(),
            (&self.name).into(),
            (&self.slug).into(),
            (&self.description).into(),
            self.parent.into(),
            self.count.into(),
            self.term_group.into(),
        ]
    }
}

/// All terms of a taxonomy by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_taxonomy(conn: &mut Conn, taxonomy: &str) -> Result<Vec<Term>> {
    Ok((*all_of(conn, taxonomy).await?).clone())
}

/// About how many bytes they take in memory.
fn size_of_terms(terms: &[Term]) -> usize {
    terms
        .iter()
        .map(|t| t.name.len() + t.slug.len() + t.description.len() + 200)
        .sum()
}

/// All terms of a taxonomy, by name; kept for as long as no term changes.
///
/// # Errors
/// When the database does not answer.
pub async fn all_of(conn: &mut Conn, taxonomy: &str) -> Result<Arc<Vec<Term>>> {
    let making = match conn.recall(format!("terms {taxonomy}")) {
        Recall::Found(terms) => return Ok(terms),
        Recall::Missing(making) => making,
    };
    let sql = format!("select {COLUMNS} from terms t where t.taxonomy = $1 order by t.name, t.id");
    conn.reading([Dep::terms()]);
    let rows = conn.all(&sql, &[taxonomy.into()]).await?;
    let all: Vec<Term> = rows.iter().map(|r| Term::from_row(r, 0)).collect::<Result<_>>()?;
    let bytes = size_of_terms(&all);
    Ok(making.keep(conn, all, bytes))
}

/// All terms of a taxonomy by name, counts and all as they are at this moment: nothing of it was kept.
///
/// # Errors
/// When the database does not answer.
pub async fn fresh(conn: &mut Conn, taxonomy: &str) -> Result<Vec<Term>> {
    let sql = format!("select {COLUMNS} from terms t where t.taxonomy = $1 order by t.name, t.id");
    conn.reading([Dep::terms()]);
    let rows = conn.all(&sql, &[taxonomy.into()]).await?;
    rows.iter().map(|r| Term::from_row(r, 0)).collect()
}

/// The terms of a taxonomy with this slug (several only in damaged sites), lowest id first.
///
/// # Errors
/// When the database does not answer.
pub async fn by_slug(conn: &mut Conn, taxonomy: &str, slug: &str) -> Result<Vec<Term>> {
    let slug = slug.to_lowercase();
    let all = all_of(conn, taxonomy).await?;
    let mut found: Vec<Term> = all.iter().filter(|t| t.slug == slug).cloned().collect();
    found.sort_by_key(|t| t.id);
    Ok(found)
}

/// The term of this `term_id` in a taxonomy.
///
/// # Errors
/// When the database does not answer.
pub async fn by_term_id(conn: &mut Conn, taxonomy: &str, id: TermId) -> Result<Option<Term>> {
    let all = all_of(conn, taxonomy).await?;
    Ok(all.iter().find(|t| t.term_id == id).cloned())
}

/// The terms of many items, in one query for every 500; each item's by name.
///
/// # Errors
/// When the database does not answer.
pub async fn of_items(conn: &mut Conn, items: &[ItemId]) -> Result<HashMap<ItemId, Vec<Term>>> {
    let mut found: HashMap<ItemId, Vec<Term>> = HashMap::new();
    let mut missing = Vec::new();
    let few = items.len() <= FEW;
    let key = |id: ItemId| format!("terms of {id}");
    for id in items {
        match few.then(|| conn.peek::<Vec<Term>>(&key(*id))).flatten() {
            Some(terms) if terms.is_empty() => {}
            Some(terms) => drop(found.insert(*id, (*terms).clone())),
            None => missing.push(*id),
        }
    }
    let position = conn.position();
    for chunk in missing.chunks(500) {
        let sql = format!(
            "select x.item_id, {COLUMNS} from item_terms x join terms t on t.id = x.term_taxonomy_id \
             where x.item_id in ({}) order by t.name, t.id",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| (*id).into()).collect();
        conn.reading(chunk.iter().map(|id| Dep::item(id.0)).chain([Dep::terms()]));
        for row in conn.all(&sql, &args).await? {
            found
                .entry(ItemId(row.int(0)?))
                .or_default()
                .push(Term::from_row(&row, 1)?);
        }
    }
    if few {
        for id in missing {
            let terms = found.get(&id).cloned().unwrap_or_default();
            let bytes = size_of_terms(&terms);
            conn.put(key(id), terms, bytes, &[Dep::item(id.0), Dep::terms()], position);
        }
    }
    Ok(found)
}

/// A term's ids with those of all below it: what an archive of a hierarchical taxonomy lists.
pub fn with_descendants(all: &[Term], root: &Term) -> Vec<i64> {
    let mut below: HashMap<TermId, Vec<&Term>> = HashMap::new();
    for term in all.iter().filter(|t| t.parent.0 != 0) {
        below.entry(term.parent).or_default().push(term);
    }
    let (mut ids, mut seen) = (vec![root.id.0], HashSet::from([root.id.0]));
    let mut parents = vec![root.term_id];
    while let Some(parent) = parents.pop() {
        for term in below.get(&parent).into_iter().flatten() {
            if seen.insert(term.id.0) {
                ids.push(term.id.0);
                parents.push(term.term_id);
            }
        }
    }
    ids
}

/// A term and its parents, topmost first; a loop of parents ends where it closes.
pub fn with_ancestors<'a>(all: &'a [Term], term: &'a Term) -> Vec<&'a Term> {
    let mut line = vec![term];
    while let Some(parent) = line
        .last()
        .filter(|t| t.parent.0 != 0)
        .and_then(|t| all.iter().find(|p| p.term_id == t.parent))
    {
        if line.iter().any(|t| t.term_id == parent.term_id) {
            break;
        }
        line.push(parent);
    }
    line.reverse();
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_of_terms_ends() {
        let term = |id: i64, parent: i64| Term {
            id: TermTaxonomyId(id + 100),
            term_id: TermId(id),
            parent: TermId(parent),
            ..Term::default()
        };
        let all = [term(1, 3), term(2, 1), term(3, 2), term(4, 2), term(5, 0), term(6, 6)];
        let mut found = with_descendants(&all, &all[0]);
        found.sort_unstable();
        assert_eq!(found, [101, 102, 103, 104]);
        assert_eq!(with_descendants(&all, &all[5]), [106]);
        let line: Vec<i64> = with_ancestors(&all, &all[3]).iter().map(|t| t.term_id.0).collect();
        assert_eq!(line, [3, 1, 2, 4]);
    }
}
