//! A search that found nothing: which condition takes everything away, labels and topics that are near, and where people help.

use gp_blocks::html;
use gp_content::{
    Term,
    address::{List, Shape},
    items, terms,
};
use gp_kernel::Result;

use super::{desk::Desk, help, not_found::within, results::human, search_form::Asked};
use crate::words::Noun;

/// Where names of terms may be near.
const NEAR: &[&str] = &["category", "post_tag", "publisher"];
/// More would be a list to search in.
const SHOWN: usize = 6;
/// So many terms of a taxonomy are looked at, and so many words of the reader.
const MOST_TERMS: usize = 5_000;
const MOST_WORDS: usize = 8;

pub(super) async fn html(desk: &mut Desk<'_>, list: &List) -> Result<String> {
    let words = desk.words;
    let said = match &list.shape {
        Shape::Search(said) => said.trim(),
        _ => "",
    };
    let sentence = if said.is_empty() {
        words.say("There is nothing here yet.").to_owned()
    } else {
        words.fill("Nothing has {}.", &format!("<q>{}</q>", html::esc(said)))
    };
    let near = near(desk, said).await?;
    let help = ways_to_help(desk).await?;
    Ok(format!(
        "<div class=\"g-empty\"><p>{sentence} {}</p>{}{near}{}</div>",
        words.say("Fewer or other words may help; a symbol finds its document."),
        section(words.say("Ask for less"), &fewer(desk)),
        section(words.say("Other ways on"), &help),
    ))
}

fn section(heading: &str, rows: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("<section><h2 class=\"g-h\">{heading}</h2><ul class=\"g-ways\">{rows}</ul></section>")
}

/// For each condition the same search without it, and how much that finds; and the same without any.
fn fewer(desk: &Desk<'_>) -> String {
    let (words, asked) = (desk.words, Asked::of(desk));
    let row = |(name, total): &(String, i64)| {
        let less = words.fill(
            "Without {}",
            &format!("<bdi>{}</bdi>", html::esc(&human(desk, name, asked.value(name)))),
        );
        format!(
            "<li><a href=\"{}\">{less}<span>{}</span></a></li>",
            html::url(&asked.with(name, "")),
            words.counted(*total, Noun::Result)
        )
    };
    let mut rows: String = desk.page.listing.wider.iter().map(row).collect();
    if asked.depth() > 1 {
        rows.push_str(&format!(
            "<li>{}</li>",
            html::link(&asked.wide(), words.say("The same words in all of the library"))
        ));
    }
    rows
}

/// Labels, topics and publishers with something to read whose names are near to what was asked.
async fn near(desk: &mut Desk<'_>, said: &str) -> Result<String> {
    desk.load_categories().await?;
    let lower = said.to_lowercase();
    let asked: Vec<&str> = parts(&lower).take(MOST_WORDS).collect();
    if asked.is_empty() {
        return Ok(String::new());
    }
    let mut found: Vec<(usize, i64, Term)> = Vec::new();
    for taxonomy in NEAR {
        let all = terms::all_of(desk.conn, taxonomy).await?;
        let near: Vec<(usize, &Term)> = all
            .iter()
            .take(MOST_TERMS)
            .filter_map(|term| Some((nearness(&asked, &term.name)?, term)))
            .collect();
        if near.is_empty() {
            continue;
        }
        let counts = items::counts_by_term(desk.conn, &desk.page.scope, &["post".to_owned()], taxonomy).await?;
        let count = |term: &Term| counts.get(&term.id.0).copied().unwrap_or(0);
        let read = near.into_iter().map(|(far, term)| (far, count(term), term.clone()));
        found.extend(read.filter(|(_, count, _)| *count > 0));
    }
    found.sort_by(|a, b| (a.0, -a.1, &a.2.name).cmp(&(b.0, -b.1, &b.2.name)));
    let rows: String = found
        .iter()
        .take(SHOWN)
        .map(|(_, count, term)| {
            format!(
                "<li><a href=\"{}\"><bdi>{}</bdi><span>{}</span></a></li>",
                html::url(&desk.term_link(term)),
                html::stored(&term.name),
                desk.words.counted(*count, Noun::Resource)
            )
        })
        .collect();
    Ok(section(desk.words.say("Near to your words"), &rows))
}

/// Words that tell something, in small letters.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() >= 3)
}

/// How far a name is from the nearest of these words: 0 where it goes on like one, 1 where a letter or two are different.
fn nearness(asked: &[&str], name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    let own: Vec<&str> = parts(&name).take(20).collect();
    let far = |word: &str| match word.chars().count() {
        ..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    if asked.iter().any(|word| own.iter().any(|own| own.starts_with(word))) {
        return Some(0);
    }
    asked
        .iter()
        .any(|word| own.iter().any(|own| within(word, own, far(word))))
        .then_some(1)
}

/// Everything, the front, and the pages where people help.
async fn ways_to_help(desk: &mut Desk<'_>) -> Result<String> {
    let words = desk.words;
    let mut ways = vec![
        html::link("/?s=", words.say("All of the library")),
        html::link("/", words.say("Home")),
    ];
    for slugs in [help::SLUGS, help::PEOPLE] {
        if let Some((address, title)) = help::page(desk, slugs).await? {
            ways.push(html::link(&address, &title));
        }
    }
    Ok(ways.iter().map(|link| format!("<li>{link}</li>")).collect())
}

#[cfg(test)]
mod tests {
    use super::{nearness, parts};

    #[test]
    fn a_name_is_near_that_begins_alike_or_has_another_letter() {
        let near = |said: &str, name: &str| {
            let said = said.to_lowercase();
            nearness(&parts(&said).collect::<Vec<_>>(), name)
        };
        assert_eq!(near("traffick", "Child trafficking"), Some(0));
        assert_eq!(near("Trafiking", "Child trafficking"), Some(1));
        assert_eq!(near("polise", "Police"), Some(1));
        assert_eq!(near("حمايه", "حماية الأطفال"), Some(1));
        assert_eq!(near("of to", "Rights of the child"), None);
        assert_eq!(near("law", "Police"), None);
        assert_eq!(near("", "Police"), None);
    }
}
