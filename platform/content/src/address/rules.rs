//! The site's addresses as an ordered list of rules, first match wins: made from the permalink structure, taxonomies and
//! types as WordPress makes its rewrite rules. What must never be here: whether something is there.

mod matching;

use std::fmt;

use super::structure::{self, Part};
use crate::{options::Site, types::Types};

/// What a piece of a rule matches.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Exactly this.
    Text(String),
    /// All up to a slash.
    Word,
    /// As little as possible, slashes too.
    Path,
    /// The same for pages.
    PagePath,
    /// As much as possible, slashes too.
    Rest,
    /// So many digits.
    Digits(usize, usize),
    /// The number of a page of a list.
    Number,
    /// The name of a kind of feed.
    Feed,
    /// `/2`, or nothing.
    Part,
    /// A slash at the end, or none.
    Slash,
}

/// A piece, and the query variable that takes what it matched.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    what: What,
    into: Option<String>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pieces: Vec<Piece>,
    /// Variables that the rule sets by itself.
    given: Vec<(String, String)>,
}

/// All rules, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rules(Vec<Rule>);

/// What a rule gave: variables with their values.
pub(super) type Matched = Vec<(String, String)>;

impl Rule {
    fn same_address(&self, other: &Self) -> bool {
        let plain = |p: &Piece| (p.what.clone(), p.into.is_some());
        self.pieces.len() == other.pieces.len() && self.pieces.iter().map(plain).eq(other.pieces.iter().map(plain))
    }

    /// Whether it is about pages by their path, so that a page must be there.
    pub(super) fn is_page(&self) -> bool {
        self.pieces.iter().any(|p| p.into.as_deref() == Some("pagename"))
    }
}

/// As WordPress writes the rule.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            let text = match &piece.what {
                What::Text(text) => text.clone(),
                What::Slash => "/?".to_owned(),
                What::Part => "(?:/([0-9]+))?".to_owned(),
                What::Feed => "(feed|rdf|rss|rss2|atom)".to_owned(),
                What::Number => "([0-9]{1,})".to_owned(),
                other => {
                    let inner = match other {
                        What::Word => "[^/]+".to_owned(),
                        What::Path => ".+?".to_owned(),
                        What::PagePath => ".?.+?".to_owned(),
                        What::Digits(a, b) if a == b => format!("[0-9]{{{a}}}"),
                        What::Digits(_, usize::MAX) => "[0-9]+".to_owned(),
                        What::Digits(a, b) => format!("[0-9]{{{a},{b}}}"),
                        _ => ".+".to_owned(),
                    };
                    if piece.into.is_some() {
                        format!("({inner})")
                    } else {
                        inner
                    }
                }
            };
            f.write_str(&text)?;
        }
        f.write_str("$")
    }
}

/// How the rules of one structure are made.
#[derive(Clone, Copy)]
struct Make<'a> {
    structure: &'a str,
    /// `/page/2`.
    paged: bool,
    /// `/feed`.
    feed: bool,
    /// The feeds are those of comments.
    of_comments: bool,
    /// `/comment-page-2`.
    comment_pages: bool,
    /// Each folder of the structure is an address too.
    walk: bool,
    /// Variables that every rule sets.
    given: &'a [(&'a str, &'a str)],
    /// A tag of an own kind: its name, what it matches, its variable, and whether it names items with parents.
    own: Option<(&'a str, &'a What, &'a str, Own)>,
}

/// What an own tag names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    Terms,
    Items,
    ItemsWithParents,
}

impl<'a> Make<'a> {
    fn list(structure: &'a str) -> Self {
        Self {
            structure,
            paged: true,
            feed: true,
            of_comments: false,
            comment_pages: false,
            walk: true,
            given: &[],
            own: None,
        }
    }
}

impl Rules {
    /// The rules of a site; none where addresses are plain.
    pub(crate) fn of(site: &Site, types: &Types) -> Self {
        let mut rules = Self::default();
        if site.plain() {
            return rules;
        }
        let root = structure::root(&site.permalinks);
        rules.add_archives_of_types(site, types);
        rules.add_taxonomies(site, types);
        rules.add_types(site, types);
        rules.add(&Make::list(&format!("{root}/")));
        rules.add(&Make {
            paged: false,
            of_comments: true,
            walk: false,
            ..Make::list(&format!("{root}/comments"))
        });
        rules.add(&Make::list(&format!("{root}/search/%search%")));
        rules.add(&Make::list(&format!("{}author/%author%", site.front())));
        rules.add(&Make::list(&structure::of_dates(&site.permalinks, site.front())));
        let mut pages = Self::default();
        pages.add(&Make {
            walk: false,
            comment_pages: true,
            ..Make::list(&format!("{root}/%pagename%"))
        });
        let mut posts = Self::default();
        posts.add(&Make {
            comment_pages: true,
            ..Make::list(&site.permalinks)
        });
        if structure::verbose(&site.permalinks) {
            rules.append(pages);
            rules.append(posts);
        } else {
            rules.append(posts);
            rules.append(pages);
        }
        rules
    }

