//! Addresses taken apart and put together again, as PHP and WordPress do.

use super::links::sanitize_url;
use super::trim;
use crate::sanitize::bad_protocol;

/// The parts of an address; those that are absent are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address<'a> {
    /// `https`
    pub scheme: Option<&'a str>,
    /// `example.org`
    pub host: Option<&'a str>,
    /// `8080`
    pub port: Option<u16>,
    /// Before the `@`.
    pub user: Option<&'a str>,
    /// After the user's colon.
    pub pass: Option<&'a str>,
    /// From the first slash on.
    pub path: Option<&'a str>,
    /// After `?`.
    pub query: Option<&'a str>,
    /// After `#`.
    pub fragment: Option<&'a str>,
}

/// Takes an address apart; `None` when it is broken, such as one with a scheme and no host. (`wp_parse_url`)
pub fn parse_url(url: &str) -> Option<Address<'_>> {
    let mut parts = Address::default();
    let (rest, fragment) = cut(url, '#');
    let (rest, query) = cut(rest, '?');
    (parts.fragment, parts.query) = (fragment, query);
    let rest = match split_scheme(rest) {
        Some((scheme, rest)) => {
            parts.scheme = Some(scheme);
            rest
        }
        None => rest,
    };
    let after = match rest.strip_prefix("//") {
        Some(after) => after,
        None if parts.scheme.is_none() && is_host_with_port(rest) => rest,
        None => {
            let path_only = parts == Address::default();
            parts.path = Some(rest).filter(|path| !path.is_empty() || path_only);
            return Some(parts);
        }
    };
    let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
    let host = match authority.rsplit_once('@') {
        Some((person, host)) => {
            let (user, pass) = cut(person, ':');
            (parts.user, parts.pass) = (Some(user), pass);
            host
        }
        None => authority,
    };
    let name_end = host.find(']').unwrap_or(0);
    let host = match host[name_end..].rfind(':').map(|at| at + name_end) {
        Some(at) => {
            let port = &host[at + 1..];
            parts.port = if port.is_empty() {
                None
            } else {
                Some(port.parse().ok()?)
            };
            &host[..at]
        }
        None => host,
    };
    parts.host = Some(host).filter(|host| !host.is_empty());
    parts.host?;
    parts.path = Some(path).filter(|path| !path.is_empty());
    Some(parts)
}

/// `name:80`, with or without a path.
fn is_host_with_port(text: &str) -> bool {
    let Some((host, rest)) = text.split_once(':') else {
        return false;
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let ends = rest[digits..].is_empty() || rest[digits..].starts_with('/');
    !host.is_empty() && !host.contains('/') && (1..=5).contains(&digits) && ends
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at)
        .map_or((text, None), |(before, after)| (before, Some(after)))
}

/// The scheme before a colon; digits up to a slash or the end are a port instead.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_port = digits > 0 && rest[digits..].bytes().next().is_none_or(|next| next == b'/');
    (!scheme.is_empty() && scheme.bytes().all(fits) && !is_port).then_some((scheme, rest))
}

/// Sets or (with `None`) takes away parameters of an address, keeping the others and their order. (`add_query_arg`)
pub fn with_query(changes: &[(String, Option<String>)], address: &str) -> String {
    let (front, fragment) = cut(address, '#');
    let (base, query) = match front.split_once('?') {
        Some((base, query)) => (format!("{base}?"), query),
        None if front.contains('=') && !front.contains("://") && !front.starts_with('/') => (String::new(), front),
        None => (format!("{front}?"), ""),
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), value.to_owned())
        })
        .collect();
    for (name, value) in changes {
        let at = pairs.iter().position(|(known, _)| known == name);
        match (at, value) {
            (Some(at), Some(value)) => pairs[at].1.clone_from(value),
            (Some(at), None) => drop(pairs.remove(at)),
            (None, Some(value)) => pairs.push((name.clone(), value.clone())),
            (None, None) => {}
        }
    }
    let query: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| {
            if value.is_empty() {
                name
            } else {
                format!("{name}={value}")
            }
        })
        .collect();
    let whole = format!("{base}{}", query.join("&"));
    let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
    format!("{}{fragment}", whole.trim_end_matches('?'))
}

/// The address if a server may ask for it: http or https, no names and passwords, a usual port, a public host.
/// `home` is the site's own address, which may always be asked; `resolve` gives the number of a host's name.
pub fn validated<'a>(url: &'a str, home: &str, resolve: &dyn Fn(&str) -> Option<[u8; 4]>) -> Option<&'a str> {
    let web = bad_protocol(url, &["http", "https"]);
    if url.is_empty() || url.parse::<f64>().is_ok() || !web.eq_ignore_ascii_case(url) {
        return None;
    }
    let (parts, own) = (parse_url(url)?, parse_url(home).unwrap_or_default());
    let host = parts.host.filter(|host| !host.contains([':', '#', '?', '[', ']']))?;
    if parts.user.is_some() || parts.pass.is_some() {
        return None;
    }
    let same = own.host.is_some_and(|own| own.eq_ignore_ascii_case(host));
    if !same {
        let name = host.trim_matches('.');
        let number = ipv4(name).or_else(|| resolve(name))?;
        if is_private(number) {
            return None;
        }
    }
    let fits = |port| matches!(port, 80 | 443 | 8080) || (same && own.port == Some(port));
    parts.port.is_none_or(fits).then_some(url)
}

