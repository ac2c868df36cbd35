//! Blocks that speak of an item's text as a whole: its headings, and how long it takes to read.

use gp_content::{Item, address::Address};
use gp_markup::{block::Block, text as words};

use super::{flag, number, text};
use crate::{
    content,
    html::{self, Tag},
    render::{At, Render},
    supports::wrapper,
};

/// How many headings are listed.
const MOST_HEADINGS: usize = 500;

struct Heading {
    level: usize,
    label: String,
    address: Option<String>,
}

/// The headings of the item. One that the editor wrote into the content is shown as it was saved.
pub(super) fn table_of_contents<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let mut pieces = block.inner_content.iter().flatten();
    if pieces.any(|markup| !markup.trim().is_empty()) {
        return r.saved(block, at);
    }
    let Some(item) = at.item.filter(|i| !r.locked(i)) else {
        return String::new();
    };
    let deepest = number(block, "maxLevel", 6);
    let mut headings = headings_of(r, item, flag(block, "onlyIncludeCurrentPage", false));
    headings.retain(|h| h.level <= deepest);
    if headings.is_empty() {
        return String::new();
    }
    let element = if flag(block, "ordered", true) { "ol" } else { "ul" };
    let label = match text(block, "ariaLabel") {
        "" => "Table of Contents",
        label => label,
    };
    format!(
        "<nav{} aria-label=\"{}\">{}</nav>",
        wrapper(block, ""),
        html::attr(label),
        level(&headings, element)
    )
}

/// Headings below those that are larger; there are six sizes, so that this ends.
fn level(headings: &[Heading], element: &str) -> String {
    let mut entries = String::new();
    let mut rest = headings;
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().take_while(|h| h.level > first.level).count();
        let (inside, next) = after.split_at(below);
        let class = "wp-block-table-of-contents__entry";
        let entry = match &first.address {
            Some(address) => format!(
                "<a class=\"{class}\" href=\"{}\">{}</a>",
                html::url(address),
                first.label
            ),
            None => format!("<span class=\"{class}\">{}</span>", first.label),
        };
        let inside = if inside.is_empty() {
            String::new()
        } else {
            level(inside, element)
        };
        entries.push_str(&format!("<li>{entry}{inside}</li>"));
        rest = next;
    }
    format!("<{element}>{entries}</{element}>")
}

fn headings_of(r: &Render<'_>, item: &Item, this_part_only: bool) -> Vec<Heading> {
    let shown = match &r.page.address {
        Address::Item { item: main, part, .. } if main.id == item.id => (*part).max(1),
        _ => 1,
    };
    let link = r.link(item);
    let mut found = Vec::new();
    for (n, markup) in content::parts(item)
        .iter()
        .enumerate()
        .map(|(n, markup)| (n + 1, markup))
    {
        if n != shown && this_part_only {
            continue;
        }
        let page = if n == shown {
            String::new()
        } else {
            super::post::part_address(r, &link, n)
        };
        headings_in(markup, &page, &mut found);
    }
    found
}

fn headings_in(markup: &str, page: &str, found: &mut Vec<Heading>) {
    let mut at = 0;
    // What has no end is not looked for again.
    let mut endless = [false; 7];
    while let Some(tag) = Tag::find(markup, at).filter(|_| found.len() < MOST_HEADINGS) {
        at = tag.end;
        let level = match tag.name.as_bytes() {
            [b'h' | b'H', digit @ b'1'..=b'6'] => usize::from(digit - b'0'),
            _ => continue,
        };
        let close = format!("</{}", tag.name);
        let end = Some(&markup[at..])
            .filter(|_| !endless[level])
            .and_then(|rest| rest.find(&close));
        let Some(end) = end.map(|n| at + n) else {
            endless[level] = true;
            continue;
        };
        let label = html::esc(words::decode_entities(words::strip_tags(&markup[at..end]).trim()).as_ref());
        at = end;
        if !label.is_empty() {
            let id = tag.value("id").filter(|id| !id.is_empty());
            found.push(Heading {
                level,
                label,
                address: id.map(|id| format!("{page}#{id}")),
            });
        }
    }
}

