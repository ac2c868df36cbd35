//! `guidepost/results`: what a search found, or what an archive holds, with pages and feeds.

use gp_blocks::{Place, html};
use gp_content::address::{Address, FeedKind, List, Shape, links};
use gp_kernel::Result;
use gp_markup::block::Block;

use super::{
    cards::{self, Card, without_needless_dots},
    desk::{Desk, lang_unless},
    lost,
    search_form::Asked,
    word,
};
use crate::words::{Noun, Words};

pub(super) async fn html(desk: &mut Desk<'_>, block: &Block) -> Result<String> {
    let Address::List(list) = &desk.page.address else {
        return Ok(String::new());
    };
    if word(block, "part") == "tell" {
        return Ok(tell(desk, list));
    }
    let asked = Asked::of(desk);
    let cards = cards::load(desk, desk.page.listing.items.clone()).await?;
    let rows: String = cards.iter().map(|card| row(desk, card)).collect();
    let body = if rows.is_empty() && matches!(list.shape, Shape::Search(_)) {
        lost::html(desk, list).await?
    } else if rows.is_empty() {
        nothing(desk)
    } else {
        format!("<ol class=\"g-hits\">{rows}</ol>")
    };
    Ok(format!(
        "<section class=\"g-find-first{}\" aria-labelledby=\"res\"><div class=\"g-bar\"><h1 id=\"res\">{}</h1>{}</div>{}{}{body}{}{}</section>",
        if matches!(list.shape, Shape::Search(_)) {
            ""
        } else {
            " g-list"
        },
        heading(desk, list),
        order(desk, list, &asked),
        description(desk, list),
        chips(desk, list, &asked),
        pages(desk, list, &asked),
        keep(desk, list, &asked),
    ))
}

fn heading(desk: &Desk<'_>, list: &List) -> String {
    let words = desk.words;
    let total = desk.page.listing.total;
    let name = match &list.shape {
        Shape::Search(said) if said.trim().is_empty() => words.say("All of the library").to_owned(),
        Shape::Search(_) => return words.counted(total, Noun::Result),
        Shape::Term(term, _) => html::stored(&term.name),
        Shape::Author(user) => html::esc(&user.display_name),
        Shape::Date(date) => words.date(date),
        Shape::Posts(item) => html::title(&item.title),
        Shape::Front => words.say("All resources").to_owned(),
        Shape::Kind(kind) => {
            let plural = desk.page.types.get(kind).map_or("", |t| t.plural);
            return format!(
                "{} <span class=\"g-count\">{}</span>",
                html::esc(words.say(plural)),
                words.figures(&total.to_string())
            );
        }
    };
    let noun = if matches!(list.shape, Shape::Search(_)) {
        Noun::Result
    } else {
        Noun::Resource
    };
    format!(
        "<bdi class=\"g-long\">{name}</bdi> <span class=\"g-count\">{}</span>",
        words.counted(total, noun)
    )
}

fn description(desk: &Desk<'_>, list: &List) -> String {
    match &list.shape {
        Shape::Term(term, _) if !term.description.trim().is_empty() && list.page == 1 => {
            format!(
                "<p class=\"g-about\" dir=\"auto\">{}</p>",
                html::esc(&gp_markup::text::plain_text(&term.description))
            )
        }
        Shape::Author(_) => format!("<p class=\"g-about\">{}</p>", desk.words.say("Entries by this person")),
        _ => String::new(),
    }
}

/// What was corrected, and which other words were looked for.
fn tell(desk: &Desk<'_>, list: &List) -> String {
    let Shape::Search(said) = &list.shape else {
        return String::new();
    };
    let (words, listing) = (desk.words, &desk.page.listing);
    let mut rows = String::new();
    if let Some(suggestion) = listing.suggestion.as_deref().filter(|s| !s.is_empty() && s != said) {
        let address = Asked {
            words: suggestion.to_owned(),
            ..Asked::of(desk)
        }
        .with("paged", "");
        let link = html::link(&address, &format!("<strong>{}</strong>", html::esc(suggestion)));
        rows.push_str(&format!("<p>{}</p>", words.fill("Did you mean {}?", &link)));
    }
    if !listing.also.is_empty() {
        let also: Vec<String> = listing
            .also
            .iter()
            .map(|w| format!("<bdi>{}</bdi>", html::esc(w)))
            .collect();
        rows.push_str(&format!(
            "<p class=\"g-2\">{}</p>",
            words.fill("Also looked for: {}", &also.join(", "))
        ));
    }
    if rows.is_empty() {
        rows
    } else {
        format!("<div class=\"g-tell\">{rows}</div>")
    }
}

