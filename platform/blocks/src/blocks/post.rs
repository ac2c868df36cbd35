//! Blocks that speak of one item: its title, content, date, people, terms.

use gp_content::{Item, address::links};
use gp_markup::block::Block;
use serde_json::Value;

use super::{flag, media, number, people, text};
use crate::{
    content, dates, html,
    page::Password,
    render::{At, Render},
    supports::wrapper,
};

/// A title with what WordPress puts before those that not everybody may read.
pub(super) fn title_of(item: &Item) -> String {
    let title = html::title(&item.title);
    match (item.password.is_empty(), item.status.as_str()) {
        (false, _) => format!("Protected: {title}"),
        (true, "private") => format!("Private: {title}"),
        _ => title,
    }
}

pub(super) fn title<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item else { return String::new() };
    let title = title_of(item);
    if title.is_empty() {
        return String::new();
    }
    let inner = if flag(block, "isLink", false) {
        html::link(&r.link(item), &title)
    } else {
        title
    };
    let name = match number(block, "level", 2) {
        0 => "p".to_owned(),
        level => format!("h{}", level.min(6)),
    };
    format!("<{name}{}>{inner}</{name}>", wrapper(block, ""))
}

/// The form for the password of an item, in place of everything but its title. It is sent to the item's own address and opens
/// that one answer: no cookie remembers it.
pub(super) fn password_form(r: &mut Render<'_>, item: &Item) -> String {
    let (id, action) = (format!("pwbox-{}", item.id), html::attr(&r.link(item)));
    let wrong = match r.page.password {
        Password::Wrong => {
            "<p class=\"g-note g-note--stop\" role=\"alert\">This is not the password. Please try again.</p>"
        }
        _ => "",
    };
    format!(
        "<form action=\"{action}\" class=\"post-password-form\" method=\"post\">{wrong}\
         <p>This content is password-protected. To view it, please enter the password below.</p>\
         <p><label for=\"{id}\">Password:</label> \
         <input name=\"post_password\" id=\"{id}\" type=\"password\" spellcheck=\"false\" autocomplete=\"off\" required> \
         <button type=\"submit\" class=\"wp-element-button\">Enter</button></p></form>"
    )
}

pub(super) fn content<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item else { return String::new() };
    let inner = if r.locked(item) {
        password_form(r, item)
    } else {
        let content = r.content(item, at.depth);
        media::attachment(r, item) + &content + &parts(r, item)
    };
    if inner.trim().is_empty() {
        return String::new();
    }
    let layout = r.layout(block);
    let extra = format!("entry-content {layout}");
    let name = match text(block, "tagName") {
        name @ ("main" | "section" | "article") => name,
        _ => "div",
    };
    format!("<{name}{}>{inner}</{name}>", wrapper(block, &extra))
}

/// The address of a part of the item at `link`.
pub(super) fn part_address(r: &Render<'_>, link: &str, n: usize) -> String {
    match n {
        0 | 1 => link.to_owned(),
        n if link.contains('?') => format!("{link}&page={n}"),
        n => format!("{}/{n}{}", link.trim_end_matches('/'), r.page.site.trailing()),
    }
}

/// Links to the parts of a content with page breaks.
fn parts(r: &Render<'_>, item: &Item) -> String {
    let gp_content::address::Address::Item {
        item: main, part, link, ..
    } = &r.page.address
    else {
        return String::new();
    };
    let count = if main.id == item.id {
        content::parts(item).len()
    } else {
        1
    };
    if count < 2 {
        return String::new();
    }
    let current = (*part).clamp(1, count);
    let links: Vec<String> = (1..=count)
        .map(|n| match n {
            n if n == current => format!("<span class=\"post-page-numbers current\" aria-current=\"page\">{n}</span>"),
            1 => format!("<a class=\"post-page-numbers\" href=\"{}\">1</a>", html::url(link)),
            n => format!(
                "<a class=\"post-page-numbers\" href=\"{}\">{n}</a>",
                html::url(&part_address(r, link, n))
            ),
        })
        .collect();
    format!("<p class=\"post-nav-links\">Pages: {}</p>", links.join(" "))
}

