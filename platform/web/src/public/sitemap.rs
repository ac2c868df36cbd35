//! Sitemaps under WordPress's names, robots.txt, and the description of the search for browsers.

use axum::http::StatusCode;
use gp_citation::Kind;
use gp_content::{ItemQuery, Order, address::links, items, terms, users};
use gp_kernel::{Result, UserId, parse_mysql_date};
use gp_markup::text::{decode_entities, esc_xml};
use gp_store::Conn;
use jiff::tz::TimeZone;

use super::Visit;
use crate::answer::Answer;

/// Addresses in one file, as WordPress has them.
const PER_FILE: usize = 2000;
const XML: &str = "application/xml; charset=UTF-8";

/// Answers the addresses of this file; `None` for all others.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let path = visit.request.path.as_str();
    let name = path.trim_start_matches('/');
    let open = name.trim_end_matches('/');
    if open != name && (open == "robots.txt" || (open.starts_with("wp-sitemap") && open.ends_with(".xml"))) {
        return Ok(Some(Answer::moved(format!("{}/{open}", visit.base_url))));
    }
    Ok(Some(match name {
        "robots.txt" => Answer::text("text/plain; charset=utf-8", robots(visit)),
        "favicon.ico" => Answer::Redirect(StatusCode::FOUND, visit.app.assets.address("favicon.svg")),
        "opensearch.xml" => Answer::text(
            "application/opensearchdescription+xml; charset=UTF-8",
            opensearch(visit),
        ),
        "sitemap.xml" => Answer::moved(format!("{}/wp-sitemap.xml", visit.base_url)),
        "wp-sitemap.xml" => Answer::text(XML, index(visit, conn).await?),
        "wp-sitemap.xsl" | "wp-sitemap-index.xsl" => Answer::text(XML, STYLESHEET.to_owned()),
        _ => match name.strip_prefix("wp-sitemap-").and_then(|n| n.strip_suffix(".xml")) {
            Some(part) => return file(visit, conn, part).await.map(Some),
            None => return by_query(visit, conn).await,
        },
    }))
}

/// Where addresses are plain, sitemaps are asked for by query.
async fn by_query(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let request = &visit.request;
    let Some(name) = request.parameter("sitemap").filter(|_| visit.site.plain()) else {
        return Ok(None);
    };
    if name == "index" {
        return Ok(Some(Answer::text(XML, index(visit, conn).await?)));
    }
    let page = request.parameter("paged").unwrap_or("1");
    let part = match request.parameter("sitemap-subtype") {
        Some(kind) => format!("{name}-{kind}-{page}"),
        None => format!("{name}-{page}"),
    };
    file(visit, conn, &part).await.map(Some)
}

/// The address of one file: `posts-post-1`.
fn address_of(visit: &Visit<'_>, part: &str) -> String {
    if !visit.site.plain() {
        return format!("{}/wp-sitemap-{part}.xml", visit.base_url);
    }
    let (name, page) = part.rsplit_once('-').unwrap_or((part, "1"));
    let query = match name.split_once('-') {
        Some((name, kind)) => format!("sitemap={name}&sitemap-subtype={kind}"),
        None => format!("sitemap={name}"),
    };
    format!("{}/?{query}&paged={page}", visit.base_url)
}