    fn add_taxonomies(&mut self, site: &Site, types: &Types) {
        for taxonomy in types.taxonomies().iter().filter(|t| t.public) {
            let base = super::links::base_of(site, types, &taxonomy.name);
            let what = if taxonomy.hierarchical { What::Path } else { What::Word };
            let own = Some(("term", &what, variable_of(&taxonomy.name), Own::Terms));
            self.add(&Make {
                own,
                ..Make::list(&format!("{base}/%term%"))
            });
        }
    }

    fn add_archives_of_types(&mut self, site: &Site, types: &Types) {
        for kind in types.public().filter(|t| !t.front.is_empty()) {
            let given = [("post_type", kind.name)];
            let base = format!("{}{}", site.front(), kind.front);
            self.push(pieces_of(&base), &given, vec![text_slash()]);
            let list = Make {
                given: &given,
                walk: false,
                ..Make::list(&base)
            };
            self.add(&list);
        }
    }

    fn add_types(&mut self, site: &Site, types: &Types) {
        for kind in types.public().filter(|t| !t.front.is_empty()) {
            let given = [("post_type", kind.name)];
            let (what, variable, own) = if kind.hierarchical {
                (What::Path, "pagename", Own::ItemsWithParents)
            } else {
                (What::Word, "name", Own::Items)
            };
            self.add(&Make {
                comment_pages: true,
                given: &given,
                own: Some(("item", &what, variable, own)),
                ..Make::list(&format!("{}{}/%item%", site.front(), kind.front))
            });
        }
    }

    /// Deeper folders come first; an address that is there already keeps its place.
    fn add(&mut self, make: &Make<'_>) {
        let structure = make.structure.trim_start_matches('/');
        let start = structure.find('%').unwrap_or(structure.len());
        let (front, tail) = structure.split_at(start);
        let tail = tail.trim_matches('/');
        let front = if tail.is_empty() {
            front.trim_end_matches('/')
        } else {
            front
        };
        let folders: Vec<&str> = if make.walk {
            tail.split('/').collect()
        } else {
            vec![tail]
        };
        let mut made = Self::default();
        let mut so_far = front.to_owned();
        for folder in folders {
            so_far.push_str(folder);
            so_far.push('/');
            let mut level = Self::default();
            level.add_folder(make, so_far.trim_start_matches('/'));
            level.append(made);
            made = level;
        }
        self.append(made);
    }

    fn add_folder(&mut self, make: &Make<'_>, folder: &str) {
        let base = filled(make, folder);
        let level = structure::level(folder);
        let own = make.own.map(|(.., own)| own).filter(|_| folder.contains('%'));
        let is_item = level.item || matches!(own, Some(Own::Items | Own::ItemsWithParents));
        let has_parents = level.page || own == Some(Own::ItemsWithParents);
        if is_item {
            self.add_attachments(&base, "attachment/");
            self.push(base.clone(), make.given, vec![text("embed"), text_slash()]);
            self.set_last("embed", "true");
            self.push(base.clone(), make.given, vec![text("trackback"), text_slash()]);
            self.set_last("tb", "1");
        }
        self.add_suffixes(make, &base, is_item);
        if folder.contains('%') {
            let mut main = base.clone();
            trim_slash(&mut main);
            let end = if is_item {
                vec![piece(What::Part, "page"), text_slash()]
            } else {
                vec![text_slash()]
            };
            self.push(main, make.given, end);
        }
        if is_item && !has_parents {
            self.add_attachments(&base, "");
        }
    }

    fn add_suffixes(&mut self, make: &Make<'_>, base: &[Piece], is_item: bool) {
        if make.feed {
            for words in ["feed/", ""] {
                self.push(
                    base.to_vec(),
                    make.given,
                    vec![text(words), piece(What::Feed, "feed"), text_slash()],
                );
                if make.of_comments {
                    self.set_last("withcomments", "1");
                }
            }
            if !is_item {
                self.push(base.to_vec(), make.given, vec![text("embed"), text_slash()]);
                self.set_last("embed", "true");
            }
        }
        if make.paged {
            self.push(
                base.to_vec(),
                make.given,
                vec![text("page"), text_slash(), piece(What::Number, "paged"), text_slash()],
            );
        }
        if make.comment_pages {
            self.push(
                base.to_vec(),
                make.given,
                vec![text("comment-page-"), piece(What::Number, "cpage"), text_slash()],
            );
        }
    }

