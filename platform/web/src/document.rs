//! The HTML document around a rendered page: head, skip link, body.

use gp_blocks::{PageContext, RenderedPage};
use gp_content::{
    Item, Sight,
    address::{Address, FeedKind, List, Shape, links},
};
use gp_markup::text::{esc_attr, excerpt_plain};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use crate::{
    app::App,
    titles::{document_title, text},
};

/// The language of a page and its direction.
fn language(page: &PageContext) -> (String, &'static str) {
    let language = page.site.language.clone();
    let rtl = ["ar", "fa", "he", "ur", "ps", "ckb", "dv", "yi"];
    let first = language.split('-').next().unwrap_or_default();
    let direction = if rtl.contains(&first) { "rtl" } else { "ltr" };
    (language, direction)
}

/// The words of the skip link in the site's language.
fn skip_words(language: &str) -> &'static str {
    match language.split('-').next().unwrap_or_default() {
        "ar" => "انتقل إلى النص",
        "es" => "Ir al texto",
        "fr" => "Aller au texte",
        "ru" => "Перейти к тексту",
        "zh" => "跳到正文",
        _ => "Skip to the text",
    }
}

/// The canonical path of a page; `None` where there is none (search, not found).
pub(crate) fn canonical(page: &PageContext) -> Option<String> {
    if let Some(reading) = &page.reading {
        return Some(crate::public::reading::page_address(&reading.address, reading.shown.0));
    }
    match &page.address {
        Address::Item { link, part, .. } if *part > 1 => {
            Some(format!("{}/{part}{}", link.trim_end_matches('/'), page.site.trailing()))
        }
        Address::Item { link, .. } => Some(link.clone()),
        Address::List(List {
            shape: Shape::Search(_),
            ..
        }) => None,
        Address::List(list) => Some(links::of_page(&page.site, &list.first, list.page)),
        _ => None,
    }
}

/// The whole document; `about` are elements of the head that programs read.
pub(crate) fn document(app: &App, page: &PageContext, rendered: &RenderedPage, preview: &str, about: &str) -> String {
    let (language, direction) = language(page);
    let mut html = String::with_capacity(rendered.body.len() + 3000);
    html.push_str(&format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n",
        esc_attr(&language),
        document_title(page)
    ));
    head_of_page(&mut html, page, preview);
    html.push_str(about);
    head_of_site(&mut html, app, page, rendered.style.as_deref());
    if !rendered.css.is_empty() {
        // The renderer checks its CSS; still nothing may end the element early.
        let css = rendered.css.replace("</", "<\\/");
        html.push_str(&format!("<style>{css}</style>\n"));
    }
    let skip = match rendered.main.as_str() {
        "" => String::new(),
        main => format!(
            "<a class=\"g-skip\" href=\"#{}\">{}</a>",
            esc_attr(main),
            skip_words(&language)
        ),
    };
    html.push_str(&format!(
        "</head>\n<body class=\"{}\">\n{skip}\n{}\n</body>\n</html>\n",
        esc_attr(&rendered.classes),
        own_addresses(&rendered.body, &page.site.home)
    ));
    html
}

/// Links and images of the site itself that name its address in full become paths: the page works wherever it is served from,
/// and asks nobody else.
fn own_addresses(body: &str, home: &str) -> String {
    let Some((_, host)) = home.split_once("://").filter(|(_, host)| !host.is_empty()) else {
        return body.to_owned();
    };
    if !body.contains(host) {
        return body.to_owned();
    }
    let mut text = body.to_owned();
    for start in ["=\"", "='", "url(", ", "] {
        for scheme in ["https://", "http://", "//"] {
            let full = format!("{start}{scheme}{host}/");
            if start == ", " {
                // Only inside srcset does a comma come before an address that is asked for.
                text = text.replace(&format!("{full}wp-content/"), &format!("{start}/wp-content/"));
            } else {
                text = text.replace(&full, &format!("{start}/"));
            }
        }
    }
    text
}

/// The mark of the tab: written into the page, because a request costs more than its few bytes.
fn icon(app: &App) -> String {
    const SMALL: usize = 1000;
    const KEPT: &AsciiSet = &CONTROLS.add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'&');
    match app.assets.get("favicon.svg").filter(|svg| svg.len() <= SMALL) {
        Some(svg) => format!("data:image/svg+xml,{}", percent_encode(svg, KEPT)),
        None => app.assets.address("favicon.svg"),
    }
}

