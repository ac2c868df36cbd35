//! Feeds under WordPress's addresses: RSS 2.0, Atom and RDF of lists, RSS and Atom of comments.

use std::collections::HashMap;

use gp_blocks::{Listing, PageContext};
use gp_citation::Work;
use gp_content::{
    Comment, Item, Sight, Term, User,
    address::{Address, FeedKind, List, Shape, links},
    comments, items, terms, users,
};
use gp_kernel::{ItemId, Result, UserId, parse_mysql_date};
use gp_markup::text::{decode_entities, esc_xml, strip_all_tags, wptexturize};
use gp_store::Conn;
use jiff::{Timestamp, tz::TimeZone};

use super::Visit;
use crate::{answer::Answer, titles::list_title};

/// What a feed says of itself.
struct Channel {
    title: String,
    link: String,
    own: String,
    updated: Option<Timestamp>,
}

/// One entry.
struct Entry {
    title: String,
    link: String,
    guid: String,
    author: String,
    date: Option<Timestamp>,
    modified: Option<Timestamp>,
    categories: Vec<String>,
    summary: String,
    content: String,
    /// Its files: address, bytes, media type.
    files: Vec<(String, i64, String)>,
}

/// The feed of an address.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn, of: Address, kind: FeedKind) -> Result<Answer> {
    let own = match &of {
        // What was asked is part of its name.
        Address::List(list) if matches!(list.shape, Shape::Search(_)) => {
            format!("{}{}", visit.base_url, links::of_feed(&visit.site, &list.first, kind))
        }
        _ => format!("{}{}", visit.base_url, visit.request.path),
    };
    let (channel, entries) = match of {
        Address::List(list) => list_feed(visit, conn, list, own).await?,
        Address::Item { item, sight, link, .. } => item_feed(visit, conn, &item, sight, &link, own).await?,
        Address::Comments => comments_feed(visit, conn, own).await?,
        _ => nothing(visit),
    };
    Ok(match kind {
        FeedKind::Rss2 => Answer::text("application/rss+xml; charset=UTF-8", rss(visit, &channel, &entries)),
        FeedKind::Atom => Answer::text("application/atom+xml; charset=UTF-8", atom(visit, &channel, &entries)),
        FeedKind::Rdf => Answer::text("application/rdf+xml; charset=UTF-8", rdf(&channel, &entries)),
    })
}

/// WordPress answers the feed of nothing with a feed of nothing. It is the same whatever was asked.
fn nothing(visit: &Visit<'_>) -> (Channel, Vec<Entry>) {
    let link = format!("{}/", visit.base_url);
    let channel = Channel {
        title: plain(&visit.site.name),
        own: link.clone(),
        link,
        updated: None,
    };
    (channel, Vec::new())
}

async fn list_feed(visit: &Visit<'_>, conn: &mut Conn, list: List, own: String) -> Result<(Channel, Vec<Entry>)> {
    let sticky_free = List {
        shape: if matches!(list.shape, Shape::Posts(_)) {
            Shape::Front
        } else {
            list.shape
        },
        ..list
    };
    let mut found = super::found(visit, conn, &sticky_free, visit.site.per_feed).await?;
    found.items.sort_by(|a, b| b.date.cmp(&a.date).then(b.id.cmp(&a.id)));
    found.items.truncate(visit.site.per_feed);
    let context = visit.context(Address::List(sticky_free.clone()), Listing::default());
    let name = plain(&visit.site.name);
    let title = match &sticky_free.shape {
        Shape::Front => name,
        _ => format!("{} – {name}", plain(&list_title(&context, &sticky_free))),
    };
    let updated = found.items.iter().filter_map(|i| moment(&i.modified_gmt)).max();
    let entries = entries(visit, conn, &context, &found.items).await?;
    let channel = Channel {
        title,
        link: format!("{}{}", visit.base_url, sticky_free.first),
        own,
        updated,
    };
    Ok((channel, entries))
}

