//! How to name a document: one sentence, and the three forms that programs for references read.

use serde_json::{Map, Value, json};

use crate::{record::Record, words::Words};

/// What a citation is made of, as plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// The publishers, who stand as authors.
    pub publishers: Vec<String>,
    /// The title.
    pub title: String,
    /// The symbol.
    pub symbol: String,
    /// The series.
    pub series: String,
    /// A year, a month or a day.
    pub date: String,
    /// The language of the document.
    pub lang: String,
    /// The full address of its page.
    pub url: String,
}

impl Work {
    /// From a record; `site` stands in where no publisher is known.
    pub fn new(record: &Record, title: String, site: &str, url: String, lang: &str) -> Self {
        let publishers = match record.publisher.is_empty() {
            true => vec![site.to_owned()].into_iter().filter(|s| !s.is_empty()).collect(),
            false => record.publisher.clone(),
        };
        Self {
            publishers,
            title,
            symbol: record.symbol.clone(),
            series: record.series.clone(),
            date: record.issued.clone(),
            lang: lang.to_owned(),
            url,
        }
    }

    /// One sentence: who, “what”, symbol, when; and where, when there is no symbol.
    pub fn sentence(&self, words: &Words) -> String {
        let (open, close) = match words.lang {
            "ar" | "es" => ("«", "»"),
            "fr" => ("«\u{a0}", "\u{a0}»"),
            _ => ("“", "”"),
        };
        let mut parts = Vec::new();
        if !self.publishers.is_empty() {
            parts.push(words.and(&self.publishers));
        }
        if !self.title.trim().is_empty() {
            parts.push(format!("{open}{}{close}", self.title));
        }
        if !self.symbol.is_empty() {
            parts.push(self.symbol.clone());
        }
        if !self.date.is_empty() {
            parts.push(words.date(&self.date));
        }
        if self.symbol.is_empty() {
            parts.push(self.url.clone());
        }
        format!("{}.", parts.join(if words.lang == "ar" { "، " } else { ", " }))
    }

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
        if key.is_empty() {
            format!("document-{}", self.year())
        } else {
            key
        }
    }

    fn year(&self) -> &str {
        self.date.get(..4).unwrap_or_default()
    }

    fn date_parts(&self) -> Vec<u32> {
        self.date
            .split('-')
            .take(3)
            .map_while(|part| part.parse().ok())
            .collect()
    }

    /// BibTeX.
    pub fn bibtex(&self) -> String {
        // Braces around each body keep a name with "and" in it whole.
        let authors: Vec<String> = self.publishers.iter().map(|p| format!("{{{}}}", tex(p))).collect();
        let mut fields = vec![
            ("author", authors.join(" and ")),
            ("title", format!("{{{}}}", tex(&self.title))),
        ];
        fields.push(("number", tex(&self.symbol)));
        fields.push(("series", tex(&self.series)));
        fields.push(("year", self.year().to_owned()));
        let month = self.date_parts().get(1).map(u32::to_string);
        fields.push(("month", month.unwrap_or_default()));
        fields.push(("language", self.lang.clone()));
        fields.push(("url", self.url.replace(['{', '}', '\\'], "")));
        let lines: Vec<String> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("  {name} = {{{value}}}"))
            .collect();
        format!("@techreport{{{},\n{}\n}}\n", self.key(), lines.join(",\n"))
    }

    /// RIS, lines ended as its readers expect.
    pub fn ris(&self) -> String {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut rows = vec![("TY", "RPRT".to_owned())];
        rows.extend(self.publishers.iter().map(|p| ("AU", line(p))));
        rows.push(("TI", line(&self.title)));
        rows.push(("M1", line(&self.symbol)));
        rows.push(("T2", line(&self.series)));
        rows.push(("PY", self.year().to_owned()));
        rows.push(("DA", ris_date(&self.date_parts())));
        rows.push(("LA", line(&self.lang)));
        rows.push(("UR", line(&self.url)));
        let mut out: String = rows
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(tag, value)| format!("{tag}  - {value}\r\n"))
            .collect();
        out.push_str("ER  - \r\n");
        out
    }

    /// CSL-JSON: a list with one entry.
    pub fn csl_json(&self) -> String {
        let mut entry = Map::new();
        entry.insert("id".to_owned(), json!(self.key()));
        entry.insert("type".to_owned(), json!("report"));
        let authors: Vec<Value> = self.publishers.iter().map(|p| json!({ "literal": p })).collect();
        entry.insert("author".to_owned(), Value::Array(authors));
        entry.insert("title".to_owned(), json!(self.title));
        let texts = [
            ("number", &self.symbol),
            ("collection-title", &self.series),
            ("language", &self.lang),
            ("URL", &self.url),
        ];
        for (name, value) in texts.into_iter().filter(|(_, value)| !value.is_empty()) {
            entry.insert(name.to_owned(), json!(value));
        }
        let date = self.date_parts();
        if !date.is_empty() {
            entry.insert("issued".to_owned(), json!({ "date-parts": [date] }));
        }
        Value::Array(vec![Value::Object(entry)]).to_string()
    }
}

fn ris_date(parts: &[u32]) -> String {
    match parts {
        [] => String::new(),
        [year] => format!("{year:04}///"),
        [year, month] => format!("{year:04}/{month:02}//"),
        [year, month, day, ..] => format!("{year:04}/{month:02}/{day:02}/"),
    }
}

/// TeX's own characters, made plain.
fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '{' | '}' => {}
            '\\' => out.push_str("\\textbackslash "),
            '~' => out.push_str("\\textasciitilde "),
            '^' => out.push_str("\\textasciicircum "),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work() -> Work {
        Work {
            publishers: vec!["Body A".to_owned(), "Body B & Sons".to_owned()],
            title: "What {50%} of States do".to_owned(),
            symbol: "CRC/C/156".to_owned(),
            date: "2019-09-10".to_owned(),
            lang: "en".to_owned(),
            url: "https://library.example/x/".to_owned(),
            ..Work::default()
        }
    }

    #[test]
    fn the_sentence_says_who_what_symbol_and_when() {
        let en = Words::of("en");
        assert_eq!(
            work().sentence(en),
            "Body A and Body B & Sons, “What {50%} of States do”, CRC/C/156, 10 September 2019."
        );
        let bare = Work {
            publishers: Vec::new(),
            symbol: String::new(),
            date: "2019".to_owned(),
            ..work()
        };
        assert_eq!(
            bare.sentence(en),
            "“What {50%} of States do”, 2019, https://library.example/x/."
        );
    }

    #[test]
    fn programs_get_well_formed_entries() {
        let bib = work().bibtex();
        assert!(bib.starts_with("@techreport{crc-c-156,\n"));
        assert!(bib.contains("author = {{Body A} and {Body B \\& Sons}}"));
        assert!(bib.contains("title = {{What 50\\% of States do}}"));
        assert_eq!(bib.matches('{').count(), bib.matches('}').count());
        let ris = work().ris();
        assert!(ris.contains("DA  - 2019/09/10/\r\n") && ris.ends_with("ER  - \r\n"));
        let csl: Value = serde_json::from_str(&work().csl_json()).unwrap();
        assert_eq!(csl[0]["issued"]["date-parts"], json!([[2019, 9, 10]]));
    }

    #[test]
    fn a_title_without_latin_letters_still_has_a_key() {
        let arabic = Work {
            title: "حماية".to_owned(),
            symbol: String::new(),
            ..work()
        };
        assert_eq!(arabic.key(), "document-2019");
    }
}
