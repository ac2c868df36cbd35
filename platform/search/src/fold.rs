//! Makes variants of a spelling equal: case, accents, widths, Arabic vowel signs, ligatures.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters that may stand inside a word without being part of it: joiners, direction marks,
/// soft hyphens, byte order marks. PDF extraction leaves many.
pub(crate) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Scripts written without spaces between words (and Korean, whose endings are glued on): their
/// text is cut into overlapping pairs.
pub(crate) fn is_gram(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{318F}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FFDC}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a word may go on with this character.
pub(crate) fn continues_word(c: char) -> bool {
    (c.is_alphanumeric() && !is_gram(c)) || is_ignorable(c) || is_combining_mark(c)
}

/// Marks that a reader may leave out: Latin, Greek and Cyrillic accents, Arabic and Hebrew vowel
/// signs. (Signs of Indian scripts and kana voicing carry meaning and stay.)
fn is_optional_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}') || is_arabic_sign(c)
}

fn is_arabic_sign(c: char) -> bool {
    matches!(c, '\u{0610}'..='\u{061A}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}')
}

/// The spelling under which a word is looked up.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd().filter(|&c| !is_ignorable(c) && !is_optional_mark(c)) {
        for c in c.to_lowercase() {
            push_base(&mut out, c);
        }
    }
    out.nfc().filter(|&c| !is_optional_mark(c)).collect()
}

/// Letters that no decomposition takes apart, but that readers type otherwise.
fn push_base(out: &mut String, c: char) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ł' => out.push('l'),
        'ı' => out.push('i'),
        'ς' => out.push('σ'),
        'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ک' => out.push('ك'),
        'ة' => out.push('ه'),
        '\u{0660}'..='\u{0669}' => push_digit(out, c, 0x0660),
        '\u{06F0}'..='\u{06F9}' => push_digit(out, c, 0x06F0),
        _ => out.push(c),
    }
}

fn push_digit(out: &mut String, c: char, zero: u32) {
    out.push(char::from_digit(c as u32 - zero, 10).unwrap_or(c));
}

/// The spelling that a stemmer expects: composed, lower case, accents kept, without vowel signs.
pub(crate) fn plain(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfkc()
        .filter(|&c| !is_ignorable(c) && !is_arabic_sign(c))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{fold, plain};

    #[test]
    fn variants_become_equal() {
        for (a, b) in [
            ("Éducation", "education"),
            ("ﬁnance", "finance"),
            ("STRASSE", "straße"),
            ("مُحَمَّد", "محمد"),
            ("حمـــاية", "حماية"),
            ("أطفال", "اطفال"),
            ("ребёнок", "ребенок"),
            ("１５６", "156"),
            ("١٥٦", "156"),
            ("co\u{AD}operation", "cooperation"),
            ("ﻻ", "لا"),
            ("한국", "한국"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("か"), fold("が"));
    }

    #[test]
    fn stemmers_see_accents() {
        assert_eq!(plain("EDUCACIÓN"), "educación");
    }
}