async fn entries(visit: &Visit<'_>, conn: &mut Conn, context: &PageContext, list: &[Item]) -> Result<Vec<Entry>> {
    let ids: Vec<ItemId> = list.iter().map(|i| i.id).collect();
    let links = links::of_items(conn, &visit.site, &visit.app.types, list).await?;
    let terms = terms::of_items(conn, &ids).await?;
    let authors: Vec<UserId> = list.iter().map(|i| i.author).collect();
    let authors = users::by_ids(conn, &authors).await?;
    let works = super::exchange::works(visit, conn, &visit.scope, list).await?;
    let mut made = Vec::with_capacity(list.len());
    for item in list {
        let open = item.password.is_empty();
        let content = if open {
            visit.app.renderer.content(conn, context, item, 1).await?
        } else {
            locked()
        };
        let mut entry = entry(visit, item, links.get(&item.id), &terms, &authors, content);
        entry.files = works.get(&item.id).map(enclosed).unwrap_or_default();
        made.push(entry);
    }
    Ok(made)
}

/// The editions of a work, as much as a feed carries.
fn enclosed(work: &Work) -> Vec<(String, i64, String)> {
    const MOST: usize = 10;
    let editions = work.files.iter().filter(|f| f.is_edition() && !f.mime.is_empty());
    editions
        .take(MOST)
        .map(|f| (f.url.clone(), f.size, f.mime.clone()))
        .collect()
}

fn locked() -> String {
    "<p>This text is protected by a password.</p>".to_owned()
}

fn entry(
    visit: &Visit<'_>,
    item: &Item,
    link: Option<&String>,
    terms: &HashMap<ItemId, Vec<Term>>,
    authors: &HashMap<UserId, User>,
    content: String,
) -> Entry {
    let open = item.password.is_empty();
    let categories = terms.get(&item.id).into_iter().flatten();
    Entry {
        title: if open {
            plain(&item.title)
        } else {
            format!("Protected: {}", plain(&item.title))
        },
        link: format!("{}{}", visit.base_url, link.map_or("/", String::as_str)),
        guid: absolute_guid(visit, item),
        author: authors
            .get(&item.author)
            .map(|u| u.display_name.clone())
            .unwrap_or_default(),
        date: moment(&item.date_gmt),
        modified: moment(&item.modified_gmt),
        categories: categories
            .filter(|t| matches!(t.taxonomy.as_str(), "category" | "post_tag"))
            .map(|t| decode_entities(&t.name).into_owned())
            .collect(),
        summary: if open {
            visit.app.renderer.excerpt(item)
        } else {
            strip_all_tags(&locked(), true)
        },
        content: if visit.site.feed_excerpts {
            String::new()
        } else {
            content
        },
        files: Vec::new(),
    }
}

/// A guid is an identifier and never changes; those made here begin with a slash and get the site's address.
fn absolute_guid(visit: &Visit<'_>, item: &Item) -> String {
    if item.guid.starts_with('/') {
        format!("{}{}", visit.base_url, item.guid)
    } else {
        item.guid.clone()
    }
}

/// Comments, newest first, each with the item it is on and that item's address.
async fn comment_entries(
    visit: &Visit<'_>,
    conn: &mut Conn,
    found: &[Comment],
    on: &HashMap<ItemId, (Item, String)>,
    of_one: bool,
) -> Result<Vec<Entry>> {
    let mut made = Vec::with_capacity(found.len());
    for comment in found {
        let Some((item, link)) = on.get(&comment.item) else {
            continue;
        };
        let page = if visit.site.page_comments {
            comments::page_of(conn, comment, visit.site.comments_per_page).await?
        } else {
            0
        };
        let link = links::of_comment(&visit.site, link, page, comment.id);
        let title = if of_one {
            format!("By: {}", comment.author)
        } else {
            format!("Comment on {} by {}", plain(&item.title), comment.author)
        };
        let guid = format!("{}#comment-{}", absolute_guid(visit, item), comment.id);
        made.push(comment_entry(comment, title, format!("{}{link}", visit.base_url), guid));
    }
    Ok(made)
}

