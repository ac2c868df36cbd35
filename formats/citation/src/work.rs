//! What is known of a work, as plain text. Empty fields are unknown.

/// What a work is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Published by a body, with a record.
    #[default]
    Report,
    /// A text or file without a record.
    Document,
    /// Something that takes place.
    Event,
}

impl Kind {
    /// Its name in schema.org.
    pub fn name(self) -> &'static str {
        match self {
            Self::Report => "Report",
            Self::Document => "DigitalDocument",
            Self::Event => "Event",
        }
    }
}

/// A body that wrote or published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    /// Its name.
    pub name: String,
    /// A page about it, in full.
    pub url: String,
}

/// A file of a work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// Its address in full, below the work's own page where there is one.
    pub url: String,
    /// The same bytes where they have always been.
    pub upload: String,
    /// Its title.
    pub title: String,
    /// Its language.
    pub lang: String,
    /// `original`, `translation`, `annex` or another word.
    pub kind: String,
    /// Media type.
    pub mime: String,
    /// Bytes; 0 when unknown.
    pub size: i64,
    /// Pages; 0 when unknown.
    pub pages: i64,
    /// SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
    /// When it was published.
    pub published: String,
}

impl File {
    /// Whether it is an edition of the work itself, not something beside it.
    pub fn is_edition(&self) -> bool {
        matches!(self.kind.as_str(), "" | "original" | "translation")
    }
}

/// The same work in another language, on a page of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// Its language.
    pub lang: String,
    /// Its page, in full.
    pub url: String,
    /// It was written in this language.
    pub original: bool,
}

/// When and where something takes place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// A day, or a moment with its offset.
    pub start: String,
    /// A day, or a moment with its offset.
    pub end: String,
    /// Where.
    pub venue: String,
}

/// What is known of a work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "the fields say themselves; dates are a year, a month or a day"
)]
pub struct Work {
    pub kind: Kind,
    /// Its page, in full.
    pub url: String,
    pub title: String,
    /// What it is about, in a few sentences.
    pub description: String,
    /// Bodies that stand as its authors.
    pub authors: Vec<Body>,
    /// The library that shows it.
    pub library: Body,
    pub symbol: String,
    pub also_known_as: Vec<String>,
    pub series: String,
    pub issued: String,
    pub adopted: String,
    /// When its entry was last changed, with offset.
    pub modified: String,
    pub lang: String,
    /// The language it was written in.
    pub original: String,
    pub licence: String,
    /// `in force`, `superseded`, `withdrawn`, or the publisher's word.
    pub status: String,
    /// What it explains.
    pub explains: String,
    /// What kinds of thing it is: labels.
    pub labels: Vec<String>,
    pub topics: Vec<String>,
    pub regions: Vec<String>,
    pub audience: Vec<String>,
    pub files: Vec<File>,
    /// Where it lies, when not here.
    pub elsewhere: String,
    /// All versions with pages of their own, this one among them; empty when there is only this one.
    pub versions: Vec<Version>,
    pub event: Option<Event>,
}

/// The passage that is cited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of a paragraph.
    pub paragraph: String,
    /// The number of a page.
    pub page: String,
    /// Where it is read, in full; empty: at the work's page.
    pub url: String,
}

impl Place {
    /// `para. 62`, `p. 7`, or both.
    pub fn words(&self) -> String {
        let part = |name: &str, number: &str| match number {
            "" => None,
            number => Some(format!("{name} {number}")),
        };
        let parts = [part("p.", &self.page), part("para.", &self.paragraph)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Work {
    /// A name for the entry and its file: the symbol or title in ASCII letters and figures.
    pub fn key(&self) -> String {
        let from = if self.symbol.is_empty() {
            &self.title
        } else {
            &self.symbol
        };
        let mut key = String::new();
        for c in from.chars().take(200) {
            match c {
                c if c.is_ascii_alphanumeric() => key.push(c.to_ascii_lowercase()),
                _ if key.ends_with('-') || key.is_empty() => {}
                _ => key.push('-'),
            }
            if key.len() >= 40 {
                break;
            }
        }
        let key = key.trim_end_matches('-').to_owned();
        match key.as_str() {
            "" => format!("document-{}", self.year()).trim_end_matches('-').to_owned(),
            _ => key,
        }
    }

    /// The year in which it was published.
    pub fn year(&self) -> &str {
        self.issued.get(..4).unwrap_or_default()
    }

    /// Year, month and day, as far as they are known.
    pub fn date_parts(&self) -> Vec<u32> {
        parts_of(&self.issued)
    }

    /// Where it, or the passage, is read.
    pub(crate) fn address<'a>(&'a self, place: &'a Place) -> &'a str {
        match place.url.as_str() {
            "" => &self.url,
            url => url,
        }
    }
}

/// Year, month and day of `2019-09-10`, as far as they are there and can be.
pub(crate) fn parts_of(date: &str) -> Vec<u32> {
    let ranges = [0..=9999, 1..=12, 1..=31];
    date.split('-')
        .zip(ranges)
        .map_while(|(part, range)| part.parse().ok().filter(|n| range.contains(n)))
        .collect()
}

#[cfg(test)]
pub(crate) fn example() -> Work {
    let body = |name: &str| Body {
        name: name.to_owned(),
        url: String::new(),
    };
    Work {
        url: "https://library.example/x/".to_owned(),
        title: "What {50%} of States do".to_owned(),
        authors: vec![body("Body A"), body("Body B & Sons")],
        library: Body {
            name: "A library".to_owned(),
            url: "https://library.example/".to_owned(),
        },
        symbol: "CRC/C/156".to_owned(),
        issued: "2019-09-10".to_owned(),
        lang: "en".to_owned(),
        licence: "CC BY 4.0".to_owned(),
        topics: vec!["Grooming".to_owned()],
        files: vec![File {
            url: "https://library.example/x/a.pdf".to_owned(),
            upload: "https://library.example/wp-content/uploads/2026/a.pdf".to_owned(),
            lang: "en".to_owned(),
            kind: "original".to_owned(),
            mime: "application/pdf".to_owned(),
            size: 12,
            sha256: "00ff".to_owned(),
            ..File::default()
        }],
        ..Work::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_without_latin_letters_still_has_a_key() {
        let arabic = Work {
            title: "حماية".to_owned(),
            symbol: String::new(),
            ..example()
        };
        assert_eq!(arabic.key(), "document-2019");
    }

    #[test]
    fn dates_keep_their_precision_and_nonsense_ends_them() {
        assert_eq!(parts_of("2019"), [2019]);
        assert_eq!(parts_of("2019-09"), [2019, 9]);
        assert_eq!(parts_of("2019-13-01"), [2019]);
        assert_eq!(parts_of("soon"), [0_u32; 0]);
    }
}
