//! Changes the tags of links: targets, bases, what the link is to its page.

use std::borrow::Cow;

use super::address::{absolute_link, parse_url};
use super::convert::{add_slashes, strip_slashes};
use super::links::ALLOWED_PROTOCOLS;
use super::{esc_attr, is_space};
use crate::sanitize::{bad_protocol, is_address_attribute, read_attributes};

/// The opening tags of these elements: where they start and end, and the name as written.
fn tags<'a>(html: &'a str, names: &[&str]) -> Vec<(usize, usize, &'a str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = html[at..].find('<').map(|found| at + found) {
        at = start + 1;
        let rest = &html[at..];
        let name = names.iter().find_map(|known| {
            let name = rest
                .get(..known.len())
                .filter(|name| name.eq_ignore_ascii_case(known))?;
            let next = rest.as_bytes().get(known.len())?;
            (*next == b'>' || is_space(*next)).then_some(name)
        });
        let Some(name) = name else { continue };
        let Some(end) = rest.find('>').map(|end| at + end) else {
            break;
        };
        found.push((start, end + 1, name));
        at = end + 1;
    }
    found
}

/// Gives the tags of these elements a `target`, in place of the one they have.
pub fn links_add_target(html: &str, target: &str, names: &[&str]) -> String {
    let mut out = String::with_capacity(html.len() + 32);
    let mut copied = 0;
    for (start, end, name) in tags(html, names) {
        out.push_str(&html[copied..start]);
        let inside = without_target(&html[start + 1 + name.len()..end - 1]);
        out.push_str(&format!("<{name}{inside} target=\"{}\">", esc_attr(target)));
        copied = end;
    }
    out.push_str(&html[copied..]);
    out
}

fn without_target(inside: &str) -> Cow<'_, str> {
    let Some(start) = inside.to_ascii_lowercase().find(" target=") else {
        return Cow::Borrowed(inside);
    };
    let value = &inside[start + 8..];
    let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quoted.and_then(|quote| value[1..].split_once(quote)) {
        Some((_, after)) => Cow::Owned(format!("{}{after}", &inside[..start])),
        None => Cow::Borrowed(inside),
    }
}

/// Makes the addresses in these attributes whole, seen from the page `base`.
pub fn links_add_base_url(html: &str, base: &str, attributes: &[&str]) -> String {
    let mut out = String::with_capacity(html.len() + 32);
    let mut copied = 0;
    for (at, sign) in html.match_indices('=') {
        let before = &html[..at];
        let named = attributes.iter().any(|name| {
            let start = at.checked_sub(name.len()).and_then(|start| before.get(start..));
            start.is_some_and(|found| found.eq_ignore_ascii_case(name))
        });
        let value_at = at + sign.len() + 1;
        if !named || at < copied || value_at > html.len() || !html.is_char_boundary(value_at) {
            continue;
        }
        let quote = html[..value_at].chars().next_back().filter(|c| matches!(c, '"' | '\''));
        let Some(length) = quote.and_then(|quote| html[value_at..].find(quote)) else {
            if quote.is_some() {
                break;
            }
            continue;
        };
        let link = &html[value_at..value_at + length];
        out.push_str(&html[copied..value_at]);
        let has_scheme = link
            .split_once(':')
            .is_some_and(|(scheme, _)| ALLOWED_PROTOCOLS.contains(&scheme));
        if link.is_empty() || has_scheme {
            out.push_str(link);
        } else {
            out.push_str(&absolute_link(link, base));
        }
        copied = value_at + length;
    }
    out.push_str(&html[copied..]);
    out
}

/// Says on each link that the site does not vouch for it, unless it leads to the site itself. As WordPress's function
/// for storing: the text comes and goes with backslashes before its quotes.
pub fn wp_rel_nofollow(html: &str, host: Option<&str>) -> String {
    with_rel(html, host, "nofollow")
}

/// The same, and that a visitor wrote it.
pub fn wp_rel_ugc(html: &str, host: Option<&str>) -> String {
    with_rel(html, host, "nofollow ugc")
}

fn with_rel(html: &str, host: Option<&str>, rel: &str) -> String {
    let html = strip_slashes(html);
    let mut out = String::with_capacity(html.len() + 64);
    let mut copied = 0;
    for (start, end, name) in tags(&html, &["a"]) {
        let Some(inside) = html[start + 1 + name.len()..end - 1]
            .strip_prefix(' ')
            .filter(|inside| !inside.is_empty())
        else {
            continue;
        };
        out.push_str(&html[copied..start]);
        out.push_str(&tag_with_rel(inside, host, rel));
        copied = end;
    }
    out.push_str(&html[copied..]);
    add_slashes(&out)
}

fn tag_with_rel(inside: &str, host: Option<&str>, rel: &str) -> String {
    let attributes = read_attributes(inside);
    let value = |name: &str| {
        attributes
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.as_deref())
    };
    let own = value("href").is_some_and(|link| is_own(link, host));
    let rel: Vec<&str> = rel.split(' ').filter(|word| !own || *word != "nofollow").collect();
    let Some(known) = value("rel") else {
        let rel = rel.join(" ");
        let rel = if rel.is_empty() { rel } else { format!(" rel=\"{rel}\"") };
        return format!("<a {inside}{rel}>");
    };
    let mut words: Vec<&str> = Vec::new();
    for word in known.split(' ').chain(rel) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    let mut out = String::from("<a");
    for (name, value) in attributes.iter().filter(|(name, _)| name != "rel") {
        out.push(' ');
        out.push_str(name);
        if let Some(value) = value {
            let value = if is_address_attribute(name) {
                bad_protocol(value, &ALLOWED_PROTOCOLS)
            } else {
                value.clone()
            };
            out.push_str(&format!("=\"{}\"", esc_attr(&value)));
        }
    }
    format!("{out} rel=\"{}\">", esc_attr(&words.join(" ")))
}

fn is_own(link: &str, host: Option<&str>) -> bool {
    let Some(parts) = parse_url(link) else { return false };
    let web = matches!(parts.scheme, Some("http" | "https"));
    web && parts
        .host
        .zip(host)
        .is_some_and(|(link, own)| link.eq_ignore_ascii_case(own))
}
