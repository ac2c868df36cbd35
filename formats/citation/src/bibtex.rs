//! BibTeX: one `@techreport`.

use crate::work::{Kind, Place, Work};

impl Work {
    /// The entry for BibTeX; `place` names a passage, if one is cited.
    pub fn bibtex(&self, place: &Place) -> String {
        // Braces around each body keep a name with "and" in it whole.
        let authors: Vec<String> = self.authors.iter().map(|b| format!("{{{}}}", tex(&b.name))).collect();
        let month = self.date_parts().get(1).map(u32::to_string).unwrap_or_default();
        let day = self.date_parts().get(2).map(u32::to_string).unwrap_or_default();
        let note = match place.page.as_str() {
            "" => place.words(),
            _ if place.paragraph.is_empty() => String::new(),
            _ => format!("para. {}", place.paragraph),
        };
        let fields = [
            ("author", authors.join(" and ")),
            ("title", format!("{{{}}}", tex(&self.title))),
            ("institution", format!("{{{}}}", tex(&self.names()))),
            ("number", tex(&self.symbol)),
            ("series", tex(&self.series)),
            ("year", tex(self.year())),
            ("month", month),
            ("day", day),
            ("pages", tex(&place.page)),
            ("note", tex(&note)),
            ("language", tex(&self.lang)),
            ("url", self.address(place).replace(['{', '}', '\\'], "")),
        ];
        let lines: Vec<String> = fields
            .iter()
            .filter(|(_, value)| !value.is_empty() && value != "{}")
            .map(|(name, value)| format!("  {name} = {{{value}}}"))
            .collect();
        let kind = if self.kind == Kind::Report {
            "techreport"
        } else {
            "misc"
        };
        format!("@{kind}{{{},\n{}\n}}\n", self.key(), lines.join(",\n"))
    }

    fn names(&self) -> String {
        if self.kind != Kind::Report {
            return String::new();
        }
        let names: Vec<&str> = self.authors.iter().map(|b| b.name.as_str()).collect();
        names.join(", ")
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
            c if c.is_control() => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::example;

    #[test]
    fn bodies_stand_in_braces_and_signs_are_plain() {
        let bib = example().bibtex(&Place::default());
        assert!(bib.starts_with("@techreport{crc-c-156,\n"));
        assert!(bib.contains("author = {{Body A} and {Body B \\& Sons}}"));
        assert!(bib.contains("title = {{What 50\\% of States do}}"));
        assert!(!bib.contains("urldate"));
        assert_eq!(bib.matches('{').count(), bib.matches('}').count());
    }

    #[test]
    fn a_passage_is_named() {
        let place = Place {
            paragraph: "62".to_owned(),
            url: "https://library.example/x/a.pdf/#para-62".to_owned(),
            ..Place::default()
        };
        let bib = example().bibtex(&place);
        assert!(bib.contains("note = {para. 62}") && bib.contains("url = {https://library.example/x/a.pdf/#para-62}"));
    }

    proptest::proptest! {
        #[test]
        fn braces_always_match(title in ".*", symbol in ".*") {
            let bib = Work { title, symbol, ..example() }.bibtex(&Place::default());
            proptest::prop_assert_eq!(bib.matches('{').count(), bib.matches('}').count());
        }
    }
}