    /// Files below an item: `/item/attachment/file`, or `/item/file`.
    fn add_attachments(&mut self, base: &[Piece], between: &str) {
        let mut base = base.to_vec();
        for piece in &mut base {
            piece.into = None;
        }
        join(&mut base, vec![text(between), piece(What::Word, "attachment")]);
        let slash = || text("/");
        self.push(base.clone(), &[], vec![text_slash()]);
        self.push(base.clone(), &[], vec![slash(), text("trackback"), text_slash()]);
        self.set_last("tb", "1");
        for words in ["feed/", ""] {
            self.push(
                base.clone(),
                &[],
                vec![slash(), text(words), piece(What::Feed, "feed"), text_slash()],
            );
        }
        self.push(
            base.clone(),
            &[],
            vec![
                slash(),
                text("comment-page-"),
                piece(What::Number, "cpage"),
                text_slash(),
            ],
        );
        self.push(base, &[], vec![slash(), text("embed"), text_slash()]);
        self.set_last("embed", "true");
    }

    fn push(&mut self, mut pieces: Vec<Piece>, given: &[(&str, &str)], more: Vec<Piece>) {
        join(&mut pieces, more);
        self.0.push(Rule {
            pieces,
            given: given.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        });
    }

    fn set_last(&mut self, name: &str, value: &str) {
        if let Some(rule) = self.0.last_mut() {
            rule.given.push((name.to_owned(), value.to_owned()));
        }
    }

    fn append(&mut self, more: Self) {
        for rule in more.0 {
            match self.0.iter_mut().find(|r| r.same_address(&rule)) {
                Some(there) => *there = rule,
                None => self.0.push(rule),
            }
        }
    }
}

/// The query variable of a taxonomy.
pub(super) fn variable_of(taxonomy: &str) -> &str {
    match taxonomy {
        "category" => "category_name",
        "post_tag" => "tag",
        other => other,
    }
}

fn text(text: &str) -> Piece {
    Piece {
        what: What::Text(text.to_owned()),
        into: None,
    }
}

fn text_slash() -> Piece {
    Piece {
        what: What::Slash,
        into: None,
    }
}

fn piece(what: What, into: &str) -> Piece {
    Piece {
        what,
        into: Some(into.to_owned()),
    }
}

fn pieces_of(base: &str) -> Vec<Piece> {
    vec![text(base.trim_matches('/'))]
}

/// Puts pieces behind others; texts that meet become one.
fn join(pieces: &mut Vec<Piece>, more: Vec<Piece>) {
    for next in more {
        match (&next.what, pieces.last_mut().map(|p| &mut p.what)) {
            (What::Text(more), _) if more.is_empty() => {}
            (What::Text(more), Some(What::Text(before))) => before.push_str(more),
            _ => pieces.push(next),
        }
    }
}

fn trim_slash(pieces: &mut Vec<Piece>) {
    if let Some(What::Text(last)) = pieces.last_mut().map(|p| &mut p.what) {
        last.truncate(last.trim_end_matches('/').len());
        if last.is_empty() {
            pieces.pop();
        }
    }
}

/// A folder of a structure as pieces.
fn filled(make: &Make<'_>, folder: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in structure::parts(folder) {
        let next = match part {
            Part::Literal(literal) => text(literal),
            Part::Tag(tag) => match make.own {
                Some((own, what, into, _)) if own == tag => piece(what.clone(), into),
                _ => known(tag),
            },
        };
        join(&mut pieces, vec![next]);
    }
    pieces
}

fn known(tag: &str) -> Piece {
    match tag {
        "year" => piece(What::Digits(4, 4), "year"),
        "monthnum" | "day" | "hour" | "minute" | "second" => piece(What::Digits(1, 2), tag),
        "postname" => piece(What::Word, "name"),
        "post_id" => piece(What::Digits(1, usize::MAX), "p"),
        "author" => piece(What::Word, "author_name"),
        "pagename" => piece(What::PagePath, "pagename"),
        "search" => piece(What::Rest, "s"),
        "category" => piece(What::Path, "category_name"),
        "tag" | "post_tag" => piece(What::Word, "tag"),
        other => text(&format!("%{other}%")),
    }
}
