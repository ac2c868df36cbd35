//! The few questions of this feature that the platform does not answer: all its SQL stands here.

use std::{collections::HashMap, sync::Arc};

use gp_content::{Item, Term, items::COLUMNS, terms::COLUMNS as TERM_COLUMNS};
use gp_kernel::{ItemId, Result, TermId};
use gp_store::{Arg, Conn, Dep, Recall};

/// What is kept of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoredFile {
    pub(crate) size: i64,
    pub(crate) mime: String,
    pub(crate) digest: String,
    /// How many pages were read in it.
    pub(crate) pages: i64,
    /// Its text was read.
    pub(crate) readable: bool,
}

fn marks(first: usize, count: usize) -> String {
    (first..first + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(",")
}

/// The attachments of many items, in the order of their menu and id; at most 200 of all together for every 500 parents.
pub(crate) async fn attachments_of(conn: &mut Conn, parents: &[ItemId]) -> Result<Vec<Item>> {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let key = |parent: ItemId| format!("attachments of {parent}");
    for parent in parents {
        match conn.peek::<Vec<Item>>(&key(*parent)) {
            Some(items) => found.extend(items.iter().cloned()),
            None => missing.push(*parent),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let position = conn.position();
    let read = attachments_of_many(conn, &missing).await?;
    for parent in missing {
        let own: Vec<Item> = read.iter().filter(|item| item.parent == parent).cloned().collect();
        let deps: Vec<Dep> = own
            .iter()
            .map(|item| Dep::item(item.id.0))
            .chain([Dep::below(parent.0)])
            .collect();
        let bytes = own.iter().map(|item| item.content.len() + 700).sum();
        conn.put(key(parent), own, bytes, &deps, position);
    }
    found.extend(read);
    Ok(found)
}

async fn attachments_of_many(conn: &mut Conn, parents: &[ItemId]) -> Result<Vec<Item>> {
    let mut found = Vec::new();
    for chunk in parents.chunks(500) {
        let sql = format!(
            "select {COLUMNS} from items i where i.parent in ({}) and i.type = 'attachment' and i.status = 'inherit' \
             order by i.menu_order, i.id limit 200",
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| (*id).into()).collect();
        conn.reading(chunk.iter().map(|id| Dep::below(id.0)));
        for row in conn.all(&sql, &args).await? {
            let item = Item::from_row(&row)?;
            conn.found([Dep::item(item.id.0)]);
            found.push(item);
        }
    }
    Ok(found)
}

fn key(path: &str) -> String {
    format!("file {path}")
}

/// Which of these paths below uploads there are, with size and media type.
pub(crate) async fn files_at(conn: &mut Conn, paths: &[String]) -> Result<HashMap<String, StoredFile>> {
    let mut found = HashMap::new();
    let mut missing: Vec<&String> = Vec::new();
    for path in paths {
        match conn.peek::<Option<StoredFile>>(&key(path)) {
            Some(file) => found.extend((*file).clone().map(|file| (path.clone(), file))),
            None => missing.push(path),
        }
    }
    let position = conn.position();
    let mut digests: HashMap<String, String> = HashMap::new();
    for chunk in missing.chunks(500) {
        let sql = format!(
            "select f.path, f.size, f.mime_type, coalesce(d.pages, 0), coalesce(d.status, ''), f.digest \
             from files f left join documents d on d.digest = f.digest where f.path in ({})",
            marks(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|path| Arg::from(*path)).collect();
        conn.reading(chunk.iter().map(|path| Dep::name(path)));
        for row in conn.all(&sql, &args).await? {
            let file = StoredFile {
                size: row.int(1)?,
                mime: row.text(2)?,
                digest: row.text(5)?,
                pages: row.int(3)?,
                readable: row.text(4)? == "text",
            };
            let digest = row.text(5)?;
            conn.found([gp_content::documents::dependency(&digest)]);
            digests.insert(row.text(0)?, digest);
            found.insert(row.text(0)?, file);
        }
    }
    for path in missing {
        let file = found.get(path).cloned();
        let read = digests
            .get(path)
            .map(|digest| gp_content::documents::dependency(digest));
        let deps: Vec<Dep> = read.into_iter().chain([Dep::name(path)]).collect();
        conn.put(key(path), file, 170, &deps, position);
    }
    Ok(found)
}

/// Number and slug of what everybody may read of these types, newest first, at most a few thousand: what a broken address is
/// compared with.
pub(crate) async fn slugs(conn: &mut Conn, types: &[&str]) -> Result<Arc<Vec<(i64, String)>>> {
    if types.is_empty() {
        return Ok(Arc::default());
    }
    let making = match conn.recall(format!("slugs {types:?}")) {
        Recall::Found(slugs) => return Ok(slugs),
        Recall::Missing(making) => making,
    };
    let sql = format!(
        "select i.id, i.name from items i where i.status = 'publish' and i.password = '' and i.type in ({}) \
         order by i.date desc, i.id desc limit 3000",
        marks(1, types.len())
    );
    let args: Vec<Arg> = types.iter().map(|t| Arg::from(*t)).collect();
    conn.reading(types.iter().copied().map(Dep::list));
    let rows = conn.all(&sql, &args).await?;
    let slugs: Vec<(i64, String)> = rows
        .iter()
        .map(|row| Ok((row.int(0)?, row.text(1)?)))
        .collect::<Result<_>>()?;
    let bytes = slugs.iter().map(|(_, slug)| slug.len() + 40).sum();
    Ok(making.keep(conn, slugs, bytes))
}

/// How many resources everybody may read in full.
pub(crate) async fn open_posts(conn: &mut Conn) -> Result<i64> {
    let making = match conn.recall::<i64>("open posts") {
        Recall::Found(count) => return Ok(*count),
        Recall::Missing(making) => making,
    };
    conn.reading([Dep::list("post")]);
    let sql = "select count(*) from items i where i.type = 'post' and i.status = 'publish' and i.password = ''";
    let count = conn.number(sql, &[]).await?;
    making.keep(conn, count, size_of::<i64>());
    Ok(count)
}

/// An open resource as one of those that have a term: its date as a number (`20261126093000`), and its id.
pub(crate) type Bearer = (i64, ItemId);

/// The resources with a term that everybody may read in full, newest first.
pub(crate) async fn bearers(conn: &mut Conn, term: i64) -> Result<Arc<Vec<Bearer>>> {
    let making = match conn.recall(format!("bearers {term}")) {
        Recall::Found(bearers) => return Ok(bearers),
        Recall::Missing(making) => making,
    };
    let sql = "select i.date, i.id from item_terms x join items i on i.id = x.item_id where x.term_taxonomy_id = $1 \
         and i.type = 'post' and i.status = 'publish' and i.password = '' order by i.date desc, i.id desc";
    conn.reading([Dep::members(term)]);
    let rows = conn.all(sql, &[term.into()]).await?;
    let bearers: Vec<Bearer> = rows
        .iter()
        .map(|row| Ok((number_of(&row.text(0)?), ItemId(row.int(1)?))))
        .collect::<Result<_>>()?;
    let bytes = bearers.len() * size_of::<Bearer>();
    Ok(making.keep(conn, bearers, bytes))
}

fn number_of(date: &str) -> i64 {
    let digits = date.bytes().filter(u8::is_ascii_digit).take(14);
    digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
}

/// The published entries of a classic menu, in order; at most 300.
pub(crate) async fn menu_entries(conn: &mut Conn, menu: TermId) -> Result<Vec<Item>> {
    let sql = format!(
        "select {COLUMNS} from items i join item_terms x on x.item_id = i.id join terms t on t.id = x.term_taxonomy_id \
         where t.term_id = $1 and t.taxonomy = 'nav_menu' and i.type = 'nav_menu_item' and i.status = 'publish' \
         order by i.menu_order, i.id limit 300"
    );
    conn.reading([Dep::list("nav_menu_item"), Dep::terms()]);
    let rows = conn.all(&sql, &[menu.into()]).await?;
    let items: Vec<Item> = rows.iter().map(Item::from_row).collect::<Result<_>>()?;
    conn.found(items.iter().map(|item| Dep::item(item.id.0)));
    Ok(items)
}

/// Terms by their `term_id`, whatever their taxonomy.
pub(crate) async fn terms_by_id(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Term>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select {TERM_COLUMNS} from terms t where t.term_id in ({}) order by t.id",
        marks(1, ids.len())
    );
    let args: Vec<Arg> = ids.iter().map(|id| (*id).into()).collect();
    conn.reading([Dep::terms()]);
    conn.all(&sql, &args)
        .await?
        .iter()
        .map(|row| Term::from_row(row, 0))
        .collect()
}

/// The newest published navigation made of blocks.
pub(crate) async fn newest_navigation(conn: &mut Conn) -> Result<Option<Item>> {
    let sql = format!(
        "select {COLUMNS} from items i where i.type = 'wp_navigation' and i.status = 'publish' order by i.date desc, i.id desc limit 1"
    );
    conn.reading([Dep::list("wp_navigation")]);
    let found = conn.one(&sql, &[]).await?.as_ref().map(Item::from_row).transpose()?;
    conn.found(found.iter().map(|item| Dep::item(item.id.0)));
    Ok(found)
}

/// What every theme remembers of itself, by option name.
pub(crate) async fn theme_mods(conn: &mut Conn) -> Result<Vec<Vec<u8>>> {
    let sql = "select value from options where name >= 'theme_mods_' and name < 'theme_mods`' order by name limit 50";
    conn.reading([]);
    conn.all(sql, &[]).await?.iter().map(|row| row.bytes(0)).collect()
}

/// The items whose list of files names this path.
pub(crate) async fn items_listing(conn: &mut Conn, path: &str) -> Result<Vec<ItemId>> {
    conn.reading([Dep::touched("post")]);
    let sql = "select item_id, value from item_meta where key = $1 order by item_id";
    let mut found = Vec::new();
    for row in conn.all(sql, &[crate::record::FILES.into()]).await? {
        let listed = crate::record::files(&gp_content::Meta(vec![(
            crate::record::FILES.to_owned(),
            row.bytes(1)?,
        )]));
        if listed.iter().any(|file| file.path == path) {
            found.push(ItemId(row.int(0)?));
        }
    }
    Ok(found)
}
