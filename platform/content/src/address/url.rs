//! Paths and queries as text, with PHP's way of reading and writing a query: redirects must come out letter by letter
//! as WordPress makes them. What must never be here: what an address means.

use percent_encoding::percent_decode_str;

/// A path and a query, each as it stands in an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Url {
    /// With its leading slash; empty is no path at all.
    pub path: String,
    /// Without the question mark.
    pub query: String,
}

impl Url {
    /// From `/path?query`; a fragment is dropped.
    pub fn parse(text: &str) -> Self {
        let text = text.split('#').next().unwrap_or_default();
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        Self {
            path: path.to_owned(),
            query: query.to_owned(),
        }
    }

    /// As one text.
    pub fn text(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }
}

/// More parameters than this are nobody's.
const MOST: usize = 200;

/// One parameter: its name, what follows in brackets (`[1]`), its value; all decoded.
type Pair = (String, String, String);

/// A query's parameters in order. The last of a name counts and stands where the first stood.
fn pairs(query: &str) -> Vec<Pair> {
    let mut found: Vec<Pair> = Vec::new();
    for part in query.split('&').filter(|p| !p.is_empty()).take(MOST) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, mut rest) = split_name(&decode(name));
        if name.is_empty() {
            continue;
        }
        if rest == "[]" {
            rest = format!("[{}]", found.iter().filter(|(n, ..)| *n == name).count());
        }
        let value = decode(value);
        match found.iter_mut().find(|(n, r, _)| *n == name && *r == rest) {
            Some(pair) => pair.2 = value,
            None => found.push((name, rest, value)),
        }
    }
    found
}

/// PHP writes `_` for blanks and dots in names.
fn split_name(name: &str) -> (String, String) {
    let name = name.trim_start_matches(' ');
    let at = name.find('[').filter(|at| *at > 0 && name.ends_with(']'));
    let (base, rest) = name.split_at(at.unwrap_or(name.len()));
    (base.replace([' ', '.'], "_"), rest.to_owned())
}

/// Percent-encoding and `+` undone.
pub(super) fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}

/// Letters, digits and `-_.` stay; `blank` is how a blank is written.
fn encode(text: &str, blank: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => out.push_str(blank),
            b if b.is_ascii_alphanumeric() || kept.contains(&b) => out.push(char::from(b)),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// A value as forms send it.
pub(super) fn form_encoded(text: &str) -> String {
    encode(text, "+", b"-_.")
}

/// A folder of a path, its blanks as they are.
pub(super) fn path_encoded(text: &str) -> String {
    encode(text, " ", b"-_.~")
}

/// `name=value&…`, values encoded already; an empty value loses its `=`.
fn build(pairs: &[Pair]) -> String {
    let written = pairs.iter().map(|(name, rest, value)| {
        let name = format!("{name}{}", rest.replace('[', "%5B").replace(']', "%5D"));
        if value.is_empty() {
            name
        } else {
            format!("{name}={value}")
        }
    });
    written.collect::<Vec<_>>().join("&")
}

/// The query without these parameters, or as it stands when it has no parameter with a value.
pub(super) fn without<S: AsRef<str>>(query: &str, names: &[S]) -> String {
    if names.is_empty() {
        return query.to_owned();
    }
    let (before, query) = match query.split_once('?') {
        Some((before, after)) => (format!("{before}?"), after),
        None => (String::new(), query),
    };
    if before.is_empty() && !query.contains('=') {
        return query.to_owned();
    }
    let mut kept = pairs(query);
    kept.retain(|(name, ..)| !names.iter().any(|n| n.as_ref() == name));
    for (.., value) in &mut kept {
        *value = form_encoded(value);
    }
    format!("{before}{}", build(&kept)).trim_end_matches('?').to_owned()
}

/// Whether the query has a parameter of this name.
pub(super) fn has(query: &str, name: &str) -> bool {
    pairs(query).iter().any(|(n, ..)| n == name)
}

/// The address with these parameters added to its own; those of the same name are replaced.
pub(super) fn with(url: &Url, more: &str) -> Url {
    let mut all = pairs(&url.query);
    for (.., value) in &mut all {
        *value = form_encoded(value);
    }
    for (name, rest, value) in pairs(more) {
        let (name, value) = (encode(&name, "%20", b"-_.~"), encode(&value, "%20", b"-_.~"));
        match all.iter_mut().find(|(n, r, _)| *n == name && *r == rest) {
            Some(pair) => pair.2 = value,
            None => all.push((name, rest, value)),
        }
    }
    Url {
        path: url.path.clone(),
        query: build(&all),
    }
}

/// Octets such as `%2F` in lower case.
pub(super) fn lower_octets(text: &str) -> String {
    let bytes = text.as_bytes();
    let octet = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut out = text.as_bytes().to_vec();
    for at in 0..bytes.len() {
        if bytes[at] == b'%' && octet(at + 1) && octet(at + 2) {
            out[at + 1].make_ascii_lowercase();
            out[at + 2].make_ascii_lowercase();
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// Ends with exactly one slash.
pub(super) fn slashed(path: &str) -> String {
    format!("{}/", path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_and_come_as_php_writes_them() {
        for (query, names, left) in [
            ("p=587&utm_source=x", &["p"][..], "utm_source=x"),
            ("p=1", &["p"], ""),
            ("paged", &["paged"], "paged"),
            ("a.b=1 2&p=3", &["p"], "a_b=1+2"),
            ("post_type[]=page&x=", &["post_type"], "x"),
            ("author[1]=hello&p=2", &["p"], "author%5B1%5D=hello"),
        ] {
            assert_eq!(without(query, names), left, "{query}");
        }
        let url = with(&Url::parse("/a/?x=1"), "y=a b&x=2");
        assert_eq!(url.text(), "/a/?x=2&y=a%20b");
        assert_eq!(
            with(&Url::parse("/a/"), "t[]=1&t[]=2").text(),
            "/a/?t%5B0%5D=1&t%5B1%5D=2"
        );
        assert_eq!(lower_octets("/%C3%9F%"), "/%c3%9f%");
    }
}
