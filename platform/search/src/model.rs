//! The plain data that goes into the index and comes out of it.

/// One item as it is to be found. `facets` are counted and filtered by; the facets `type` (from
/// `kind`) and `lang` (from `language`) are added by the index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Doc {
    /// The item's id: the key of the entry.
    pub id: i64,
    /// The post type.
    pub kind: String,
    /// The title as plain text.
    pub title: String,
    /// The body as plain text.
    pub body: String,
    /// Names of the item's terms.
    pub terms: Vec<String>,
    /// Pairs of field and value.
    pub facets: Vec<(String, String)>,
    /// When the item was published, in unix seconds.
    pub date: i64,
    /// The language as a BCP 47 tag (`en`, `fr-FR`, `zh`); empty when unknown.
    pub language: String,
    /// The address of the item.
    pub url: String,
    /// The excerpt as plain text, shown where no word of the query stands in the body.
    pub excerpt: String,
    /// What stands in its files.
    pub passages: Vec<Passage>,
    /// Symbols under which it is known.
    pub symbols: Vec<String>,
}

/// A part of an item that can be found by itself: a page of a file, a numbered paragraph, a part of the item's own text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Passage {
    /// The file it stands in, by a number of the caller's choice; 0: the item's own text.
    pub document: i64,
    /// From 1; 0: none.
    pub page: u32,
    /// The number of the paragraph, as printed; empty: none.
    pub paragraph: String,
    /// Its text.
    pub text: String,
    /// Its language (BCP 47); empty: the item's.
    pub language: String,
}

/// A passage that was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PassageHit {
    /// See [`Passage::document`].
    pub document: i64,
    /// See [`Passage::page`].
    pub page: u32,
    /// See [`Passage::paragraph`].
    pub paragraph: String,
    /// Its language (BCP 47); empty when unknown.
    pub language: String,
    /// The part of it that shows most found words, HTML-escaped, with found words in `<mark>`.
    pub text_html: String,
    /// How well it fits.
    pub score: f32,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The best first; the newest first where the query has no words.
    #[default]
    Relevance,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Query {
    /// The reader's words: `word`, `"a phrase"`, `-not`, `title:word`. Never an error.
    pub text: String,
    /// The post types to look in; empty means all.
    pub kinds: Vec<String>,
    /// Facets that must hold: of each entry's field at least one of its values. One field may be there several times.
    pub filters: Vec<(String, Vec<String>)>,
    /// Facets that must not hold.
    pub without: Vec<(String, String)>,
    /// Ids whose entry is stale: neither found nor counted.
    pub exclude: Vec<i64>,
    /// Hits to skip (beyond 100,000 nothing is listed).
    pub offset: usize,
    /// Hits to list, at most 1,000.
    pub limit: usize,
    /// The order of the hits.
    pub order: Order,
    /// Whether the last word may be unfinished.
    pub prefix: bool,
}

impl Default for Query {
    fn default() -> Self {
        Query {
            text: String::new(),
            kinds: Vec::new(),
            filters: Vec::new(),
            without: Vec::new(),
            exclude: Vec::new(),
            offset: 0,
            limit: 10,
            order: Order::Relevance,
            prefix: false,
        }
    }
}

/// One found item.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The item's id.
    pub id: i64,
    /// The post type.
    pub kind: String,
    /// How well it fits; 0 where the order is by date.
    pub score: f32,
    /// The language of the item.
    pub language: String,
    /// The address of the item as it was when indexed.
    pub url: String,
    /// The title, HTML-escaped, with found words in `<mark>`.
    pub title_html: String,
    /// A passage of the body (else the excerpt), HTML-escaped, with found words in `<mark>`.
    pub snippet_html: String,
    /// Its best passages.
    pub passages: Vec<PassageHit>,
}

/// An item whose text is like another's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The item's id.
    pub id: i64,
    /// Words that both have and few others, the most telling first.
    pub words: Vec<String>,
}

/// The counts of one facet field: the field, and its values with the number of items.
pub type FacetCounts = (String, Vec<(String, usize)>);

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// How many items were found, exactly.
    pub total: usize,
    /// The listed hits.
    pub hits: Vec<Hit>,
    /// Exact counts over everything found, by field, the most frequent value first.
    pub facets: Vec<FacetCounts>,
    /// Another spelling that finds more, under the same filters.
    pub suggestion: Option<String>,
    /// Other words of the field that were looked for as well (old for new and new for old).
    pub also: Vec<String>,
    /// True when no item has all words and those with some of them are listed instead.
    pub relaxed: bool,
    /// The checkpoint of the index state that was searched.
    pub checkpoint: i64,
}
