//! Turns the bytes of a dump into text. Nothing here changes text unless the caller asks.

/// The text behind the bytes of a value, and whether it is certain.
///
/// `connection` is the dump's `SET NAMES` ([`crate::Reader::charset`]): mysqldump converts all
/// columns to it. Only with `binary` do the bytes have the column's own character set.
/// In `latin1` each value is looked at: sites often keep UTF-8 in latin1 columns, so valid UTF-8
/// is taken as that, other bytes as cp1252 (which is what MySQL calls latin1). Bytes that do not
/// fit the character set are taken as cp1252 and reported as uncertain.
pub fn decode(bytes: &[u8], column: Option<&str>, connection: Option<&str>) -> (String, bool) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), true);
    }
    let charset = match connection {
        Some("binary") => column,
        other => other,
    };
    let is_latin = matches!(charset, Some("latin1" | "cp1252"));
    if is_latin {
        return (bytes.iter().map(|byte| latin1_char(*byte)).collect(), true);
    }
    (mixed(bytes), false)
}

/// Valid UTF-8 stays, each other byte is taken as cp1252.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| latin1_char(*byte)));
    }
    text
}

/// Undoes what happens to UTF-8 that was stored in a latin1 column and converted to UTF-8 once
/// more (`Ã©` for `é`). `None` unless every character fits MySQL's latin1, the result is valid
/// UTF-8, and something changes. Text that quotes such letters on purpose looks the same: decide
/// for a whole table, never for a single value.
pub fn undo_double_encoding(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(latin1_byte).collect();
    String::from_utf8(bytes?).ok()
}

/// What cp1252 has at 0x80 to 0x9f. MySQL keeps the five undefined bytes as control characters.
const HIGH: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

fn latin1_char(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

fn latin1_byte(character: char) -> Option<u8> {
    match u32::from(character) {
        code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).ok(),
        _ => {
            let at = HIGH.iter().position(|high| *high == character)?;
            u8::try_from(0x80 + at).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_text_by_the_character_set_of_the_dump() {
        assert_eq!(
            decode("é😀".as_bytes(), None, Some("utf8mb4")),
            ("é😀".to_owned(), true)
        );
        assert_eq!(
            decode(b"caf\xe9 \x93x\x94", None, Some("latin1")),
            ("café “x”".to_owned(), true)
        );
        assert_eq!(
            decode("café".as_bytes(), None, Some("latin1")),
            ("café".to_owned(), true)
        );
        assert_eq!(decode(b"\xe9", Some("latin1"), Some("binary")), ("é".to_owned(), true));
        assert_eq!(decode(b"\xe9", Some("latin1"), Some("utf8")), ("é".to_owned(), false));
        assert_eq!(decode("ü\u{e9}".as_bytes(), None, None), ("üé".to_owned(), true));
        assert_eq!(decode(b"\xc3\xbc\xe9", None, None), ("üé".to_owned(), false));
    }

    #[test]
    fn double_encoding_is_undone_only_when_all_of_it_fits() {
        assert_eq!(undo_double_encoding("CafÃ©").as_deref(), Some("Café"));
        assert_eq!(undo_double_encoding("â€œxâ€\u{9d}").as_deref(), Some("“x”"));
        assert_eq!(undo_double_encoding("Café"), None);
        assert_eq!(undo_double_encoding("plain"), None);
        assert_eq!(undo_double_encoding("Ã© 漢"), None);
    }

    #[test]
    fn every_text_survives_double_encoding() {
        for text in ["é", "ملجأ", "儿童", "😀", "Дети", "ÿ\u{81}\u{9f}"] {
            let double: String = text.bytes().map(latin1_char).collect();
            assert_eq!(undo_double_encoding(&double).as_deref(), Some(text));
        }
    }
}
