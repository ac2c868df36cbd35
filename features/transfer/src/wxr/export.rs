//! The way out: the whole site as one WXR file, written batch by batch from one picture of the database.

use std::{collections::HashMap, io::Write};

use gp_content::{Comment, Item, Meta, MetaKind, Site, Term, Types, User, address::links, meta, users};
use gp_kernel::{Clock, Error, ItemId, Result, parse_mysql_date};
use gp_store::{Conn, Db};
use gp_wxr::{Channel, ItemTerm, Uncarried, Writer};
use jiff::tz::TimeZone;

use crate::{
    progress::Progress,
    store::{snapshot, wxr as store},
};

/// Items of one batch.
const TOGETHER: usize = 20;

/// How many values are listed that a file could not carry as they are.
const MOST_UNCARRIED: usize = 1000;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Accounts that wrote something.
    pub authors: u64,
    /// Terms.
    pub terms: u64,
    /// Items of all types.
    pub items: u64,
    /// Comments.
    pub comments: u64,
    /// Values that XML cannot carry as they are (the first thousand).
    pub uncarried: Vec<Uncarried>,
}

/// Writes all items, terms, comments and authors as WXR 1.2.
///
/// # Errors
/// When the file cannot be written or the database does not answer.
pub async fn export_wxr<W: Write>(
    db: &Db,
    types: &Types,
    out: W,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<Exported> {
    let mut conn = snapshot::begin(db).await?;
    let done = whole(&mut conn, types, out, progress, clock).await;
    snapshot::end(&mut conn).await?;
    done
}

fn told(error: &gp_wxr::Error) -> Error {
    Error::internal(error.to_string())
}

async fn whole<W: Write>(
    conn: &mut Conn,
    types: &Types,
    out: W,
    progress: &dyn Progress,
    clock: &dyn Clock,
) -> Result<Exported> {
    let site = Site::load(conn).await?;
    let mut exported = Exported::default();
    let mut writer = Writer::new(out, &channel(&site, clock)).map_err(|e| told(&e))?;
    let people = users::all(conn).await?;
    let wrote = store::who_wrote(conn).await?;
    let ids: Vec<i64> = people.iter().map(|u| u.id.0).filter(|id| wrote.contains(id)).collect();
    let metas = meta::of_many(conn, MetaKind::User, &ids).await?;
    for user in people.iter().filter(|u| wrote.contains(&u.id.0)) {
        writer
            .author(&author(user, metas.get(&user.id.0)))
            .map_err(|e| told(&e))?;
        exported.authors += 1;
    }
    let terms = store::all_terms(conn).await?;
    write_terms(conn, &mut writer, &terms, &mut exported).await?;
    let logins: HashMap<i64, String> = people.into_iter().map(|u| (u.id.0, u.login)).collect();
    let terms: HashMap<i64, Term> = terms.into_iter().map(|t| (t.id.0, t)).collect();
    progress.begin("Exporting items", Some(store::count_items(conn).await?));
    let mut after = 0;
    loop {
        let batch = store::items_after(conn, after, TOGETHER).await?;
        let Some(last) = batch.last() else { break };
        after = last.id.0;
        for item in entries(conn, &site, types, batch, &logins, &terms).await? {
            writer.item(&item).map_err(|e| told(&e))?;
            exported.items += 1;
            exported.comments += item.comments.len() as u64;
        }
        remember(&mut exported, writer.take_uncarried());
        progress.at(exported.items);
    }
    let (_, uncarried) = writer.finish().map_err(|e| told(&e))?;
    remember(&mut exported, uncarried);
    Ok(exported)
}

fn remember(exported: &mut Exported, more: Vec<Uncarried>) {
    let room = MOST_UNCARRIED.saturating_sub(exported.uncarried.len());
    exported.uncarried.extend(more.into_iter().take(room));
}

fn channel(site: &Site, clock: &dyn Clock) -> Channel {
    Channel {
        title: site.name.clone(),
        link: site.home.clone(),
        description: site.description.clone(),
        pub_date: clock.now().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string(),
        language: site.language.clone(),
        base_site_url: site.home.clone(),
        base_blog_url: site.home.clone(),
        generator: format!("Guidepost {}", env!("CARGO_PKG_VERSION")),
        ..Channel::default()
    }
}

fn author(user: &User, meta: Option<&Meta>) -> gp_wxr::Author {
    let text = |key: &str| meta.map(|m| m.text(key)).unwrap_or_default();
    gp_wxr::Author {
        id: user.id.0,
        login: user.login.clone(),
        email: user.email.clone(),
        display_name: user.display_name.clone(),
        first_name: text("first_name"),
        last_name: text("last_name"),
        line: 0,
    }
}

async fn write_terms<W: Write>(
    conn: &mut Conn,
    writer: &mut Writer<W>,
    all: &[Term],
    exported: &mut Exported,
) -> Result<()> {
    let slugs: HashMap<(&str, i64), &str> = all
        .iter()
        .map(|t| ((t.taxonomy.as_str(), t.term_id.0), t.slug.as_str()))
        .collect();
    let parent = |t: &Term| slugs.get(&(t.taxonomy.as_str(), t.parent.0)).map_or("", |s| *s);
    let stage = |t: &Term| match t.taxonomy.as_str() {
        "category" => 0,
        "post_tag" if parent(t).is_empty() => 1,
        _ => 2,
    };
    let parents: HashMap<(&str, i64), i64> = all
        .iter()
        .map(|t| ((t.taxonomy.as_str(), t.term_id.0), t.parent.0))
        .collect();
    let depth = |t: &Term| {
        let (mut at, mut depth) = (t.parent.0, 0);
        while at != 0 && depth < 100 {
            at = parents.get(&(t.taxonomy.as_str(), at)).copied().unwrap_or(0);
            depth += 1;
        }
        depth
    };
    let mut order: Vec<&Term> = all.iter().collect();
    order.sort_by_cached_key(|t| (stage(t), t.taxonomy.clone(), depth(t), t.id.0));
    let ids: Vec<i64> = all.iter().map(|t| t.term_id.0).collect();
    let metas = meta::of_many(conn, MetaKind::Term, &ids).await?;
    for term in order {
        let entry = gp_wxr::Term {
            taxonomy: term.taxonomy.clone(),
            id: Some(term.term_id.0),
            slug: term.slug.clone(),
            parent_slug: parent(term).to_owned(),
            name: term.name.clone(),
            description: term.description.clone(),
            meta: metas.get(&term.term_id.0).map(rows).unwrap_or_default(),
            line: 0,
        };
        writer.term(&entry).map_err(|e| told(&e))?;
        exported.terms += 1;
    }
    Ok(())
}

fn rows(meta: &Meta) -> Vec<gp_wxr::Meta> {
    meta.0
        .iter()
        .map(|(key, value)| gp_wxr::Meta {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}

async fn entries(
    conn: &mut Conn,
    site: &Site,
    types: &Types,
    batch: Vec<Item>,
    logins: &HashMap<i64, String>,
    terms: &HashMap<i64, Term>,
) -> Result<Vec<gp_wxr::Item>> {
    let ids: Vec<i64> = batch.iter().map(|i| i.id.0).collect();
    let addresses = links::of_items(conn, site, types, &batch).await?;
    let mut metas = meta::of_many(conn, MetaKind::Item, &ids).await?;
    let mut of: HashMap<i64, Vec<ItemTerm>> = HashMap::new();
    for (item, place) in store::terms_of(conn, &ids).await? {
        if let Some(term) = terms.get(&place) {
            let (taxonomy, slug, name) = (term.taxonomy.clone(), term.slug.clone(), term.name.clone());
            of.entry(item).or_default().push(ItemTerm { taxonomy, slug, name });
        }
    }
    let mut said: HashMap<i64, Vec<Comment>> = HashMap::new();
    for comment in store::comments_of(conn, &ids).await? {
        said.entry(comment.item.0).or_default().push(comment);
    }
    let comment_ids: Vec<i64> = said.values().flatten().map(|c| c.id.0).collect();
    let comment_metas = meta::of_many(conn, MetaKind::Comment, &comment_ids).await?;
    let entry = |item: Item| {
        let id = item.id.0;
        let meta = metas.remove(&id).unwrap_or_default();
        let address = addresses.get(&ItemId(id)).cloned().unwrap_or_default();
        let comments = said.remove(&id).unwrap_or_default();
        gp_wxr::Item {
            link: format!("{}{address}", site.home),
            pub_date: rss_date(&item.date_gmt),
            creator: logins.get(&item.author.0).cloned().unwrap_or_default(),
            is_sticky: site.sticky.contains(&item.id),
            attachment_url: (item.kind == "attachment").then(|| file_url(site, &item, &meta)),
            terms: of.remove(&id).unwrap_or_default(),
            comments: comments.into_iter().map(|c| comment(c, &comment_metas)).collect(),
            meta: rows(&meta),
            ..fields(item)
        }
    };
    Ok(batch.into_iter().map(entry).collect())
}

fn fields(item: Item) -> gp_wxr::Item {
    gp_wxr::Item {
        id: item.id.0,
        title: item.title,
        guid: item.guid,
        content: item.content,
        excerpt: item.excerpt,
        post_date: item.date,
        post_date_gmt: item.date_gmt,
        post_modified: Some(item.modified),
        post_modified_gmt: Some(item.modified_gmt),
        comment_status: item.comment_status,
        ping_status: item.ping_status,
        post_name: item.name,
        status: item.status,
        post_parent: item.parent.0,
        menu_order: item.menu_order,
        post_type: item.kind,
        post_password: item.password,
        ..gp_wxr::Item::default()
    }
}

fn comment(comment: Comment, metas: &HashMap<i64, Meta>) -> gp_wxr::Comment {
    gp_wxr::Comment {
        id: comment.id.0,
        author: comment.author,
        author_email: comment.author_email,
        author_url: comment.author_url,
        author_ip: comment.author_ip,
        date: comment.date,
        date_gmt: comment.date_gmt,
        content: comment.content,
        approved: comment.approved,
        comment_type: comment.kind,
        parent: comment.parent.0,
        user_id: comment.user.0,
        meta: metas.get(&comment.id.0).map(rows).unwrap_or_default(),
    }
}

/// Where the bytes of an attachment are: in the uploads folder, whatever the guid says.
fn file_url(site: &Site, item: &Item, meta: &Meta) -> String {
    let attached = meta.text("_wp_attached_file");
    if attached.is_empty() || attached.starts_with("http") || site.home.is_empty() {
        return item.guid.clone();
    }
    format!("{}/wp-content/uploads/{attached}", site.home)
}

fn rss_date(date: &str) -> String {
    let at = parse_mysql_date(date).and_then(|d| d.to_zoned(TimeZone::UTC).ok());
    at.map(|z| z.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string())
        .unwrap_or_default()
}
