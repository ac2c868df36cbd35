//! What an answer was made from, and whether it still holds: the counterpart of the change feed.
//!
//! A connection that keeps a log writes down what its statements read. Whoever kept an answer asks the [`Ledger`] whether
//! anything of that changed since. A statement that nobody announced counts as having read everything: what is forgotten
//! costs time, never truth. What must never be here: what is kept, or for how long.

use std::collections::{HashMap, HashSet};

use gp_kernel::Result;

use crate::{
    db::Conn,
    feed::{Change, changes_after, latest_change},
};

/// One thing that an answer depends on, in the words of the change feed: a kind and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dep {
    kind: Kind,
    object: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Item,
    Name,
    Members,
    List,
    Touched,
    Below,
    Terms,
    Users,
    Comments,
    Stamps,
}

/// The kinds that stand for themselves in the feed. Others (settings, imports) change everything.
const KINDS: &[(&str, Kind)] = &[
    ("item", Kind::Item),
    ("name", Kind::Name),
    ("members", Kind::Members),
    ("list", Kind::List),
    ("touched", Kind::Touched),
    ("below", Kind::Below),
    ("term", Kind::Terms),
    ("user", Kind::Users),
    ("comment", Kind::Comments),
    ("stamp", Kind::Stamps),
];

impl Dep {
    const fn new(kind: Kind, object: i64) -> Self {
        Self { kind, object }
    }

    /// An item: its columns, its meta, its terms, its files.
    pub const fn item(id: i64) -> Self {
        Self::new(Kind::Item, id)
    }

    /// Which items have this slug, of whatever type.
    pub fn name(slug: &str) -> Self {
        Self::new(Kind::Name, number_of(slug))
    }

    /// Which items have a term, by its term-taxonomy id, and what decides their place among them.
    pub const fn members(term_taxonomy: i64) -> Self {
        Self::new(Kind::Members, term_taxonomy)
    }

    /// Which items there are of a type, and what decides their place among them: status, date, parent, author.
    pub fn list(kind: &str) -> Self {
        Self::new(Kind::List, number_of(kind))
    }

    /// Any change of any item of a type: for lists by title or by last change.
    pub fn touched(kind: &str) -> Self {
        Self::new(Kind::Touched, number_of(kind))
    }

    /// Which items have this one as their parent.
    pub const fn below(parent: i64) -> Self {
        Self::new(Kind::Below, parent)
    }

    /// The terms, all of them: they are few and change seldom.
    pub const fn terms() -> Self {
        Self::new(Kind::Terms, 0)
    }

    /// The accounts.
    pub const fn users() -> Self {
        Self::new(Kind::Users, 0)
    }

    /// The comments.
    pub const fn comments() -> Self {
        Self::new(Kind::Comments, 0)
    }

    /// Any change of anything that harvesters are told of.
    pub const fn stamps() -> Self {
        Self::new(Kind::Stamps, 0)
    }

    /// The kind and number that the feed has for it.
    pub fn change(self) -> (&'static str, i64) {
        let word = KINDS
            .iter()
            .find(|(_, kind)| *kind == self.kind)
            .map_or("", |(word, _)| word);
        (word, self.object)
    }

    /// What a change is about; `None`: everything.
    fn of(change: &Change) -> Option<Self> {
        let (_, kind) = KINDS.iter().find(|(word, _)| *word == change.kind)?;
        let object = match kind {
            Kind::Terms | Kind::Users | Kind::Comments | Kind::Stamps => 0,
            _ => change.object,
        };
        Some(Self::new(*kind, object))
    }
}

/// A text as a number that is the same on every node (FNV-1a). Two texts with the same number are told apart by nobody here:
/// an answer is then made anew once too often.
fn number_of(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.cast_signed()
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    deps: HashSet<Dep>,
    everything: bool,
    /// It was made from something that changes without the feed: it must not be kept.
    passing: bool,
}

/// More than this is written down as "everything".
const MOST: usize = 5_000;

impl Reads {
    /// Adds what was read.
    pub fn add(&mut self, deps: impl IntoIterator<Item = Dep>) {
        if self.everything {
            return;
        }
        self.deps.extend(deps);
        if self.deps.len() > MOST {
            self.all();
        }
    }

    /// Any change concerns it.
    pub fn all(&mut self) {
        self.everything = true;
        self.deps = HashSet::new();
    }