async fn item_feed(
    visit: &Visit<'_>,
    conn: &mut Conn,
    item: &Item,
    sight: Sight,
    link: &str,
    own: String,
) -> Result<(Channel, Vec<Entry>)> {
    let found = if sight == Sight::Full {
        comments::newest_of(conn, item.id, visit.site.per_feed).await?
    } else {
        Vec::new()
    };
    let on = HashMap::from([(item.id, (item.clone(), link.to_owned()))]);
    let entries = comment_entries(visit, conn, &found, &on, true).await?;
    let channel = Channel {
        title: format!("Comments on: {}", plain(&item.title)),
        link: format!("{}{link}", visit.base_url),
        own,
        updated: found.iter().filter_map(|c| moment(&c.date_gmt)).max(),
    };
    Ok((channel, entries))
}

async fn comments_feed(visit: &Visit<'_>, conn: &mut Conn, own: String) -> Result<(Channel, Vec<Entry>)> {
    let found = comments::newest_public(conn, visit.site.per_feed).await?;
    let ids: Vec<ItemId> = found.iter().map(|c| c.item).collect();
    let on = items::by_ids(conn, &ids).await?;
    let list: Vec<Item> = on
        .into_values()
        .filter(|i| visit.scope.sight(i, None) == Sight::Full)
        .collect();
    let mut links = links::of_items(conn, &visit.site, &visit.app.types, &list).await?;
    let on: HashMap<ItemId, (Item, String)> = list
        .into_iter()
        .filter_map(|item| Some((item.id, (links.remove(&item.id)?, item))))
        .map(|(id, (link, item))| (id, (item, link)))
        .collect();
    let entries = comment_entries(visit, conn, &found, &on, false).await?;
    let channel = Channel {
        title: format!("Comments for {}", plain(&visit.site.name)),
        link: format!("{}/", visit.base_url),
        own,
        updated: found.iter().filter_map(|c| moment(&c.date_gmt)).max(),
    };
    Ok((channel, entries))
}

fn comment_entry(comment: &Comment, title: String, link: String, guid: String) -> Entry {
    let content = gp_markup::sanitize::kses_post(&gp_markup::text::wpautop(&comment.content));
    Entry {
        title,
        link,
        guid,
        author: comment.author.clone(),
        date: moment(&comment.date_gmt),
        modified: moment(&comment.date_gmt),
        categories: Vec::new(),
        summary: strip_all_tags(&content, true),
        content,
        files: Vec::new(),
    }
}

fn plain(title: &str) -> String {
    decode_entities(&wptexturize(&strip_all_tags(title, true))).into_owned()
}

