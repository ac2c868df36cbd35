//! Text without its markup.

use super::elements::{Piece, pieces, tag_name};
use super::{decode_entities, is_space, trim};

/// Where PHP's `strip_tags` is in the text.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Text,
    Tag,
    Declaration,
    Comment,
    Php,
}

/// Drops tags, comments and PHP code, as PHP's `strip_tags` does.
pub fn strip_tags(text: &str) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut state, mut quote, mut depth, mut copied) = (State::Text, None, 0_usize, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        let before = |back: usize| at.checked_sub(back).map(|at| bytes[at]);
        if state == State::Text {
            if byte == b'<' && bytes.get(at + 1).is_none_or(|next| !is_space(*next)) {
                out.push_str(&text[copied..at]);
                (state, quote, depth) = (State::Tag, None, 0);
            }
            continue;
        }
        match byte {
            b'<' if state == State::Tag && quote.is_none() => depth += 1,
            b'>' if depth > 0 => depth -= 1,
            b'>' if quote.is_none() && closes(state, before(1), before(2)) => {
                (state, copied) = (State::Text, at + 1);
            }
            b'"' | b'\'' if state != State::Comment => match quote {
                None => quote = Some(byte),
                Some(open) if open == byte => quote = None,
                Some(_) => {}
            },
            b'!' if before(1) == Some(b'<') && state == State::Tag => state = State::Declaration,
            b'?' if before(1) == Some(b'<') && state == State::Tag => state = State::Php,
            b'-' if state == State::Declaration && before(1) == Some(b'-') && before(2) == Some(b'!') => {
                (state, quote) = (State::Comment, None);
            }
            _ => {}
        }
    }
    if state == State::Text {
        out.push_str(&text[copied..]);
    }
    out
}

/// Whether a `>` after these two bytes ends what was open.
fn closes(state: State, last: Option<u8>, second_last: Option<u8>) -> bool {
    match state {
        State::Comment => last == Some(b'-') && second_last == Some(b'-'),
        State::Php => last == Some(b'?'),
        State::Text | State::Tag | State::Declaration => true,
    }
}

/// Drops all markup and what stands inside `script` and `style`; trims.
pub fn strip_all_tags(text: &str, remove_breaks: bool) -> String {
    let text = strip_tags(&without_code(text));
    if !remove_breaks {
        return trim(&text).to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\r' | '\n' | '\t' | ' ' if out.ends_with(' ') => {}
            '\r' | '\n' | '\t' | ' ' => out.push(' '),
            _ => out.push(character),
        }
    }
    trim(&out).to_owned()
}

/// Drops `script` and `style` elements with their content. One without an end stays.
fn without_code(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut closers = [Some(0), Some(0)];
    let mut out = String::with_capacity(text.len());
    let (mut at, mut copied) = (0, 0);
    while let Some(start) = lower[at..].find('<').map(|found| at + found) {
        at = start + 1;
        let names = [("<script", "</script>"), ("<style", "</style>")];
        let Some(which) = names.iter().position(|(open, _)| lower[start..].starts_with(open)) else {
            continue;
        };
        let Some(tag_end) = lower[start..].find('>').map(|found| start + found + 1) else {
            break;
        };
        let closer = names[which].1;
        // Remembered, so that many openers without an end stay cheap.
        if closers[which].is_some_and(|known| known < tag_end) {
            closers[which] = lower[tag_end..].find(closer).map(|found| tag_end + found);
        }
        if let Some(end) = closers[which] {
            out.push_str(&text[copied..start]);
            at = end + closer.len();
            copied = at;
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Elements that run on in a line of text; all others end a word.
const INLINE: [&str; 28] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
];

/// What a reader sees of a piece of HTML, on one line: no markup, no block comments, references
/// decoded, words of neighbouring blocks kept apart.
pub fn plain_text(html: &str) -> String {
    let code_free = without_code(html);
    let mut raw = String::with_capacity(code_free.len());
    for piece in pieces(&code_free) {
        match piece {
            Piece::Text(text) => raw.push_str(&decode_entities(text)),
            Piece::Element(element) => match tag_name(element) {
                Some((_, name)) if is_inline(name) => {}
                Some(_) => raw.push(' '),
                None if element.starts_with("<!") => {}
                None => raw.push_str(&lone_bracket(element)),
            },
        }
    }
    let mut out = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Text after a `<` that opens no tag, such as `2 < 3`; a tag may follow inside.
fn lone_bracket(element: &str) -> String {
    let is_php = element.starts_with("<?");
    let is_closer = element.starts_with("</");
    if is_php || is_closer {
        return String::new();
    }
    let inner = &element[1..];
    let text = match inner.find('<') {
        Some(at) => format!("<{}{}", &inner[..at], strip_tags(&inner[at..])),
        None => element.to_owned(),
    };
    decode_entities(&text).into_owned()
}

fn is_inline(name: &str) -> bool {
    INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name))
}