/// How long reading takes, or how many words there are.
pub(super) fn time_to_read<'a>(r: &mut Render<'a>, block: &'a Block, at: At<'a>) -> String {
    let Some(item) = at.item.filter(|i| !r.locked(i)) else {
        return String::new();
    };
    let parts = content::parts(item);
    let shown = match &r.page.address {
        Address::Item { item: main, part, .. } if main.id == item.id => (*part).clamp(1, parts.len().max(1)),
        _ => 1,
    };
    let total = parts.get(shown - 1).map_or(0, |text| words_in(text));
    let speed = number(block, "averageReadingSpeed", 189).max(1);
    // Rounded as WordPress rounds: halves go up.
    let minutes = |tenths: usize| ((total * tenths * 2 + speed * 10) / (speed * 20)).max(1);
    let shown = match (text(block, "displayMode"), flag(block, "displayAsRange", false)) {
        ("words", _) => format!("{} {}", thousands(total), if total == 1 { "word" } else { "words" }),
        (_, true) => {
            let (least, most) = (minutes(8), minutes(12));
            format!("{least}–{} minutes", if most == least { least + 1 } else { most })
        }
        (_, false) => match minutes(10) {
            1 => "1 minute".to_owned(),
            n => format!("{n} minutes"),
        },
    };
    format!("<div{}>{shown}</div>", wrapper(block, ""))
}

/// `1,234` as WordPress writes numbers in English.
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Words as WordPress's editor counts them: without tags, comments, entities, numbers and signs.
fn words_in(markup: &str) -> usize {
    let mut plain = String::with_capacity(markup.len());
    let mut rest = markup;
    let (mut comments_end, mut tags_end) = (true, true);
    while let Some(start) = rest.find('<') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let is_tag = rest[1..]
            .trim_start_matches('/')
            .starts_with(|c: char| c.is_ascii_alphabetic());
        // What has no end further down has none at the next place either.
        let end = if rest.starts_with("<!--") {
            let end = Some(rest).filter(|_| comments_end).and_then(|rest| rest.find("-->"));
            comments_end = end.is_some();
            end.map(|n| n + 3)
        } else if is_tag {
            let end = Some(rest).filter(|_| tags_end).and_then(|rest| rest.find('>'));
            tags_end = end.is_some();
            end.map(|n| n + 1)
        } else {
            None
        };
        match end {
            Some(end) => {
                plain.push_str(if is_tag { "\n" } else { "" });
                rest = &rest[end..];
            }
            None => {
                plain.push(' ');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    let plain = plain
        .replace("&nbsp;", " ")
        .replace("&#160;", " ")
        .replace("--", " ")
        .replace('—', " ");
    plain.split_whitespace().filter(|word| has_letters(word)).count()
}

/// Whether anything is left of a word when its entities, numbers and signs are gone.
fn has_letters(word: &str) -> bool {
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        if c == '&'
            && let Some(end) = rest.bytes().take(40).position(|b| b == b';').filter(|end| *end > 1)
        {
            rest = &rest[end + 1..];
            continue;
        }
        let sign = matches!(c, '\u{21}'..='\u{40}' | '\u{5b}'..='\u{60}' | '\u{7b}'..='\u{7e}' | '\u{80}'..='\u{bf}'
            | '\u{d7}' | '\u{f7}' | '\u{2000}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}');
        if !sign {
            return true;
        }
        rest = &rest[c.len_utf8()..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_without_what_is_no_word() {
        let markup =
            "<!-- wp:paragraph {\"a\":1} --><p>One two&nbsp;three &mdash; 42 -- four</p><p>five<b>six</b> &amp;</p>";
        assert_eq!(words_in(markup), 6);
        assert_eq!(words_in("a < b <3 c"), 3);
        assert_eq!(words_in(&"<a ".repeat(20_000)), 20_000);
    }

    #[test]
    fn headings_nest_by_their_size() {
        let mut found = Vec::new();
        headings_in(
            "<h2 id=\"a\">A &amp; B</h2><h4>C</h4><h3 id=d>D</h3><h2></h2><h1>E</h1>",
            "/x/2/",
            &mut found,
        );
        let html = level(&found, "ol");
        assert_eq!(html.matches("<ol>").count(), 2, "{html}");
        assert!(html.contains("href=\"/x/2/#a\">A &amp; B</a><ol><li><span"), "{html}");
        assert!(html.ends_with(">E</span></li></ol>"), "{html}");
    }
}
