//! The language of a text, by its script where that decides, by its words where there are enough of them.
//!
//! Never in here: the language that a document claims; claims are wrong too often to be believed before the text.

use std::collections::HashMap;

/// Fewer letters than these say too little.
const MIN_LETTERS: usize = 24;
/// More text than this adds nothing.
const MAX_CHARS: usize = 6000;

/// The language of a text as a BCP 47 tag, or nothing where it cannot be told.
pub(crate) fn of_text(text: &str) -> Option<String> {
    let sample: String = text.chars().take(MAX_CHARS).collect();
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return None;
    }
    if let Some(language) = by_script(&sample, letters) {
        return Some(language.to_owned());
    }
    if letters < MIN_LETTERS {
        return None;
    }
    let info = whatlang::detect(&sample)?;
    if !(info.is_reliable() || info.confidence() > 0.5) {
        return None;
    }
    Some(tag(info.lang()).to_owned())
}

/// The language of the most letters of these pages.
pub(crate) fn of_most(pages: &[crate::model::Page]) -> Option<String> {
    let mut letters: HashMap<&str, usize> = HashMap::new();
    for page in pages {
        if let Some(language) = &page.language {
            *letters.entry(language).or_default() += page.text.chars().filter(|c| c.is_alphabetic()).count();
        }
    }
    let most = letters
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
    most.map(|(language, _)| language.to_owned()).or_else(|| {
        let all: Vec<&str> = pages.iter().take(20).map(|page| page.text.as_str()).collect();
        of_text(&all.join("\n"))
    })
}

/// Scripts of one language each, and those of few whose own letters tell them apart.
fn by_script(text: &str, letters: usize) -> Option<&'static str> {
    let count = |of: &dyn Fn(char) -> bool| text.chars().filter(|c| of(*c)).count();
    let most = |of: &dyn Fn(char) -> bool| count(of) * 2 > letters;
    let simple: [(&str, std::ops::RangeInclusive<char>); 14] = [
        ("th", '\u{0e00}'..='\u{0e7f}'),
        ("lo", '\u{0e80}'..='\u{0eff}'),
        ("km", '\u{1780}'..='\u{17ff}'),
        ("my", '\u{1000}'..='\u{109f}'),
        ("ko", '\u{ac00}'..='\u{d7af}'),
        ("ka", '\u{10a0}'..='\u{10ff}'),
        ("hy", '\u{0530}'..='\u{058f}'),
        ("am", '\u{1200}'..='\u{137f}'),
        ("ta", '\u{0b80}'..='\u{0bff}'),
        ("te", '\u{0c00}'..='\u{0c7f}'),
        ("bn", '\u{0980}'..='\u{09ff}'),
        ("si", '\u{0d80}'..='\u{0dff}'),
        ("bo", '\u{0f00}'..='\u{0fff}'),
        ("el", '\u{0370}'..='\u{03ff}'),
    ];
    if let Some((language, _)) = simple.iter().find(|(_, range)| most(&|c| range.contains(&c))) {
        return Some(language);
    }
    let kana = count(&|c| matches!(c, '\u{3041}'..='\u{30ff}'));
    let han = count(&|c| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'));
    // One Chinese character says as much as three letters, so a page with names in Latin script is still Chinese.
    if kana * 10 > han.max(1) && (kana + han) * 3 > letters {
        return Some("ja");
    }
    if han * 4 > letters {
        return Some("zh");
    }
    if most(&|c| matches!(c, '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}')) {
        return Some(arabic_script(text));
    }
    None
}

/// Arabic, Persian, Urdu or Pashto by the letters that only one of them has.
fn arabic_script(text: &str) -> &'static str {
    let count = |letters: &str| text.chars().filter(|c| letters.contains(*c)).count();
    let all = text.chars().filter(|c| c.is_alphabetic()).count().max(1);
    let (urdu, pashto, persian) = (count("ٹڈڑےںھہ"), count("ټډړږښڅځۍې"), count("پچژگکی"));
    let arabic = count("يكةىأإ");
    if urdu * 40 > all {
        "ur"
    } else if pashto * 40 > all {
        "ps"
    } else if persian * 40 > all && persian > arabic {
        "fa"
    } else {
        "ar"
    }
}

/// Two letters where the language has them.
fn tag(lang: whatlang::Lang) -> &'static str {
    use whatlang::Lang as L;
    match lang {
        L::Eng => "en",
        L::Fra => "fr",
        L::Spa => "es",
        L::Rus => "ru",
        L::Ara => "ar",
        L::Cmn => "zh",
        L::Por => "pt",
        L::Deu => "de",
        L::Ita => "it",
        L::Nld => "nl",
        L::Pes => "fa",
        L::Ukr => "uk",
        L::Bel => "be",
        L::Bul => "bg",
        L::Srp => "sr",
        L::Mkd => "mk",
        L::Pol => "pl",
        L::Ces => "cs",
        L::Slk => "sk",
        L::Slv => "sl",
        L::Hrv => "hr",
        L::Hun => "hu",
        L::Ron => "ro",
        L::Tur => "tr",
        L::Aze => "az",
        L::Uzb => "uz",
        L::Tuk => "tk",
        L::Vie => "vi",
        L::Ind => "id",
        L::Jav => "jv",
        L::Tgl => "tl",
        L::Hin => "hi",
        L::Mar => "mr",
        L::Nep => "ne",
        L::Ben => "bn",
        L::Urd => "ur",
        L::Guj => "gu",
        L::Pan => "pa",
        L::Kan => "kn",
        L::Mal => "ml",
        L::Ori => "or",
        L::Tam => "ta",
        L::Tel => "te",
        L::Sin => "si",
        L::Heb => "he",
        L::Yid => "yi",
        L::Amh => "am",
        L::Afr => "af",
        L::Zul => "zu",
        L::Sna => "sn",
        L::Aka => "ak",
        L::Swe => "sv",
        L::Dan => "da",
        L::Nob => "nb",
        L::Fin => "fi",
        L::Est => "et",
        L::Lav => "lv",
        L::Lit => "lt",
        L::Cat => "ca",
        L::Lat => "la",
        L::Epo => "eo",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn languages_are_told_by_script_and_words() {
        for (language, text) in [
            (
                "en",
                "States parties shall prohibit the sale of children and take all measures to protect them.",
            ),
            (
                "fr",
                "Les États parties interdisent la vente d'enfants et prennent toutes les mesures de protection.",
            ),
            (
                "es",
                "Los Estados partes prohibirán la venta de niños y adoptarán todas las medidas de protección.",
            ),
            (
                "ru",
                "Государства-участники запрещают торговлю детьми и принимают все меры защиты.",
            ),
            ("ar", "تحظر الدول الأطراف بيع الأطفال وتتخذ جميع التدابير لحمايتهم"),
            (
                "fa",
                "کشورهای عضو فروش کودکان را ممنوع می‌کنند و همه اقدامات لازم را انجام می‌دهند",
            ),
            ("zh", "缔约国应禁止买卖儿童并采取一切措施"),
            ("th", "รัฐภาคีต้องห้ามการขายเด็ก"),
            ("km", "រដ្ឋភាគីត្រូវហាមឃាត់ការលក់កុមារ"),
        ] {
            assert_eq!(of_text(text).as_deref(), Some(language), "{text}");
        }
        assert_eq!(of_text("12 345"), None);
        assert_eq!(of_text("Annex"), None);
    }
}