fn head_of_page(html: &mut String, page: &PageContext, preview: &str) {
    let description = excerpt_plain(preview, 200);
    if !description.is_empty() {
        html.push_str(&format!(
            "<meta name=\"description\" content=\"{}\">\n",
            esc_attr(&description)
        ));
    }
    let unpublished = |item: &gp_content::Item| !matches!(item.status.as_str(), "publish" | "inherit");
    let hidden = !page.site.public
        || matches!(&page.address, Address::Item { item, .. } if unpublished(item))
        || page.reading.as_ref().is_some_and(|reading| !reading.query.is_empty())
        || matches!(
            &page.address,
            Address::Missing
                | Address::List(List {
                    shape: Shape::Search(_),
                    ..
                })
        );
    if hidden {
        html.push_str("<meta name=\"robots\" content=\"noindex, follow\">\n");
    }
    if let Some(path) = canonical(page) {
        html.push_str(&format!(
            "<link rel=\"canonical\" href=\"{}{}\">\n",
            esc_attr(&page.base_url),
            esc_attr(&path)
        ));
    }
    if let Address::Item { item, .. } = &page.address
        && page.reading.is_none()
        && matches!(item.kind.as_str(), "post" | "page" | "attachment")
    {
        html.push_str(&format!(
            "<link rel=\"shortlink\" href=\"{}/?p={}\">\n",
            esc_attr(&page.base_url),
            item.id
        ));
    }
    if let Address::Item {
        item,
        link,
        sight: Sight::Full,
        ..
    } = &page.address
        && page.reading.is_none()
    {
        discovery_of_item(html, page, item, link);
    }
    if let Address::List(list) = &page.address {
        let link = |n: usize| esc_attr(&links::of_page(&page.site, &list.first, n));
        if list.page > 1 {
            html.push_str(&format!("<link rel=\"prev\" href=\"{}\">\n", link(list.page - 1)));
        }
        if list.page < page.listing.pages {
            html.push_str(&format!("<link rel=\"next\" href=\"{}\">\n", link(list.page + 1)));
        }
        if matches!(list.shape, Shape::Search(_)) {
            discovery_of_search(html, page, list);
        }
        if matches!(list.shape, Shape::Term(..) | Shape::Author(_)) {
            let feed = links::of_feed(&page.site, &list.first, FeedKind::Rss2);
            html.push_str(&feed_link(
                &feed,
                "application/rss+xml",
                &format!("{} – feed", crate::titles::list_title(page, list)),
            ));
        }
    }
}

/// The same search as a feed and as JSON.
fn discovery_of_search(html: &mut String, page: &PageContext, list: &List) {
    let title = crate::titles::list_title(page, list);
    let feed = links::of_feed(&page.site, &list.first, FeedKind::Atom);
    html.push_str(&feed_link(
        &feed,
        "application/atom+xml",
        &format!("{title} – Atom feed"),
    ));
    html.push_str(&feed_link(
        &list.sought.api_address(),
        "application/json",
        &format!("{title} – JSON"),
    ));
}

/// How other programs find the frame of an item, and its comments.
fn discovery_of_item(html: &mut String, page: &PageContext, item: &Item, link: &str) {
    let address = format!("{}{link}", page.base_url);
    let url = percent_encoding::utf8_percent_encode(&address, percent_encoding::NON_ALPHANUMERIC);
    for (mime, more) in [("application/json+oembed", ""), ("text/xml+oembed", "&amp;format=xml")] {
        html.push_str(&format!(
            "<link rel=\"alternate\" type=\"{mime}\" href=\"{}{}?url={url}{more}\">\n",
            esc_attr(&page.base_url),
            crate::public::oembed::PATH
        ));
    }
    if item.comment_count > 0 {
        let feed = links::of_feed(&page.site, link, FeedKind::Rss2);
        html.push_str(&feed_link(
            &feed,
            "application/rss+xml",
            &format!("{} – comments", text(&item.title)),
        ));
    }
}

fn head_of_site(html: &mut String, app: &App, page: &PageContext, style: Option<&str>) {
    let name = text(&page.site.name);
    let home_feed = links::of_feed(&page.site, "/", FeedKind::Rss2);
    html.push_str(&feed_link(&home_feed, "application/rss+xml", &format!("{name} – feed")));
    let atom = links::of_feed(&page.site, "/", FeedKind::Atom);
    html.push_str(&feed_link(
        &atom,
        "application/atom+xml",
        &format!("{name} – Atom feed"),
    ));
    html.push_str(&format!(
        "<link rel=\"https://api.w.org/\" href=\"{}{}\">\n",
        esc_attr(&page.base_url),
        esc_attr(links::of_api(&page.site))
    ));
    html.push_str(&format!(
        "<link rel=\"search\" type=\"application/opensearchdescription+xml\" title=\"{}\" href=\"/opensearch.xml\">\n",
        esc_attr(&name)
    ));
    html.push_str(&format!(
        "<link rel=\"icon\" href=\"{}\" type=\"image/svg+xml\">\n",
        icon(app)
    ));
    match style {
        None => head_of_builtin(html, app),
        Some("") => {}
        Some(address) => html.push_str(&format!("<link rel=\"stylesheet\" href=\"{}\">\n", esc_attr(address))),
    }
}

/// Fonts and style of the built-in theme.
fn head_of_builtin(html: &mut String, app: &App) {
    for font in ["fonts/gpsans-basic.woff2", "fonts/literata-basic.woff2"] {
        if app.assets.get(font).is_some() {
            let address = app.assets.address(font);
            html.push_str(&format!(
                "<link rel=\"preload\" href=\"{address}\" as=\"font\" type=\"font/woff2\" crossorigin>\n"
            ));
        }
    }
    html.push_str(&format!(
        "<link rel=\"stylesheet\" href=\"{}\">\n",
        app.assets.address("style.css")
    ));
}

fn feed_link(path: &str, mime: &str, title: &str) -> String {
    format!(
        "<link rel=\"alternate\" type=\"{mime}\" title=\"{}\" href=\"{}\">\n",
        esc_attr(title),
        esc_attr(path)
    )
}
