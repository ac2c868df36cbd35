//! What `SET` statements change for the reader: the character set and the meaning of backslashes.

/// The settings of the connection that the dump speaks to.
#[derive(Default)]
pub(crate) struct Session {
    /// From `SET NAMES`.
    pub(crate) charset: Option<String>,
    /// Whether sql_mode has NO_BACKSLASH_ESCAPES.
    pub(crate) plain_backslash: bool,
    /// User variables into which the dump saved sql_mode.
    saved: Vec<(String, bool)>,
}

/// User variables remembered; a dump uses two or three.
const MOST_SAVED: usize = 64;

impl Session {
    /// Follows a `SET` statement; `text` is what comes after the word `SET`.
    pub(crate) fn set(&mut self, text: &str) {
        for (position, part) in split(text).into_iter().enumerate() {
            let part = part.trim();
            if position == 0 && self.set_names(part) {
                continue;
            }
            if let Some((name, value)) = part.split_once('=') {
                let name = name.trim().trim_end_matches(':').trim().to_ascii_lowercase();
                self.assign(&name, value.trim());
            }
        }
    }

    fn set_names(&mut self, part: &str) -> bool {
        let mut words = part.split_ascii_whitespace();
        let first = words.next().unwrap_or_default().to_ascii_lowercase();
        let charset = match first.as_str() {
            "names" | "charset" => words.next(),
            "character" if words.next().is_some_and(|w| w.eq_ignore_ascii_case("set")) => words.next(),
            _ => return false,
        };
        let name = charset
            .unwrap_or_default()
            .trim_matches(['\'', '"', '`'])
            .to_ascii_lowercase();
        if name.chars().next().is_some_and(char::is_alphanumeric) && name != "default" {
            self.charset = Some(name);
        }
        true
    }

    fn assign(&mut self, name: &str, value: &str) {
        let is_user_variable = name.starts_with('@') && !name.starts_with("@@");
        if is_user_variable {
            if value.to_ascii_lowercase().contains("sql_mode") && self.saved.len() < MOST_SAVED {
                self.saved.push((name.to_owned(), self.plain_backslash));
            }
            return;
        }
        let last = name.rsplit(['.', ' ', '@']).next().unwrap_or_default();
        if last != "sql_mode" {
            return;
        }
        self.plain_backslash = if value.starts_with('@') && !value.starts_with("@@") {
            let variable = value.split_ascii_whitespace().next().unwrap_or_default();
            let saved = self
                .saved
                .iter()
                .rev()
                .find(|(saved, _)| saved.eq_ignore_ascii_case(variable));
            saved.is_some_and(|(_, plain)| *plain)
        } else {
            value.to_ascii_uppercase().contains("NO_BACKSLASH_ESCAPES")
        };
    }
}

/// Splits at commas outside of quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (at, byte) in text.bytes().enumerate() {
        match quote {
            None if byte == b',' => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            None if matches!(byte, b'\'' | b'"') => quote = Some(byte),
            Some(open) if open == byte => quote = None,
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