fn moment(date_gmt: &str) -> Option<Timestamp> {
    Some(parse_mysql_date(date_gmt)?.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn rfc2822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// XML cannot carry control characters; `]]>` would end the section.
fn cdata(text: &str) -> String {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        .collect();
    format!("<![CDATA[{}]]>", clean.replace("]]>", "]]]]><![CDATA[>"))
}

fn xml(text: &str) -> String {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    esc_xml(&clean)
}

fn rss(visit: &Visit<'_>, channel: &Channel, entries: &[Entry]) -> String {
    let mut out = String::with_capacity(4096);
    out.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"\n\
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\
         xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n",
    );
    out.push_str(&format!(
        "<title>{}</title>\n<atom:link href=\"{}\" rel=\"self\" type=\"application/rss+xml\" />\n<link>{}</link>\n<description>{}</description>\n<language>{}</language>\n",
        xml(&channel.title), xml(&channel.own), xml(&channel.link), xml(&plain(&visit.site.description)), xml(&visit.site.language)
    ));
    if let Some(updated) = channel.updated {
        out.push_str(&format!("<lastBuildDate>{}</lastBuildDate>\n", rfc2822(updated)));
    }
    out.push_str("<generator>Guidepost</generator>\n");
    for e in entries {
        out.push_str(&format!(
            "<item>\n<title>{}</title>\n<link>{}</link>\n<dc:creator>{}</dc:creator>\n",
            xml(&e.title),
            xml(&e.link),
            cdata(&e.author)
        ));
        if let Some(date) = e.date {
            out.push_str(&format!("<pubDate>{}</pubDate>\n", rfc2822(date)));
        }
        for category in &e.categories {
            out.push_str(&format!("<category>{}</category>\n", cdata(category)));
        }
        out.push_str(&format!(
            "<guid isPermaLink=\"false\">{}</guid>\n<description>{}</description>\n",
            xml(&e.guid),
            cdata(&e.summary)
        ));
        if !e.content.is_empty() {
            out.push_str(&format!("<content:encoded>{}</content:encoded>\n", cdata(&e.content)));
        }
        for (url, size, mime) in &e.files {
            out.push_str(&format!(
                "<enclosure url=\"{}\" length=\"{size}\" type=\"{}\" />\n",
                xml(url),
                xml(mime)
            ));
        }
        out.push_str("</item>\n");
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

fn atom(visit: &Visit<'_>, channel: &Channel, entries: &[Entry]) -> String {
    let updated = channel.updated.unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n\
         <title type=\"text\">{}</title>\n<subtitle type=\"text\">{}</subtitle>\n<updated>{updated}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{}\" />\n<id>{}</id>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{}\" />\n<generator>Guidepost</generator>\n",
        xml(&visit.site.language),
        xml(&channel.title),
        xml(&plain(&visit.site.description)),
        xml(&channel.link),
        xml(&channel.own),
        xml(&channel.own)
    );
    for e in entries {
        let published = e.date.unwrap_or(Timestamp::UNIX_EPOCH);
        let modified = e.modified.unwrap_or(published);
        out.push_str(&format!(
            "<entry>\n<author><name>{}</name></author>\n<title type=\"text\">{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\" />\n\
             <id>{}</id>\n<updated>{modified}</updated>\n<published>{published}</published>\n",
            xml(&e.author), xml(&e.title), xml(&e.link), xml(&e.guid)
        ));
        for category in &e.categories {
            out.push_str(&format!(
                "<category scheme=\"{}\" term=\"{}\" />\n",
                xml(&visit.base_url),
                xml(category)
            ));
        }
        out.push_str(&format!("<summary type=\"text\">{}</summary>\n", xml(&e.summary)));
        if !e.content.is_empty() {
            out.push_str(&format!(
                "<content type=\"html\" xml:base=\"{}\">{}</content>\n",
                xml(&e.link),
                cdata(&e.content)
            ));
        }
        for (url, size, mime) in &e.files {
            out.push_str(&format!(
                "<link rel=\"enclosure\" type=\"{}\" length=\"{size}\" href=\"{}\" />\n",
                xml(mime),
                xml(url)
            ));
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}

fn rdf(channel: &Channel, entries: &[Entry]) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <channel rdf:about=\"{}\">\n<title>{}</title>\n<link>{}</link>\n<description></description>\n<items><rdf:Seq>\n",
        xml(&channel.own),
        xml(&channel.title),
        xml(&channel.link)
    );
    for e in entries {
        out.push_str(&format!("<rdf:li rdf:resource=\"{}\" />\n", xml(&e.link)));
    }
    out.push_str("</rdf:Seq></items>\n</channel>\n");
    for e in entries {
        let date = e.date.map(|d| format!("<dc:date>{d}</dc:date>\n")).unwrap_or_default();
        out.push_str(&format!(
            "<item rdf:about=\"{}\">\n<title>{}</title>\n<link>{}</link>\n<dc:creator>{}</dc:creator>\n{date}<description>{}</description>\n</item>\n",
            xml(&e.link), xml(&e.title), xml(&e.link), cdata(&e.author), cdata(&e.summary)
        ));
    }
    out.push_str("</rdf:RDF>\n");
    out
}
