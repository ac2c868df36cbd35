//! A permalink structure such as `/%year%/%monthnum%/%postname%/`: filled in for an item, and matched against a path.

use std::collections::BTreeMap;

/// A piece of a structure's segment.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Literal(&'a str),
    Tag(&'a str),
}

/// The values of tags found in a path.
pub(crate) type Tags = BTreeMap<String, String>;

fn pieces(segment: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = segment;
    while let Some(start) = rest.find('%') {
        let Some(length) = rest[start + 1..].find('%') else {
            break;
        };
        if start > 0 {
            found.push(Piece::Literal(&rest[..start]));
        }
        found.push(Piece::Tag(&rest[start + 1..start + 1 + length]));
        rest = &rest[start + length + 2..];
    }
    if !rest.is_empty() {
        found.push(Piece::Literal(rest));
    }
    found
}

fn fits(tag: &str, value: &str) -> bool {
    let digits = |most: usize| (1..=most).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit());
    match tag {
        "year" => value.len() == 4 && digits(4),
        "monthnum" | "day" | "hour" | "minute" | "second" => digits(2),
        "post_id" => digits(18),
        _ => !value.is_empty(),
    }
}

fn match_pieces(pieces: &[Piece<'_>], text: &str, tags: &mut Tags) -> bool {
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(literal), rest @ ..] => text
            .strip_prefix(literal)
            .is_some_and(|text| match_pieces(rest, text, tags)),
        [Piece::Tag(tag)] => {
            let fits = fits(tag, text);
            if fits {
                tags.insert((*tag).to_owned(), text.to_owned());
            }
            fits
        }
        [Piece::Tag(tag), Piece::Literal(literal), ..] => {
            let Some(end) = text.find(literal) else { return false };
            fits(tag, &text[..end]) && {
                tags.insert((*tag).to_owned(), text[..end].to_owned());
                match_pieces(&pieces[1..], &text[end..], tags)
            }
        }
        [Piece::Tag(_), Piece::Tag(_), ..] => false,
    }
}

/// The tags' values, when the whole path fits the structure. `%category%` takes one or more segments.
pub(crate) fn matches(structure: &str, segments: &[&str]) -> Option<Tags> {
    let parts: Vec<&str> = structure.split('/').filter(|s| !s.is_empty()).collect();
    let mut tags = Tags::new();
    match_parts(&parts, segments, &mut tags).then_some(tags)
}

fn match_parts(parts: &[&str], segments: &[&str], tags: &mut Tags) -> bool {
    let Some((part, more_parts)) = parts.split_first() else {
        return segments.is_empty();
    };
    if *part == "%category%" {
        let most = segments.len().saturating_sub(more_parts.len());
        return (1..=most).rev().any(|taken| {
            let mut tried = tags.clone();
            tried.insert("category".to_owned(), segments[..taken].join("/"));
            let fits = match_parts(more_parts, &segments[taken..], &mut tried);
            if fits {
                *tags = tried;
            }
            fits
        });
    }
    let Some((segment, more_segments)) = segments.split_first() else {
        return false;
    };
    match_pieces(&pieces(part), segment, tags) && match_parts(more_parts, more_segments, tags)
}

/// The structure with its tags filled in; a tag without a value stands as it is.
pub(crate) fn fill(structure: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut path = String::with_capacity(structure.len() + 40);
    for piece in pieces(structure) {
        match piece {
            Piece::Literal(literal) => path.push_str(literal),
            Piece::Tag(tag) => match value(tag) {
                Some(value) => path.push_str(&value),
                None => {
                    path.push('%');
                    path.push_str(tag);
                    path.push('%');
                }
            },
        }
    }
    path
}

/// Whether the structure uses a tag.
pub(crate) fn uses(structure: &str, tag: &str) -> bool {
    pieces(structure).contains(&Piece::Tag(tag))
}

/// Whether pages must be looked for before posts: the structure begins with a tag that any word fits.
pub(crate) fn verbose(structure: &str) -> bool {
    let first = structure.trim_start_matches('/');
    ["%postname%", "%category%", "%tag%", "%author%"]
        .iter()
        .any(|tag| first.starts_with(tag))
}

/// Date archives move below `date/` when `%post_id%` is among the first three tags.
pub(crate) fn date_prefix(structure: &str) -> &'static str {
    let early = pieces(structure)
        .iter()
        .filter(|p| matches!(p, Piece::Tag(_)))
        .take(3)
        .any(|p| *p == Piece::Tag("post_id"));
    if early { "date/" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_structures_fill_and_match() {
        let tags = matches("/%year%/%monthnum%/%day%/%postname%/", &["2026", "11", "05", "a-b"]).unwrap();
        assert_eq!(tags["postname"], "a-b");
        assert_eq!(matches("/%year%/%postname%/", &["26", "a"]), None);
        assert_eq!(
            matches("/archives/%post_id%", &["archives", "12"]).unwrap()["post_id"],
            "12"
        );
        let tags = matches("/%category%/%postname%/", &["a", "b", "c"]).unwrap();
        assert_eq!((tags["category"].as_str(), tags["postname"].as_str()), ("a/b", "c"));
        let filled = fill("/x/%post_id%-%postname%", |t| {
            Some(if t == "post_id" { "7" } else { "n" }.to_owned())
        });
        assert_eq!(filled, "/x/7-n");
        assert_eq!(
            matches("/x/%post_id%-%postname%", &["x", "7-n-m"]).unwrap()["postname"],
            "n-m"
        );
    }
}
