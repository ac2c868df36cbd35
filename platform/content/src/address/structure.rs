//! A permalink structure such as `/%year%/%monthnum%/%postname%/`: its parts, what they say, and filled in for an item.

/// A part of a structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// As it stands.
    Literal(&'a str),
    /// The name of a tag, without its percent signs.
    Tag(&'a str),
}

/// A structure, or a piece of one, taken apart.
pub(crate) fn parts(structure: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut rest = structure;
    while let Some(start) = rest.find('%') {
        let Some(length) = rest[start + 1..].find('%') else {
            break;
        };
        if start > 0 {
            found.push(Part::Literal(&rest[..start]));
        }
        found.push(Part::Tag(&rest[start + 1..start + 1 + length]));
        rest = &rest[start + length + 2..];
    }
    if !rest.is_empty() {
        found.push(Part::Literal(rest));
    }
    found
}

fn tags(structure: &str) -> impl Iterator<Item = &str> {
    parts(structure).into_iter().filter_map(|part| match part {
        Part::Tag(tag) => Some(tag),
        Part::Literal(_) => None,
    })
}

/// The structure with its tags filled in; `None` when one of them has no value.
pub(crate) fn fill(structure: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut path = String::with_capacity(structure.len() + 40);
    for part in parts(structure) {
        match part {
            Part::Literal(literal) => path.push_str(literal),
            Part::Tag(tag) => path.push_str(&value(tag)?),
        }
    }
    Some(path)
}

/// Whether the structure uses a tag.
pub(crate) fn uses(structure: &str, tag: &str) -> bool {
    tags(structure).any(|t| t == tag)
}

/// Whether pages must be looked for before posts: its first tag is one that any word fits.
pub(crate) fn verbose(structure: &str) -> bool {
    tags(structure)
        .next()
        .is_some_and(|tag| matches!(tag, "postname" | "category" | "tag" | "author"))
}

/// `/index.php` where every address begins with it, else nothing.
pub(crate) fn root(structure: &str) -> &'static str {
    if structure.starts_with("/index.php/") {
        "/index.php"
    } else {
        ""
    }
}

/// What a folder of a structure stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    /// One item.
    pub item: bool,
    /// A page, by its path.
    pub page: bool,
}

/// What a structure up to one of its folders stands for.
pub(crate) fn level(folder: &str) -> Level {
    let has = |tag: &str| uses(folder, tag);
    let moment = ["year", "monthnum", "day", "hour", "minute", "second"];
    Level {
        item: has("postname") || has("post_id") || has("pagename") || moment.iter().all(|tag| has(tag)),
        page: has("pagename"),
    }
}

/// Date archives move below `date/` when `%post_id%` is among the first three tags.
fn date_prefix(structure: &str) -> &'static str {
    if tags(structure).take(3).any(|tag| tag == "post_id") {
        "date/"
    } else {
        ""
    }
}

/// The structure of date archives: year, month, day, in the order of the posts' own.
pub(crate) fn of_dates(structure: &str, front: &str) -> String {
    let orders = [
        "%year%/%monthnum%/%day%",
        "%day%/%monthnum%/%year%",
        "%monthnum%/%day%/%year%",
    ];
    let order = orders.into_iter().find(|order| structure.contains(order));
    format!("{front}{}{}", date_prefix(structure), order.unwrap_or(orders[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_are_taken_apart_and_filled() {
        let filled = fill("/x/%post_id%-%postname%", |t| {
            Some(if t == "post_id" { "7" } else { "n" }.to_owned())
        });
        assert_eq!(filled.as_deref(), Some("/x/7-n"));
        assert_eq!(fill("/%author%/", |_| None), None);
        assert_eq!(parts("/a/%year%"), [Part::Literal("/a/"), Part::Tag("year")]);
    }

    #[test]
    fn dates_never_meet_the_numbers_of_posts() {
        for (structure, front, dates) in [
            (
                "/archives/%post_id%",
                "/archives/",
                "/archives/date/%year%/%monthnum%/%day%",
            ),
            ("/%day%/%monthnum%/%year%/%postname%/", "/", "/%day%/%monthnum%/%year%"),
            ("/%postname%/", "/", "/%year%/%monthnum%/%day%"),
        ] {
            assert_eq!(of_dates(structure, front), dates);
        }
        assert!(verbose("/blog/%postname%/") && !verbose("/%year%/%postname%/"));
    }
}