    /// It was made from something that changes without the feed.
    pub fn pass(&mut self) {
        self.passing = true;
    }

    /// Whether what was made of it may be kept.
    pub fn may_be_kept(&self) -> bool {
        !self.passing
    }

    /// Adds what another read.
    pub fn join(&mut self, other: &Self) {
        self.passing |= other.passing;
        if other.everything {
            self.all();
        } else {
            self.add(other.deps.iter().copied());
        }
    }

    /// How many bytes it takes, about.
    pub fn size(&self) -> usize {
        self.deps.capacity() * (size_of::<Dep>() + 1)
    }
}

/// How many things the ledger remembers at most; beyond, everything older counts as changed.
const MOST_REMEMBERED: usize = 200_000;

/// When what was last changed, as far as the feed was read.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The position up to which the feed was read.
    position: i64,
    /// What was kept before this position may be wrong in any way.
    floor: i64,
    last: HashMap<Dep, i64>,
}

impl Ledger {
    /// From now on; what was kept before counts as changed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(conn: &mut Conn) -> Result<Self> {
        let position = latest_change(conn).await?;
        Ok(Self {
            position,
            floor: position,
            last: HashMap::new(),
        })
    }

    /// The position up to which the feed was read: the version of the whole content.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Takes in what changed.
    pub fn take(&mut self, changes: &[Change]) {
        for change in changes {
            self.position = self.position.max(change.id);
            match Dep::of(change) {
                Some(dep) => drop(self.last.insert(dep, change.id)),
                None => self.forget(),
            }
        }
        if self.last.len() > MOST_REMEMBERED {
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.floor = self.position;
        self.last.clear();
    }

    /// Whether an answer made at a position still holds.
    pub fn holds(&self, reads: &Reads, made: i64) -> bool {
        if made >= self.position {
            return true;
        }
        made >= self.floor
            && !reads.everything
            && reads
                .deps
                .iter()
                .all(|dep| self.last.get(dep).is_none_or(|changed| *changed <= made))
    }
}

/// The next changes after a position, a bounded number at a time.
///
/// # Errors
/// When the database does not answer.
pub async fn next_changes(conn: &mut Conn, position: i64) -> Result<Vec<Change>> {
    const AT_ONCE: usize = 10_000;
    changes_after(conn, position, AT_ONCE).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(id: i64, dep: Option<Dep>) -> Change {
        let (kind, object) = dep.map_or(("all", 0), Dep::change);
        Change {
            id,
            kind: kind.to_owned(),
            object,
        }
    }

    fn reads(deps: &[Dep]) -> Reads {
        let mut reads = Reads::default();
        reads.add(deps.iter().copied());
        reads
    }

    #[test]
    fn only_what_read_the_changed_thing_falls() {
        let mut ledger = Ledger::default();
        let (seven, eight) = (reads(&[Dep::item(7), Dep::list("post")]), reads(&[Dep::item(8)]));
        ledger.take(&[change(5, Some(Dep::item(7)))]);
        assert!(!ledger.holds(&seven, 4) && ledger.holds(&eight, 4));
        assert!(ledger.holds(&seven, 5), "made after the change");
        ledger.take(&[change(6, Some(Dep::list("page")))]);
        assert!(ledger.holds(&seven, 5));
        ledger.take(&[change(7, Some(Dep::list("post")))]);
        assert!(!ledger.holds(&seven, 6) && ledger.holds(&eight, 4));
        ledger.take(&[change(8, None)]);
        assert!(!ledger.holds(&eight, 7), "an import changes everything");
        assert!(ledger.holds(&eight, 8));
    }

    #[test]
    fn terms_and_people_are_not_told_apart_and_unknown_reads_fall_with_everything() {
        let mut ledger = Ledger::default();
        let mut unknown = reads(&[Dep::item(1)]);
        unknown.all();
        let term = Change {
            id: 2,
            kind: "term".to_owned(),
            object: 99,
        };
        ledger.take(&[term]);
        assert!(!ledger.holds(&reads(&[Dep::terms()]), 1));
        assert!(ledger.holds(&reads(&[Dep::users()]), 1));
        assert!(!ledger.holds(&unknown, 1));
        let many: Vec<Dep> = (0..10_000).map(Dep::item).collect();
        let mut joined = reads(&[Dep::users()]);
        joined.join(&reads(&many));
        assert!(!ledger.holds(&joined, 1));
    }
}