fn robots(visit: &Visit<'_>) -> String {
    if !visit.site.public {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let index = if visit.site.plain() {
        "/?sitemap=index"
    } else {
        "/wp-sitemap.xml"
    };
    // Searches with three conditions or more: see `deep`.
    format!(
        "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nDisallow: /*?s=*&*=*&*=*&*=\nDisallow: /*?find=\n\
         Disallow: /api/v1/search?*&*=*&*=*&*=\n\nSitemap: {}{index}\n",
        visit.base_url
    )
}

fn opensearch(visit: &Visit<'_>) -> String {
    let name = decode_entities(&visit.site.name).into_owned();
    let short: String = name.chars().take(16).collect();
    let long: String = name.chars().take(48).collect();
    // A catalogue takes a description of at most so many characters.
    let description: String = decode_entities(&visit.site.description).chars().take(1024).collect();
    let description = if description.trim().is_empty() {
        &name
    } else {
        &description
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
         <ShortName>{}</ShortName><LongName>{}</LongName><Description>{}</Description>\n\
         <InputEncoding>UTF-8</InputEncoding><OutputEncoding>UTF-8</OutputEncoding><Language>{}</Language>\n\
         <Image height=\"16\" width=\"16\" type=\"image/svg+xml\">{base}{icon}</Image>\n\
         <Url type=\"text/html\" template=\"{base}/?s={{searchTerms}}\"/>\n\
         <Url type=\"application/atom+xml\" template=\"{base}/?s={{searchTerms}}&amp;feed=atom\"/>\n\
         <Url type=\"application/rss+xml\" template=\"{base}/?s={{searchTerms}}&amp;feed=rss2\"/>\n\
         <Url type=\"application/x-suggestions+json\" template=\"{base}/api/v1/suggest?q={{searchTerms}}\"/>\n\
         <Url type=\"application/opensearchdescription+xml\" rel=\"self\" template=\"{base}/opensearch.xml\"/>\n</OpenSearchDescription>\n",
        esc_xml(short.trim()),
        esc_xml(&long),
        esc_xml(description),
        esc_xml(&visit.site.language),
        icon = esc_xml(&visit.app.assets.address("favicon.svg")),
        base = esc_xml(&visit.base_url)
    )
}

fn kinds<'a>(visit: &'a Visit<'_>) -> impl Iterator<Item = &'static str> + use<'a> {
    visit
        .app
        .types
        .public()
        .filter(|t| t.name != "attachment")
        .map(|t| t.name)
}

fn of_kind(kind: &str, offset: usize, limit: usize) -> ItemQuery {
    ItemQuery {
        types: vec![kind.to_owned()],
        order: Order::Id,
        offset,
        limit,
        ..ItemQuery::default()
    }
}

async fn index(visit: &Visit<'_>, conn: &mut Conn) -> Result<String> {
    let mut names = Vec::new();
    for kind in kinds(visit) {
        let total = items::list(conn, &visit.scope, &of_kind(kind, 0, 0)).await?.total;
        for n in 1..=usize::try_from(total).unwrap_or(0).div_ceil(PER_FILE) {
            names.push(format!("posts-{kind}-{n}"));
        }
    }
    for taxonomy in visit.app.types.taxonomies().iter().filter(|t| t.public) {
        if terms::of_taxonomy(conn, &taxonomy.name)
            .await?
            .iter()
            .any(|t| t.count > 0)
        {
            names.push(format!("taxonomies-{}-1", taxonomy.name));
        }
    }
    names.push("users-1".to_owned());
    let mut out = head("sitemapindex", "/wp-sitemap-index.xsl");
    for name in names {
        out.push_str(&format!(
            "<sitemap><loc>{}</loc></sitemap>\n",
            esc_xml(&address_of(visit, &name))
        ));
    }
    out.push_str("</sitemapindex>\n");
    Ok(out)
}

async fn file(visit: &Visit<'_>, conn: &mut Conn, part: &str) -> Result<Answer> {
    let addresses = match part
        .rsplit_once('-')
        .and_then(|(name, n)| Some((name, n.parse::<usize>().ok().filter(|n| (1..100_000).contains(n))?)))
    {
        Some((name, n)) if name.starts_with("posts-") => posts(visit, conn, &name[6..], n).await?,
        Some((name, n)) if name.starts_with("taxonomies-") => archives(visit, conn, &name[11..], n).await?,
        Some(("users", n)) => people(visit, conn, n).await?,
        _ => Vec::new(),
    };
    if addresses.is_empty() {
        return super::page::answer(visit, conn, gp_content::address::Address::Missing).await;
    }
    let versions = addresses.iter().any(|place| !place.versions.is_empty());
    let mut out = head("urlset", "/wp-sitemap.xsl");
    if versions {
        out = out.replacen(" xmlns=", " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\" xmlns=", 1);
    }
    for place in addresses {
        let modified = place
            .modified
            .map(|m| format!("<lastmod>{m}</lastmod>"))
            .unwrap_or_default();
        let versions: String = place
            .versions
            .iter()
            .map(|(lang, url)| {
                let (lang, url) = (esc_xml(lang), esc_xml(url));
                format!("<xhtml:link rel=\"alternate\" hreflang=\"{lang}\" href=\"{url}\"/>")
            })
            .collect();
        out.push_str(&format!(
            "<url><loc>{}{}</loc>{modified}{versions}</url>\n",
            esc_xml(&visit.base_url),
            esc_xml(&place.path)
        ));
    }
    out.push_str("</urlset>\n");
    Ok(Answer::text(XML, out))
}

