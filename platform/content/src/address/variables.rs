//! What a request asks, as WordPress's query variables: those of the matched rule, overridden by the query's. Nothing is
//! looked up.

use std::collections::{BTreeMap, BTreeSet};

use super::{Request, old_search, rules::Matched, rules::variable_of, sought, url};
use crate::{dates::Dates, types::Types};

/// The variables that a query may set, besides those of taxonomies and types.
const PUBLIC: &[&str] = &[
    "m",
    "p",
    "cat",
    "withcomments",
    "withoutcomments",
    "s",
    "page",
    "paged",
    "tb",
    "author",
    "year",
    "monthnum",
    "day",
    "hour",
    "minute",
    "second",
    "name",
    "tag",
    "feed",
    "author_name",
    "pagename",
    "page_id",
    "attachment",
    "attachment_id",
    "preview",
    "sitemap",
    "sitemap-subtype",
    "cpage",
    "embed",
    "error",
];

/// Parameters that other doors read: oEmbed.
const OTHERS: &[&str] = &["rest_route", "url", "format", "maxwidth", "maxheight"];

/// Whether a parameter of this name, decoded, can change an answer; others are nobody's business (`utm_source`).
pub fn means_something(types: &Types, name: &str) -> bool {
    let name = name.split_once('[').map_or(name, |(name, _)| name);
    PUBLIC.contains(&name)
        || sought::is_own_name(name)
        || old_search::is_old_name(types, name)
        || OTHERS.contains(&name)
        || is_page_of_query(name)
        || types.taxonomies().iter().any(|t| variable_of(&t.name) == name)
        || types.public().any(|t| t.name == name)
}

/// Whether this names the page of a query block's own list: `query-3-page`, or `query-page` for one without a number.
pub fn is_page_of_query(name: &str) -> bool {
    let number = name.strip_prefix("query-").and_then(|rest| rest.strip_suffix("page"));
    number.is_some_and(|number| match number.strip_suffix('-') {
        Some(digits) => (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()),
        None => number.is_empty(),
    })
}

/// Numbers above this are nonsense: offsets must not overflow.
const MOST: i64 = 1_000_000_000_000;

/// The variables of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Variables {
    values: BTreeMap<String, String>,
    /// Those that the rule gave and the query does not repeat.
    pub from_path: BTreeSet<String>,
    /// The types asked for; all of them public. A list of none is the same as not asked.
    pub types: Vec<&'static str>,
    /// Whether the types were asked for as a list.
    pub type_list: bool,
}

impl Variables {
    /// From what a rule gave and what the query says.
    pub fn new(types: &Types, matched: Matched, request: &Request) -> Self {
        let mut variables = Self::default();
        for (name, mut value) in matched.into_iter().filter(|(_, value)| !value.is_empty()) {
            if name == "s" {
                value = url::decode(&value);
            }
            if !request.has(&name) {
                variables.from_path.insert(name.clone());
            }
            variables.values.insert(name, value);
        }
        let taxonomies = types.taxonomies().iter().filter(|t| t.public);
        let names = PUBLIC.iter().copied().chain(taxonomies.map(|t| variable_of(&t.name)));
        for name in names {
            if let Some(value) = request.parameters.get(name) {
                variables.values.insert(name.to_owned(), value.clone());
            } else if request.has(name) {
                variables.values.remove(name);
            }
        }
        variables.take_types(types, request);
        variables.take_format();
        if let Some(kind) = variables.get("feed").strip_prefix("comments-").map(str::to_owned) {
            variables.set("feed", kind);
            variables.set("withcomments", "1".to_owned());
        }
        variables
    }

    fn take_types(&mut self, types: &Types, request: &Request) {
        let asked = |name: &str| {
            types
                .public()
                .find(|t| t.name == name && name != "page")
                .map(|t| t.name)
        };
        if request.has("post_type") {
            self.values.remove("post_type");
            self.type_list = !request.parameters.contains_key("post_type");
            let given = request
                .parameters
                .iter()
                .filter(|(n, _)| *n == "post_type" || n.starts_with("post_type["));
            self.types = given.filter_map(|(_, value)| asked(value)).collect();
        } else if let Some(kind) = self.values.get("post_type") {
            self.types = asked(kind).into_iter().collect();
        }
        for kind in types.public().filter(|t| !t.front.is_empty()) {
            if let Some(name) = request.parameter(kind.name) {
                self.types = vec![kind.name];
                let variable = if kind.hierarchical { "pagename" } else { "name" };
                self.values.insert(variable.to_owned(), name.to_owned());
            }
        }
    }

