//! Links for addresses that stand in a text as words.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::elements::tag_name;
use super::links::esc_url;

/// The longest word that is taken for an address.
const MAX_ADDRESS: usize = 2000;

fn pattern(source: &str) -> Regex {
    let source = source
        .replace("PART", r"[0-9A-Za-z_\x{80}-\x{10FFFF}#%~/@\[\]*(+=&$-]")
        .replace(r"\s", r"[\t-\r ]");
    Regex::new(&source).expect("the pattern is written here and covered by tests")
}

static URL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"([\s(<.,;:!?])([0-9A-Za-z_]{1,20}://PART*(?:['.,;:!?)]PART+)*)(\)?)"));
static WWW: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)([\s>])((?:www|ftp)\.[0-9A-Za-z_\x{80}-\x{10FFFF}#$%&~/.\-;:=,?@\[\]+]+)"));
static MAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)([\s>])([.0-9a-z_+-]+@(?:[0-9a-z-]+\.)+[0-9a-z]{2,})"));
static NESTED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)(<a(?:[ \r\n\t]+[^>]+?>|>))<a [^>]+?>([^>]+?)</a></a>"));

/// Makes links of web and mail addresses outside tags, code and preformatted text.
pub fn make_clickable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut in_code = 0_usize;
    for piece in tags_and_text(text) {
        if let Some((closing, name)) = tag_name(piece).filter(|_| piece.ends_with('>')) {
            let is_code = ["code", "pre", "script", "style"]
                .iter()
                .any(|code| code.eq_ignore_ascii_case(name));
            match (is_code, closing) {
                (true, false) => in_code += 1,
                (true, true) => in_code = in_code.saturating_sub(1),
                (false, _) => {}
            }
        }
        let is_tag = piece.starts_with('<') && !is_bracketed_address(piece);
        if in_code > 0 || is_tag {
            out.push_str(piece);
        } else {
            out.push_str(&link_addresses(piece));
        }
    }
    NESTED.replace_all(&out, "$1$2</a>").into_owned()
}

/// Tags (`<...>` without brackets inside) and the text between them.
fn tags_and_text(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut copied, mut open) = (0, None);
    for (at, found) in text.match_indices(['<', '>']) {
        match (found, open) {
            ("<", _) => open = Some(at),
            (_, Some(start)) if at > start + 1 => {
                parts.push(&text[copied..start]);
                parts.push(&text[start..=at]);
                (copied, open) = (at + 1, None);
            }
            _ => open = None,
        }
    }
    parts.push(&text[copied..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Whether `<...>` holds an address: `<https://example.org>`.
fn is_bracketed_address(piece: &str) -> bool {
    let inner = piece[1..].trim_start();
    let scheme = inner
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        .count();
    (1..=20).contains(&scheme) && inner[scheme..].starts_with("://")
}

fn link_addresses(piece: &str) -> String {
    if !piece.contains(['.', ':', '@']) {
        return piece.to_owned();
    }
    let text = format!(" {piece} ");
    let text = URL.replace_all(&text, link_url);
    let text = WWW.replace_all(&text, link_www);
    let text = MAIL.replace_all(&text, r#"$1<a href="mailto:$2">$2</a>"#);
    text[1..text.len() - 1].to_owned()
}

fn link_url(found: &Captures<'_>) -> String {
    let (before, mut url, mut after) = (&found[1], found[2].to_owned(), found[3].to_owned());
    if url.len() > MAX_ADDRESS {
        return found[0].to_owned();
    }
    // A bracket at the end belongs to the address if it was opened there.
    if after == ")" && url.contains('(') {
        url.push(')');
        after.clear();
    }
    while url.matches('(').count() < url.matches(')').count() {
        let Some(at) = url.rfind(')') else { break };
        after.insert_str(0, &url[at..]);
        url.truncate(at);
    }
    let safe = esc_url(&url);
    if safe.is_empty() {
        return found[0].to_owned();
    }
    format!(r#"{before}<a href="{safe}" rel="nofollow">{safe}</a>{after}"#)
}

fn link_www(found: &Captures<'_>) -> String {
    let word = &found[2];
    let address = word.strip_suffix(['.', ',', ';', ':', ')']).unwrap_or(word);
    let after = &word[address.len()..];
    let url = esc_url(&format!("http://{address}"));
    if url.is_empty() {
        return found[0].to_owned();
    }
    format!(r#"{}<a href="{url}" rel="nofollow">{url}</a>{after}"#, &found[1])
}
