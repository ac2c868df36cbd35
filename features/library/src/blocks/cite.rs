//! `guidepost/citation`: the sentence to copy, files for programs that keep references, the permanent address.

use gp_blocks::html;

use super::desk::{Desk, lang_unless};
use crate::citation::Work;

pub(super) fn html(desk: &Desk<'_>) -> String {
    let Some(subject) = desk.subject.as_ref().filter(|s| !s.locked && s.item.kind == "post") else {
        return String::new();
    };
    let words = desk.inside();
    let url = format!("{}{}", desk.page.base_url, subject.link);
    let title = gp_markup::text::plain_text(&subject.item.title);
    let work = Work::new(&subject.record, title, &desk.site_name(), url.clone(), &subject.lang);
    let lang = lang_unless(&subject.lang, words.lang);
    let files = [
        ("BibTeX", "bib", "application/x-bibtex", work.bibtex()),
        ("RIS", "ris", "application/x-research-info-systems", work.ris()),
        (
            "CSL-JSON",
            "json",
            "application/vnd.citationstyles.csl+json",
            work.csl_json(),
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
    format!(
        "<section class=\"g-sec\" aria-labelledby=\"cite\"><h2 id=\"cite\">{}</h2><div class=\"g-cite\"><p{lang}>{}</p>\
         <ul class=\"g-plain\">{files}<li>{} <a href=\"{}\"><bdi>{}</bdi></a></li></ul></div></section>",
        words.say("Cite this document"),
        html::esc(&work.sentence(words)),
        words.say("Permanent address:"),
        html::url(&subject.link),
        html::esc(&url)
    )
}
