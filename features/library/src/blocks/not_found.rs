//! `guidepost/not-found`: what was asked, a search already filled in, and addresses that are near.

use gp_blocks::html;
use gp_content::{Item, Sight, items};
use gp_kernel::Result;

use super::{
    cards,
    desk::Desk,
    search_form::{self, Asked},
};

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
    let near = if desk.page.listing.items.is_empty() {
        near(desk, &path).await?
    } else {
        desk.page.listing.items.clone()
    };
    let cards = cards::load(desk, near.into_iter().take(6).collect()).await?;
    let near: String = cards
        .iter()
        .map(|card| {
            format!(
                "<li>{}<div><h3>{}</h3>{}<p class=\"g-why\">{}</p></div></li>",
                card.sheet(words.lang),
                card.title_link(words.lang),
                card.facts(words),
                words.say("Its address is close to the one you asked for")
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
    let ways: String = [("/", "Home"), ("/?s=", "All of the library")]
        .iter()
        .map(|(href, name)| format!("<li><a href=\"{href}\">{}</a></li>", words.say(name)))
        .collect();
    Ok(format!(
        "<div class=\"g-wrap\"><div class=\"g-lost\"><div><p class=\"g-2\">404</p><h1>{}</h1><p class=\"g-hero-p\">{what}</p>{}</div>{ART}</div>\
         <div class=\"g-cols\">{near}<section><h2 class=\"g-h\">{}</h2><ul class=\"g-ways\">{ways}</ul></section></div></div>",
        words.say("This address leads nowhere now"),
        search_form::form(desk, &asked, "q", false),
        words.say("Other ways on")
    ))
}

/// Items whose slug begins as the last part of the address does, or with its first words.
async fn near(desk: &mut Desk<'_>, path: &str) -> Result<Vec<Item>> {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let slug = gp_content::address::slug_of(last);
    let words: Vec<&str> = slug.split('-').collect();
    let types: Vec<&str> = desk
        .page
        .types
        .public()
        .filter(|t| t.searchable)
        .map(|t| t.name)
        .collect();
    for count in [words.len(), 2, 1] {
        let mut start = words.iter().take(count).copied().collect::<Vec<_>>().join("-");
        if count == words.len() {
            // The last word may have lost or won a letter.
            start.truncate(start.char_indices().nth_back(1).map_or(0, |(at, _)| at));
        }
        if start.len() < 4 {
            continue;
        }
        let mut found = items::begins_with(desk.conn, &start, &types, 12).await?;
        found.retain(|i| desk.page.scope.sight(i, None) == Sight::Full);
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
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
    use super::in_words;

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
