//! `guidepost/not-found`: what was asked, a search already filled in, and addresses that are near.

use gp_blocks::html;
use gp_content::{Item, Sight, items};
use gp_kernel::{ItemId, Result};

use super::{
    cards,
    desk::Desk,
    search_form::{self, Asked},
};
use crate::{store, words::Words};

/// More would be a list to search in.
const SHOWN: usize = 5;

/// The broken arm of a signpost, and one that still leads somewhere.
const ART: &str = "<svg viewBox=\"0 0 220 240\" width=\"220\" height=\"240\" aria-hidden=\"true\" class=\"g-lost-art\"><path fill=\"currentColor\" d=\"M101 12h18v220h-18z\"/>\
    <path fill=\"currentColor\" d=\"M70 226h80v8H70z\"/><path fill=\"none\" stroke=\"currentColor\" stroke-width=\"3\" stroke-dasharray=\"7 6\" d=\"M36 34h110l44 34-44 34H36z\" style=\"fill:var(--paper)\"/>\
    <path fill=\"#ffc62b\" d=\"M184 122H74l-44 30 44 30h110z\"/><path fill=\"#14232a\" d=\"M84 142h80v6H84zM84 156h58v6H84z\"/></svg>";

pub(super) async fn html(desk: &mut Desk<'_>) -> Result<String> {
    let words = desk.words;
    let path = desk.page.listing.suggestion.clone().unwrap_or_default();
    let asked = Asked {
        words: in_words(&path),
        ..Asked::default()
    };
    let (near, reasons): (Vec<Item>, Vec<Reason>) = near(desk, &path).await?.into_iter().unzip();
    let cards = cards::load(desk, near).await?;
    let near: String = cards
        .iter()
        .zip(reasons)
        .map(|(card, reason)| {
            format!(
                "<li>{}<div><h3>{}</h3>{}<p class=\"g-why\">{}</p></div></li>",
                card.sheet(words.lang),
                card.title_link(words.lang),
                card.facts(words),
                reason.said(words)
            )
        })
        .collect();
    let near = if near.is_empty() {
        String::new()
    } else {
        format!(
            "<section><h2 class=\"g-h\">{}</h2><ul class=\"g-rel\">{near}</ul></section>",
            words.say("Perhaps one of these")
        )
    };
    let what = if path.is_empty() {
        words
            .say("The page may have moved, or the address lost a letter on its way.")
            .to_owned()
    } else {
        let code = format!("<code dir=\"ltr\">{}</code>", html::esc(&path));
        words.fill(
            "You asked for {}. The page may have moved, or the address lost a letter on its way.",
            &code,
        )
    };
    let mut ways = vec![("/".to_owned(), "Home"), ("/?s=".to_owned(), "All of the library")];
    if let Some(events) = desk.page.types.get("ai1ec_event").filter(|t| t.public) {
        ways.push((format!("/{}{}", events.front, desk.page.site.trailing()), "Calendar"));
    }
    let ways: String = ways
        .iter()
        .map(|(href, name)| format!("<li>{}</li>", html::link(href, words.say(name))))
        .collect();
    Ok(format!(
        "<div class=\"g-wrap\"><div class=\"g-lost\"><div><p class=\"g-2\">404</p><h1>{}</h1><p class=\"g-hero-p\">{what}</p>{}</div>{ART}</div>\
         <div class=\"g-cols\">{near}<section><h2 class=\"g-h\">{}</h2><ul class=\"g-ways\">{ways}</ul></section></div></div>",
        words.say("This address leads nowhere now"),
        search_form::form(desk, &asked, "q", false),
        words.say("Other ways on")
    ))
}

/// Why an item is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// So many words of the address are in its own.
    Words(usize),
    /// It begins as the one that was asked for does.
    Beginning,
    /// A letter or two are different.
    Letters,
}

impl Reason {
    fn said(self, words: &Words) -> String {
        match self {
            Self::Letters | Self::Beginning => words.say("Its address is close to the one you asked for").to_owned(),
            Self::Words(1) => words.say("Its address has one of the words").to_owned(),
            Self::Words(n) => words.fill("Its address has {} of the words", &words.figures(&n.to_string())),
        }
    }
}