pub(super) fn excerpt<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item else { return String::new() };
    let words = if r.locked(item) {
        "There is no excerpt because this is a protected post.".to_owned()
    } else {
        content::excerpt_words(item, number(block, "excerptLength", 55).clamp(1, 200))
    };
    let more = text(block, "moreText");
    let more = if more.is_empty() {
        String::new()
    } else {
        format!(
            "<a class=\"wp-block-post-excerpt__more-link\" href=\"{}\">{}</a>",
            html::url(&r.link(item)),
            html::title(more)
        )
    };
    let inner = match (more.is_empty(), flag(block, "showMoreOnNewLine", true)) {
        (true, _) => format!("<p class=\"wp-block-post-excerpt__excerpt\">{words}</p>"),
        (false, true) => format!(
            "<p class=\"wp-block-post-excerpt__excerpt\">{words}</p><p class=\"wp-block-post-excerpt__more-text\">{more}</p>"
        ),
        (false, false) => format!("<p class=\"wp-block-post-excerpt__excerpt\">{words} {more}</p>"),
    };
    format!("<div{}>{inner}</div>", wrapper(block, ""))
}

pub(super) fn date<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    // WordPress binds the date as it binds other fields: not for an item with a password that was not given.
    let Some(item) = at.item.filter(|i| !r.locked(i)) else {
        return String::new();
    };
    let args = block
        .attrs
        .get("metadata")
        .and_then(|m| m.pointer("/bindings/datetime/args"));
    let field = args.and_then(|a| a.get("field").or_else(|| a.get("key"))?.as_str());
    let modified = text(block, "displayType") == "modified" || field == Some("modified");
    // A date of change is shown only where there was one.
    if modified && item.modified <= item.date {
        return String::new();
    }
    let date = if modified { &item.modified } else { &item.date };
    let letters = if text(block, "format").is_empty() {
        &r.page.site.date_format
    } else {
        text(block, "format")
    };
    let shown = dates::format(date, letters, &r.page.site.zone);
    if shown.is_empty() {
        return String::new();
    }
    let time = format!(
        "<time datetime=\"{}\">{}</time>",
        dates::machine(date, &r.page.site.zone),
        html::esc(&shown)
    );
    let inner = if flag(block, "isLink", false) {
        html::link(&r.link(item), &time)
    } else {
        time
    };
    let extra = if modified {
        "wp-block-post-date__modified-date"
    } else {
        ""
    };
    format!("<div{}>{inner}</div>", wrapper(block, extra))
}

pub(super) fn terms<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let (Some(item), taxonomy) = (at.item, text(block, "term")) else {
        return String::new();
    };
    if !r.page.types.taxonomy(taxonomy).is_some_and(|t| t.public) {
        return String::new();
    }
    let all = r.data.taxonomies.get(taxonomy).map(Vec::as_slice).unwrap_or_default();
    let own = r.data.terms.get(&item.id).map(Vec::as_slice).unwrap_or_default();
    let shown: Vec<String> = own
        .iter()
        .filter(|t| t.taxonomy == taxonomy)
        .map(|t| {
            let address = links::of_term(&r.page.site, &r.page.types, t, all);
            format!(
                "<a href=\"{}\" rel=\"tag\">{}</a>",
                html::url(&address),
                html::stored(&t.name)
            )
        })
        .collect();
    if shown.is_empty() {
        return String::new();
    }
    let around = |key: &str| match text(block, key) {
        "" => String::new(),
        words => format!(
            "<span class=\"wp-block-post-terms__{key}\">{}</span>",
            html::title(words)
        ),
    };
    let separator = if block.attrs.contains_key("separator") {
        text(block, "separator")
    } else {
        ", "
    };
    let separator = format!(
        "<span class=\"wp-block-post-terms__separator\">{}</span>",
        html::esc(separator)
    );
    let inner = format!("{}{}{}", around("prefix"), shown.join(&separator), around("suffix"));
    format!("<div{}>{inner}</div>", wrapper(block, &format!("taxonomy-{taxonomy}")))
}

fn name_of(r: &Render<'_>, item: &Item, linked: bool) -> Option<String> {
    let user = r.data.users.get(&item.author)?;
    let name = html::esc(&user.display_name);
    Some(if linked {
        let address = links::of_author(&r.page.site, user);
        format!(
            "<a href=\"{}\" class=\"wp-block-post-author-name__link\">{name}</a>",
            html::url(&address)
        )
    } else {
        name
    })
}

pub(super) fn author_name<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let name = at.item.and_then(|item| name_of(r, item, flag(block, "isLink", false)));
    name.map(|name| format!("<div{}>{name}</div>", wrapper(block, "")))
        .unwrap_or_default()
}

