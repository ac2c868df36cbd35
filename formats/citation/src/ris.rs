//! RIS: one entry, lines ended as its readers expect.

use crate::work::{Kind, Place, Work};

impl Work {
    /// The entry for RIS; `place` names a passage, if one is cited.
    pub fn ris(&self, place: &Place) -> String {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let kind = if self.kind == Kind::Report { "RPRT" } else { "GEN" };
        let mut rows = vec![("TY", kind.to_owned())];
        rows.extend(self.authors.iter().map(|b| ("AU", line(&b.name))));
        rows.push(("TI", line(&self.title)));
        rows.push(("SN", line(&self.symbol)));
        rows.push(("M1", line(&self.symbol)));
        rows.push(("T2", line(&self.series)));
        rows.push(("PY", line(self.year())));
        rows.push(("DA", date(&self.date_parts())));
        rows.extend(self.authors.first().map(|b| ("PB", line(&b.name))));
        rows.push(("AB", line(&self.description)));
        rows.extend(self.topics.iter().map(|topic| ("KW", line(topic))));
        rows.push(("SP", line(&place.page)));
        let passage = if place.paragraph.is_empty() {
            String::new()
        } else {
            line(&place.words())
        };
        rows.push(("N1", passage));
        rows.push(("LA", line(&self.lang)));
        rows.push(("UR", line(self.address(place))));
        let files = self
            .files
            .iter()
            .filter(|f| f.mime == "application/pdf" && f.is_edition());
        rows.extend(files.take(1).map(|f| ("L1", line(&f.url))));
        let mut out: String = rows
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(tag, value)| format!("{tag}  - {value}\r\n"))
            .collect();
        out.push_str("ER  - \r\n");
        out
    }
}

fn date(parts: &[u32]) -> String {
    match parts {
        [] => String::new(),
        [year] => format!("{year:04}///"),
        [year, month] => format!("{year:04}/{month:02}//"),
        [year, month, day, ..] => format!("{year:04}/{month:02}/{day:02}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::example;

    #[test]
    fn an_entry_begins_and_ends_and_no_value_breaks_its_line() {
        let work = Work {
            title: "One\r\nER  - \r\ntwo".to_owned(),
            ..example()
        };
        let ris = work.ris(&Place::default());
        assert!(ris.starts_with("TY  - RPRT\r\n") && ris.ends_with("ER  - \r\n"));
        assert_eq!(ris.matches("\r\nER  - ").count(), 1);
        assert!(ris.contains("DA  - 2019/09/10/\r\n") && ris.contains("TI  - One ER - two\r\n"));
        assert_eq!(date(&[2019, 9]), "2019/09//");
    }
}