/// Items whose slug is near the last part of the address, nearest first.
async fn near(desk: &mut Desk<'_>, path: &str) -> Result<Vec<(Item, Reason)>> {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let asked = gp_content::address::slug_of(last);
    let types: Vec<&str> = desk
        .page
        .types
        .public()
        .filter(|t| t.searchable && t.name != "attachment")
        .map(|t| t.name)
        .collect();
    let slugs = store::slugs(desk.conn, &types).await?;
    let mut best: Vec<(Reason, i64)> = slugs
        .iter()
        .filter_map(|(id, slug)| Some((nearness(&asked, slug)?, *id)))
        .collect();
    best.sort_by(|(a, x), (b, y)| b.cmp(a).then(x.cmp(y)));
    best.truncate(24);
    let ids: Vec<ItemId> = best.iter().map(|(_, id)| ItemId(*id)).collect();
    let mut items = items::by_ids(desk.conn, &ids).await?;
    items.retain(|_, item| desk.page.scope.sight(item, None) == Sight::Full);
    Ok(best
        .into_iter()
        .filter_map(|(reason, id)| Some((items.remove(&ItemId(id))?, reason)))
        .take(SHOWN)
        .collect())
}

/// How near a slug is to the one that was asked for; `None` when it is not.
fn nearness(asked: &str, slug: &str) -> Option<Reason> {
    if asked.chars().count() < 4 {
        return None;
    }
    if within(asked, slug, 2) {
        return Some(Reason::Letters);
    }
    let cut = asked.char_indices().nth_back(1).map_or(0, |(at, _)| at);
    if cut >= 8 && slug.starts_with(&asked[..cut]) {
        return Some(Reason::Beginning);
    }
    let own: Vec<&str> = slug.split('-').collect();
    let telling = asked.split('-').filter(|w| w.chars().count() > 3);
    let (mut shared, mut all) = (0, 0);
    for word in telling {
        all += 1;
        shared += usize::from(own.iter().any(|o| within(word, o, usize::from(word.len() > 5))));
    }
    (shared > 0 && shared * 2 >= all).then_some(Reason::Words(shared))
}

/// Whether one word becomes the other by at most so many letters lost, won or changed.
pub(super) fn within(a: &str, b: &str, most: usize) -> bool {
    // Most words are not alike at all: that is seen without taking them apart.
    let letters = |word: &str| word.chars().count().min(200);
    if a == b || most == 0 || letters(a).abs_diff(letters(b)) > most {
        return a == b;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(200).collect(), b.chars().take(200).collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(corner + 1);
        }
        if row.iter().all(|cost| *cost > most) {
            return false;
        }
    }
    row[b.len()] <= most
}

/// `/2020/guidelines-optional-protocol/` as `guidelines optional protocol`.
fn in_words(path: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(path)
        .decode_utf8_lossy()
        .into_owned();
    let last = decoded.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.split('.').next().unwrap_or_default();
    let words: Vec<&str> = stem
        .split(['-', '_', '+', ' '])
        .filter(|w| !w.is_empty())
        .take(12)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Reason, in_words, nearness, within};

    #[test]
    fn what_is_near_is_found_with_its_reason() {
        let near = |asked| nearness(asked, "checklist-for-legislators-three-conducts");
        assert_eq!(near("chcklist-for-legislators-three-conducts"), Some(Reason::Letters));
        assert_eq!(near("checklist-for-legislator"), Some(Reason::Beginning));
        assert_eq!(near("chcklist-for-legislators"), Some(Reason::Words(2)));
        assert_eq!(near("notes-for-legislators-2019-rev"), None);
        assert_eq!((near("for"), near("no-such-page"), near("")), (None, None, None));
        assert!(within("kitten", "sitting", 3) && !within("kitten", "sitting", 2));
        assert!(within("", "", 0) && !within("abc", "", 2) && within("حماية", "حمايه", 1));
    }

    #[test]
    fn an_address_is_searched_for_in_its_words() {
        assert_eq!(
            in_words("/2020/01/guidelines-optional_protocoll.html/"),
            "guidelines optional protocoll"
        );
        assert_eq!(in_words("/%D8%AD%D9%85/"), "حم");
        assert_eq!(in_words("/"), "");
    }
}
