//! Names for uploaded files.

use super::file_type::is_extension;
use super::remove_accents;

/// What never stays in a file name.
const DROPPED: &str = "?[]/\\=<>:;,'\"&$#*()|~`!{}%+\u{2019}\u{ab}\u{bb}\u{201d}\u{201c}\0";

/// A file name that is safe in a path and an address, as WordPress makes it.
pub fn sanitize_file_name(name: &str) -> String {
    let name = remove_accents(name)
        .replace('\u{a0}', " ")
        .replace("%20", "-")
        .replace('+', "-");
    let kept: String = name.chars().filter(|c| !DROPPED.contains(*c)).collect();
    let name = collapse(&kept);
    let name = name.trim_matches(['.', '-', '_']);
    let mut parts: Vec<&str> = name.split('.').collect();
    if let [only] = parts[..] {
        return if is_extension(only) {
            format!("unnamed-file.{only}")
        } else {
            only.to_owned()
        };
    }
    let extension = parts.pop().unwrap_or_default();
    let mut out = parts.first().copied().unwrap_or_default().to_owned();
    // A known kind of file in the middle is harmless, any other could be run by a careless server.
    for part in parts.iter().skip(1) {
        out.push('.');
        out.push_str(part);
        if looks_like_extension(part) && !is_extension(part) {
            out.push('_');
        }
    }
    out.push('.');
    out.push_str(extension);
    out
}

/// One point for many, one hyphen for many hyphens and spaces.
fn collapse(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars() {
        match character {
            '\r' | '\n' | '\t' | ' ' | '-' => {
                if !out.ends_with('-') {
                    out.push('-');
                }
            }
            '.' if out.ends_with('.') => {}
            _ => out.push(character),
        }
    }
    out
}

/// Two to five letters, perhaps with a digit.
fn looks_like_extension(part: &str) -> bool {
    let letters = part.strip_suffix(|c: char| c.is_ascii_digit()).unwrap_or(part);
    (2..=5).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphabetic())
}
