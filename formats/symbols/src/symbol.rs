//! A symbol in its usual form.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::cmp::Ordering;
use std::fmt;

/// First parts under which symbols are issued.
pub(crate) const ORGANS: [&str; 29] = [
    "A", "S", "E", "ST", "T", "CRC", "CCPR", "CEDAW", "CERD", "CAT", "CMW", "CRPD", "CED", "HRI", "INT", "DP", "TD",
    "UNEP", "CTOC", "ECE", "ID", "ICCD", "FCCC", "UNEA", "CAC", "LC", "PBC", "HSP", "TRANS",
];
/// Parts that are not written in capitals.
const MIXED: [&str; 10] = [
    "Add.", "Amend.", "Corr.", "Rev.", "Sub.", "Summary", "Sect.", "Vol.", "Part ", "Annex",
];
/// Longer than any symbol that was ever issued.
const MAX_CHARS: usize = 120;

/// A symbol in its usual form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Symbol(Vec<String>);

impl Symbol {
    /// Reads one symbol in any of its written forms: `A/80/604/Add.1`, `A_80_604_Add.1.pdf`, `crc-c-gc-25`,
    /// `CRC%2FC%2F156`, `A/80/604 /ADD.1`. A joint symbol gives its first part.
    pub fn parse(written: &str) -> Option<Symbol> {
        Symbol::parse_all(written).into_iter().next()
    }

    /// Reads a symbol, and both of a joint one (`CEDAW/C/GC/31-CRC/C/GC/18`).
    pub fn parse_all(written: &str) -> Vec<Symbol> {
        let plain = unescape(written);
        let plain = without_file_ending(plain.trim()).trim_end_matches(['*', ' ']).trim();
        if plain.is_empty() || plain.chars().count() > MAX_CHARS {
            return Vec::new();
        }
        let mut found = Vec::new();
        for parts in split_joint(parts_of(plain)) {
            match Symbol::of_parts(&parts) {
                Some(symbol) => found.push(symbol),
                None => return Vec::new(),
            }
        }
        found
    }

    /// The first symbol in running text that stands alone between blanks, as in the head of a document.
    pub fn find(text: &str) -> Option<Symbol> {
        Symbol::standing_in(text, 1).pop()
    }

    /// The symbols in running text, each once, in their order; at most so many.
    pub fn standing_in(text: &str, most: usize) -> Vec<Symbol> {
        let chars: Vec<char> = text.chars().collect();
        let mut found: Vec<Symbol> = Vec::new();
        let mut at = 0;
        while at < chars.len() && found.len() < most {
            let starts =
                at == 0 || !(chars[at - 1].is_alphanumeric() || matches!(chars[at - 1], '/' | '.' | '-' | '_'));
            let written = (starts && chars[at].is_ascii_uppercase())
                .then(|| starting_at(&chars[at..]))
                .flatten();
            at += 1;
            if let Some(written) = written
                && let Some(symbol) = Symbol::parse(&written)
            {
                at += written.chars().count() - 1;
                if !found.contains(&symbol) {
                    found.push(symbol);
                }
            }
        }
        found
    }

    /// The parts between the strokes.
    pub fn parts(&self) -> &[String] {
        &self.0
    }

    /// The symbol without additions, corrections and revisions: of `A/80/604/Add.1` it is `A/80/604`.
    pub fn base(&self) -> Symbol {
        let end = self
            .0
            .iter()
            .rposition(|part| !is_change(part))
            .map_or(self.0.len(), |at| at + 1);
        Symbol(self.0[..end.max(1)].to_vec())
    }

    fn of_parts(parts: &[String]) -> Option<Symbol> {
        let first = parts.first()?.to_ascii_uppercase();
        if parts.len() < 2 || !ORGANS.contains(&first.as_str()) {
            return None;
        }
        let mut usual = vec![first];
        for part in &parts[1..] {
            usual.push(usual_part(part)?);
        }
        usual
            .iter()
            .any(|part| part.contains(|c: char| c.is_ascii_digit()))
            .then_some(Symbol(usual))
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("/"))
    }
}

