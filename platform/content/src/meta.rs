//! Meta: any number of named values on an item, term, user or comment, byte for byte as they came.

use std::collections::HashMap;

use gp_kernel::Result;
use gp_store::{Arg, Conn, Dep};

use crate::items::FEW;

/// What a meta belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetaKind {
    /// `postmeta`
    Item,
    /// `termmeta`
    Term,
    /// `usermeta`
    User,
    /// `commentmeta`
    Comment,
}

impl MetaKind {
    /// Its table, which is also its sequence.
    pub fn table(self) -> &'static str {
        match self {
            Self::Item => "item_meta",
            Self::Term => "term_meta",
            Self::User => "user_meta",
            Self::Comment => "comment_meta",
        }
    }

    /// What changes when meta of this owner changes.
    fn dep(self, owner: i64) -> Dep {
        match self {
            Self::Item => Dep::item(owner),
            Self::Term => Dep::terms(),
            Self::User => Dep::users(),
            Self::Comment => Dep::comments(),
        }
    }

    /// The column of the owner.
    pub fn owner(self) -> &'static str {
        match self {
            Self::Item => "item_id",
            Self::Term => "term_id",
            Self::User => "user_id",
            Self::Comment => "comment_id",
        }
    }
}

/// All meta of one owner, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meta(pub Vec<(String, Vec<u8>)>);

impl Meta {
    /// The first value of a key.
    pub fn bytes(&self, key: &str) -> Option<&[u8]> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_slice())
    }

    /// The first value of a key as text; empty when there is none.
    pub fn text(&self, key: &str) -> String {
        self.bytes(key)
            .map(|v| String::from_utf8_lossy(v).into_owned())
            .unwrap_or_default()
    }

    /// The first value of a key as a number.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.text(key).trim().parse().ok()
    }

    /// All values of a key.
    pub fn every<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.0.iter().filter(move |(k, _)| k == key).map(|(_, v)| v.as_slice())
    }
}

/// `$1,$2,…` for a list of ids, beginning at `first`.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// All meta of many owners in one query.
///
/// # Errors
/// When the database does not answer.
pub async fn of_many(conn: &mut Conn, kind: MetaKind, owners: &[i64]) -> Result<HashMap<i64, Meta>> {
    let mut found: HashMap<i64, Meta> = HashMap::new();
    let mut missing = Vec::new();
    let few = owners.len() <= FEW;
    for owner in owners {
        match few.then(|| conn.peek::<Meta>(&key(kind, *owner))).flatten() {
            Some(meta) if meta.0.is_empty() => {}
            Some(meta) => drop(found.insert(*owner, (*meta).clone())),
            None => missing.push(*owner),
        }
    }
    let position = conn.position();
    for chunk in missing.chunks(500) {
        let sql = format!(
            "select {owner}, key, value from {table} where {owner} in ({list}) order by id",
            owner = kind.owner(),
            table = kind.table(),
            list = placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| (*id).into()).collect();
        conn.reading(chunk.iter().map(|id| kind.dep(*id)));
        for row in conn.all(&sql, &args).await? {
            found
                .entry(row.int(0)?)
                .or_default()
                .0
                .push((row.text(1)?, row.bytes(2)?));
        }
    }
    if few {
        for owner in missing {
            let meta = found.get(&owner).cloned().unwrap_or_default();
            let bytes = meta.0.iter().map(|(key, value)| key.len() + value.len() + 60).sum();
            conn.put(key(kind, owner), meta, bytes, &[kind.dep(owner)], position);
        }
    }
    Ok(found)
}

fn key(kind: MetaKind, owner: i64) -> String {
    format!("{} {owner}", kind.table())
}

/// All meta of one owner.
///
/// # Errors
/// When the database does not answer.
pub async fn of(conn: &mut Conn, kind: MetaKind, owner: i64) -> Result<Meta> {
    Ok(of_many(conn, kind, &[owner]).await?.remove(&owner).unwrap_or_default())
}

/// Adds a value beside those that a key has.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn add(tx: &mut Conn, kind: MetaKind, owner: i64, key: &str, value: &[u8]) -> Result<()> {
    let id = tx.next_id(kind.table()).await?;
    let sql = format!(
        "insert into {} (id, {}, key, value) values ($1, $2, $3, $4)",
        kind.table(),
        kind.owner()
    );
    tx.run(&sql, &[id.into(), owner.into(), key.into(), value.into()])
        .await
        .map(drop)
}

/// Replaces all values of a key by these; none removes the key.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn set(tx: &mut Conn, kind: MetaKind, owner: i64, key: &str, values: &[&[u8]]) -> Result<()> {
    let sql = format!("delete from {} where {} = $1 and key = $2", kind.table(), kind.owner());
    tx.run(&sql, &[owner.into(), key.into()]).await?;
    for value in values {
        add(tx, kind, owner, key, value).await?;
    }
    Ok(())
}

/// Removes every meta of an owner.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn clear(tx: &mut Conn, kind: MetaKind, owner: i64) -> Result<()> {
    let sql = format!("delete from {} where {} = $1", kind.table(), kind.owner());
    tx.run(&sql, &[owner.into()]).await.map(drop)
}
