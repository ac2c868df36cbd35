//! oEmbed: what another site needs to show an item of this one in a small frame. No script, no secret; only what everybody
//! may read in full.

use std::sync::Arc;

use gp_content::{
    Item, Scope, Sight, Site,
    address::{self, Address, Request},
    users,
};
use gp_kernel::{Error, Result};
use gp_markup::text::{esc_attr, esc_xml};
use gp_store::Conn;
use serde_json::{Value, json};

use super::Visit;
use crate::{answer::Answer, app::App, titles::text};

/// Where it is asked for.
pub(crate) const PATH: &str = "/wp-json/oembed/1.0/embed";

/// Sizes as WordPress has them.
const NARROWEST: i64 = 200;
const WIDEST: i64 = 600;

/// Answers the address of this file where XML is wished; in JSON the API answers.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let request = &visit.request;
    if request.path != PATH {
        return Ok(None);
    }
    let width = request.parameter("maxwidth").and_then(|w| w.parse().ok());
    let url = request.parameter("url").unwrap_or_default();
    let told = oembed(visit.app, conn, &visit.site, &visit.base_url, url, width).await?;
    let told = told.ok_or_else(|| Error::not_found("nothing that can be embedded is at this address"))?;
    Ok(Some(Answer::text("text/xml; charset=UTF-8", xml(&told))))
}

/// What is said of the item at an address of this site; `None`: there is none, or not everybody may read it.
///
/// # Errors
/// When the database does not answer.
pub async fn oembed(
    app: &App,
    conn: &mut Conn,
    site: &Arc<Site>,
    base_url: &str,
    url: &str,
    width: Option<i64>,
) -> Result<Option<Value>> {
    let asked = Asked { app, site, base_url };
    let Some((item, link)) = found(&asked, conn, url).await? else {
        return Ok(None);
    };
    Ok(Some(described(&asked, conn, &item, &link, width).await?))
}

/// A site that is asked about one of its pages.
struct Asked<'a> {
    app: &'a App,
    site: &'a Arc<Site>,
    base_url: &'a str,
}

/// The item at an address of this site, when everybody may read it.
async fn found(visit: &Asked<'_>, conn: &mut Conn, url: &str) -> Result<Option<(Item, String)>> {
    let homes = [visit.base_url, visit.site.home.as_str()];
    let host = |url: &str| url.split_once("://").map(|(_, rest)| rest.to_owned());
    let Some(rest) = host(url) else { return Ok(None) };
    let own = homes.iter().filter_map(|home| host(home)).find_map(|home| {
        let path = rest.strip_prefix(home.as_str())?;
        (path.is_empty() || path.starts_with(['/', '?'])).then(|| path.to_owned())
    });
    let Some(own) = own else { return Ok(None) };
    let (path, query) = own.split_once('?').unwrap_or((&own, ""));
    let path = if path.is_empty() { "/" } else { path };
    let scope = Scope::public(&visit.app.types);
    let asked = Request::parse(path, query.split('#').next().unwrap_or_default());
    let mut address = address::resolve(conn, visit.site, &visit.app.types, &scope, &asked).await?;
    if let Address::Moved(to) = &address {
        let (path, query) = to.split_once('?').unwrap_or((to, ""));
        let asked = Request::parse(path, query);
        address = address::resolve(conn, visit.site, &visit.app.types, &scope, &asked).await?;
    }
    Ok(match address {
        Address::Item {
            item,
            link,
            sight: Sight::Full,
            ..
        } => Some((*item, link)),
        _ => None,
    })
}

async fn described(visit: &Asked<'_>, conn: &mut Conn, item: &Item, link: &str, width: Option<i64>) -> Result<Value> {
    let author = users::by_ids(conn, &[item.author]).await?.remove(&item.author);
    let width = width.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST);
    let height = (width * 9 + 8) / 16;
    let title = gp_markup::text::decode_entities(&text(&item.title)).into_owned();
    let href = esc_attr(&format!("{}{link}", visit.base_url));
    let frame = esc_attr(&format!(
        "{}{}",
        visit.base_url,
        address::links::of_embed(visit.site, link)
    ));
    let html = format!(
        "<blockquote class=\"wp-embedded-content\"><a href=\"{href}\">{name}</a></blockquote>\
         <iframe sandbox=\"allow-top-navigation-by-user-activation\" src=\"{frame}\" width=\"{width}\" height=\"{height}\" \
         title=\"{name}\" loading=\"lazy\" class=\"wp-embedded-content\"></iframe>",
        name = text(&item.title)
    );
    let author_url = author.as_ref().map(|a| address::links::of_author(visit.site, a));
    Ok(json!({
        "version": "1.0",
        "provider_name": gp_markup::text::decode_entities(&visit.site.name),
        "provider_url": visit.base_url,
        "author_name": author.map(|a| a.display_name).unwrap_or_default(),
        "author_url": author_url.map(|path| format!("{}{path}", visit.base_url)).unwrap_or_else(|| visit.base_url.to_owned()),
        "title": title,
        "type": "rich",
        "width": width,
        "height": height,
        "html": html,
    }))
}

fn xml(body: &Value) -> String {
    let mut out = "<?xml version=\"1.0\"?>\n<oembed>".to_owned();
    for (name, value) in body.as_object().into_iter().flatten() {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        out.push_str(&format!("<{name}>{}</{name}>", esc_xml(&text)));
    }
    out.push_str("</oembed>\n");
    out
}
