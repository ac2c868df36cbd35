//! Addresses that are safe to put into a link.

use super::entities::{normalize_entities, reference_body};

/// The schemes that WordPress lets through.
pub const ALLOWED_PROTOCOLS: [&str; 22] = [
    "http", "https", "ftp", "ftps", "mailto", "news", "irc", "irc6", "ircs", "gopher", "nntp", "feed", "telnet", "mms",
    "rtsp", "sms", "svn", "tel", "fax", "xmpp", "webcal", "urn",
];

/// An address for a page: cleaned, checked, escaped. Empty when its scheme is not allowed.
pub fn esc_url(url: &str) -> String {
    esc_url_for(url, &ALLOWED_PROTOCOLS, true)
}

/// An address for storing or requesting: cleaned and checked, not escaped.
pub fn sanitize_url(url: &str) -> String {
    esc_url_for(url, &ALLOWED_PROTOCOLS, false)
}

/// The same with a choice of schemes and of escaping.
pub fn esc_url_for(url: &str, protocols: &[&str], display: bool) -> String {
    let mut url = clean(url);
    if url.is_empty() {
        return url;
    }
    if !url.contains(':') && !url.starts_with(['/', '#', '?']) && !is_php_file(&url) {
        url.insert_str(0, "http://");
    }
    if display {
        url = normalize_entities(&url)
            .replace("&amp;", "&#038;")
            .replace('\'', "&#039;");
    }
    if url.contains(['[', ']']) {
        url = encode_brackets(&url);
    }
    if url.starts_with('/') {
        return url;
    }
    checked(&url, protocols, 0).unwrap_or_default()
}

/// Drops what no address holds.
fn clean(url: &str) -> String {
    let url = url
        .trim_start_matches([' ', '\t', '\n', '\r', '\0', '\u{b}'])
        .replace(' ', "%20");
    let mut url: String = url
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || "-~+_.?#=!&;,/:%@$|*'()[]".contains(*c))
        .collect();
    if !url.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
        url = without_line_breaks(&url);
    }
    url.replace(";//", "://")
}

/// Drops encoded line breaks, also those that appear when others are dropped.
fn without_line_breaks(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        out.push(character);
        while ["%0d", "%0a", "%0D", "%0A"].iter().any(|found| out.ends_with(found)) {
            out.truncate(out.len() - 3);
        }
    }
    out
}

fn is_php_file(url: &str) -> bool {
    let name = url
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-')
        .count();
    let extension = url.get(name..name + 4);
    name > 0 && extension.is_some_and(|extension| extension.eq_ignore_ascii_case(".php"))
}

/// Percent-encodes square brackets after the host.
fn encode_brackets(url: &str) -> String {
    let host = url
        .find("//")
        .filter(|at| *at == 0 || url[..*at].ends_with(':'))
        .map(|at| at + 2);
    let front = host.map_or(0, |start| {
        url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at)
    });
    let rest = url[front..].replace('[', "%5B").replace(']', "%5D");
    format!("{}{rest}", &url[..front])
}

/// How many schemes may stand in a row, as in `feed:https://...`.
const MAX_FEEDS: usize = 3;

/// The address with its scheme in lower case; `None` when the scheme is not allowed or disguised.
fn checked(url: &str, protocols: &[&str], feeds: usize) -> Option<String> {
    let Some((scheme, after)) = split_colon(url).filter(|(scheme, _)| !scheme.contains("/?")) else {
        return Some(url.to_owned());
    };
    let is_known = |known: &&str| known.eq_ignore_ascii_case(scheme);
    if feeds == MAX_FEEDS || !protocols.iter().any(is_known) || !url[scheme.len()..].starts_with(':') {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    // A feed may name the scheme behind it.
    let after = if scheme == "feed" {
        checked(after, protocols, feeds + 1)?
    } else {
        after.to_owned()
    };
    Some(format!("{scheme}:{after}"))
}

/// What stands before and after the first colon, however it is spelt.
pub(crate) fn split_colon(address: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = address[from..].find([':', '&']).map(|found| from + found) {
        let length = colon_length(&address[at..]);
        if length > 0 {
            return Some((&address[..at], &address[at + length..]));
        }
        from = at + 1;
    }
    None
}

fn colon_length(text: &str) -> usize {
    if text.starts_with(':') {
        return 1;
    }
    let Some(body) = reference_body(text) else { return 0 };
    let number = body.strip_prefix('#').is_some_and(|digits| {
        let significant = |digits: &str, code| digits.trim_start_matches('0').eq_ignore_ascii_case(code);
        match digits.strip_prefix(['x', 'X']) {
            Some(hex) => significant(hex, "3a"),
            None => significant(digits, "58"),
        }
    });
    if number || body.eq_ignore_ascii_case("colon") {
        body.len() + 2
    } else {
        0
    }
}
