//! What a path and query say on their face: segments, page numbers, feeds; nothing is looked up yet.

use std::collections::BTreeMap;

/// The kinds of feed under WordPress's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedKind {
    /// RSS 2.0
    Rss2,
    /// Atom 1.0
    Atom,
    /// RSS 1.0
    Rdf,
}

impl FeedKind {
    /// From the word in an address.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "feed" | "rss2" | "rss" => Some(Self::Rss2),
            "atom" => Some(Self::Atom),
            "rdf" => Some(Self::Rdf),
            _ => None,
        }
    }
}

/// A request's path and query, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The path as asked, percent-encoded, beginning with a slash.
    pub path: String,
    /// The query as asked.
    pub query: String,
    /// Segments, decoded and made to slugs, without what the fields below took away.
    pub segments: Vec<String>,
    /// `/page/N` or `paged=N`; 0 when not asked.
    pub page: usize,
    /// `/comment-page-N`; 0 when not asked.
    pub comment_page: usize,
    /// A feed of it.
    pub feed: Option<FeedKind>,
    /// `/embed`.
    pub embed: bool,
    /// The query's parameters; the last of a name counts.
    pub parameters: BTreeMap<String, String>,
}

/// Page numbers above this are nonsense: nobody has so many, and offsets must not overflow.
const MOST_PAGES: usize = 1_000_000;

fn number(text: &str) -> Option<usize> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().unwrap_or(MOST_PAGES).min(MOST_PAGES))
}

impl Request {
    /// Takes a path (with its leading slash) and a query (without `?`) apart.
    pub fn parse(path: &str, query: &str) -> Self {
        let mut request = Self {
            path: path.to_owned(),
            query: query.to_owned(),
            segments: path.split('/').filter(|s| !s.is_empty()).map(super::slug_of).collect(),
            parameters: parameters(query),
            ..Self::default()
        };
        request.take_suffixes();
        request.take_query();
        request
    }

    /// A parameter's value, unless it is empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// A parameter's value as a positive number.
    pub fn id(&self, name: &str) -> Option<i64> {
        self.parameter(name)?.trim().parse().ok().filter(|n| *n > 0)
    }

    fn take_suffixes(&mut self) {
        if let [.., last] = self.segments.as_slice()
            && last == "embed"
        {
            self.embed = self.segments.len() > 1;
            if self.embed {
                self.segments.pop();
            }
        }
        if let [.., a, b] = self.segments.as_slice()
            && a == "feed"
            && let Some(kind) = FeedKind::parse(b)
        {
            self.feed = Some(kind);
            self.segments.truncate(self.segments.len() - 2);
        } else if let Some(kind) = self.segments.last().and_then(|s| FeedKind::parse(s)) {
            self.feed = Some(kind);
            self.segments.pop();
        }
        if let [.., a, b] = self.segments.as_slice()
            && a == "page"
            && let Some(n) = number(b)
        {
            self.page = n.max(1);
            self.segments.truncate(self.segments.len() - 2);
        }
        if let Some(n) = self
            .segments
            .last()
            .and_then(|s| s.strip_prefix("comment-page-"))
            .and_then(number)
        {
            self.comment_page = n.max(1);
            self.segments.pop();
        }
    }

    fn take_query(&mut self) {
        if let Some(page) = self.parameter("paged").and_then(number) {
            self.page = page.max(1);
        }
        if let Some(kind) = self.parameter("feed").and_then(FeedKind::parse) {
            self.feed = Some(kind);
        }
    }
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    let decode = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .take(200)
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_taken_from_the_end() {
        let r = Request::parse("/category/a/page/3/", "");
        assert_eq!((r.segments.join("/").as_str(), r.page), ("category/a", 3));
        let r = Request::parse("/a/feed/atom/", "utm_source=x&s=a+b%20c");
        assert_eq!((r.feed, r.segments.len()), (Some(FeedKind::Atom), 1));
        assert_eq!(r.parameter("s"), Some("a b c"));
        assert_eq!(Request::parse("/page/99999999999999999999/", "").page, MOST_PAGES);
        assert_eq!(
            Request::parse("/%d8%a3/", "").segments,
            Request::parse("/أ/", "").segments
        );
    }
}
