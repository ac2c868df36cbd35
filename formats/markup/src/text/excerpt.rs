//! Short beginnings of long texts.

use super::{plain_text, strip_all_tags, trim};

/// The first `count` words without markup; `more` is added when something was left out. WordPress's
/// defaults are 55 and `&hellip;`.
pub fn wp_trim_words(text: &str, count: usize, more: &str) -> String {
    let text = strip_all_tags(text, false);
    let mut words = text.split(['\n', '\r', '\t', ' ']).filter(|word| !word.is_empty());
    let kept: Vec<&str> = words.by_ref().take(count).collect();
    let mut out = kept.join(" ");
    if words.next().is_some() {
        out.push_str(more);
    }
    out
}

/// The first `count` characters without markup; a reference that the cut would halve goes whole.
pub fn wp_html_excerpt(text: &str, count: usize, more: &str) -> String {
    let text = strip_all_tags(text, true);
    let Some((cut, _)) = text.char_indices().nth(count) else {
        return text;
    };
    let mut kept = &text[..cut];
    if let Some(at) = kept.rfind('&') {
        let tail = &kept[at + 1..];
        let halved = tail.chars().count() <= 6 && !tail.contains(|c: char| c == ';' || c.is_ascii_whitespace());
        kept = if halved { &kept[..at] } else { kept };
    }
    format!("{}{more}", trim(kept))
}

/// The beginning of what a reader sees, at most `max_chars` characters, ending with a whole word and
/// an ellipsis when something was left out. (The project's own; WordPress counts words.) A single
/// word longer than that is left whole.
pub fn excerpt_plain(html: &str, max_chars: usize) -> String {
    let text = plain_text(html);
    let Some((cut, _)) = text.char_indices().nth(max_chars) else {
        return text;
    };
    // The ellipsis takes a place too.
    let limit = text[..cut].char_indices().next_back().map_or(0, |(at, _)| at);
    let end = last_word_end(&text[..cut], limit)
        .or_else(|| text.find(' '))
        .unwrap_or(text.len());
    if end == text.len() {
        return text;
    }
    let kept = text[..end].trim_end_matches(|c: char| c.is_whitespace() || ",;:-\u{2013}\u{2014}(".contains(c));
    format!("{kept}\u{2026}")
}

/// The last place up to `limit` where a word ends: before a space, or on either side of a character
/// of a script that does without spaces.
fn last_word_end(text: &str, limit: usize) -> Option<usize> {
    let mut next = text[limit..].chars().next();
    for (at, character) in text[..limit].char_indices().rev() {
        let end = at + character.len_utf8();
        let boundary = next.is_some_and(|next| next.is_whitespace() || is_wide(next));
        if boundary || is_wide(character) {
            return Some(end);
        }
        next = Some(character);
    }
    None
}

/// Ideographs, kana and Thai: no spaces between words.
fn is_wide(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