fn order(desk: &Desk<'_>, list: &List, asked: &Asked) -> String {
    if !matches!(list.shape, Shape::Search(_)) || desk.page.listing.total < 2 {
        return String::new();
    }
    let words = desk.words;
    let links: String = [("", "Best match"), ("newest", "Newest"), ("oldest", "Oldest")]
        .iter()
        .map(|(value, name)| {
            let here = if asked.value("sort") == *value {
                " aria-current=\"true\""
            } else {
                ""
            };
            format!(
                "<a href=\"{}\"{here}{}>{}</a>",
                html::url(&asked.with("sort", value)),
                asked.rel(),
                words.say(name)
            )
        })
        .collect();
    format!(
        "<nav class=\"g-tabs\" aria-label=\"{}\">{links}</nav>",
        words.say("Order")
    )
}

/// What the list is narrowed to, each with a way to take it back.
fn chips(desk: &Desk<'_>, list: &List, asked: &Asked) -> String {
    let words = desk.words;
    let narrowed = asked
        .parameters
        .iter()
        .filter(|(name, _)| name != "sort" && name != "paged");
    let chosen: Vec<String> = narrowed
        .map(|(name, value)| {
            format!(
                "<a class=\"g-chip\" href=\"{}\"><span class=\"g-vh\">{} </span>{}</a>",
                html::url(&asked.with(name, "")),
                words.say("Remove"),
                html::esc(&human(desk, name, value))
            )
        })
        .collect();
    let clear = match chosen.len() {
        0 | 1 => String::new(),
        _ => html::link(&asked.wide(), words.say("Clear all")),
    };
    let jump = match &list.shape {
        Shape::Search(_) if desk.page.listing.total > 0 => words.say("Narrow further"),
        Shape::Search(_) => "",
        _ => words.say("Other lists"),
    };
    let jump = match jump {
        "" => String::new(),
        name => format!("<a class=\"g-only-s\" href=\"#narrow\">{name}</a>"),
    };
    match (chosen.is_empty(), jump.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!("<p class=\"g-chips g-only-s\">{jump}</p>"),
        _ => format!(
            "<p class=\"g-chips\"><span class=\"g-2\">{}</span>{}{clear}{jump}</p>",
            words.say("Shown only"),
            chosen.concat()
        ),
    }
}

/// A value of the address as a reader says it, or several: `law,police` is either, `law+police` both, `-law` not.
pub(super) fn human(desk: &Desk<'_>, name: &str, value: &str) -> String {
    let one = |part: &str| {
        let (sign, part) = part.strip_prefix('-').map_or(("", part), |rest| ("− ", rest));
        let either: Vec<String> = part.split(',').map(|value| human_one(desk, value)).collect();
        format!("{sign}{}", either.join(", "))
    };
    match name {
        // Names of types have blanks.
        "type" => one(value),
        _ => value.split_whitespace().map(one).collect::<Vec<_>>().join(" + "),
    }
}

