//! The stem of a word, by the language of its document, for English, French, Spanish, Arabic and
//! Russian. Documents in other languages are found by their folded words only.

use crate::fold::{fold, plain};
use frostem::{Algorithm, Stemmer};

/// Stands before a stem in the index, so that stems and words never meet.
const MARK: char = '~';

/// The stemmers tried on a word of a query whose language is not known.
const ALL: [Algorithm; 5] = [
    Algorithm::English,
    Algorithm::French,
    Algorithm::Spanish,
    Algorithm::Arabic,
    Algorithm::Russian,
];

/// Stems of forms that stemmers do not bring together, for words that nearly every text of the field
/// has: child, woman, man, person; right, victim.
const IRREGULAR: [(Algorithm, &str, &str); 12] = [
    (Algorithm::English, "children", "child"),
    (Algorithm::English, "women", "woman"),
    (Algorithm::English, "men", "man"),
    (Algorithm::English, "peopl", "person"),
    (Algorithm::Russian, "ребенок", "дет"),
    (Algorithm::Russian, "ребенк", "дет"),
    (Algorithm::Arabic, "اطفال", "طفل"),
    (Algorithm::Arabic, "حقوق", "حق"),
    (Algorithm::Arabic, "ضحاي", "ضح"),
    (Algorithm::Arabic, "نساء", "امرا"),
    (Algorithm::Arabic, "امرء", "امرا"),
    (Algorithm::Arabic, "مرء", "امرا"),
];

/// The stem of a word in a document of this language, as it stands in the index.
pub(crate) fn document_stem(word: &str, language: &str) -> Option<String> {
    let algorithm = algorithm_for(word, language)?;
    Some(stem(&plain(word), algorithm))
}

/// The stems under which a word of a query may stand in the index.
pub(crate) fn query_stems(word: &str) -> Vec<String> {
    let plain = plain(word);
    let mut stems = Vec::new();
    for algorithm in ALL.into_iter().filter(|&algorithm| fits(word, algorithm)) {
        let stem = stem(&plain, algorithm);
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    stems
}

/// Whether a token of the index is a stem rather than a word.
pub(crate) fn is_stem(token: &str) -> bool {
    token.starts_with(MARK)
}

fn stem(plain: &str, algorithm: Algorithm) -> String {
    let plain = if algorithm == Algorithm::Arabic {
        without_and(plain)
    } else {
        plain
    };
    let stem = fold(&Stemmer::new(algorithm).stem(plain));
    let irregular = IRREGULAR.iter().find(|(of, form, _)| *of == algorithm && *form == stem);
    let stem = irregular.map_or(stem.as_str(), |(_, _, lemma)| lemma);
    format!("{MARK}{stem}")
}

/// An Arabic word without "and" or "so" before its article, which the stemmer leaves on.
fn without_and(word: &str) -> &str {
    let rest = word.strip_prefix(['و', 'ف']).unwrap_or(word);
    let has_article = ["ال", "لل", "بال", "كال"]
        .iter()
        .any(|article| rest.starts_with(article));
    if has_article && rest.chars().count() >= 5 {
        rest
    } else {
        word
    }
}

/// The stemmer for a word: the one of the document's language if it reads the word's script, else
/// the script's own (an Arabic report that quotes English), else none.
fn algorithm_for(word: &str, language: &str) -> Option<Algorithm> {
    let primary = language
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let own = match primary.as_str() {
        "en" => Some(Algorithm::English),
        "fr" => Some(Algorithm::French),
        "es" => Some(Algorithm::Spanish),
        "ar" => Some(Algorithm::Arabic),
        "ru" => Some(Algorithm::Russian),
        _ => None,
    };
    if let Some(own) = own.filter(|&own| fits(word, own)) {
        return Some(own);
    }
    let foreign = own.is_none() && !matches!(primary.as_str(), "" | "zh" | "ja" | "ko" | "th" | "km" | "lo" | "my");
    if foreign {
        return None;
    }
    [Algorithm::English, Algorithm::Arabic, Algorithm::Russian]
        .into_iter()
        .find(|&algorithm| fits(word, algorithm))
}

/// Whether every letter of the word belongs to the script that the stemmer reads.
fn fits(word: &str, algorithm: Algorithm) -> bool {
    let script: fn(char) -> bool = match algorithm {
        Algorithm::Arabic => {
            |c| matches!(c, '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{FB50}'..='\u{FEFF}')
        }
        Algorithm::Russian => |c| matches!(c, '\u{0400}'..='\u{04FF}'),
        _ => |c| c.is_ascii_alphabetic() || matches!(c, '\u{00C0}'..='\u{024F}' | '\u{FB00}'..='\u{FB06}'),
    };
    let mut letters = false;
    for c in word.chars().filter(|c| c.is_alphanumeric()) {
        if c.is_numeric() || !script(c) {
            return false;
        }
        letters = true;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{document_stem, query_stems};
    use proptest::prelude::*;

    #[test]
    fn forms_share_a_stem() {
        for (language, a, b) in [
            ("en", "trafficking", "trafficked"),
            ("fr-FR", "enfants", "enfant"),
            ("es", "explotación", "explotaciones"),
            ("en", "Children", "child"),
            ("en", "women", "woman"),
            ("ru", "детей", "ребёнка"),
            ("ar", "للطفل", "الأطفال"),
            ("ar", "ضحايا", "ضحية"),
            ("ar", "حقوق", "حق"),
            ("ar", "النساء", "المرأة"),
            ("ar", "نساء", "امرأة"),
            ("ru_RU", "торговля", "торговли"),
            ("ar", "والأطفال", "الأطفال"),
        ] {
            assert_eq!(document_stem(a, language), document_stem(b, language), "{a} {b}");
            assert!(query_stems(b).contains(&document_stem(a, language).unwrap()), "{a} {b}");
        }
    }

    #[test]
    fn other_words_have_none() {
        assert_eq!(document_stem("Kinder", "de"), None);
        assert_eq!(document_stem("156", "en"), None);
        assert_eq!(document_stem("children", "ar"), document_stem("children", "en"));
        assert!(query_stems("儿童").is_empty());
    }

    proptest! {
        #[test]
        fn never_panics(word in "\\PC{0,20}") {
            for language in ["en", "fr", "es", "ar", "ru", ""] {
                document_stem(&word, language);
            }
            query_stems(&word);
        }
    }
}
