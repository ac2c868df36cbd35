//! `guidepost/reading`: a part of a file as text: contents, numbered paragraphs with their own addresses, page marks, the original
//! beside it, a search in this document.

use gp_blocks::{Reading, ReadingPart, html};

use super::{
    cards::{file_facts, picture},
    desk::{Desk, Subject, lang_attributes},
};
use crate::{
    documents::{Document, address},
    words::{Words, own_name},
};

pub(super) fn html(desk: &Desk<'_>) -> String {
    let (Some(reading), Some(subject)) = (desk.page.reading.as_deref(), desk.subject.as_ref()) else {
        return String::new();
    };
    if subject.locked {
        return String::new();
    }
    let words = desk.inside();
    let document = subject
        .documents
        .here
        .iter()
        .find(|d| d.path == reading.path)
        .cloned()
        .unwrap_or_else(|| Document {
            path: reading.path.clone(),
            url: address(&reading.path),
            size: reading.size,
            ..Document::default()
        });
    let lang = if document.lang.is_empty() {
        &reading.language
    } else {
        &document.lang
    };
    let view = View {
        desk,
        reading,
        subject,
        document: &document,
        lang,
        words,
    };
    let (class, original) = match view.is_beside() {
        true => ("g-wrap g-cols g-cols--read g-cols--beside", view.beside()),
        false => ("g-wrap g-cols g-cols--read", view.original()),
    };
    format!(
        "{}<div class=\"{class}\">{}<main id=\"main\">{}</main>{original}</div>",
        view.bar(),
        view.contents(),
        view.text(),
    )
}

/// The parameter that asks for the original beside the text.
const BESIDE: &str = "beside";
/// The name of the frame in which it is shown.
const FRAME: &str = "original";
/// The page that shows it; the theme's files lead to their present version.
const VIEWER: &str = "/assets/now/viewer/index.html";

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The host of an address, or whom a letter goes to, and what stands behind it.
fn host_of(url: &str) -> (&str, &str) {
    let Some((_, rest)) = url.split_once("://") else {
        return (url, "");
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (place, behind) = rest.split_at(end);
    (place.rsplit('@').next().unwrap_or(place), behind)
}

struct View<'a> {
    desk: &'a Desk<'a>,
    reading: &'a Reading,
    subject: &'a Subject,
    document: &'a Document,
    lang: &'a str,
    words: &'static Words,
}

