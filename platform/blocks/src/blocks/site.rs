//! Blocks that speak of the site: its name, logo, search and parts of the template.

use gp_content::address::{Address, Shape};
use gp_markup::block::Block;

use super::{flag, media, number, text};
use crate::{
    html,
    render::{At, Render},
    supports::wrapper,
};

/// Elements that a template part may be.
const PART_ELEMENTS: &[&str] = &["header", "footer", "main", "section", "article", "aside", "div", "nav"];

pub(super) fn template_part<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let slug = text(block, "slug");
    if block.inner_blocks.is_empty() {
        if !slug.is_empty() {
            r.notice(format!("the template part {slug} is empty or not there"));
        }
        return String::new();
    }
    let area = Some(text(block, "area"))
        .filter(|a| !a.is_empty())
        .or_else(|| r.theme.json.area(slug))
        .unwrap_or_default();
    let element = match (text(block, "tagName"), area) {
        (name, _) if PART_ELEMENTS.contains(&name) => name,
        (_, "header") => "header",
        (_, "footer") => "footer",
        _ => "div",
    };
    let inner = r.blocks(&block.inner_blocks, at);
    format!("<{element}{}>{inner}</{element}>", wrapper(block, ""))
}

fn is_home(r: &Render<'_>) -> bool {
    match &r.page.address {
        Address::List(list) => matches!(list.shape, Shape::Front) && list.page == 1,
        Address::Item { item, .. } => Some(item.id) == r.page.site.front_page,
        _ => false,
    }
}

pub(super) fn title(r: &mut Render<'_>, block: &Block) -> String {
    let name = html::stored(&r.page.site.name);
    if name.is_empty() {
        return String::new();
    }
    let current = if is_home(r) { " aria-current=\"page\"" } else { "" };
    let inner = if flag(block, "isLink", true) {
        format!("<a href=\"/\" rel=\"home\"{current}>{name}</a>")
    } else {
        name
    };
    let element = match block.attrs.get("level").and_then(serde_json::Value::as_u64) {
        Some(level @ 1..=6) => format!("h{level}"),
        Some(0) => "p".to_owned(),
        _ => "p".to_owned(),
    };
    format!("<{element}{}>{inner}</{element}>", wrapper(block, ""))
}

pub(super) fn tagline(r: &mut Render<'_>, block: &Block) -> String {
    let words = html::stored(&r.page.site.description);
    let element = match number(block, "level", 0) {
        level @ 1..=6 => format!("h{level}"),
        _ => "p".to_owned(),
    };
    if words.is_empty() {
        words
    } else {
        format!("<{element}{}>{words}</{element}>", wrapper(block, ""))
    }
}

pub(super) fn logo(r: &mut Render<'_>, block: &Block) -> String {
    let media = r.page.site.logo.and_then(|id| r.data.media.get(&id));
    let Some(picture) = media.and_then(|m| media::img(m, r.data, "custom-logo", false)) else {
        return String::new();
    };
    let width = number(block, "width", 120).clamp(16, 2000);
    let picture = html::Tag::find(&picture, 0).map_or(picture.clone(), |tag| {
        let (w, h) = (tag.value("width"), tag.value("height"));
        let ratio = w
            .and_then(|w| w.parse::<usize>().ok())
            .zip(h.and_then(|h| h.parse::<usize>().ok()));
        let height = ratio.filter(|(w, _)| *w > 0).map_or(width, |(w, h)| h * width / w);
        let narrow = tag.set("width", &width.to_string());
        html::Tag::find(&narrow, 0).map_or(narrow.clone(), |tag| tag.set("height", &height.to_string()))
    });
    // Without the name beside it the picture is all that tells where the link leads.
    let label = html::stored(&r.page.site.name);
    let inner = if flag(block, "isLink", true) {
        format!("<a href=\"/\" class=\"custom-logo-link\" rel=\"home\" aria-label=\"{label}\">{picture}</a>")
    } else {
        picture
    };
    format!("<div{}>{inner}</div>", wrapper(block, ""))
}

