//! `guidepost/citation`: the sentence to copy, files for programs that keep references, the permanent address.

use gp_blocks::html;

use super::desk::{Desk, lang_unless};
use gp_citation::Place;

use crate::works;

pub(super) fn html(desk: &Desk<'_>) -> String {
    let Some(subject) = desk.subject.as_ref().filter(|s| !s.locked && s.item.kind == "post") else {
        return String::new();
    };
    let words = desk.inside();
    let url = readable(&format!("{}{}", desk.page.base_url, subject.link));
    let title = gp_markup::text::plain_text(&subject.item.title);
    let mut work = works::of_record(&subject.record, title, "", url.clone(), &subject.lang);
    if !subject.record.given {
        work.kind = gp_citation::Kind::Document;
    }
    if work.authors.is_empty() {
        work.authors = vec![gp_citation::Body {
            name: desk.site_name(),
            url: String::new(),
        }];
        work.authors.retain(|body| !body.name.is_empty());
    }
    let whole = Place::default();
    let lang = lang_unless(&subject.lang, words.lang);
    let files = [
        ("BibTeX", "bib", "application/x-bibtex", work.bibtex(&whole)),
        ("RIS", "ris", "application/x-research-info-systems", work.ris(&whole)),
        (
            "CSL-JSON",
            "json",
            "application/vnd.citationstyles.csl+json",
            work.csl_json(&whole),
        ),
    ];
    let key = work.key();
    let files: String = files
        .iter()
        .map(|(name, ending, mime, text)| {
            format!(
                "<li><a lang=\"en\" download=\"{key}.{ending}\" href=\"data:{mime};charset=utf-8,{}\">{name}</a></li>",
                percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
            )
        })
        .collect();
    // The sentence names the address where there is no symbol: then the link need not spell it again.
    let address = match subject.record.symbol.is_empty() {
        true => html::link(
            &subject.link,
            words.say("Permanent address:").trim_end_matches([':', ' ', '\u{a0}']),
        ),
        false => format!(
            "{} <a href=\"{}\"><bdi>{}</bdi></a>",
            words.say("Permanent address:"),
            html::url(&subject.link),
            html::esc(&url)
        ),
    };
    format!(
        "<section class=\"g-sec\" aria-labelledby=\"cite\"><h2 id=\"cite\">{}</h2><div class=\"g-cite\"><p{lang}>{}</p>\
         <ul class=\"g-plain\">{files}<li>{address}</li></ul></div></section>",
        words.say("Cite this document"),
        html::esc(&works::sentence(&work, words.lang, &whole)),
    )
}

/// An address with its letters instead of their codes, as the address bar shows it; signs that would break it stay codes.
fn readable(url: &str) -> String {
    match percent_encoding::percent_decode_str(url).decode_utf8() {
        Ok(text) if text.chars().all(|c| c.is_alphanumeric() || "-._~:/?=&#".contains(c)) => text.into_owned(),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn an_address_is_shown_in_its_letters_when_it_still_leads_there() {
        assert_eq!(readable("https://a.example/%d8%ad%d9%85/"), "https://a.example/حم/");
        for kept in [
            "https://a.example/a%20b/",
            "https://a.example/%ff/",
            "https://a.example/100%25/",
        ] {
            assert_eq!(readable(kept), kept);
        }
    }
}
