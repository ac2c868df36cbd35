//! Marks the words of a query in any text: for the page that a hit leads to, and for a search inside one document.

use crate::parse::parse;
use crate::plan::{Mode, plan};
use crate::schema;
use crate::snippet::{self, Needle};

/// The words of a query, ready to be found in texts; the same that the index would mark.
#[derive(Debug, Clone, Default)]
pub struct Marker {
    needles: Vec<Needle>,
}

impl Marker {
    /// For this query; one without words marks nothing.
    pub fn new(query: &str) -> Marker {
        let parsed = parse(query, false);
        if parsed.clauses.iter().all(|clause| clause.negative) {
            return Marker::default();
        }
        let (_, fields) = schema::build();
        Marker {
            needles: plan(&fields, &parsed, Mode::All).needles,
        }
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.needles.is_empty()
    }

    /// The text as HTML, escaped, with found words in `<mark>`.
    pub fn html(&self, text: &str, language: &str) -> String {
        snippet::marked(text, language, &self.needles)
    }

    /// The passage of a text that shows most of the words, as HTML; none when it has none of them.
    pub fn passage(&self, text: &str, language: &str) -> Option<String> {
        let html = snippet::snippet(text, "", language, &self.needles);
        html.contains("<mark>").then_some(html)
    }
}

#[cfg(test)]
mod tests {
    use super::Marker;

    #[test]
    fn words_of_a_query_are_marked_in_any_text() {
        let marker = Marker::new("\"child victim\" compensation -court");
        assert!(!marker.is_empty());
        assert_eq!(
            marker.html("Every child victim <can> obtain compensations in court", "en"),
            "Every <mark>child victim</mark> &lt;can&gt; obtain <mark>compensations</mark> in court"
        );
        assert_eq!(marker.passage("Nothing of it here", "en"), None);
        assert!(Marker::new("-court").is_empty() && Marker::new("").is_empty());
        assert_eq!(Marker::new("").html("a & b", "en"), "a &amp; b");
    }
}