impl View<'_> {
    /// Where a page of the file is read, and the place on it.
    fn at(&self, page: i64, place: &str) -> String {
        let reading = self.reading;
        let first = (page.max(1) - 1) / reading.span.max(1) * reading.span.max(1) + 1;
        let query = self.query(self.is_beside());
        let page = if first <= 1 { String::new() } else { format!("{first}/") };
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("#{place}")
        };
        html::url(&format!("{}{page}{query}{place}", reading.address))
    }

    /// What is asked of the view besides the page: words to find, whether the original stands beside.
    fn query(&self, beside: bool) -> String {
        let find = match self.reading.query.as_str() {
            "" => None,
            query => Some(format!("find={}", encoded(query))),
        };
        let asked: Vec<String> = find.into_iter().chain(beside.then(|| BESIDE.to_owned())).collect();
        if asked.is_empty() {
            return String::new();
        }
        format!("?{}", asked.join("&"))
    }

    /// Whether the original is to be shown beside the text.
    fn is_beside(&self) -> bool {
        self.is_pdf() && self.desk.page.request.parameters.contains_key(BESIDE)
    }

    fn is_pdf(&self) -> bool {
        self.document.format() == "PDF"
    }

    fn symbol(&self) -> &str {
        match self.subject.record.symbol.as_str() {
            "" => &self.reading.symbol,
            own => own,
        }
    }

    /// The bar: which document, the search in it, the file.
    fn bar(&self) -> String {
        let words = self.words;
        let symbol = match self.symbol() {
            "" => String::new(),
            symbol => format!("<bdi dir=\"ltr\">{}</bdi> ", html::esc(symbol)),
        };
        let count = match (self.reading.query.as_str(), self.reading.found.len()) {
            ("", _) => String::new(),
            (_, 0) => format!(
                "<span class=\"g-2\" role=\"status\">{}</span>",
                words.say("Not found in this document")
            ),
            (_, n) => format!(
                "<a href=\"#found\" role=\"status\">{}</a>",
                words.counted(i64::try_from(n).unwrap_or(i64::MAX), crate::words::Noun::Result)
            ),
        };
        format!(
            "<section class=\"g-rbar\" aria-label=\"{}\"><div class=\"g-wrap\"><strong><a href=\"{}\">{symbol}{}</a></strong>\
             <form role=\"search\" action=\"{}\"><label class=\"g-vh\" for=\"find\">{find}</label>\
             <input id=\"find\" name=\"find\" type=\"search\" value=\"{}\" size=\"22\" placeholder=\"{find}\" dir=\"auto\">\
             <button class=\"g-btn g-btn--plain\">{}</button></form>{count}<a href=\"{}\" download>{}</a></div></section>",
            html::attr(words.say("This document")),
            html::url(&self.subject.link),
            html::title(&self.subject.item.title),
            html::url(&self.reading.address),
            html::attr(&self.reading.query),
            words.say("Search"),
            html::url(&self.document.url),
            file_facts(self.document, words),
            find = html::attr(words.say("Search in this document")),
        )
    }

    /// Headings of the whole document, and its other languages.
    fn contents(&self) -> String {
        let (first, last) = self.reading.shown;
        let lowest = self
            .reading
            .contents
            .iter()
            .map(|(level, ..)| *level)
            .min()
            .unwrap_or(1);
        let mut here = false;
        let entries: String = self
            .reading
            .contents
            .iter()
            .filter(|(level, ..)| *level <= lowest + 1)
            .map(|(level, text, page)| {
                let now = !here && (first..=last).contains(page);
                here |= now;
                let current = if now { " aria-current=\"true\"" } else { "" };
                let sub = if *level > lowest { " class=\"g-sub-entry\"" } else { "" };
                format!(
                    "<li{sub}><a href=\"{}\"{current} dir=\"auto\">{}</a></li>",
                    self.at(*page, &format!("page-{page}")),
                    html::esc(text)
                )
            })
            .collect();
        let languages = self.languages();
        if entries.is_empty() && languages.is_empty() {
            return "<div></div>".to_owned();
        }
        let list = match entries.as_str() {
            "" => String::new(),
            entries => format!("<ol class=\"g-plain\"{}>{entries}</ol>", self.lang_of_text()),
        };
        format!(
            "<nav class=\"g-toc g-stick\" aria-label=\"{contents}\"><details><summary>{contents}</summary>{list}{languages}</details></nav>",
            contents = html::attr(self.words.say("Contents"))
        )
    }

    /// The same document in other languages, where these can be read here too.
    fn languages(&self) -> String {
        let editions: Vec<&Document> = self
            .subject
            .documents
            .here
            .iter()
            .filter(|d| d.is_edition() && !d.lang.is_empty())
            .collect();
        if editions.len() < 2 {
            return String::new();
        }
        let base = self.subject.link.trim_end_matches('/');
        let links: Vec<String> = editions
            .iter()
            .map(|d| {
                let name = html::esc(&own_name(&d.lang));
                if d.path == self.reading.path {
                    return format!(
                        "<strong aria-current=\"true\"{}>{name}</strong>",
                        lang_attributes(&d.lang)
                    );
                }
                let file = d.path.rsplit('/').next().unwrap_or_default();
                let address = format!("{base}/{}/", gp_content::files::encoded_name(file));
                format!(
                    "<a href=\"{}\" hreflang=\"{}\"{}>{name}</a>",
                    html::url(&address),
                    html::attr(&d.lang),
                    lang_attributes(&d.lang)
                )
            })
            .collect();
        format!(
            "<p class=\"g-meta\"><span class=\"g-vh\">{}</span>{}</p>",
            self.words.say("Language editions"),
            links.join(" ")
        )
    }

    fn lang_of_text(&self) -> String {
        match self.lang {
            "" => " dir=\"auto\"".to_owned(),
            lang => lang_attributes(lang),
        }
    }

    fn text(&self) -> String {
        let words = self.words;
        let title = html::title(&self.subject.item.title);
        let note = match self.reading.note {
            "" => String::new(),
            _ => format!(
                "<p class=\"g-note\">{}</p><p class=\"g-acts\"><a class=\"g-btn g-btn--way\" href=\"{}\"><span>{}</span></a></p>",
                words.say(self.reading.note),
                html::url(&self.document.url),
                words.fill(
                    "Open the {}",
                    &format!("<bdi>{}</bdi>", html::esc(&self.document.format()))
                )
            ),
        };
        let parts: String = self.reading.parts.iter().map(|part| self.part(part)).collect();
        format!(
            "<h1 class=\"g-vh\">{title}</h1>{}{note}<div class=\"g-text\"{}>{parts}</div>{}{}",
            self.found(),
            self.lang_of_text(),
            self.links(),
            self.pages()
        )
    }

    /// Where these pages lead outward, each with its host: opened only on purpose.
    fn links(&self) -> String {
        let words = self.words;
        if self.reading.links.is_empty() {
            return String::new();
        }
        let rows: String = self
            .reading
            .links
            .iter()
            .map(|(page, url)| {
                let (host, rest) = host_of(url);
                format!(
                    "<li><span class=\"g-2\">{}</span> <a href=\"{}\" rel=\"nofollow noopener noreferrer\" dir=\"ltr\"><b>{}</b>{}</a></li>",
                    words.fill("Page {}", &words.figures(&page.to_string())),
                    html::url(url),
                    html::esc(host),
                    html::esc(rest)
                )
            })
            .collect();
        format!(
            "<details class=\"g-links\"><summary>{}</summary><ul class=\"g-plain g-s\">{rows}</ul></details>",
            words.fill(
                "Links on these pages: {}",
                &words.figures(&self.reading.links.len().to_string())
            )
        )
    }

    fn part(&self, part: &ReadingPart) -> String {
        let words = self.words;
        match part {
            ReadingPart::Page(number, label) => {
                let shown = if label.is_empty() {
                    number.to_string()
                } else {
                    label.clone()
                };
                let said = words.fill("Page {}", &format!("<bdi>{}</bdi>", html::esc(&shown)));
                // Chosen, the page is shown beside as it was set.
                let said = match self.is_beside() {
                    true => format!(
                        "<a href=\"{}\" target=\"{FRAME}\">{said}</a>",
                        html::attr(&self.frame(*number))
                    ),
                    false => said,
                };
                format!(
                    "<p class=\"g-pm\" id=\"page-{number}\"><span{}>{said}</span></p>",
                    lang_attributes(words.lang),
                )
            }
            ReadingPart::Heading(level, text) => {
                let level = (level + 1).clamp(2, 4);
                format!("<h{level}>{text}</h{level}>")
            }
            ReadingPart::Text(text) => format!("<p>{text}</p>"),
            ReadingPart::Paragraph(number, blocks) => {
                let blocks: String = blocks.iter().map(|block| format!("<p>{block}</p>")).collect();
                if number.is_empty() {
                    return format!("<div class=\"g-para\">{blocks}</div>");
                }
                let id = format!("para-{}", html::attr(number));
                let named = html::attr(&words.fill("Paragraph {}", number));
                format!(
                    "<div class=\"g-para\" id=\"{id}\"><a class=\"g-pn\" href=\"#{id}\" aria-label=\"{named}\">{}</a>{blocks}\
                     <div class=\"g-tools\"{}><a href=\"#{id}\">{}<span class=\"g-vh\"> {named}</span></a>\
                     <details class=\"g-pcite\"><summary>{}<span class=\"g-vh\"> {named}</span></summary><p dir=\"auto\">{}</p></details></div></div>",
                    html::esc(number),
                    lang_attributes(words.lang),
                    words.say("Link"),
                    words.say("Cite"),
                    self.citation(number),
                )
            }
        }
    }

    /// Where the words stand in the whole document.
    fn found(&self) -> String {
        if self.reading.query.is_empty() {
            return String::new();
        }
        let words = self.words;
        if self.reading.found.is_empty() {
            return format!(
                "<p class=\"g-note\" id=\"found\">{}</p>",
                words.say("Not found in this document")
            );
        }
        let rows: String = self
            .reading
            .found
            .iter()
            .map(|(page, paragraph, passage)| {
                let place = match paragraph.as_str() {
                    "" => format!("page-{page}"),
                    number => format!("para-{number}"),
                };
                let named = words.fill("Page {}", &page.to_string());
                format!(
                    "<li><a href=\"{}\">{named}</a> <span{}>{passage}</span></li>",
                    self.at(*page, &place),
                    self.lang_of_text()
                )
            })
            .collect();
        format!(
            "<section class=\"g-found\" id=\"found\" aria-label=\"{}\"><ol class=\"g-plain\">{rows}</ol></section>",
            html::attr(words.say("Found in this document"))
        )
    }

    /// Before and after.
    fn pages(&self) -> String {
        let (first, last) = self.reading.shown;
        let words = self.words;
        let link = |page: i64, rel: &str, until: i64| {
            let span = if page == until {
                page.to_string()
            } else {
                format!("{page}–{until}")
            };
            format!(
                "<a href=\"{}\" rel=\"{rel}\">{}</a>",
                self.at(page, ""),
                words.fill("Page {}", &format!("<bdi dir=\"ltr\">{span}</bdi>"))
            )
        };
        let before = (first > 1).then(|| link(first - self.reading.span, "prev", first - 1));
        let until = (last + self.reading.span).min(self.reading.pages);
        let after = (last < self.reading.pages).then(|| link(last + 1, "next", until));
        if before.is_none() && after.is_none() {
            return String::new();
        }
        format!(
            "<nav class=\"g-pages g-pages--read\" aria-label=\"{}\">{}{}</nav>",
            html::attr(words.say("Pages")),
            before.unwrap_or_else(|| "<span></span>".to_owned()),
            after.unwrap_or_default()
        )
    }

    /// The file that this text was taken from.
    fn original(&self) -> String {
        let words = self.words;
        let (first, _) = self.reading.shown;
        let place = if self.is_pdf() {
            format!("#page={first}")
        } else {
            String::new()
        };
        let url = html::url(&format!("{}{place}", self.document.url));
        let thumb = self.document.thumb.as_deref().map(picture).unwrap_or_default();
        let sheet = format!(
            "<span class=\"g-sheet\" aria-hidden=\"true\"><i><span dir=\"ltr\">{}</span></i><b>{}</b>{thumb}</span>",
            html::esc(self.symbol()),
            html::title(&self.subject.item.title),
        );
        let open = words.fill(
            "Open the {}",
            &format!("<bdi>{}</bdi>", html::esc(&self.document.format())),
        );
        let beside = match self.is_pdf() {
            true => format!(
                "<p class=\"g-s\"><a href=\"{}\" rel=\"nofollow\">{}</a></p>",
                self.page_with(first, true),
                words.fill("Open page {} beside the text", &words.figures(&first.to_string()))
            ),
            false => String::new(),
        };
        format!(
            "<aside class=\"g-orig g-stick\" aria-labelledby=\"or\"><h2 class=\"g-h\" id=\"or\">{}</h2><a href=\"{url}\">{sheet}\
             <span class=\"g-s\">{open}</span></a>{beside}<p class=\"g-s g-2\">{}</p></aside>",
            words.say("The original"),
            words.say("The text was taken from the file. The file is the authentic version."),
        )
    }

    /// The pages that are shown here, with the original beside or without.
    fn page_with(&self, first: i64, beside: bool) -> String {
        let page = if first <= 1 { String::new() } else { format!("{first}/") };
        html::url(&format!("{}{page}{}", self.reading.address, self.query(beside)))
    }

    /// The file as it was set, in a frame that draws one page at a time.
    fn beside(&self) -> String {
        let words = self.words;
        let (first, _) = self.reading.shown;
        let file = html::url(&format!("{}#page={first}", self.document.url));
        let open = words.fill("Open the {}", "<bdi>PDF</bdi>");
        format!(
            "<aside class=\"g-orig g-orig--beside g-stick\" aria-labelledby=\"or\"><h2 class=\"g-h\" id=\"or\">{title}</h2>\
             <p class=\"g-meta g-s\"><a href=\"{}\">{}</a><a href=\"{file}\">{open}</a></p>\
             <iframe name=\"{FRAME}\" title=\"{title}\" loading=\"lazy\" src=\"{}\"></iframe></aside>",
            self.page_with(first, false),
            words.say("Text only"),
            html::attr(&self.frame(first)),
            title = html::attr(words.say("The original")),
        )
    }

    /// The address at which the frame shows a page.
    fn frame(&self, page: i64) -> String {
        let words = self.words;
        let said = [
            ("prev", "Previous page"),
            ("next", "Next page"),
            ("in", "Larger"),
            ("out", "Smaller"),
            ("place", "Page {n} of {m}"),
            ("failed", "This file cannot be shown here."),
        ];
        let said: String = said
            .iter()
            .map(|(name, sentence)| format!("&{name}={}", encoded(words.say(sentence))))
            .collect();
        let direction = if words.lang == "ar" { "&dir=rtl" } else { "" };
        format!(
            "{VIEWER}?file={}&page={page}&lang={}{direction}{said}",
            encoded(&self.document.url),
            words.lang
        )
    }

    /// How a paragraph is cited: symbol or title, number, page, address.
    fn citation(&self, number: &str) -> String {
        let name = match self.symbol() {
            "" => html::title(&self.subject.item.title),
            symbol => html::esc(symbol),
        };
        let address = format!(
            "{}{}",
            self.desk.page.base_url,
            self.at(self.reading.shown.0, &format!("para-{number}"))
        );
        format!("{name}, para. {}. {address}", html::esc(number))
    }
}
