//! Latin letters without their accents, for slugs and file names.

use std::borrow::Cow;

use super::entities::windows_1252;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Letters with accents become plain ones, as on an English site.
pub fn remove_accents(text: &str) -> String {
    remove_accents_in(text, "en_US")
}

/// The same with the rules of a WordPress locale such as `de_DE`: German umlauts become two letters.
pub fn remove_accents_in(text: &str, locale: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut text = if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    };
    if locale == "ca" {
        text = Cow::Owned(text.replace("l·l", "ll"));
    }
    for letter in text.chars() {
        match of_locale(letter, locale).or_else(|| special(letter)) {
            Some(plain) => out.push_str(plain),
            None if is_accented(letter) => decompose_canonical(letter, |part| {
                if !is_combining_mark(part) {
                    out.push(part);
                }
            }),
            None => out.push(letter),
        }
    }
    out
}

/// The same for bytes of Western Europe (Windows-1252) instead of UTF-8.
pub fn remove_accents_latin1(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            0x80 => text.push('E'),
            0x83 => text.push('f'),
            0xa2 => text.push('c'),
            0xa5 => text.push('Y'),
            0xb5 => text.push('u'),
            0xd0 => text.push_str("DH"),
            0xdf => text.push_str("ss"),
            0xf0 => text.push_str("dh"),
            0x81..=0x9f => text.push(windows_1252(*byte)),
            _ => text.push(char::from(*byte)),
        }
    }
    remove_accents(&text)
}

/// What some languages write differently.
fn of_locale(letter: char, locale: &str) -> Option<&'static str> {
    let plain = if locale.starts_with("de_") {
        match letter {
            'Ä' => "Ae",
            'ä' => "ae",
            'Ö' => "Oe",
            'ö' => "oe",
            'Ü' => "Ue",
            'ü' => "ue",
            'ß' => "ss",
            _ => return None,
        }
    } else if matches!(locale, "da_DK" | "nb_NO" | "nn_NO") {
        match letter {
            'Æ' => "Ae",
            'æ' => "ae",
            'Ø' => "Oe",
            'ø' => "oe",
            'Å' => "Aa",
            'å' => "aa",
            _ => return None,
        }
    } else if matches!(locale, "sr_RS" | "bs_BA") {
        match letter {
            'Đ' => "DJ",
            'đ' => "dj",
            _ => return None,
        }
    } else {
        return None;
    };
    Some(plain)
}

/// Letters that Unicode does not take apart, or that WordPress replaces in its own way.
fn special(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ª' | 'ɑ' => "a",
        'º' | 'ø' => "o",
        'Æ' => "AE",
        'æ' => "ae",
        'Ð' | 'Đ' => "D",
        'ð' | 'đ' => "d",
        'Ø' => "O",
        'Þ' => "TH",
        'þ' => "th",
        'ß' | 'ſ' => "s",
        'Ħ' => "H",
        'ħ' => "h",
        'ı' => "i",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ĸ' => "k",
        'Ŀ' | 'Ł' => "L",
        'ŀ' | 'ł' => "l",
        'ŉ' | 'ŋ' => "n",
        'Ŋ' => "N",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŧ' => "T",
        'ŧ' => "t",
        'Ə' | '€' => "E",
        'ǝ' => "e",
        '£' => "",
        _ => return None,
    })
}

/// The letters that WordPress takes accents from; others keep theirs.
fn is_accented(letter: char) -> bool {
    matches!(letter,
        '\u{c0}'..='\u{17f}'
        | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}'
        | '\u{1cd}'..='\u{1dc}'
        | '\u{218}'..='\u{21b}'
        | '\u{1ea0}'..='\u{1ef9}')
}
