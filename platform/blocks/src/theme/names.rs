//! Names as WordPress writes them in CSS: slugs to words joined by dashes, `var:preset|…` to custom properties.

/// `var:preset|spacing|40` as CSS; anything else as it is.
pub(crate) fn preset_value(value: &str) -> String {
    match value.strip_prefix("var:") {
        Some(path) => format!(
            "var(--wp--{})",
            path.split('|').map(kebab).collect::<Vec<_>>().join("--")
        ),
        None => value.to_owned(),
    }
}

/// The words of a name in small letters with dashes between: `wideSize` is `wide-size`, `2xl` is `2-xl`, `4/3` is `4-3`.
pub(crate) fn kebab(name: &str) -> String {
    words(name).join("-").to_lowercase()
}

/// What people call one of WordPress's own yearly themes, by its folder: `twentytwentyfour` is Twenty Twenty-Four.
pub(crate) fn of_default_theme(folder: &str) -> Option<String> {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let year = folder.strip_prefix("twenty").filter(|year| !year.is_empty())?;
    if !year.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    Some(match year.strip_prefix("twenty") {
        Some("") | None => format!("Twenty {}", capital(year)),
        Some(one) => format!("Twenty Twenty-{}", capital(one)),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    Small,
    Capital,
    Digit,
    Between,
}

fn letter(c: char) -> Letter {
    match c {
        _ if c.is_numeric() => Letter::Digit,
        _ if c.is_uppercase() => Letter::Capital,
        _ if c.is_alphabetic() => Letter::Small,
        _ => Letter::Between,
    }
}

/// A word is a run of digits, a run of small letters with at most one capital before them, or a run of capitals.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().filter(|c| *c != '\'').collect();
    let at = |n: usize| letters.get(n).map_or(Letter::Between, |c| letter(*c));
    let run = |mut n: usize, kind: Letter| {
        while n < letters.len() && at(n) == kind {
            n += 1;
        }
        n
    };
    let mut found = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let end = match at(start) {
            Letter::Between => {
                start += 1;
                continue;
            }
            Letter::Digit => with_ordinal(&letters, run(start, Letter::Digit)),
            Letter::Small => run(start, Letter::Small),
            Letter::Capital => {
                let capitals = run(start, Letter::Capital);
                match at(capitals) {
                    Letter::Small if capitals - start == 1 => run(capitals, Letter::Small),
                    // The last capital begins the next word: `XMLFile`.
                    Letter::Small => capitals - 1,
                    _ => capitals,
                }
            }
        };
        found.push(letters.iter().skip(start).take(end - start).collect());
        start = end;
    }
    found
}

/// `1st`, `2nd` and the like are one word.
fn with_ordinal(letters: &[char], end: usize) -> usize {
    let ending: String = letters
        .iter()
        .skip(end)
        .take(2)
        .flat_map(|c| c.to_lowercase())
        .collect();
    let last = end.checked_sub(1).and_then(|n| letters.get(n)).copied();
    let fits = match ending.as_str() {
        "st" => last == Some('1'),
        "nd" => last == Some('2'),
        "rd" => last == Some('3'),
        "th" => !matches!(last, Some('1' | '2' | '3')),
        _ => false,
    };
    let alone = letters.get(end + 2).is_none_or(|c| letter(*c) == Letter::Between);
    if fits && alone { end + 2 } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yearly_themes_are_called_by_their_year() {
        assert_eq!(of_default_theme("twentytwentyfour").unwrap(), "Twenty Twenty-Four");
        assert_eq!(of_default_theme("twentytwenty").unwrap(), "Twenty Twenty");
        assert_eq!(of_default_theme("twentyseventeen").unwrap(), "Twenty Seventeen");
        assert!(of_default_theme("guidepost").is_none() && of_default_theme("twenty").is_none());
    }

    #[test]
    fn names_are_split_where_letters_change_their_kind() {
        for (name, wanted) in [
            ("wideSize", "wide-size"),
            ("accent-2", "accent-2"),
            ("accentTwo", "accent-two"),
            ("2xl", "2-xl"),
            ("h1", "h-1"),
            ("XMLFile", "xml-file"),
            ("line height", "line-height"),
            ("1st", "1st"),
            ("x_large", "x-large"),
            ("été", "été"),
            ("--", ""),
        ] {
            assert_eq!(kebab(name), wanted, "{name}");
        }
    }

    #[test]
    fn a_preset_becomes_its_property() {
        assert_eq!(preset_value("var:preset|spacing|40"), "var(--wp--preset--spacing--40)");
        assert_eq!(preset_value("1rem"), "1rem");
    }
}
