//! A request's path and query as they stand; nothing is looked up and nothing is meant yet.

use std::collections::BTreeMap;

use super::url::decode;

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
    /// The query's parameters; the last of a name counts. Lists keep their brackets: `post_type[]`.
    pub parameters: BTreeMap<String, String>,
}

impl Request {
    /// Takes a path (with its leading slash) and a query (without `?`) apart.
    pub fn parse(path: &str, query: &str) -> Self {
        Self {
            path: path.to_owned(),
            query: query.to_owned(),
            parameters: parameters(query),
        }
    }

    /// A parameter's value, unless it is empty.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }

    /// All values of a parameter, given once, several times, or as a list (`name[]`), in their order.
    pub fn all(&self, name: &str) -> Vec<String> {
        let of = |pair: &str| {
            let (given, value) = pair.split_once('=').unwrap_or((pair, ""));
            let given = decode(given);
            let own = given.split_once('[').map_or(given.as_str(), |(name, _)| name);
            (own == name).then(|| decode(value)).filter(|value| !value.is_empty())
        };
        pairs(&self.query).filter_map(of).collect()
    }

    /// Whether a parameter is there and says something: PHP holds `0` for nothing.
    pub(super) fn says(&self, name: &str) -> bool {
        self.parameter(name).is_some_and(|v| v != "0") || self.has_list(name)
    }

    /// Whether a parameter is there, as a text or as a list.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parameters.contains_key(name) || self.has_list(name)
    }

    fn has_list(&self, name: &str) -> bool {
        self.parameters
            .range(format!("{name}[")..format!("{name}\\"))
            .next()
            .is_some()
    }
}

fn pairs(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|pair| !pair.is_empty()).take(200)
}

fn parameters(query: &str) -> BTreeMap<String, String> {
    pairs(query)
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let r = Request::parse("/a/feed/atom/", "utm_source=x&s=a+b%20c&post_type[]=page&p=0");
        assert_eq!(r.parameter("s"), Some("a b c"));
        assert!(r.has("post_type") && !r.has("post") && r.has("p") && !r.says("p"));
    }
}
