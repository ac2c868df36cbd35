//! The words, numbers and dates of the reader's pages in the languages that we can speak; English stands in for the others.
//!
//! A page of a resource speaks the language of the resource, so that one reader reads one language.

mod script;
mod tables;

pub use script::by_letters;
use tables::{ARABIC, FRENCH, SPANISH};

/// One language of the interface.
#[derive(Debug)]
pub struct Words {
    /// Its tag.
    pub lang: &'static str,
    table: &'static [(&'static str, &'static str)],
    months: [&'static str; 12],
    /// Monday first.
    days: [&'static str; 7],
}

/// What is counted in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Noun {
    Page,
    Resource,
    Result,
    Language,
    Topic,
    Publisher,
    File,
}

static ENGLISH: Words = Words {
    lang: "en",
    table: &[],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    days: [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ],
};

/// Languages written from right to left.
const RIGHT_TO_LEFT: &[&str] = &["ar", "fa", "ur", "he", "yi", "ps", "sd", "ug", "dv", "ckb"];

/// Names of languages: tag, English name, own name.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("ar", "Arabic", "العربية"),
    ("en", "English", "English"),
    ("es", "Spanish", "Español"),
    ("fr", "French", "Français"),
    ("ru", "Russian", "Русский"),
    ("zh", "Chinese", "中文"),
    ("de", "German", "Deutsch"),
    ("pt", "Portuguese", "Português"),
    ("it", "Italian", "Italiano"),
    ("nl", "Dutch", "Nederlands"),
    ("pl", "Polish", "Polski"),
    ("tr", "Turkish", "Türkçe"),
    ("uk", "Ukrainian", "Українська"),
    ("ro", "Romanian", "Română"),
    ("el", "Greek", "Ελληνικά"),
    ("sv", "Swedish", "Svenska"),
    ("fa", "Persian", "فارسی"),
    ("ur", "Urdu", "اردو"),
    ("he", "Hebrew", "עברית"),
    ("hi", "Hindi", "हिन्दी"),
    ("bn", "Bengali", "বাংলা"),
    ("ne", "Nepali", "नेपाली"),
    ("id", "Indonesian", "Bahasa Indonesia"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("th", "Thai", "ไทย"),
    ("km", "Khmer", "ខ្មែរ"),
    ("my", "Burmese", "မြန်မာ"),
    ("ja", "Japanese", "日本語"),
    ("ko", "Korean", "한국어"),
    ("sw", "Swahili", "Kiswahili"),
    ("am", "Amharic", "አማርኛ"),
    ("so", "Somali", "Soomaali"),
];

/// The first part of a language tag, in small letters: `pt` of `pt-BR`.
pub fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// `rtl` or `ltr`.
pub fn direction(tag: &str) -> &'static str {
    if RIGHT_TO_LEFT.contains(&primary(tag).as_str()) {
        "rtl"
    } else {
        "ltr"
    }
}

/// Whether two tags name the same language.
pub fn same_language(a: &str, b: &str) -> bool {
    primary(a) == primary(b)
}

/// What speakers of a language call it; the tag itself when we do not know.
pub fn own_name(tag: &str) -> String {
    let found = LANGUAGES.iter().find(|(code, ..)| *code == primary(tag));
    found.map_or_else(|| tag.to_owned(), |(.., own)| (*own).to_owned())
}

/// Whether this is the tag of a language with a name.
pub fn is_language(tag: &str) -> bool {
    LANGUAGES.iter().any(|(code, ..)| *code == tag)
}

/// Whether the interface speaks this language.
pub fn speaks(tag: &str) -> bool {
    primary(tag) == "en" || Words::of(tag).lang != "en"
}

