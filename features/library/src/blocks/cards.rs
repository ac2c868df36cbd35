//! Rows of lists: what a reader needs to know of an item before following its link. Any number costs the same few queries.

use std::collections::HashMap;

use gp_blocks::html;
use gp_content::{Item, Meta, MetaKind, Sight, Term, address::links, items, meta, terms};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use super::{
    desk::{Desk, lang_unless, language_of},
    occasion::Occasion,
};
use crate::{
    documents::{self, Document, Documents},
    record::{self, Record, Status},
    store,
    words::{Noun, Words},
};

/// An item as a row.
pub(super) struct Card {
    pub item: Item,
    pub link: String,
    pub record: Record,
    pub labels: Vec<Term>,
    pub publishers: Vec<Term>,
    pub documents: Documents,
    pub changed: Option<record::Change>,
    /// When an event takes place.
    pub occasion: Option<Occasion>,
    /// Of a file: format and size, and the item it belongs to with its address.
    pub file: Option<Document>,
    pub belongs: Option<(Item, String)>,
    /// Only its title may be shown.
    pub locked: bool,
    pub lang: String,
}

/// Cards of these items, in their order.
pub(super) async fn load(desk: &mut Desk<'_>, items: Vec<Item>) -> Result<Vec<Card>> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    desk.load_categories().await?;
    let page = desk.page;
    let (site, types, scope) = (&page.site, &page.types, &page.scope);
    let ids: Vec<ItemId> = items.iter().map(|i| i.id).collect();
    let mut addresses = links::of_items(desk.conn, site, types, &items).await?;
    let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut metas = meta::of_many(desk.conn, MetaKind::Item, &numbers).await?;
    let mut all_terms = terms::of_items(desk.conn, &ids).await?;
    let locked = |item: &Item| !item.password.is_empty() && scope.sight(item, None) != Sight::Full;
    let empty = Meta::default();
    let open: Vec<(&Item, &Meta)> = items
        .iter()
        .filter(|i| i.kind == "post" && !locked(i))
        .map(|i| (i, metas.get(&i.id.0).unwrap_or(&empty)))
        .collect();
    let mut documents: HashMap<ItemId, Documents> = documents::of_items(desk.conn, &open).await?;
    let mut files = files(desk.conn, &items, &metas).await?;
    let parents = parents(desk, &items).await?;
    let cards = items.into_iter().map(|item| {
        let locked = locked(&item);
        let own = metas.remove(&item.id.0).unwrap_or_default();
        let (labels, publishers) = sort_terms(all_terms.remove(&item.id).unwrap_or_default());
        Card {
            link: addresses.remove(&item.id).unwrap_or_default(),
            record: if locked {
                Record::default()
            } else {
                Record::of(&item, &own)
            },
            documents: documents.remove(&item.id).unwrap_or_default(),
            file: files.remove(&item.id).filter(|_| !locked),
            belongs: parents
                .get(&item.parent)
                .filter(|_| item.kind == "attachment" && !locked)
                .cloned(),
            occasion: Occasion::read(&own).filter(|_| !locked).map(|o| o.coming(page)),
            changed: if locked {
                None
            } else {
                record::changes(&own).into_iter().next()
            },
            lang: language_of(&item, &own, &site.language, locked),
            labels: if locked { Vec::new() } else { labels },
            publishers: if locked { Vec::new() } else { publishers },
            locked,
            item,
        }
    });
    Ok(cards.collect())
}

/// What is kept of the attachments among these items.
async fn files(conn: &mut Conn, items: &[Item], metas: &HashMap<i64, Meta>) -> Result<HashMap<ItemId, Document>> {
    let path = |item: &Item| {
        metas
            .get(&item.id.0)
            .map(|m| m.text("_wp_attached_file").trim_start_matches('/').to_owned())
    };
    let attachments = items.iter().filter(|i| i.kind == "attachment");
    let paths: Vec<(ItemId, String)> = attachments
        .filter_map(|i| Some((i.id, path(i).filter(|p| !p.is_empty())?)))
        .collect();
    let kept = store::files_at(conn, &paths.iter().map(|(_, p)| p.clone()).collect::<Vec<_>>()).await?;
    let document = |path: String| Document {
        size: kept.get(&path).map_or(0, |k| k.size),
        path,
        ..Document::default()
    };
    Ok(paths.into_iter().map(|(id, path)| (id, document(path))).collect())
}