/// One value: `business-and-supply-chains` is said in words, `resources` with a capital.
fn human_one(desk: &Desk<'_>, value: &str) -> String {
    let kind = desk
        .page
        .types
        .public()
        .find(|t| t.plural.eq_ignore_ascii_case(value) || t.singular.eq_ignore_ascii_case(value));
    if let Some(kind) = kind {
        return desk.words.say(kind.plural).to_owned();
    }
    if crate::words::is_language(value) {
        return crate::words::own_name(value);
    }
    let words = value.replace('-', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn row(desk: &Desk<'_>, card: &Card) -> String {
    let words = desk.words;
    let lang = lang_unless(&card.lang, words.lang);
    let places = desk.page.listing.places.get(&card.item.id).filter(|_| !card.locked);
    // Passages come from the index as text with marks; nothing else passes.
    let passage = desk.page.listing.passages.get(&card.item.id);
    let passage = passage.filter(|p| !p.trim().is_empty() && !card.locked);
    let text = match (places, passage) {
        (Some(places), _) if !places.is_empty() => passages(places, asked(desk), words),
        (_, Some(passage)) => format!("<p class=\"g-passage\"{lang}>{}</p>", marks_only(passage)),
        _ => match card.excerpt(240) {
            text if text.is_empty() => String::new(),
            text => format!("<p class=\"g-first\"{lang}>{}</p>", html::esc(&text)),
        },
    };
    format!(
        "<li class=\"g-hit\">{}<h2>{}</h2>{}{text}</li>",
        card.kinds(desk, words),
        card.title_link(words.lang),
        card.facts(words)
    )
}

/// What was looked for.
fn asked<'a>(desk: &'a Desk<'_>) -> &'a str {
    match &desk.page.address {
        Address::List(List {
            shape: Shape::Search(words),
            ..
        }) => words,
        _ => "",
    }
}

/// The way to a place; where words are marked here, they are marked there.
fn way(place: &Place, asked: &str) -> String {
    match place.url.split_once('#') {
        Some((page, at)) if place.html.contains("<mark>") && !asked.trim().is_empty() => {
            let words = percent_encoding::utf8_percent_encode(asked.trim(), percent_encoding::NON_ALPHANUMERIC);
            html::url(&format!("{page}?find={words}#{at}"))
        }
        _ => html::url(&place.url),
    }
}

/// The best places in the files of a result, each a way into the text.
fn passages(places: &[Place], asked: &str, words: &Words) -> String {
    let rows: String = places
        .iter()
        .map(|place| {
            let page = match place.page {
                0 => String::new(),
                page => words.fill("Page {}", &words.figures(&page.to_string())),
            };
            let paragraph = match place.paragraph.as_str() {
                "" => String::new(),
                number => format!("<br>{}", words.fill("para. {}", &html::esc(number))),
            };
            let lang = lang_unless(&place.lang, words.lang);
            format!(
                "<li><a href=\"{}\" rel=\"nofollow\"><b>{page}{paragraph}</b><q{lang}>{}</q></a></li>",
                way(place, asked),
                marks_only(&place.html)
            )
        })
        .collect();
    format!(
        "<ol class=\"g-pass\" aria-label=\"{}\">{rows}</ol>",
        html::attr(words.say("Passages"))
    )
}

/// Lets `<mark>` through and escapes every other tag. After a full stop nothing needs to be left out.
fn marks_only(passage: &str) -> String {
    let safe = without_needless_dots(passage).replace('<', "&lt;").replace('>', "&gt;");
    safe.replace("&lt;mark&gt;", "<mark>")
        .replace("&lt;/mark&gt;", "</mark>")
}

/// A list, not of a search, that has nothing.
fn nothing(desk: &Desk<'_>) -> String {
    let words = desk.words;
    let ways: String = [("/?s=", "All of the library"), ("/", "Home")]
        .map(|(href, name)| format!("<li>{}</li>", html::link(href, words.say(name))))
        .concat();
    format!(
        "<div class=\"g-empty\"><p>{}</p><ul class=\"g-ways\">{ways}</ul></div>",
        words.say("There is nothing here yet.")
    )
}

/// Links to the pages of a list: first, last, and those around this one.
fn pages(desk: &Desk<'_>, list: &List, asked: &Asked) -> String {
    let last = desk.page.listing.pages;
    if last < 2 {
        return String::new();
    }
    let words = desk.words;
    let link = |n: usize| html::url(&links::of_page(&desk.page.site, &list.first, n));
    let deep = if asked.rel().is_empty() { "" } else { " nofollow" };
    let mut out = String::new();
    if list.page > 1 {
        out.push_str(&format!(
            "<a href=\"{}\" rel=\"prev{deep}\">{}</a>",
            link(list.page - 1),
            words.say("Previous")
        ));
    }
    let mut before = 0;
    for n in (1..=last).filter(|n| *n == 1 || *n == last || n.abs_diff(list.page) <= 2) {
        if n > before + 1 {
            out.push_str("<span aria-hidden=\"true\">…</span>");
        }
        let here = if n == list.page { " aria-current=\"page\"" } else { "" };
        let shown = words.figures(&n.to_string());
        out.push_str(&format!(
            "<a href=\"{}\"{here}{}><span class=\"g-vh\">{} </span>{shown}</a>",
            link(n),
            asked.rel(),
            words.say("Page")
        ));
        before = n;
    }
    if list.page < last {
        out.push_str(&format!(
            "<a href=\"{}\" rel=\"next{deep}\">{}</a>",
            link(list.page + 1),
            words.say("Next")
        ));
    }
    format!(
        "<nav class=\"g-pages\" aria-label=\"{}\">{out}</nav>",
        words.say("Pages of results")
    )
}

/// How to keep a list without an account.
fn keep(desk: &Desk<'_>, list: &List, asked: &Asked) -> String {
    let feed = html::url(&links::of_feed(&desk.page.site, &list.first, FeedKind::Atom));
    let words = desk.words;
    let promise = match &list.shape {
        Shape::Search(_) => words.say("Nobody keeps a record of who searched."),
        _ => "",
    };
    format!(
        "<p class=\"g-note g-keep\">{} <a href=\"{feed}\"{}>{}</a>. {promise}</p>",
        words.say("Keep this list:"),
        asked.rel(),
        words.say("Atom feed")
    )
}

#[cfg(test)]
mod tests {
    use super::marks_only;

    #[test]
    fn a_passage_brings_marks_and_nothing_else() {
        let passage = "a <mark>b</mark> <img src=x onerror=1> <mark class=x>c &lt;i&gt;";
        assert_eq!(
            marks_only(passage),
            "a <mark>b</mark> &lt;img src=x onerror=1&gt; &lt;mark class=x&gt;c &lt;i&gt;"
        );
    }
}
