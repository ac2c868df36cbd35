//! A citation as one sentence, in the words of whoever calls.

use crate::work::{Place, Work};

/// What of a sentence depends on its language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// The authors, joined.
    pub authors: String,
    /// The date, written out.
    pub date: String,
    /// Quotation marks around the title.
    pub quotes: (&'static str, &'static str),
    /// Between two parts.
    pub comma: &'static str,
}

impl Work {
    /// One sentence: who, “what”, symbol, when, which passage; and where, when there is no symbol.
    pub fn sentence(&self, wording: &Wording, place: &Place) -> String {
        let (open, close) = wording.quotes;
        let title = match self.title.trim() {
            "" => String::new(),
            title => format!("{open}{title}{close}"),
        };
        let address = if self.symbol.is_empty() {
            self.address(place)
        } else {
            ""
        };
        let passage = place.words();
        let parts = [
            wording.authors.as_str(),
            &title,
            &self.symbol,
            &wording.date,
            &passage,
            address,
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        format!("{}.", parts.join(wording.comma))
    }
}
