//! What a page says of its work to programs: tags and linked data in its head, and links in its headers (FAIR Signposting).

use gp_citation::{File, Work, highwire, jsonld};
use gp_content::{Item, Sight, address::Address};
use gp_kernel::Result;
use gp_markup::text::esc_attr;
use gp_store::Conn;
use serde_json::{Map, Value, json};

use super::{FORMS, form_address};
use crate::public::Visit;

/// Files named in headers, at most: headers have little room.
const MOST_FILES: usize = 20;

/// For the page of one work.
#[derive(Debug, Default)]
pub(crate) struct About {
    /// Elements of the head.
    pub html: String,
    /// Values of `Link` headers.
    pub links: Vec<String>,
}

/// What the page of an address says; nothing, where it shows no work that this visitor may read in full.
pub(crate) async fn about(visit: &Visit<'_>, conn: &mut Conn, address: &Address) -> Result<About> {
    let Address::Item {
        item,
        sight: Sight::Full,
        ..
    } = address
    else {
        return Ok(About::default());
    };
    let mut works = super::works(visit, conn, &visit.scope, std::slice::from_ref(&**item)).await?;
    let Some(work) = works.remove(&item.id) else {
        return Ok(About::default());
    };
    // Other forms are given to everybody or to nobody.
    let open = visit.app.public_scope().sight(item, None) == Sight::Full;
    Ok(About {
        html: elements(visit, item, &work, open),
        links: if open { headers(visit, item, &work) } else { Vec::new() },
    })
}

fn elements(visit: &Visit<'_>, item: &Item, work: &Work, open: bool) -> String {
    let mut html = String::with_capacity(3000);
    for (name, content) in highwire(work) {
        html.push_str(&format!("<meta name=\"{name}\" content=\"{}\">\n", esc_attr(&content)));
    }
    for version in &work.versions {
        let (lang, url) = (esc_attr(&version.lang), esc_attr(&version.url));
        html.push_str(&format!(
            "<link rel=\"alternate\" hreflang=\"{lang}\" href=\"{url}\">\n"
        ));
    }
    let first = work.versions.iter().find(|v| v.original).or(work.versions.first());
    if let Some(version) = first {
        let url = esc_attr(&version.url);
        html.push_str(&format!(
            "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{url}\">\n"
        ));
    }
    if open {
        for (form, mime, name) in FORMS {
            let href = esc_attr(&form_address(visit, item.id, form));
            html.push_str(&format!(
                "<link rel=\"alternate\" type=\"{mime}\" title=\"{name}\" href=\"{href}\">\n"
            ));
        }
    }
    // Data, not a script: the content policy lets nothing of it run, and nothing in it ends the element.
    let data = gp_citation::for_script(&jsonld(work));
    html.push_str(&format!("<script type=\"application/ld+json\">{data}</script>\n"));
    html
}

/// Relation, address, media type, further attribute.
type Link = (&'static str, String, String, String);

fn links(visit: &Visit<'_>, item: &Item, work: &Work) -> Vec<Link> {
    let plain = |rel, url: &str| (rel, url.to_owned(), String::new(), String::new());
    let mut links = vec![
        plain("cite-as", &work.url),
        plain("type", "https://schema.org/AboutPage"),
        plain("type", &format!("https://schema.org/{}", work.kind.name())),
    ];
    links.extend(gp_citation::licence_address(&work.licence).map(|url| plain("license", &url)));
    links.extend(
        work.authors
            .iter()
            .filter(|b| !b.url.is_empty())
            .map(|b| plain("author", &b.url)),
    );
    let item_of = |f: &File| ("item", f.url.clone(), f.mime.clone(), String::new());
    links.extend(work.files.iter().take(MOST_FILES).map(item_of));
    for (form, mime, _) in FORMS {
        let address = form_address(visit, item.id, form);
        links.push(("describedby", address.clone(), (*mime).to_owned(), String::new()));
        links.push(("alternate", address, (*mime).to_owned(), String::new()));
    }
    let data = form_address(visit, item.id, "metadata.jsonld");
    links.push((
        "describedby",
        data,
        "application/ld+json".to_owned(),
        "https://schema.org/".to_owned(),
    ));
    links.push((
        "collection",
        work.library.url.clone(),
        "text/html".to_owned(),
        String::new(),
    ));
    links
}

fn headers(visit: &Visit<'_>, item: &Item, work: &Work) -> Vec<String> {
    let mut all: Vec<String> = links(visit, item, work)
        .into_iter()
        .map(|(rel, url, mime, profile)| {
            let attribute = |name: &str, value: &str| match value {
                "" => String::new(),
                value => format!("; {name}=\"{}\"", plain(value)),
            };
            format!(
                "<{}>; rel=\"{rel}\"{}{}",
                plain(&url),
                attribute("type", &mime),
                attribute("profile", &profile)
            )
        })
        .collect();
    all.push(format!(
        "<{}>; rel=\"linkset\"; type=\"application/linkset+json\"",
        form_address(visit, item.id, "linkset.json")
    ));
    all.extend(work.versions.iter().filter(|v| v.url != work.url).map(|v| {
        format!(
            "<{}>; rel=\"alternate\"; hreflang=\"{}\"",
            plain(&v.url),
            plain(&v.lang)
        )
    }));
    all
}

/// Nothing that could end the value or the header.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '<' | '>' | ' '))
        .collect()
}

/// All links of the page and of its files as one document (RFC 9264).
pub(super) fn linkset(visit: &Visit<'_>, item: &Item, work: &Work) -> Value {
    let mut page = Map::new();
    page.insert("anchor".to_owned(), json!(work.url));
    for (rel, url, mime, profile) in links(visit, item, work) {
        let mut target = Map::from_iter([("href".to_owned(), json!(url))]);
        if !mime.is_empty() {
            target.insert("type".to_owned(), json!(mime));
        }
        if !profile.is_empty() {
            target.insert("profile".to_owned(), json!([profile]));
        }
        let all = page.entry(rel).or_insert_with(|| json!([]));
        if let Some(all) = all.as_array_mut() {
            all.push(Value::Object(target));
        }
    }
    let mut set = vec![Value::Object(page)];
    set.extend(work.files.iter().take(MOST_FILES).map(|f| {
        json!({
            "anchor": f.url,
            "collection": [{"href": work.url, "type": "text/html"}],
            "cite-as": [{"href": work.url}],
        })
    }));
    json!({ "linkset": set })
}