pub(super) fn search(r: &mut Render<'_>, block: &Block) -> String {
    let id = format!("wp-block-search__input-{}", r.number());
    let asked = match &r.page.address {
        Address::List(list) => match &list.shape {
            Shape::Search(words) => html::attr(words),
            _ => String::new(),
        },
        _ => String::new(),
    };
    let label = if text(block, "label").is_empty() {
        "Search".to_owned()
    } else {
        html::title(text(block, "label"))
    };
    let button = if text(block, "buttonText").is_empty() {
        "Search".to_owned()
    } else {
        html::title(text(block, "buttonText"))
    };
    let position = if text(block, "buttonPosition").is_empty() {
        "button-outside"
    } else {
        text(block, "buttonPosition")
    };
    let icon = flag(block, "buttonUseIcon", false);
    let hidden = if flag(block, "showLabel", true) {
        ""
    } else {
        " screen-reader-text"
    };
    let submit = if position == "no-button" {
        String::new()
    } else if icon {
        format!(
            "<button aria-label=\"{}\" class=\"wp-block-search__button has-icon wp-element-button\" type=\"submit\">{ICON}</button>",
            html::attr(&gp_markup::text::plain_text(&button))
        )
    } else {
        format!(
            "<button aria-label=\"{}\" class=\"wp-block-search__button wp-element-button\" type=\"submit\">{button}</button>",
            html::attr(&gp_markup::text::plain_text(&button))
        )
    };
    let kind = if icon { "icon-button" } else { "text-button" };
    let extra = format!("wp-block-search__{position} wp-block-search__{kind}");
    format!(
        "<form role=\"search\" method=\"get\" action=\"/\"{}><label class=\"wp-block-search__label{hidden}\" for=\"{id}\">{label}</label>\
         <div class=\"wp-block-search__inside-wrapper\"><input class=\"wp-block-search__input\" id=\"{id}\" placeholder=\"{}\" value=\"{asked}\" \
         type=\"search\" name=\"s\" required>{submit}</div></form>",
        wrapper(block, &extra),
        html::attr(text(block, "placeholder"))
    )
}

/// A magnifying glass, drawn here.
const ICON: &str = "<svg viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" aria-hidden=\"true\" focusable=\"false\" fill=\"none\" \
    stroke=\"currentColor\" stroke-width=\"2\"><circle cx=\"10\" cy=\"10\" r=\"6\"/><path d=\"m15 15 6 6\"/></svg>";

pub(super) fn loginout(r: &mut Render<'_>, block: &Block) -> String {
    let inside = !r.page.scope.actor().is_anonymous();
    let (class, action, words) = if inside {
        ("logged-in", "action=logout", "Log out")
    } else {
        ("logged-out", "", "Log in")
    };
    let back = match flag(block, "redirectToCurrent", true) {
        true => format!(
            "redirect_to={}",
            percent_encoding::utf8_percent_encode(&current(r), REDIRECT)
        ),
        false => String::new(),
    };
    let pairs: Vec<&str> = [action, &back].into_iter().filter(|pair| !pair.is_empty()).collect();
    let query = match pairs.is_empty() {
        true => String::new(),
        false => format!("?{}", pairs.join("&amp;")),
    };
    format!(
        "<div{}><a href=\"/wp-login.php{query}\">{words}</a></div>",
        wrapper(block, class)
    )
}

/// What a parameter is written without escapes of.
const REDIRECT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.');

/// The address of this page as a browser shows it, without the parameters that mean nothing here.
fn current(r: &Render<'_>) -> String {
    let base = match r.page.site.home.as_str() {
        "" => r.page.base_url.as_str(),
        home => home,
    };
    let path = match (r.page.request.path.as_str(), &r.page.address) {
        ("", Address::Item { link, .. }) => link,
        (path, _) => path,
    };
    let pairs = super::loops::meant(r).collect::<Vec<_>>();
    let query = match pairs.is_empty() {
        true => String::new(),
        false => format!("?{}", pairs.join("&")),
    };
    format!("{base}{path}{query}")
}

pub(super) fn social_links<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    if block.inner_content.len() > 1 {
        return r.saved(block, at);
    }
    let inner = r.blocks(&block.inner_blocks, at);
    let layout = r.layout(block);
    if inner.is_empty() {
        inner
    } else {
        format!("<ul{}>{inner}</ul>", wrapper(block, &layout))
    }
}

/// A link with the service's name: the pictures of services are their own marks.
pub(super) fn social_link(block: &Block) -> String {
    let (service, address) = (text(block, "service"), text(block, "url"));
    let address = if address.contains('@') && !address.contains(':') {
        format!("mailto:{address}")
    } else {
        address.to_owned()
    };
    let address = html::url(&address);
    if address.is_empty() {
        return String::new();
    }
    let name = match service {
        "" => "Link".to_owned(),
        "x" => "X".to_owned(),
        "mail" => "Mail".to_owned(),
        "feed" => "RSS feed".to_owned(),
        "linkedin" => "LinkedIn".to_owned(),
        "youtube" => "YouTube".to_owned(),
        "github" => "GitHub".to_owned(),
        other => {
            let mut letters = other.chars();
            letters
                .next()
                .map(|c| c.to_uppercase().collect::<String>() + letters.as_str())
                .unwrap_or_default()
        }
    };
    let label = if text(block, "label").is_empty() {
        html::esc(&name)
    } else {
        html::title(text(block, "label"))
    };
    format!(
        "<li{}><a href=\"{}\" class=\"wp-block-social-link-anchor\" rel=\"noopener noreferrer\"><span class=\"wp-block-social-link-label\">{label}</span></a></li>",
        wrapper(block, &format!("wp-social-link wp-social-link-{service}")),
        address
    )
}
