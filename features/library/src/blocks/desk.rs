//! What the blocks of one page work with: the page, the connection, and what is known of its main item, read once.

use std::sync::Arc;

use gp_blocks::{PageContext, html};
use gp_content::{
    Item, Meta, MetaKind, Sight, Term,
    address::{Address, links},
    meta, terms,
};
use gp_kernel::Result;
use gp_store::Conn;

use crate::{
    documents::{self, Documents},
    record::{self, Record},
    words::{self, Words},
};

/// The main item of a page with everything that its blocks show.
#[derive(Debug)]
pub(super) struct Subject {
    pub item: Item,
    pub parent: Option<Item>,
    pub link: String,
    /// Only the title may be shown.
    pub locked: bool,
    pub record: Record,
    pub meta: Meta,
    pub terms: Vec<Term>,
    pub documents: Documents,
    /// The language of the item.
    pub lang: String,
}

/// One page at work.
pub(super) struct Desk<'a> {
    pub page: &'a PageContext,
    pub conn: &'a mut Conn,
    pub subject: Option<Subject>,
    /// The words of the page around the item.
    pub words: &'static Words,
    categories: Option<Arc<Vec<Term>>>,
}

impl<'a> Desk<'a> {
    pub(super) async fn open(page: &'a PageContext, conn: &'a mut Conn) -> Result<Self> {
        let subject = subject(page, conn).await?;
        Ok(Self {
            page,
            conn,
            subject,
            words: Words::of(&page.site.language),
            categories: None,
        })
    }

    /// The words inside the article: those of its language, where we speak it.
    pub(super) fn inside(&self) -> &'static Words {
        match &self.subject {
            Some(subject) if self.foreign().is_some() && words::speaks(&subject.lang) => Words::of(&subject.lang),
            _ => self.words,
        }
    }

    /// The language of the item, when it is not the site's.
    pub(super) fn foreign(&self) -> Option<&str> {
        let lang = self.subject.as_ref().map(|s| s.lang.as_str())?;
        (!words::same_language(lang, &self.page.site.language)).then_some(lang)
    }

    /// ` lang="…" dir="…"` for the item's own words, where the article around them speaks another language.
    pub(super) fn own_lang(&self) -> String {
        match self.foreign() {
            Some(lang) if !words::speaks(lang) => lang_attributes(lang),
            _ => String::new(),
        }
    }

    /// All categories: their archives have their parents' slugs in their addresses.
    pub(super) async fn load_categories(&mut self) -> Result<()> {
        if self.categories.is_none() {
            self.categories = Some(terms::all_of(self.conn, "category").await?);
        }
        Ok(())
    }

    /// The categories, when they have been loaded.
    pub(super) fn categories(&self) -> &[Term] {
        self.categories.as_deref().map_or(&[], Vec::as_slice)
    }

    /// A term's archive.
    pub(super) fn term_link(&self, term: &Term) -> String {
        links::of_term(&self.page.site, &self.page.types, term, self.categories())
    }

    /// A term as a link.
    pub(super) fn term(&self, term: &Term) -> String {
        html::link(&self.term_link(term), &html::stored(&term.name))
    }

    /// The item's terms of a taxonomy as links.
    pub(super) fn terms_of(&self, taxonomy: &str) -> Vec<String> {
        let terms = self.subject.iter().flat_map(|s| &s.terms);
        terms.filter(|t| t.taxonomy == taxonomy).map(|t| self.term(t)).collect()
    }

    /// The address of this page, to mark "here" in menus.
    pub(super) fn here(&self) -> &str {
        match &self.page.address {
            Address::Item { link, .. } => link,
            Address::List(list) => &list.first,
            _ => "",
        }
    }

    /// The site's name as text.
    pub(super) fn site_name(&self) -> String {
        gp_markup::text::plain_text(&self.page.site.name)
    }
}

/// ` lang="ar" dir="rtl"`.
pub(super) fn lang_attributes(lang: &str) -> String {
    format!(" lang=\"{}\" dir=\"{}\"", html::attr(lang), words::direction(lang))
}

/// The same, when a language is not that of its surroundings.
pub(super) fn lang_unless(lang: &str, around: &str) -> String {
    if lang.is_empty() || words::same_language(lang, around) {
        String::new()
    } else {
        lang_attributes(lang)
    }
}

/// The language that an item says, or its letters do, or the site's. Of a locked item only the title may speak.
pub(crate) fn language_of(item: &Item, own: &Meta, site: &str, locked: bool) -> String {
    let said = own.text(record::LANG);
    if !said.is_empty() {
        return said.replace('_', "-");
    }
    let title = gp_markup::text::plain_text(&item.title);
    let by_letters = match title.chars().any(char::is_alphabetic) {
        true => words::by_letters(&title),
        false if locked => None,
        false => words::by_letters(&gp_markup::text::excerpt_plain(&item.content, 400)),
    };
    by_letters.map_or_else(|| site.replace('_', "-"), str::to_owned)
}

async fn subject(page: &PageContext, conn: &mut Conn) -> Result<Option<Subject>> {
    let Address::Item {
        item,
        parent,
        sight,
        link,
        ..
    } = &page.address
    else {
        return Ok(None);
    };
    let locked = *sight != Sight::Full && !page.unlocked();
    let mut subject = Subject {
        item: (**item).clone(),
        parent: parent.as_deref().cloned(),
        link: link.clone(),
        locked,
        record: Record::default(),
        meta: Meta::default(),
        terms: Vec::new(),
        documents: Documents::default(),
        lang: page.site.language.clone(),
    };
    let own = meta::of(conn, MetaKind::Item, item.id.0).await?;
    subject.lang = language_of(item, &own, &page.site.language, locked);
    if locked {
        return Ok(Some(subject));
    }
    subject.record = Record::of(item, &own);
    if !subject.record.lang.is_empty() {
        subject.lang = subject.record.lang.clone();
    }
    subject.terms = terms::of_items(conn, &[item.id])
        .await?
        .remove(&item.id)
        .unwrap_or_default();
    if item.kind == "post" {
        let of = documents::of_items(conn, &[(item, &own)]).await?;
        subject.documents = of.into_values().next().unwrap_or_default();
    }
    subject.meta = own;
    Ok(Some(subject))
}
