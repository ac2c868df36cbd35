//! The first walk through an export: is it readable to its end, and which id does each of its items get here?

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    hash::{DefaultHasher, Hash, Hasher as _},
    io::BufReader,
    path::Path,
};

use gp_kernel::{Error, Result};
use gp_store::Conn;
use gp_wxr::{Author, Entry, Item, Reader, Term};

use crate::store::wxr as store;

/// What an export says before its items, and the ids that its items get.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub authors: Vec<Author>,
    /// Logins that items name.
    pub creators: Vec<String>,
    /// Terms by (taxonomy, slug), those that only items name too; in the order of the file.
    pub terms: Vec<Term>,
    /// The id of each item here, in the order of the file.
    pub targets: Vec<Target>,
    /// Things that a person should know.
    pub notes: Vec<String>,
}

/// Where an item of the file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    /// Its id in the file.
    pub old: i64,
    /// Its id here.
    pub new: i64,
    /// Whether another item of the file had the same id before: some files hold two sites' menus.
    pub again: bool,
}

/// Opens an export.
pub(crate) fn open(path: &Path) -> Result<Reader<BufReader<File>>> {
    let file = File::open(path).map_err(|e| Error::from(e).at(path.display()))?;
    Ok(Reader::new(BufReader::with_capacity(1 << 16, file)))
}

/// A reader's error with the name of the file.
pub(crate) fn told(path: &Path, error: &gp_wxr::Error) -> Error {
    Error::invalid(format!("{}: {error}", path.display()))
}

fn hash(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// How items that are here are found again.
#[derive(Default)]
struct Known {
    /// By id: hash of type and guid, hash of type, title and date.
    ids: HashMap<i64, (u64, u64)>,
    by_guid: HashMap<u64, Vec<i64>>,
    by_title: HashMap<u64, Vec<i64>>,
    greatest: i64,
}

impl Known {
    async fn load(conn: &mut Conn) -> Result<Self> {
        let mut known = Self::default();
        loop {
            let page = store::identities(conn, known.greatest).await?;
            if page.is_empty() {
                return Ok(known);
            }
            for item in page {
                let guid = hash((&item.kind, &item.guid));
                let title = hash((&item.kind, &item.title, &item.date));
                known.ids.insert(item.id, (guid, title));
                if !item.guid.is_empty() {
                    known.by_guid.entry(guid).or_default().push(item.id);
                }
                known.by_title.entry(title).or_default().push(item.id);
                known.greatest = item.id;
            }
        }
    }

    /// The id of an item of the file here: that of the same item, or its own where that is free.
    fn target(&self, item: &Item, given: &HashSet<i64>) -> Option<i64> {
        let date = super::date_or_zero(&item.post_date);
        let (guid, title) = (
            hash((&item.post_type, &item.guid)),
            hash((&item.post_type, &item.title, &date)),
        );
        let by_guid = !item.guid.is_empty();
        let by_title = !item.title.is_empty() || !by_guid;
        let free = |id: &&i64| !given.contains(*id);
        if let Some((its_guid, its_title)) = self.ids.get(&item.id)
            && !given.contains(&item.id)
            && ((by_guid && *its_guid == guid) || (by_title && *its_title == title))
        {
            return Some(item.id);
        }
        let among =
            |map: &HashMap<u64, Vec<i64>>, key: u64| map.get(&key).and_then(|ids| ids.iter().find(free)).copied();
        let same = by_guid.then(|| among(&self.by_guid, guid)).flatten();
        let same = same.or_else(|| by_title.then(|| among(&self.by_title, title)).flatten());
        same.or_else(|| {
            (item.id > 0 && !self.ids.contains_key(&item.id) && !given.contains(&item.id)).then_some(item.id)
        })
    }
}

/// Walks through the file once.
pub(crate) async fn plan(conn: &mut Conn, path: &Path) -> Result<Plan> {
    let known = Known::load(conn).await?;
    let mut reader = open(path)?;
    let mut plan = Plan::default();
    let (mut given, mut creators, mut named) = (HashSet::new(), HashSet::new(), HashMap::new());
    let mut greatest = known.greatest;
    let mut seen = HashSet::new();
    let mut without_slug = 0;
    while let Some(entry) = reader.next().map_err(|e| told(path, &e))? {
        match entry {
            Entry::Channel(_) => {}
            Entry::Author(author) => plan.authors.push(author),
            Entry::Term(term) => plan.add_term(term, &mut named),
            Entry::Item(item) => {
                greatest = greatest.max(item.id);
                if !item.creator.is_empty() && creators.insert(item.creator.clone()) {
                    plan.creators.push(item.creator.clone());
                }
                without_slug += item.categories_without_slug.len();
                for term in &item.terms {
                    let (taxonomy, slug, name) = (term.taxonomy.clone(), term.slug.clone(), term.name.clone());
                    plan.add_term(
                        Term {
                            taxonomy,
                            slug,
                            name,
                            ..Term::default()
                        },
                        &mut named,
                    );
                }
                let again = item.id > 0 && !seen.insert(item.id);
                let new = known.target(&item, &given).unwrap_or(0);
                given.insert(new);
                plan.targets.push(Target {
                    old: item.id,
                    new,
                    again,
                });
            }
        }
    }
    for notice in reader.take_notices().iter().take(100) {
        plan.notes.push(format!("{}: {notice}", path.display()));
    }
    if without_slug > 0 {
        plan.notes.push(format!(
            "{}: {without_slug} categories without a slug were left out",
            path.display()
        ));
    }
    let mut next = greatest.max(store::next(conn, "items").await? - 1) + 1;
    for target in plan.targets.iter_mut().filter(|t| t.new == 0) {
        target.new = next;
        next += 1;
    }
    Ok(plan)
}

impl Plan {
    /// A full export repeats terms, and items repeat their names; what says most comes first.
    fn add_term(&mut self, term: Term, named: &mut HashMap<(String, String), usize>) {
        let key = (term.taxonomy.clone(), term.slug.clone());
        match named.get(&key) {
            None => {
                named.insert(key, self.terms.len());
                self.terms.push(term);
            }
            Some(at) => {
                let first = &mut self.terms[*at];
                first.id = first.id.or(term.id);
                if first.parent_slug.is_empty() {
                    first.parent_slug = term.parent_slug;
                }
                if first.description.is_empty() {
                    first.description = term.description;
                }
                if first.meta.is_empty() {
                    first.meta = term.meta;
                }
            }
        }
    }
}
