//! The language of a text by its letters, for items that do not say theirs: without it a screen reader would read Arabic
//! with an English voice, and from the wrong side.

/// Letters that are looked at.
const ENOUGH: usize = 400;

/// Letters of one language among those that share its script.
const PERSIAN: &str = "پچژگکی";
const URDU: &str = "ٹڈڑےںھ";
const UKRAINIAN: &str = "іїєґІЇЄҐ";

/// The tag of the language that a text in another script than the Latin one is most probably written in.
pub fn by_letters(text: &str) -> Option<&'static str> {
    let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).take(ENOUGH).collect();
    let has = |own: &str| letters.iter().any(|c| own.contains(*c));
    let found = |range: &[(char, char)]| {
        let of = |c: &&char| range.iter().any(|(from, to)| (*from..=*to).contains(*c));
        letters.iter().filter(of).count()
    };
    let most = |range: &[(char, char)]| found(range) * 2 > letters.len();
    if most(&[
        ('\u{600}', '\u{6ff}'),
        ('\u{750}', '\u{77f}'),
        ('\u{fb50}', '\u{fdff}'),
        ('\u{fe70}', '\u{fefc}'),
    ]) {
        return Some(match () {
            () if has(URDU) => "ur",
            () if has(PERSIAN) => "fa",
            () => "ar",
        });
    }
    if most(&[('\u{3040}', '\u{30ff}'), ('\u{3400}', '\u{9fff}')]) {
        return Some(if found(&[('\u{3040}', '\u{30ff}')]) > 0 {
            "ja"
        } else {
            "zh"
        });
    }
    if most(&[('\u{400}', '\u{4ff}')]) {
        return Some(if has(UKRAINIAN) { "uk" } else { "ru" });
    }
    let others = [
        (('\u{590}', '\u{5ff}'), "he"),
        (('\u{370}', '\u{3ff}'), "el"),
        (('\u{e00}', '\u{e7f}'), "th"),
        (('\u{1780}', '\u{17ff}'), "km"),
        (('\u{1000}', '\u{109f}'), "my"),
        (('\u{ac00}', '\u{d7af}'), "ko"),
        (('\u{980}', '\u{9ff}'), "bn"),
        (('\u{1200}', '\u{137f}'), "am"),
    ];
    others
        .into_iter()
        .find(|(range, _)| most(&[*range]))
        .map(|(_, lang)| lang)
}

#[cfg(test)]
mod tests {
    use super::by_letters;

    #[test]
    fn the_script_says_the_language_and_latin_letters_say_none() {
        for (text, lang) in [
            ("دليل عملي للإبلاغ الآمن", Some("ar")),
            ("راهنمای گزارش کودکان", Some("fa")),
            ("بچوں کے لیے", Some("ur")),
            ("学校网络安全：教师手册", Some("zh")),
            ("子どもの権利", Some("ja")),
            ("Методическое пособие", Some("ru")),
            ("Посібник для вчителів і дітей", Some("uk")),
            ("מדריך", Some("he")),
            ("Guidelines on ابلاغ and more", None),
            ("2019 – 2024", None),
            ("", None),
        ] {
            assert_eq!(by_letters(text), lang, "{text}");
        }
    }
}