    /// `gallery` means the term `post-format-gallery`.
    fn take_format(&mut self) {
        if let Some(format) = self.values.get_mut("post_format")
            && !format.is_empty()
            && !format.starts_with("post-format-")
        {
            *format = format!("post-format-{format}");
        }
    }

    /// A variable; empty when it is not set.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Sets a variable.
    pub fn set(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// Whether a variable says something; `0` does not.
    pub fn says(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "0")
    }

    /// Whether a variable is set, be it to nothing.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The names of all variables.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// A variable as a number, as PHP reads it: its leading digits.
    pub fn signed(&self, name: &str) -> i64 {
        let text = self.get(name).trim_start();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = digits.bytes().take_while(u8::is_ascii_digit).count();
        let number: i64 = match &digits[..end] {
            "" => 0,
            some => some.parse().unwrap_or(MOST),
        };
        sign * number.min(MOST)
    }

    /// The same without its sign.
    pub fn number(&self, name: &str) -> i64 {
        self.signed(name).abs()
    }

    /// The digits of `m`.
    pub fn digits_of_m(&self) -> String {
        self.get("m").chars().filter(char::is_ascii_digit).take(14).collect()
    }

    /// The page of a list, at least 1.
    pub fn page(&self) -> usize {
        usize::try_from(self.number("paged").min(1_000_000)).unwrap_or(1).max(1)
    }

    /// All that is said about the date.
    pub fn dates(&self) -> Dates {
        let part = |name: &str| {
            Some(self.number(name))
                .filter(|n| *n > 0)
                .and_then(|n| u32::try_from(n).ok())
        };
        let clock = |name: &str| {
            Some(self.number(name))
                .filter(|_| !self.get(name).is_empty())
                .and_then(|n| u32::try_from(n).ok())
        };
        let mut dates = Dates {
            year: part("year"),
            month: part("monthnum"),
            day: part("day"),
            hour: clock("hour"),
            minute: clock("minute"),
            second: clock("second"),
        };
        let m = self.digits_of_m();
        let of_m = |range: std::ops::Range<usize>| m.get(range).and_then(|d| d.parse().ok());
        dates.year = of_m(0..4).or(dates.year);
        dates.month = of_m(4..6).or(dates.month);
        dates.day = of_m(6..8).or(dates.day);
        dates.hour = of_m(8..10).or(dates.hour);
        dates.minute = of_m(10..12).or(dates.minute);
        dates.second = of_m(12..14).or(dates.second);
        dates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_a_blocks_list_means_something_and_little_else_does() {
        let types = Types::new(Vec::new());
        for name in ["query-1-page", "query-page", "query-123456-page", "paged"] {
            assert!(means_something(&types, name), "{name}");
        }
        for name in [
            "query-x-page",
            "query-1234567-page",
            "query--page",
            "query-1-pages",
            "cst",
            "utm_source",
        ] {
            assert!(!means_something(&types, name), "{name}");
        }
    }

    #[test]
    fn numbers_are_read_as_php_reads_them() {
        let types = Types::new(Vec::new());
        for (value, number) in [
            ("358”", 358),
            (" 7x", 7),
            ("x", 0),
            ("-3", -3),
            ("99999999999999999999", MOST),
        ] {
            let mut variables = Variables::new(&types, Vec::new(), &Request::parse("/", ""));
            variables.set("p", value.to_owned());
            assert_eq!(variables.signed("p"), number);
        }
    }

    #[test]
    fn the_query_overrides_the_path() {
        let types = Types::new(Vec::new());
        let request = Request::parse("/", "paged=2&author[1]=x&feed=comments-atom&m=20080605");
        let matched = vec![("paged".to_owned(), "3".to_owned()), ("tag".to_owned(), "a".to_owned())];
        let v = Variables::new(&types, matched, &request);
        assert_eq!(
            (v.page(), v.get("tag"), v.get("author"), v.get("feed")),
            (2, "a", "", "atom")
        );
        assert_eq!(v.from_path.iter().collect::<Vec<_>>(), ["tag"]);
        assert_eq!((v.dates().year, v.dates().day), (Some(2008), Some(5)));
    }
}
