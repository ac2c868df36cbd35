//! What the import and export of WordPress's own format ask of the database.

use gp_content::{Comment, Item, MetaKind, Term, User, comments, items, terms, users};
use gp_kernel::Result;
use gp_store::{Arg, Conn};

/// What an item is known by.
#[derive(Debug)]
pub(crate) struct Identity {
    pub id: i64,
    pub kind: String,
    pub guid: String,
    pub title: String,
    pub date: String,
}

/// The next identities after an id.
pub(crate) async fn identities(conn: &mut Conn, after: i64) -> Result<Vec<Identity>> {
    conn.all(
        "select id, type, guid, title, date from items where id > $1 order by id limit 2000",
        &[after.into()],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Identity {
            id: row.int(0)?,
            kind: row.text(1)?,
            guid: row.text(2)?,
            title: row.text(3)?,
            date: row.text(4)?,
        })
    })
    .collect()
}

/// All terms.
pub(crate) async fn all_terms(conn: &mut Conn) -> Result<Vec<Term>> {
    let sql = format!("select {} from terms t order by t.id", terms::COLUMNS);
    conn.all(&sql, &[])
        .await?
        .iter()
        .map(|row| Term::from_row(row, 0))
        .collect()
}

/// The next free number of a sequence.
pub(crate) async fn next(conn: &mut Conn, sequence: &str) -> Result<i64> {
    conn.number("select next from sequences where name = $1", &[sequence.into()])
        .await
}

fn marks(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// The comments of items, in the order of their ids.
pub(crate) async fn comments_of(conn: &mut Conn, items: &[i64]) -> Result<Vec<Comment>> {
    let mut found = Vec::new();
    for chunk in items.chunks(500) {
        let sql = format!(
            "select {} from comments c where c.item_id in ({}) order by c.id",
            comments::COLUMNS,
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        for row in conn.all(&sql, &args).await? {
            found.push(Comment::from_row(&row)?);
        }
    }
    Ok(found)
}

/// Which of these ids of comments are taken.
pub(crate) async fn taken_comments(conn: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        let sql = format!("select id from comments where id in ({})", marks(1, chunk.len()));
        for row in conn.all(&sql, &args).await? {
            found.push(row.int(0)?);
        }
    }
    Ok(found)
}

/// Which terms items have: (item, `term_taxonomy_id`), in order.
pub(crate) async fn terms_of(conn: &mut Conn, items: &[i64]) -> Result<Vec<(i64, i64)>> {
    let mut found = Vec::new();
    for chunk in items.chunks(500) {
        let sql = format!(
            "select item_id, term_taxonomy_id from item_terms where item_id in ({}) order by item_id, term_order, term_taxonomy_id",
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        for row in conn.all(&sql, &args).await? {
            found.push((row.int(0)?, row.int(1)?));
        }
    }
    Ok(found)
}

/// Columns of an insert, for `on conflict … do update`.
fn sets(insert: &str) -> String {
    let list = insert
        .split_once('(')
        .map_or("", |p| p.1)
        .split_once(')')
        .map_or("", |p| p.0);
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| *name != "id" && *name != "version");
    names
        .map(|name| format!("{name} = excluded.{name}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Writes items, new or over those that are there.
pub(crate) async fn put_items(conn: &mut Conn, list: &[Item]) -> Result<()> {
    let args: Vec<Arg> = list.iter().flat_map(Item::args).collect();
    let tail = format!(
        "on conflict (id) do update set {}, version = items.version + 1",
        sets(items::INSERT)
    );
    conn.insert_many(items::INSERT, items::WIDTH, &tail, &args).await
}

/// Writes terms, new or over those that are there.
pub(crate) async fn put_terms(conn: &mut Conn, list: &[Term]) -> Result<()> {
    let args: Vec<Arg> = list.iter().flat_map(Term::args).collect();
    let tail = format!("on conflict (id) do update set {}", sets(terms::INSERT));
    conn.insert_many(terms::INSERT, terms::WIDTH, &tail, &args).await
}

/// Writes new accounts.
pub(crate) async fn add_users(conn: &mut Conn, list: &[User]) -> Result<()> {
    let args: Vec<Arg> = list.iter().flat_map(User::args).collect();
    conn.insert_many(users::INSERT, users::WIDTH, "", &args).await
}

/// Writes comments, new or over those that are there.
pub(crate) async fn put_comments(conn: &mut Conn, list: &[Comment]) -> Result<()> {
    let args: Vec<Arg> = list.iter().flat_map(Comment::args).collect();
    let tail = format!("on conflict (id) do update set {}", sets(comments::INSERT));
    conn.insert_many(comments::INSERT, comments::WIDTH, &tail, &args).await
}

/// A meta to be written: id, owner, key, value.
pub(crate) type NewMeta = (i64, i64, String, Vec<u8>);

/// Writes new metas.
pub(crate) async fn add_meta(conn: &mut Conn, kind: MetaKind, list: Vec<NewMeta>) -> Result<()> {
    let mut args: Vec<Arg> = Vec::with_capacity(list.len() * 4);
    for (id, owner, key, value) in list {
        args.extend([id.into(), owner.into(), key.into(), Arg::Bytes(value)]);
    }
    let head = format!("insert into {} (id, {}, key, value) values", kind.table(), kind.owner());
    conn.insert_many(&head, 4, "", &args).await
}

/// Removes all values of a key.
pub(crate) async fn drop_meta(conn: &mut Conn, kind: MetaKind, owner: i64, key: &str) -> Result<()> {
    let sql = format!("delete from {} where {} = $1 and key = $2", kind.table(), kind.owner());
    conn.run(&sql, &[owner.into(), key.into()]).await.map(drop)
}

/// Gives items terms: (item, `term_taxonomy_id`).
pub(crate) async fn add_item_terms(conn: &mut Conn, pairs: &[(i64, i64)]) -> Result<()> {
    let args: Vec<Arg> = pairs
        .iter()
        .flat_map(|(item, term)| [Arg::from(*item), Arg::from(*term)])
        .collect();
    let tail = "on conflict (item_id, term_taxonomy_id) do nothing";
    conn.insert_many(
        "insert into item_terms (item_id, term_taxonomy_id) values",
        2,
        tail,
        &args,
    )
    .await
}

/// Counts again how many published items have each of these terms.
pub(crate) async fn recount(conn: &mut Conn, ids: &[i64]) -> Result<()> {
    for chunk in ids.chunks(500) {
        let sql = format!(
            "update terms set count = (select count(*) from item_terms x join items i on i.id = x.item_id \
             where x.term_taxonomy_id = terms.id and i.status = 'publish') where id in ({})",
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        conn.run(&sql, &args).await?;
    }
    Ok(())
}

/// The next items after an id.
pub(crate) async fn items_after(conn: &mut Conn, after: i64, limit: usize) -> Result<Vec<Item>> {
    let sql = format!(
        "select {} from items i where i.id > $1 order by i.id limit $2",
        items::COLUMNS
    );
    conn.all(&sql, &[after.into(), limit.into()])
        .await?
        .iter()
        .map(Item::from_row)
        .collect()
}

/// How many items there are.
pub(crate) async fn count_items(conn: &mut Conn) -> Result<u64> {
    Ok(u64::try_from(conn.number("select count(*) from items", &[]).await?).unwrap_or(0))
}

/// Ids of accounts that wrote an item or a comment.
pub(crate) async fn who_wrote(conn: &mut Conn) -> Result<std::collections::HashSet<i64>> {
    conn.all("select author from items union select user_id from comments", &[])
        .await?
        .iter()
        .map(|row| row.int(0))
        .collect()
}