impl Words {
    /// The words of a language, or English.
    pub fn of(tag: &str) -> &'static Self {
        match primary(tag).as_str() {
            "ar" => &ARABIC,
            "fr" => &FRENCH,
            "es" => &SPANISH,
            _ => &ENGLISH,
        }
    }

    /// A sentence or word, given in English.
    pub fn say(&self, english: &'static str) -> &'static str {
        self.table
            .iter()
            .find(|(key, _)| *key == english)
            .map_or(english, |(_, own)| own)
    }

    /// A sentence with one gap, `{}`.
    pub fn fill(&self, english: &'static str, value: &str) -> String {
        self.say(english).replacen("{}", value, 1)
    }

    /// What this language calls a language.
    pub fn language(&self, tag: &str) -> String {
        let found = LANGUAGES.iter().find(|(code, ..)| *code == primary(tag));
        found.map_or_else(|| tag.to_owned(), |(_, english, _)| self.say(english).to_owned())
    }

    /// Figures as this language writes them.
    pub fn figures(&self, text: &str) -> String {
        if self.lang != "ar" {
            return text.to_owned();
        }
        let own = |c: char| match c.to_digit(10) {
            Some(digit) => char::from_u32('٠' as u32 + digit).unwrap_or(c),
            None if c == '.' => '٫',
            None => c,
        };
        text.chars().map(own).collect()
    }

    /// A number with its noun.
    pub fn counted(&self, n: i64, noun: Noun) -> String {
        let [one, two, few, many] = tables::forms(self.lang, noun);
        let form = match n {
            1 => one,
            2 => two,
            n if (3..=10).contains(&(n % 100)) => few,
            _ => many,
        };
        form.replacen("{}", &self.figures(&thousands(n)), 1)
    }

    /// A size in bytes, rounded as a reader thinks of it.
    pub fn size(&self, bytes: i64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "shown with two figures")]
        let bytes = bytes.max(0) as f64;
        let (number, unit) = match bytes {
            b if b < 1000.0 => (format!("{b:.0}"), "bytes"),
            b if b < 999_500.0 => (format!("{:.0}", b / 1000.0), "KB"),
            b if b < 9_950_000.0 => (format!("{:.1}", b / 1_000_000.0), "MB"),
            b if b < 999_500_000.0 => (format!("{:.0}", b / 1_000_000.0), "MB"),
            b => (format!("{:.1}", b / 1_000_000_000.0), "GB"),
        };
        let number = match self.lang {
            "fr" | "es" => number.replace('.', ","),
            _ => self.figures(&number),
        };
        format!("{number}\u{a0}{}", self.say(unit))
    }

    /// A year, a month or a day in words; anything else as it is.
    pub fn date(&self, date: &str) -> String {
        self.dated(date, |month| month.to_owned())
    }

    /// The name of a day of the week; 0 is Monday.
    pub fn day(&self, monday_first: usize) -> &'static str {
        self.days.get(monday_first).copied().unwrap_or_default()
    }

    /// The same with a short month, for tables.
    pub fn short_date(&self, date: &str) -> String {
        self.dated(date, |month| match self.lang {
            "en" => month.chars().take(3).collect(),
            _ => month.to_owned(),
        })
    }

    fn dated(&self, date: &str, month: impl Fn(&str) -> String) -> String {
        let date = date.get(..10).unwrap_or(date);
        let mut parts = date.split('-');
        let (year, number, day) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let name = number
            .and_then(|n| n.parse::<usize>().ok())
            .and_then(|n| self.months.get(n.checked_sub(1)?));
        let Some(name) = name else { return self.figures(date) };
        let day = day.map(|d| d.trim_start_matches('0')).filter(|d| !d.is_empty());
        let of = if self.lang == "es" { " de " } else { " " };
        let words = match day {
            Some("1") if self.lang == "fr" => format!("1er {} {year}", month(name)),
            Some(day) => format!("{day}{of}{}{of}{year}", month(name)),
            None => format!("{}{of}{year}", month(name)),
        };
        self.figures(&words)
    }

    /// Names one after the other: `a, b and c`.
    pub fn and(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let between = if self.lang == "ar" { "، " } else { ", " };
                format!("{} {} {last}", first.join(between), self.say("and"))
            }
        }
    }
}

/// `12,345` with thin gaps: understood in every language.
fn thousands(n: i64) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_as_long_as_they_are_known() {
        let en = Words::of("en-GB");
        assert_eq!(en.date("2024-09-10"), "10 September 2024");
        assert_eq!(en.short_date("2024-09-01 08:00:00"), "1 Sep 2024");
        assert_eq!(
            (en.date("2019-05"), en.date("2018")),
            ("May 2019".to_owned(), "2018".to_owned())
        );
        assert_eq!(
            (en.date("spring"), en.date("2018-13-40")),
            ("spring".to_owned(), "2018-13-40".to_owned())
        );
        assert_eq!(Words::of("es").date("2026-10-14"), "14 de octubre de 2026");
        assert_eq!(Words::of("ar").date("2026-11-18"), "١٨ تشرين الثاني/نوفمبر ٢٠٢٦");
    }

    #[test]
    fn sizes_have_at_most_three_figures() {
        let en = Words::of("en");
        let shown: Vec<_> = [0, 999, 1000, 84_312, 999_600, 1_234_567, 24_000_000]
            .iter()
            .map(|n| en.size(*n).replace('\u{a0}', " "))
            .collect();
        assert_eq!(
            shown,
            ["0 bytes", "999 bytes", "1 KB", "84 KB", "1.0 MB", "1.2 MB", "24 MB"]
        );
    }

    #[test]
    fn counting_follows_the_language() {
        assert_eq!(Words::of("en").counted(1, Noun::Page), "1 page");
        assert_eq!(Words::of("fr").counted(2, Noun::Language), "2 langues");
        assert_eq!(Words::of("ar").counted(2, Noun::Page), "صفحتان");
        assert_eq!(Words::of("ar").counted(26, Noun::Page), "٢٦ صفحة");
        assert_eq!(
            Words::of("en").counted(12_840, Noun::Resource),
            "12\u{202f}840 resources"
        );
    }

    #[test]
    fn unknown_languages_are_spoken_in_english_and_keep_their_direction() {
        assert_eq!(Words::of("fa").say("Issued"), "Issued");
        assert_eq!((direction("fa-IR"), direction("fr")), ("rtl", "ltr"));
        assert!(speaks("ar") && speaks("en-GB") && !speaks("fa"));
    }
}