/// The items that attachments among these belong to, as far as this reader may see them, with their addresses.
async fn parents(desk: &mut Desk<'_>, items: &[Item]) -> Result<HashMap<ItemId, (Item, String)>> {
    let wanted: Vec<ItemId> = items
        .iter()
        .filter(|i| i.kind == "attachment" && i.parent.0 > 0)
        .map(|i| i.parent)
        .collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let found = items::by_ids(desk.conn, &wanted).await?;
    let seen: Vec<Item> = found
        .into_values()
        .filter(|i| desk.page.scope.sight(i, None) != Sight::Nothing)
        .collect();
    let mut addresses = links::of_items(desk.conn, &desk.page.site, &desk.page.types, &seen).await?;
    Ok(seen
        .into_iter()
        .filter_map(|i| Some((i.id, (addresses.remove(&i.id).map(|a| (i, a))?))))
        .collect())
}

fn sort_terms(terms: Vec<Term>) -> (Vec<Term>, Vec<Term>) {
    let (mut labels, mut publishers) = (Vec::new(), Vec::new());
    for term in terms {
        match term.taxonomy.as_str() {
            "category" | "events_categories" => labels.push(term),
            "publisher" => publishers.push(term),
            _ => {}
        }
    }
    (labels, publishers)
}

impl Card {
    /// The title as HTML, in its language.
    pub(super) fn title(&self, around: &str) -> String {
        let title = html::title(&self.item.title);
        let title = if title.trim().is_empty() {
            format!("#{}", self.item.id)
        } else {
            title
        };
        let lang = lang_unless(&self.lang, around);
        if lang.is_empty() {
            title
        } else {
            format!("<span{lang}>{title}</span>")
        }
    }

    /// The title as a link.
    pub(super) fn title_link(&self, around: &str) -> String {
        html::link(&self.link, &self.title(around))
    }

    /// Its type and labels: what kind of thing it is.
    pub(super) fn kinds(&self, desk: &Desk<'_>, words: &Words) -> String {
        let labels: Vec<String> = self
            .labels
            .iter()
            .map(|t| format!("<span class=\"g-2\">{}</span>", html::stored(&t.name)))
            .collect();
        let kind = desk.page.types.get(&self.item.kind).map_or("", |t| t.singular);
        let first = if labels.is_empty() || self.item.kind != "post" {
            format!("<span class=\"g-2\">{}</span> ", words.say(kind))
        } else {
            String::new()
        };
        format!(
            "<p class=\"g-labels\">{first}{}{}</p>",
            labels.join(" "),
            spaced(&state(&self.record, words))
        )
    }

    /// The first page, or a drawn sheet with the title.
    pub(super) fn sheet(&self, around: &str) -> String {
        sheet(
            self.documents.main(&self.lang),
            &self.item,
            &format!("<b>{}</b>", self.title(around)),
        )
    }

    /// Publisher, date, symbol, languages, file.
    pub(super) fn facts(&self, words: &Words) -> String {
        if self.locked {
            return format!(
                "<p class=\"g-meta\"><span>{}</span></p>",
                words.say("Protected by a password")
            );
        }
        let mut facts = Vec::new();
        if self.record.publisher.is_empty() {
            facts.extend(self.publishers.iter().map(|t| html::stored(&t.name)));
        } else {
            facts.push(html::esc(&words.and(&self.record.publisher)));
        }
        if self.item.kind == "post" {
            facts.push(words.date(&self.record.issued));
        }
        if let Some(file) = &self.file {
            facts.push(file_facts(file, words));
        }
        if let Some((item, address)) = &self.belongs {
            facts.push(words.fill("Belongs to {}", &html::link(address, &html::title(&item.title))));
        }
        if let Some(occasion) = &self.occasion {
            facts.extend([
                occasion.when(words),
                html::esc(&occasion.venue),
                words.say(occasion.repeats()).to_owned(),
            ]);
        }
        if !self.record.symbol.is_empty() {
            facts.push(format!("<bdi>{}</bdi>", html::esc(&self.record.symbol)));
        }
        facts.extend(languages(&self.documents, words));
        if let Some(document) = self.documents.main(&self.lang) {
            if document.pages > 0 {
                facts.push(words.counted(document.pages, Noun::Page));
            }
            facts.push(file_facts(document, words));
        } else if let Some(external) = &self.documents.elsewhere {
            facts.push(format!(
                "{}: <bdi>{}</bdi>",
                words.say("Elsewhere"),
                html::esc(&host(&external.url))
            ));
        }
        let spans: Vec<String> = facts
            .iter()
            .filter(|f| !f.is_empty())
            .map(|f| format!("<span>{f}</span>"))
            .collect();
        format!("<p class=\"g-meta\">{}</p>", spans.join(" "))
    }