pub(super) fn author<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(name) = at.item.and_then(|item| name_of(r, item, flag(block, "isLink", false))) else {
        return String::new();
    };
    let byline = match text(block, "byline") {
        "" => String::new(),
        words => format!("<p class=\"wp-block-post-author__byline\">{}</p>", html::title(words)),
    };
    let person = at.item.map(|item| item.author);
    let size = number(block, "avatarSize", 48).clamp(1, 1000);
    let picture = person
        .filter(|_| flag(block, "showAvatar", true))
        .and_then(|id| people::picture(r, id, size, ("", ""), ""))
        .map_or_else(String::new, |img| {
            format!("<div class=\"wp-block-post-author__avatar\">{img}</div>")
        });
    let words = person.and_then(|id| Some(r.data.people.get(&id)?.biography.as_str()));
    let words = match words.filter(|words| flag(block, "showBio", false) && !words.is_empty()) {
        Some(words) => format!("<p class=\"wp-block-post-author__bio\">{words}</p>"),
        None => String::new(),
    };
    format!(
        "<div{}>{picture}<div class=\"wp-block-post-author__content\">{byline}\
         <p class=\"wp-block-post-author__name\">{name}</p>{words}</div></div>",
        wrapper(block, "")
    )
}

pub(super) fn neighbour<'a>(r: &mut Render<'a>, block: &'a Block, _at: At<'a>) -> String {
    let previous = text(block, "type") == "previous";
    let (before, after) = &r.data.neighbours;
    let Some(item) = (if previous { before } else { after }) else {
        return String::new();
    };
    let (kind, rel, word) = if previous {
        ("previous", "prev", "Previous")
    } else {
        ("next", "next", "Next")
    };
    let label = if text(block, "label").is_empty() {
        word.to_owned()
    } else {
        html::title(text(block, "label"))
    };
    let title = title_of(item);
    let address = html::url(&r.link(item));
    let inner = match (flag(block, "showTitle", false), flag(block, "linkLabel", false)) {
        (false, _) => format!("<a href=\"{address}\" rel=\"{rel}\">{label}</a>"),
        (true, true) => format!(
            "<a href=\"{address}\" rel=\"{rel}\"><span class=\"post-navigation-link__label\">{label}</span> \
             <span class=\"post-navigation-link__title\">{title}</span></a>"
        ),
        (true, false) => format!(
            "<span class=\"post-navigation-link__label\">{label}</span> \
             <span class=\"post-navigation-link__title\"><a href=\"{address}\" rel=\"{rel}\">{title}</a></span>"
        ),
    };
    let arrow = arrow(text(block, "arrow"), kind);
    let inner = if previous { arrow + &inner } else { inner + &arrow };
    format!(
        "<div{}>{inner}</div>",
        wrapper(block, &format!("post-navigation-link-{kind}"))
    )
}

/// The sign beside a link to a neighbour.
fn arrow(kind: &str, way: &str) -> String {
    let sign = match (kind, way) {
        ("arrow", "next") => "→",
        ("arrow", _) => "←",
        ("chevron", "next") => "»",
        ("chevron", _) => "«",
        _ => return String::new(),
    };
    format!(
        "<span class=\"wp-block-post-navigation-link__arrow-{way} is-arrow-{kind}\" aria-hidden=\"true\">{sign}</span>"
    )
}

pub(super) fn read_more<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item else { return String::new() };
    let words = if text(block, "content").is_empty() {
        "Read more".to_owned()
    } else {
        html::title(text(block, "content"))
    };
    let title = html::for_screen_readers(&format!(": {}", gp_markup::text::plain_text(&title_of(item))));
    format!(
        "<a{} href=\"{}\">{words}{title}</a>",
        wrapper(block, ""),
        html::url(&r.link(item))
    )
}

/// Footnotes are kept beside the content, as JSON.
pub(super) fn footnotes<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item.filter(|i| !r.locked(i)) else {
        return String::new();
    };
    let stored = r
        .data
        .meta
        .get(&item.id.0)
        .map(|m| m.text("footnotes"))
        .unwrap_or_default();
    let Ok(Value::Array(notes)) = serde_json::from_str(&stored) else {
        return String::new();
    };
    let field = |note: &Value, key: &str| note.get(key).and_then(Value::as_str).map(str::to_owned);
    let shown: String = notes
        .iter()
        .filter_map(|note| Some((field(note, "id")?, field(note, "content")?)))
        .enumerate()
        .map(|(n, (id, words))| {
            let id = html::attr(&id);
            let label = format!("Jump to footnote reference {}", n + 1);
            format!("<li id=\"{id}\">{words} <a href=\"#{id}-link\" aria-label=\"{label}\">\u{21a9}\u{fe0e}</a></li>")
        })
        .collect();
    if shown.is_empty() {
        shown
    } else {
        format!("<ol{}>{shown}</ol>", wrapper(block, ""))
    }
}