fn ipv4(host: &str) -> Option<[u8; 4]> {
    host.parse::<std::net::Ipv4Addr>().ok().map(|number| number.octets())
}

fn is_private(number: [u8; 4]) -> bool {
    matches!(
        number,
        [0 | 10 | 127, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [169, 254, ..]
            | [100, 64..=127, ..]
            | [224..=255, ..]
    )
}

/// An address without scheme and host. (`wp_make_link_relative`)
pub fn relative_link(url: &str) -> &str {
    let start = url.get(..6).unwrap_or(url).to_ascii_lowercase();
    let scheme = ["https:", "http:"]
        .iter()
        .find(|scheme| start.starts_with(**scheme))
        .map_or(0, |scheme| scheme.len());
    match url[scheme..]
        .strip_prefix("//")
        .filter(|rest| !rest.starts_with('/') && !rest.is_empty())
    {
        Some(rest) => &rest[rest.find('/').unwrap_or(rest.len())..],
        None => url,
    }
}

/// The address that a link on the page `base` means. (`WP_Http::make_absolute_url`)
pub fn absolute_link(link: &str, base: &str) -> String {
    let Some(parts) = parse_url(base).filter(|parts| !base.is_empty() && parts.host.is_some()) else {
        return link.to_owned();
    };
    if parse_url(link).is_some_and(|link| link.scheme.is_some()) {
        return link.to_owned();
    }
    let scheme = parts.scheme.unwrap_or("http");
    if link.starts_with("//") {
        return format!("{scheme}:{link}");
    }
    let host = parts.host.unwrap_or_default();
    let port = parts.port.map_or_else(String::new, |port| format!(":{port}"));
    let folder = parts.path.unwrap_or("/");
    let (path, tail) = link.split_at(link.find(['?', '#']).unwrap_or(link.len()));
    let path = if path.starts_with('/') {
        path.to_owned()
    } else if path.is_empty() {
        folder.to_owned()
    } else {
        format!("{}/{path}", folder.rsplit_once('/').map_or("", |(folder, _)| folder))
    };
    format!("{scheme}://{host}{port}{}{tail}", without_dots(&path))
}

/// Follows `..` in a path that starts with a slash.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        if part == ".." {
            kept.pop();
        } else {
            kept.push(part);
        }
    }
    format!("/{}", kept.join("/"))
}

/// The first address that a link in a text leads to, cleaned. (`get_url_in_content`)
pub fn first_link(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let mut at = 0;
    while let Some(start) = lower[at..].find("<a").map(|found| at + found + 2) {
        at = start;
        if !lower[start..].starts_with([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']) {
            continue;
        }
        let end = html[start..].find('>').map_or(html.len(), |end| start + end);
        at = end;
        let Some(from) = lower[start..end].find("href=").map(|found| start + found + 5) else {
            continue;
        };
        let quote = html[from..].chars().next().filter(|c| matches!(c, '"' | '\''));
        let url = quote.and_then(|quote| html[from + 1..].split_once(quote));
        if let Some((url, _)) = url.filter(|(url, _)| !url.is_empty()) {
            return Some(sanitize_url(url));
        }
    }
    None
}

/// An address for people: without scheme, `www.` and a slash at the end, cut at `most` bytes.
pub fn url_shorten(url: &str, most: usize) -> String {
    let short = url.replace("https://", "").replace("http://", "").replace("www.", "");
    let short = untrailingslashit(&short);
    if short.len() <= most {
        return short.to_owned();
    }
    let mut end = most.saturating_sub(3);
    while !short.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}&hellip;", &short[..end])
}

/// Without slashes and backslashes at the end.
pub fn untrailingslashit(text: &str) -> &str {
    text.trim_end_matches(['/', '\\'])
}

/// With exactly one slash at the end.
pub fn trailingslashit(text: &str) -> String {
    format!("{}/", untrailingslashit(text))
}

/// A path of files with forward slashes, none of them doubled but at the start.
pub fn wp_normalize_path(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut out = String::with_capacity(path.len());
    let (wrapper, path) = match path.split_once("://") {
        Some((name, rest)) if ["http", "https", "file", "ftp", "data", "php", "phar", "zip"].contains(&name) => {
            (format!("{name}://"), rest.to_owned())
        }
        _ => (String::new(), path),
    };
    for (at, character) in path.char_indices() {
        if !(character == '/' && out.ends_with('/') && at > 1) {
            out.push(character);
        }
    }
    if out.as_bytes().get(1) == Some(&b':') {
        out[..1].make_ascii_uppercase();
    }
    wrapper + &out
}

/// Why a file name given by somebody may not be used: 1 leaves its folder, 2 names a drive, 3 is not one of `allowed`;
/// 0 when it may.
pub fn validate_file(file: &str, allowed: &[String]) -> u8 {
    if file.is_empty() {
        return 0;
    }
    let file = wp_normalize_path(file);
    let ups = file.matches("../").count();
    if file == "../" || ups > 1 || (ups == 1 && !file.ends_with("../")) {
        return 1;
    }
    if !allowed.is_empty() && !allowed.iter().any(|known| wp_normalize_path(known) == file) {
        return 3;
    }
    if file.chars().nth(1) == Some(':') { 2 } else { 0 }
}

/// The items of a list between commas and white space.
pub fn parse_list(text: &str) -> Vec<&str> {
    let ends = |c: char| c == ',' || matches!(c, ' ' | '\t'..='\r');
    trim(text).split(ends).filter(|item| !item.is_empty()).collect()
}