/// One address of a sitemap.
#[derive(Debug, Default)]
struct Place {
    path: String,
    modified: Option<String>,
    /// The same in other languages, in full.
    versions: Vec<(String, String)>,
}

impl Place {
    fn at(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..Self::default()
        }
    }
}

type Addresses = Vec<Place>;

/// Files of one item in a sitemap, at most: a sitemap may have 50,000 addresses.
const MOST_FILES: usize = 20;

async fn posts(visit: &Visit<'_>, conn: &mut Conn, kind: &str, n: usize) -> Result<Addresses> {
    if !kinds(visit).any(|k| k == kind) {
        return Ok(Vec::new());
    }
    let list = items::some(conn, &visit.scope, &of_kind(kind, (n - 1) * PER_FILE, PER_FILE)).await?;
    let links = links::of_items(conn, &visit.site, &visit.app.types, &list).await?;
    let mut found: Addresses = Vec::with_capacity(list.len());
    if kind == "page" && n == 1 && visit.site.front_page.is_none() {
        found.push(Place::at("/"));
    }
    let works = super::exchange::works(visit, conn, &visit.scope, &list).await?;
    for item in &list {
        let modified = parse_mysql_date(&item.modified_gmt)
            .and_then(|d| d.to_zoned(TimeZone::UTC).ok())
            .map(|z| z.timestamp().strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string());
        let work = works.get(&item.id).filter(|work| work.kind == Kind::Report);
        let versions = work.map(|w| w.versions.as_slice()).unwrap_or_default();
        found.push(Place {
            path: links.get(&item.id).cloned().unwrap_or_default(),
            modified: modified.clone(),
            versions: versions.iter().map(|v| (v.lang.clone(), v.url.clone())).collect(),
        });
        // Files stand behind the page that they lie below. A site that moved here keeps its sitemaps until its resources get records.
        let files = work.map(|w| w.files.as_slice()).unwrap_or_default();
        let own = files.iter().filter(|f| f.url != f.upload).take(MOST_FILES);
        found.extend(
            own.filter_map(|f| f.url.strip_prefix(&visit.base_url))
                .map(|path| Place {
                    modified: modified.clone(),
                    ..Place::at(path)
                }),
        );
    }
    Ok(found)
}

async fn archives(visit: &Visit<'_>, conn: &mut Conn, taxonomy: &str, n: usize) -> Result<Addresses> {
    if !visit.app.types.taxonomy(taxonomy).is_some_and(|t| t.public) {
        return Ok(Vec::new());
    }
    let all = terms::of_taxonomy(conn, taxonomy).await?;
    Ok(all
        .iter()
        .filter(|t| t.count > 0)
        .skip((n - 1) * PER_FILE)
        .take(PER_FILE)
        .map(|t| Place::at(links::of_term(&visit.site, &visit.app.types, t, &all)))
        .collect())
}

async fn people(visit: &Visit<'_>, conn: &mut Conn, n: usize) -> Result<Addresses> {
    let authors: Vec<UserId> = items::public_authors(conn).await?;
    let found = users::by_ids(conn, &authors).await?;
    Ok(authors
        .iter()
        .filter_map(|id| found.get(id))
        .skip((n - 1) * PER_FILE)
        .take(PER_FILE)
        .map(|u| Place::at(links::of_author(&visit.site, u)))
        .collect())
}

fn head(element: &str, stylesheet: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?xml-stylesheet type=\"text/xsl\" href=\"{stylesheet}\" ?>\n\
         <{element} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
    )
}

/// Shows a sitemap as a list of links to a person who opens it in a browser.
const STYLESHEET: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" exclude-result-prefixes="s">
<xsl:output method="html" encoding="UTF-8" indent="yes"/>
<xsl:template match="/"><html lang="en"><head><title>Sitemap</title></head><body><h1>Sitemap</h1><ul>
<xsl:for-each select="//s:loc"><li><a href="{.}"><xsl:value-of select="."/></a></li></xsl:for-each>
</ul></body></html></xsl:template>
</xsl:stylesheet>
"#;
