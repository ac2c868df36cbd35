//! What kind of thing the variables ask for, before anything is looked up: WordPress's conditionals.

use super::{rules::variable_of, variables::Variables};
use crate::{options::Site, types::Types};

/// The kinds of thing that a request asks for; several may hold at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are WordPress's conditionals, each by itself"
)]
pub(super) struct Flags {
    /// One item by name, number or as a file.
    pub single: bool,
    /// One file.
    pub attachment: bool,
    /// One page.
    pub page: bool,
    /// Terms of any taxonomy.
    pub terms: bool,
    /// A person.
    pub author: bool,
    /// Any date.
    pub date: bool,
    /// A day, with or without its year.
    pub day: bool,
    /// A month.
    pub month: bool,
    /// A year.
    pub year: bool,
    /// All items of a type.
    pub kind: bool,
    /// A search.
    pub search: bool,
    /// A feed.
    pub feed: bool,
    /// What the front lists.
    pub home: bool,
    /// The same on the page for posts.
    pub posts_page: bool,
    /// Nothing at all.
    pub missing: bool,
}

impl Flags {
    /// One item.
    pub fn singular(self) -> bool {
        self.single || self.page || self.attachment
    }

    /// Nothing is there; only that a feed was asked stays known.
    pub fn nothing(self) -> Self {
        Self {
            feed: self.feed,
            missing: true,
            ..Self::default()
        }
    }

    /// What these variables ask for.
    pub fn of(v: &Variables, types: &Types) -> Self {
        let mut flags = Self::default();
        let mut wrong = v.signed("p") < 0 || v.get("error") == "404";
        if !v.get("attachment").is_empty() || v.number("attachment_id") > 0 {
            flags.single = true;
            flags.attachment = true;
        } else if !v.get("name").trim().is_empty() || v.signed("p") > 0 {
            flags.single = true;
        } else if !v.get("pagename").trim().is_empty() || v.number("page_id") > 0 {
            // Items of an own type below others are no pages.
            flags.single = !v.types.is_empty();
            flags.page = !flags.single;
        } else {
            flags.search = v.has("s");
            wrong |= flags.take_dates(v);
            flags.terms = v.says("cat") && v.get("cat").split(',').any(|id| !id.trim_start().starts_with('-'));
            flags.terms |= types
                .taxonomies()
                .iter()
                .any(|t| t.public && v.says(variable_of(&t.name)));
            flags.author = v.says("author") || !v.get("author_name").is_empty();
            flags.kind = !v.type_list
                && v.types
                    .iter()
                    .any(|t| types.get(t).is_some_and(|t| !t.front.is_empty()));
        }
        flags.feed = !v.get("feed").is_empty();
        let archive = flags.date || flags.terms || flags.author || flags.kind;
        flags.home = !(flags.singular() || archive || flags.search || flags.feed || v.says("tb"));
        if wrong { flags.nothing() } else { flags }
    }

    /// The most exact part of a date; true when there is no such date.
    fn take_dates(&mut self, v: &Variables) -> bool {
        let (year, month, day) = (v.number("year"), v.number("monthnum"), v.number("day"));
        self.date = ["hour", "minute", "second"].iter().any(|part| !v.get(part).is_empty());
        if day > 0 && !self.date {
            if year > 0 && month > 0 && !is_date(year, month, day) {
                return true;
            }
            self.day = true;
            self.date = true;
        }
        if month > 0 && !self.date {
            if month > 12 {
                return true;
            }
            self.month = true;
            self.date = true;
        }
        if year > 0 && !self.date {
            self.year = true;
            self.date = true;
        }
        let m = v.digits_of_m();
        if !matches!(m.as_str(), "" | "0") {
            self.date = true;
            match m.len() {
                10.. => {}
                8.. => self.day = true,
                6.. => self.month = true,
                _ => self.year = true,
            }
        }
        false
    }

    /// Whether the front of a site with a front page is asked for, and nothing more.
    pub fn is_front_page(self, site: &Site, v: &Variables) -> bool {
        let little = ["preview", "page", "paged", "cpage", "embed"];
        self.home && site.front_page.is_some() && v.types.is_empty() && v.names().all(|name| little.contains(&name))
    }
}

/// Whether the calendar has this day.
pub(super) fn is_date(year: i64, month: i64, day: i64) -> bool {
    let small = |n: i64| i8::try_from(n).ok();
    let (Ok(year), Some(month), Some(day)) = (i16::try_from(year), small(month), small(day)) else {
        return false;
    };
    year > 0 && jiff::civil::Date::new(year, month, day).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Request;

    #[test]
    fn variables_say_what_is_asked() {
        let types = Types::new(Vec::new());
        let of = |query: &str| Flags::of(&Variables::new(&types, Vec::new(), &Request::parse("/", query)), &types);
        assert!(of("comp=East+(North)").home && of("page=2").home && of("cat=-4").home);
        assert!(of("p=3").single && of("page_id=3").page && of("attachment_id=3").attachment);
        assert!(of("cat=4").terms && of("tag=x").terms && of("author[1]=x").home);
        assert!(of("m=200809").month && of("day=05").day && of("year=2008").year);
        for nothing in ["p=-1", "year=2008&monthnum=13", "year=2008&monthnum=2&day=30"] {
            assert!(of(nothing).missing, "{nothing}");
        }
    }
}
