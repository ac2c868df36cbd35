//! A wish for how addresses are made, and what can be wrong with it.

use gp_content::Site;

use crate::settings::Faults;

/// What may stand for a part of an item.
pub(super) const TAGS: &[&str] = &[
    "postname", "post_id", "year", "monthnum", "day", "hour", "minute", "second", "category", "author",
];
const LONGEST: usize = 200;

/// How addresses are to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    /// `/%postname%/`; empty is plain.
    pub(super) structure: String,
    /// Empty: as usual.
    pub(super) category_base: String,
    pub(super) tag_base: String,
}

impl Wish {
    /// As it was typed, in the form in which it is kept.
    pub(super) fn new(structure: &str, category_base: &str, tag_base: &str) -> Self {
        let typed = structure.trim();
        let structure = match typed.is_empty() || typed.starts_with('/') {
            true => typed.to_owned(),
            false => format!("/{typed}"),
        };
        let base = |text: &str| match text.trim().trim_matches('/') {
            "" => String::new(),
            base => format!("/{base}"),
        };
        Self {
            structure,
            category_base: base(category_base),
            tag_base: base(tag_base),
        }
    }

    /// As it is now.
    pub(super) fn of_site(site: &Site) -> Self {
        Self::new(&site.permalinks, &site.text("category_base"), &site.text("tag_base"))
    }

    /// The options that keep it.
    pub(super) fn options(&self) -> [(&'static str, &str); 3] {
        [
            ("permalink_structure", &self.structure),
            ("category_base", &self.category_base),
            ("tag_base", &self.tag_base),
        ]
    }

    /// What is wrong with it, by field.
    pub(super) fn faults(&self) -> Faults {
        let mut faults = Faults::new();
        if let Some(fault) = fault_of_structure(&self.structure) {
            faults.push(("structure", fault));
        }
        for (name, base) in [("category_base", &self.category_base), ("tag_base", &self.tag_base)] {
            let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/');
            if base.len() > LONGEST || base.contains("//") || !base.chars().all(sound) {
                faults.push((name, "Letters, figures and hyphens, please.".to_owned()));
            }
        }
        let or = |base: &str, usual: &str| match base.trim_matches('/') {
            "" => usual.to_owned(),
            base => base.to_owned(),
        };
        if or(&self.category_base, "category") == or(&self.tag_base, "tag") {
            faults.push(("tag_base", "Labels and topics need different words.".to_owned()));
        }
        faults
    }
}

fn fault_of_structure(structure: &str) -> Option<String> {
    if structure.is_empty() {
        return None;
    }
    if structure.len() > LONGEST {
        return Some(format!("At most {LONGEST} letters, please."));
    }
    let mut named = Vec::new();
    // Every second piece between percent signs is the name of a part.
    let pieces: Vec<&str> = structure.split('%').collect();
    if pieces.len().is_multiple_of(2) {
        return Some("Each part is written between two percent signs, as %postname%.".to_owned());
    }
    for (at, piece) in pieces.iter().enumerate() {
        if !at.is_multiple_of(2) {
            if !TAGS.contains(piece) {
                return Some(format!(
                    "%{piece}% stands for nothing. Choose among those that are listed."
                ));
            }
            named.push(*piece);
            continue;
        }
        let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '.');
        if !piece.chars().all(sound) {
            return Some("Beside parts only letters, figures, hyphens and slashes may stand in an address.".to_owned());
        }
    }
    if structure.contains("//") || structure.contains("%%") {
        return Some("Two parts need one slash, or other signs, between them.".to_owned());
    }
    if !named.iter().any(|tag| matches!(*tag, "postname" | "post_id")) {
        return Some("Without %postname% or %post_id% several resources would have one address.".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_address_is_told_why() {
        for good in [
            "",
            "/%postname%/",
            "%postname%",
            "/index.php/%year%/%postname%/",
            "/archives/%post_id%",
            "/%year%-%monthnum%/%postname%.html",
        ] {
            assert_eq!(Wish::new(good, "", "").faults(), Faults::new(), "{good}");
        }
        for (bad, why) in [
            ("/%name%/", "%name%"),
            ("/%postname/", "two percent signs"),
            ("/%year%/", "one address"),
            ("/a b/%postname%/", "Beside parts"),
            ("/%postname%?x", "Beside parts"),
            ("/%year%%postname%/", "between them"),
            ("/a//%postname%/", "between them"),
        ] {
            let faults = Wish::new(bad, "", "").faults();
            assert!(faults.len() == 1 && faults[0].1.contains(why), "{bad}: {faults:?}");
        }
        assert_eq!(Wish::new("", "topics/", "/topics").faults().len(), 1);
        assert_eq!(Wish::new("", "a b", "c?d").faults().len(), 2);
        assert_eq!(Wish::new("%postname%", "topics", "").category_base, "/topics");
    }
}