    /// A short text that ends at a word.
    pub(super) fn excerpt(&self, most: usize) -> String {
        if self.locked {
            String::new()
        } else {
            excerpt(&self.item, most)
        }
    }
}

/// The item's excerpt, or its beginning, cut at a word; nothing of an item with a password.
pub(super) fn excerpt(item: &Item, most: usize) -> String {
    if !item.password.is_empty() {
        return String::new();
    }
    let source = if item.excerpt.trim().is_empty() {
        &item.content
    } else {
        &item.excerpt
    };
    let text = gp_markup::shortcode::strip(source, &|_| true);
    without_needless_dots(&gp_markup::text::excerpt_plain(&text, most))
}

/// A text that was cut after a full stop needs no dots to say so; after a comma they stand instead of it.
pub(super) fn without_needless_dots(text: &str) -> String {
    let Some(rest) = text.trim_end().strip_suffix('…') else {
        return text.to_owned();
    };
    let rest = rest.trim_end();
    match rest.chars().next_back() {
        Some('.' | '!' | '?' | '。' | '؟') => rest.to_owned(),
        Some(',' | ';' | ':' | '،' | '؛' | '，') => {
            format!("{}…", rest.trim_end_matches([',', ';', ':', '،', '؛', '，']))
        }
        _ => text.to_owned(),
    }
}

/// The state as a word with its disc; nothing when nothing is said.
pub(super) fn state(record: &Record, words: &Words) -> String {
    let (class, word) = match &record.status {
        Status::Unknown => return String::new(),
        Status::InForce => ("ok", words.say("In force").to_owned()),
        Status::Superseded => ("old", words.say("Replaced").to_owned()),
        Status::Withdrawn => ("gone", words.say("Withdrawn").to_owned()),
        Status::Draft => ("draft", words.say("Draft").to_owned()),
        Status::Other(word) => ("draft", html::esc(word)),
    };
    format!("<span class=\"g-state g-state--{class}\">{word}</span>")
}

fn spaced(html: &str) -> String {
    if html.is_empty() {
        String::new()
    } else {
        format!(" {html}")
    }
}

/// One or two languages by name, more as a number.
fn languages(documents: &Documents, words: &Words) -> Option<String> {
    let found = documents.languages();
    match found.as_slice() {
        [] | [_] => None,
        [a, b] => Some(format!("{}, {}", words.language(a), words.language(b))),
        more => Some(words.counted(i64::try_from(more.len()).unwrap_or(0), Noun::Language)),
    }
}

/// `PDF, 1.2 MB`
pub(super) fn file_facts(document: &Document, words: &Words) -> String {
    let format = format!("<bdi>{}</bdi>", html::esc(&document.format()));
    if document.size == 0 {
        return format;
    }
    let comma = if words.lang == "ar" { "، " } else { ", " };
    format!("{format}{comma}{}", words.size(document.size))
}

/// The host of an address.
pub(super) fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// A sheet of paper: the first page as a picture, or drawn. Decoration: the words stand beside it.
pub(super) fn sheet(document: Option<&Document>, item: &Item, inner: &str) -> String {
    let picture = document
        .and_then(|d| d.thumb.as_deref())
        .map(picture)
        .unwrap_or_default();
    let drawn = if picture.is_empty() { tint(item) } else { "" };
    format!("<span class=\"g-sheet{drawn}\" aria-hidden=\"true\">{inner}{picture}</span>")
}

/// The picture of a first page.
pub(super) fn picture(thumb: &str) -> String {
    format!(
        "<img src=\"{}\" alt=\"\" width=\"320\" height=\"453\" loading=\"lazy\" decoding=\"async\">",
        html::url(thumb)
    )
}

/// Covers differ a little, always the same for the same item.
fn tint(item: &Item) -> &'static str {
    match item.id.0.rem_euclid(5) {
        1 => " g-sheet--a",
        3 => " g-sheet--b",
        4 => " g-sheet--c",
        _ => "",
    }
}