impl Serialize for Symbol {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Symbol, D::Error> {
        let written = String::deserialize(from)?;
        Symbol::parse(&written).ok_or_else(|| de::Error::custom(format!("`{written}` is no symbol")))
    }
}

impl Ord for Symbol {
    /// Part by part, numbers by their value, a document before what was added to it.
    fn cmp(&self, other: &Symbol) -> Ordering {
        for (one, two) in self.0.iter().zip(&other.0) {
            let order = natural(one, two).then_with(|| one.cmp(two));
            if order != Ordering::Equal {
                return order;
            }
        }
        self.0.len().cmp(&other.0.len())
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Numbers by their value, everything else by its letters.
fn natural(one: &str, two: &str) -> Ordering {
    let (one, two) = (pieces(one), pieces(two));
    for (a, b) in one.iter().zip(&two) {
        let order = match (a.parse::<u64>(), b.parse::<u64>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            _ => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    one.len().cmp(&two.len())
}

/// Runs of digits and runs of everything else.
fn pieces(part: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut digits = None;
    for c in part.chars() {
        if digits != Some(c.is_ascii_digit()) {
            digits = Some(c.is_ascii_digit());
            found.push(String::new());
        }
        if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found
}

fn is_change(part: &str) -> bool {
    ["Add.", "Amend.", "Corr.", "Rev.", "Summary"]
        .iter()
        .any(|start| part.starts_with(start))
}

/// `%2F` as a stroke, and everything that a line may be broken with taken out.
fn unescape(written: &str) -> String {
    let mut plain = written.to_owned();
    for (escaped, c) in [("%2F", "/"), ("%2f", "/"), ("%20", " "), ("%28", "("), ("%29", ")")] {
        plain = plain.replace(escaped, c);
    }
    let mut plain: String = plain
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
        .collect();
    plain = plain
        .replace(['\u{a0}', '\n', '\r', '\t'], " ")
        .replace(['\u{2010}', '\u{2011}'], "-");
    plain
}

fn without_file_ending(name: &str) -> &str {
    let Some((stem, ending)) = name.rsplit_once('.') else {
        return name;
    };
    let known = ["pdf", "docx", "doc", "odt", "html", "htm", "txt", "rtf", "epub"];
    if known.contains(&ending.to_ascii_lowercase().as_str()) {
        stem
    } else {
        name
    }
}

/// The parts of a written symbol, by the strokes, or, where it is the name of a file or an address, by `_` or `-`.
fn parts_of(written: &str) -> Vec<String> {
    let by = if written.contains('/') {
        '/'
    } else if written.contains('_') {
        '_'
    } else {
        '-'
    };
    let mut parts: Vec<String> = Vec::new();
    for part in written.split(by) {
        parts.push(part.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    parts
}

/// A joint symbol taken apart where a new organ starts after a number.
fn split_joint(parts: Vec<String>) -> Vec<Vec<String>> {
    let mut symbols: Vec<Vec<String>> = vec![Vec::new()];
    let count = parts.len();
    for (at, part) in parts.into_iter().enumerate() {
        let organ_follows = |name: &str| ORGANS.contains(&name.to_ascii_uppercase().as_str()) && name.len() > 2;
        let joint = part
            .split_once('-')
            .filter(|(number, organ)| is_number(number) && organ_follows(organ));
        let current = symbols.last().map_or(0, Vec::len);
        if let Some((number, organ)) = joint.filter(|_| at + 1 < count) {
            let (number, organ) = (number.to_owned(), organ.to_owned());
            push_last(&mut symbols, number);
            symbols.push(vec![organ]);
        } else if current > 0
            && organ_follows(&part)
            && symbols.last().is_some_and(|s| s.last().is_some_and(|p| is_number(p)))
            && at + 2 < count
        {
            symbols.push(vec![part]);
        } else {
            push_last(&mut symbols, part);
        }
    }
    symbols
}

fn push_last(symbols: &mut [Vec<String>], part: String) {
    if let Some(last) = symbols.last_mut() {
        last.push(part);
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

/// One part in its usual form, or nothing where it cannot be a part.
fn usual_part(part: &str) -> Option<String> {
    let (name, brackets) = match part.split_once('(') {
        Some((name, inner)) => (name.trim(), Some(inner.trim().strip_suffix(')')?.trim())),
        None => (part.trim(), None),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ' ');
    let spaced = name.contains(' ') && !name.to_ascii_lowercase().starts_with("part ");
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(allowed) || spaced {
        return None;
    }
    let mut usual = usual_case(name);
    if let Some(inner) = brackets {
        if inner.is_empty() || !inner.chars().all(|c| allowed(c) || c == '&') {
            return None;
        }
        usual.push_str(&format!(" ({})", bracket_case(inner)));
    }
    Some(usual)
}

/// Capitals, but for the parts that are written otherwise.
fn usual_case(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    for mixed in MIXED {
        if let Some(rest) = lower.strip_prefix(&mixed.to_ascii_lowercase()) {
            return format!("{mixed}{}", rest.to_ascii_uppercase());
        }
    }
    name.to_ascii_uppercase()
}

/// What stands in brackets: `Sect. 24`, `Vol. II`, `2016`, `SUPP`, with one blank after the point.
fn bracket_case(inner: &str) -> String {
    let lower = inner.to_ascii_lowercase();
    for start in ["Sect.", "Vol."] {
        if let Some(rest) = lower.strip_prefix(&start.to_ascii_lowercase()) {
            return format!("{start} {}", rest.trim().to_ascii_uppercase());
        }
    }
    usual_case(inner)
}

/// What looks like a symbol at the start of these characters: parts, strokes and at most one blank inside.
fn starting_at(chars: &[char]) -> Option<String> {
    let mut written = String::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at).filter(|_| at < MAX_CHARS) {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let after_stroke = written.ends_with('/');
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '/' | '\u{ad}' | '\u{200b}' => written.push(c),
            '.' | '-' if next.is_ascii_alphanumeric() => written.push(c),
            ' ' | '\n' if next == '/' || (after_stroke && next.is_ascii_alphanumeric()) => {}
            ' ' if next == '(' => match bracket_at(&chars[at + 1..]) {
                Some(bracket) => {
                    written.push(' ');
                    written.push_str(&bracket);
                    at += bracket.chars().count();
                }
                None => break,
            },
            ' ' if written.ends_with("/Part") && next.is_ascii_uppercase() => written.push(c),
            _ => break,
        }
        at += 1;
    }
    let written = written.trim_end_matches('/');
    (written.matches('/').count() >= 1).then(|| written.to_owned())
}

/// `(Sect. 24)`, `(Vol. II)`, `(2016)`, `(SUPP)`: brackets that belong to a symbol.
fn bracket_at(chars: &[char]) -> Option<String> {
    let end = chars.iter().take(16).position(|c| *c == ')')?;
    let inner: String = chars[1..end].iter().collect();
    let lower = inner.to_ascii_lowercase();
    let belongs =
        lower.starts_with("sect") || lower.starts_with("vol") || lower.starts_with("supp") || lower.starts_with("part");
    let year = inner.len() == 4 && is_number(&inner);
    (belongs || year).then(|| format!("({inner})"))
}

#[cfg(test)]
mod tests {
    use super::Symbol;

    fn parsed(written: &str) -> String {
        Symbol::parse_all(written)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" + ")
    }

    #[test]
    fn symbols_of_the_field_are_read() {
        for symbol in [
            "CRC/C/156",
            "CRC/C/GC/25",
            "CRC/C/OPSC/AUS/CO/1/Corr.1",
            "CRC/C/OPSC/AUS/Q/1/Add.1",
            "CRC/C/69/D/1/2014",
            "CRC/C/SR.1709",
            "A/RES/54/263",
            "A/80/604/Add.1",
            "A/81/6 (Sect. 24)",
            "A/80/5 (Vol. II)",
            "S/RES/2331 (2016)",
            "A/HRC/WG.6/34/L.9",
            "E/CN.4/Sub.2/AC.2/1987/WP.4/Add.1",
            "ST/AI/189/Add.9/Rev.2",
            "A/HRC/43/12",
            "A/81/6 (Sect. 24)/Part A",
            "CRC/C/58/Rev.3",
            "A/S-27/2",
            "A/RES/ES-10/19",
        ] {
            assert_eq!(parsed(symbol), symbol);
            assert_eq!(parsed(&symbol.to_uppercase()), symbol, "in capitals");
            assert_eq!(parsed(&symbol.replace('/', "%2F")), symbol, "escaped");
            assert_eq!(
                parsed(&format!("{}.pdf", symbol.replace('/', "_"))),
                symbol,
                "as a file's name"
            );
            assert_eq!(
                parsed(&symbol.replace('/', "/\u{200b}")),
                symbol,
                "with places to break the line"
            );
            assert_eq!(parsed(&format!("{symbol}*")), symbol, "reissued");
            assert_eq!(
                Symbol::find(&format!("United Nations {symbol}* General"))
                    .map(|s| s.to_string())
                    .as_deref(),
                Some(symbol)
            );
        }
    }

    #[test]
    fn written_forms_of_one_symbol_are_equal() {
        for (written, symbol) in [
            ("A_81_6 (SECT. 24).pdf", "A/81/6 (Sect. 24)"),
            ("crc-c-gc-25", "CRC/C/GC/25"),
            ("A/80/604/ADD.1", "A/80/604/Add.1"),
            ("A/80/604 /Add.1", "A/80/604/Add.1"),
            ("A/80/\n604/Add.1", "A/80/604/Add.1"),
            ("A/81/6(Sect.24)", "A/81/6 (Sect. 24)"),
            ("CEDAW/C/GC/31-CRC/C/GC/18", "CEDAW/C/GC/31 + CRC/C/GC/18"),
            ("CEDAW/C/GC/31/CRC/C/GC/18", "CEDAW/C/GC/31 + CRC/C/GC/18"),
            ("cedaw-c-gc-31-crc-c-gc-18", "CEDAW/C/GC/31 + CRC/C/GC/18"),
        ] {
            assert_eq!(parsed(written), symbol, "{written}");
        }
    }

    #[test]
    fn what_is_no_symbol_is_refused() {
        for written in [
            "",
            "/",
            "A",
            "and/or",
            "24/7",
            "A/B",
            "http://a/1",
            "A//1",
            "CRC/C/<b>1",
            "A/1 (",
            "AC/DC/2",
        ] {
            assert_eq!(parsed(written), "", "{written}");
        }
        assert_eq!(Symbol::find("See his/her notes, 3/4 of A or B and and/or"), None);
    }

    #[test]
    fn symbols_are_in_order_of_their_numbers() {
        let order = [
            "A/80/604",
            "A/80/604/Add.1",
            "A/80/604/Add.2",
            "A/80/604/Add.10",
            "A/81/6 (Sect. 3)",
            "A/81/6 (Sect. 24)",
            "CRC/C/9",
            "CRC/C/156",
        ];
        let mut symbols: Vec<Symbol> = order.iter().rev().filter_map(|s| Symbol::parse(s)).collect();
        symbols.sort();
        assert_eq!(symbols.iter().map(ToString::to_string).collect::<Vec<_>>(), order);
        assert_eq!(symbols[3].base().to_string(), "A/80/604");
    }
}
