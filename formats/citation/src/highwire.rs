//! The `citation_…` tags that scholarly search engines and reference managers read from a page's head.

use crate::work::{File, Kind, Work};

/// Names and contents of the tags, in order. A file counts as the work's PDF only when it lies below the page's own path.
pub fn pairs(work: &Work) -> Vec<(&'static str, String)> {
    if work.kind == Kind::Event {
        return Vec::new();
    }
    let mut pairs = vec![("citation_title", work.title.clone())];
    pairs.extend(work.authors.iter().map(|b| ("citation_author", b.name.clone())));
    let date: Vec<String> = work.date_parts().iter().map(|n| format!("{n:02}")).collect();
    pairs.push(("citation_publication_date", date.join("/")));
    let institution = work.authors.first().map(|b| b.name.clone());
    if work.kind == Kind::Report {
        pairs.push(("citation_technical_report_institution", institution.unwrap_or_default()));
        pairs.push(("citation_technical_report_number", work.symbol.clone()));
    }
    pairs.push(("citation_language", work.lang.clone()));
    pairs.extend(work.topics.iter().map(|t| ("citation_keywords", t.clone())));
    pairs.push(("citation_abstract_html_url", work.url.clone()));
    pairs.extend(pdf(work).map(|f| ("citation_pdf_url", f.url.clone())));
    pairs.retain(|(_, content)| !content.is_empty());
    pairs
}

/// The PDF in the work's language, else the original, else the first.
fn pdf(work: &Work) -> Option<&File> {
    let base = work.url.trim_end_matches('/');
    let own = |f: &&File| {
        let below = f.url.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
        below && f.url.to_ascii_lowercase().ends_with(".pdf") && f.is_edition()
    };
    let all = || work.files.iter().filter(own);
    all()
        .find(|f| f.lang == work.lang)
        .or_else(|| all().find(|f| f.kind == "original"))
        .or_else(|| all().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::example;

    #[test]
    fn a_report_says_number_date_and_a_pdf_below_its_own_page() {
        let of = |work: &Work, name: &str| {
            let pair = pairs(work).into_iter().find(|(n, _)| *n == name);
            pair.map(|(_, content)| content)
        };
        let work = example();
        assert_eq!(of(&work, "citation_publication_date").as_deref(), Some("2019/09/10"));
        assert_eq!(
            of(&work, "citation_technical_report_number").as_deref(),
            Some("CRC/C/156")
        );
        assert_eq!(
            of(&work, "citation_pdf_url").as_deref(),
            Some("https://library.example/x/a.pdf")
        );
        let mut elsewhere = example();
        elsewhere.files[0].url = elsewhere.files[0].upload.clone();
        assert_eq!(of(&elsewhere, "citation_pdf_url"), None);
    }
}
