//! One-line and many-line fields of forms, names and codes: reduced to what they may hold.

use super::{escape_open_brackets, remove_accents, sanitize_url, strip_all_tags, trim};

/// A field of one line: no tags, no line breaks, no encoded octets.
pub fn sanitize_text_field(text: &str) -> String {
    field(text, false)
}

/// A field of many lines: no tags, no encoded octets.
pub fn sanitize_textarea_field(text: &str) -> String {
    field(text, true)
}

fn field(text: &str, keep_breaks: bool) -> String {
    let mut text = text.to_owned();
    if text.contains('<') {
        // A bracket that a break follows could open a tag once the break is gone.
        text = strip_all_tags(&escape_open_brackets(&text), false).replace("<\n", "&lt;\n");
    }
    if !keep_breaks {
        text = collapse(&text, &['\r', '\n', '\t', ' ']);
    }
    let text = trim(&text);
    let without = without_octets(text);
    if without.len() == text.len() {
        return without;
    }
    trim(&collapse(&without, &[' '])).to_owned()
}

/// One space for each run of these characters.
fn collapse(text: &str, spaces: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = false;
    for character in text.chars() {
        let is_space = spaces.contains(&character);
        if !is_space {
            out.push(character);
        } else if !before {
            out.push(' ');
        }
        before = is_space;
    }
    out
}

/// Drops percent-encoded octets, also those that appear when others are dropped.
fn without_octets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        out.push(character);
        let is_octet = |tail: &[u8]| tail[0] == b'%' && tail[1..].iter().all(u8::is_ascii_hexdigit);
        while out.len() >= 3 && is_octet(&out.as_bytes()[out.len() - 3..]) {
            out.truncate(out.len() - 3);
        }
    }
    out
}

/// A login name. `strict` leaves only ASCII letters, digits and ` _.-@`.
pub fn sanitize_user(name: &str, strict: bool) -> String {
    let name = remove_accents(&strip_all_tags(name, false));
    let name = without_references(&without_octets_once(&name));
    let kept: String = name
        .chars()
        .filter(|c| !strict || c.is_ascii_alphanumeric() || " _.-@".contains(*c))
        .collect();
    collapse(trim(&kept), &[' ', '\t', '\n', '\r', '\u{b}', '\u{c}'])
}

fn without_octets_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let digits = rest.as_bytes().get(at + 1..at + 3);
        let is_octet = digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        out.push_str(if is_octet { "" } else { "%" });
        rest = &rest[at + if is_octet { 3 } else { 1 }..];
    }
    out.push_str(rest);
    out
}

/// Drops what stands between `&` and `;` on one line.
fn without_references(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let line = &after[..after.find('\n').unwrap_or(after.len())];
        let skipped = line.chars().next().map_or(0, char::len_utf8);
        match line[skipped..].find(';').filter(|_| skipped > 0) {
            Some(end) => rest = &after[skipped + end + 1..],
            None => {
                // Nothing on this line ends a reference any more.
                out.push('&');
                out.push_str(line);
                rest = &after[line.len()..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// `#abc` or `#aabbcc`; the empty text stays; everything else is `None`.
pub fn sanitize_hex_color(color: &str) -> Option<&str> {
    let fits = color.strip_prefix('#').is_some_and(is_hex);
    (color.is_empty() || fits).then_some(color)
}

/// The same with or without the `#`, given without it.
pub fn sanitize_hex_color_no_hash(color: &str) -> Option<&str> {
    let color = color.trim_start_matches('#');
    (color.is_empty() || is_hex(color)).then_some(color)
}

fn is_hex(digits: &str) -> bool {
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The name of a locale such as `fr_FR`.
pub fn sanitize_locale_name(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        .collect()
}

/// A type such as `text/plain`.
pub fn sanitize_mime_type(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-+*./".contains(*c))
        .collect()
}

/// Web addresses between white space, one per line.
pub fn sanitize_trackback_urls(text: &str) -> String {
    let is_web = |url: &&str| {
        let start = url.get(..8).unwrap_or(url).to_ascii_lowercase();
        (start.starts_with("http://") && url.len() > 7) || (start == "https://" && url.len() > 8)
    };
    let urls: Vec<String> = text
        .split(['\r', '\n', '\t', ' '])
        .filter(is_web)
        .map(sanitize_url)
        .collect();
    urls.join("\n")
}

/// Whether a text is a mail address as WordPress takes it.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@').filter(|_| text.len() >= 6) else {
        return false;
    };
    let fits_local = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&byte);
    let label = |label: &str| {
        let fits = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        fits && !label.is_empty() && !label.starts_with('-') && !label.ends_with('-')
    };
    !local.is_empty() && local.bytes().all(fits_local) && domain.contains('.') && domain.split('.').all(label)
}
