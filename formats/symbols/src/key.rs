//! What all spellings of a symbol have in common.

use crate::symbol::ORGANS;

/// The most that is looked at.
const LONGEST: usize = 200;

/// Ends of file names that stand behind a symbol in the wild.
const ENDINGS: &[&str] = &[".pdf", ".doc", ".docx"];

/// What all spellings of a symbol have in common: its letters and figures in capitals, one slash between two groups. Empty
/// when there are none.
pub fn key(symbol: &str) -> String {
    let mut symbol: String = symbol.trim().chars().take(LONGEST).collect();
    for ending in ENDINGS {
        let at = symbol.len().saturating_sub(ending.len());
        if symbol.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(ending)) {
            symbol.truncate(at);
            break;
        }
    }
    let mut key = String::with_capacity(symbol.len());
    for c in symbol.chars() {
        if c.is_alphanumeric() {
            key.extend(c.to_uppercase());
        } else if !key.is_empty() && !key.ends_with('/') {
            key.push('/');
        }
    }
    key.trim_end_matches('/').to_owned()
}

/// All keys under which a symbol is found: its own, and those of its parts where it is a joint one
/// (`CEDAW/C/GC/31-CRC/C/GC/18`).
pub fn keys(symbol: &str) -> Vec<String> {
    let mut all = vec![key(symbol)];
    let parts: Vec<&str> = symbol.split('-').collect();
    if parts.len() > 1 && parts.iter().all(|part| part.contains('/')) {
        all.extend(parts.iter().map(|part| key(part)));
    }
    all.retain(|key| !key.is_empty());
    all.dedup();
    all
}

/// Whether it has the form of a United Nations symbol.
pub fn is_un(symbol: &str) -> bool {
    let mut parts = symbol.split('/');
    parts.next().is_some_and(|first| ORGANS.contains(&first)) && parts.next().is_some()
}

/// A symbol as a path: its slashes stay, all else that means something in an address is encoded.
pub fn as_path(symbol: &str) -> String {
    let mut out = String::with_capacity(symbol.len());
    for byte in symbol.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'(' | b')' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_symbol_have_one_key() {
        let cases = [
            (
                "CRC/C/156",
                &["crc-c-156", "CRC/C/156*", " CRC / C/156", "CRC_C_156.pdf"][..],
            ),
            (
                "A/80/604/Add.1",
                &["A_80_604_Add.1.pdf", "a/80/604/ADD.1", "A/80/604 /Add.1"],
            ),
            ("A/81/6 (Sect. 24)", &["A_81_6 (SECT. 24).pdf", "A/81/6(Sect.24)"]),
            ("CRC/C/GC/25", &["crc-c-gc-25", "CRC/\u{ad}C/GC/25"]),
            ("S/RES/2331 (2016)", &["S/RES/2331(2016)"]),
        ];
        for (symbol, others) in cases {
            for other in others {
                assert_eq!(key(other), key(symbol), "{other}");
            }
        }
        assert_ne!(key("CRC/C/15"), key("CRC/C/156"));
        assert_ne!(key("A/80/6"), key("A/806"));
        assert_eq!(key("/-/"), "");
    }

    #[test]
    fn a_joint_symbol_is_found_by_each_of_its_parts() {
        let found = keys("CEDAW/C/GC/31-CRC/C/GC/18");
        assert_eq!(found, ["CEDAW/C/GC/31/CRC/C/GC/18", "CEDAW/C/GC/31", "CRC/C/GC/18"]);
        assert_eq!(keys("GE.19-15447(E)"), ["GE/19/15447/E"]);
    }

    #[test]
    fn a_path_keeps_the_slashes() {
        assert_eq!(as_path("A/81/6 (Sect. 24)"), "A/81/6%20(Sect.%2024)");
        assert_eq!(key("A/81/6 (Sect. 24)"), "A/81/6/SECT/24");
    }

    proptest::proptest! {
        #[test]
        fn a_key_is_its_own_key(symbol in ".{0,60}") {
            let once = key(&symbol);
            proptest::prop_assert!(!once.contains("//") && !once.ends_with('/'));
            proptest::prop_assert_eq!(key(&key(&once)), key(&once));
        }
    }
}
