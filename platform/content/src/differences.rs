//! What is different between two versions of a text: by blocks, and within them by words. Pure: texts in, plain data out.

use gp_markup::block::{self, Block};
use serde_json::{Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A part of a text beside that of another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'t> {
    /// In both.
    Same(&'t str),
    /// Only in the older one.
    Removed(&'t str),
    /// Only in the newer one.
    Added(&'t str),
}

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// It is only in the older version.
    Removed,
    /// It is only in the newer one.
    Added,
    /// It is in both, and not alike.
    Changed,
}

/// A block in two versions; one that holds others stands before them, by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockChange {
    /// What became of it.
    pub change: Change,
    /// `core/paragraph`; empty for text outside of blocks.
    pub name: String,
    /// In how many others it stands.
    pub depth: usize,
    /// Its own markup in the older version.
    pub old: String,
    /// Its own markup in the newer one.
    pub new: String,
    /// Its attributes in both, where they differ.
    pub attributes: Option<(Map<String, Value>, Map<String, Value>)>,
}

/// Two texts word by word; a tag counts as a word.
pub fn words<'t>(old: &'t str, new: &'t str) -> Vec<Part<'t>> {
    let (before, after) = (tokens(old), tokens(new));
    let from = |list: &[&str], at: usize, len: usize| list[at..at + len].iter().map(|token| token.len()).sum::<usize>();
    let (mut left, mut right) = (0, 0);
    let mut out = Vec::new();
    let mut add = |part: Part<'t>| match part {
        Part::Same("") | Part::Removed("") | Part::Added("") => {}
        part => out.push(part),
    };
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let (gone, come) = match op {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => {
                let bytes = from(&before, old_index, len);
                add(Part::Same(&old[left..left + bytes]));
                left += bytes;
                right += from(&after, new_index, len);
                continue;
            }
            DiffOp::Delete { old_index, old_len, .. } => (from(&before, old_index, old_len), 0),
            DiffOp::Insert { new_index, new_len, .. } => (0, from(&after, new_index, new_len)),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => (from(&before, old_index, old_len), from(&after, new_index, new_len)),
        };
        add(Part::Removed(&old[left..left + gone]));
        add(Part::Added(&new[right..right + come]));
        left += gone;
        right += come;
    }
    out
}

/// A text in words, blanks, tags and single other characters: put together they are the text again.
fn tokens(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '<' => tag_end(rest),
            c if c.is_whitespace() => run(rest, char::is_whitespace),
            c if is_of_word(c) => run(rest, is_of_word),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(end);
        out.push(token);
        rest = after;
    }
    out
}

fn tag_end(text: &str) -> usize {
    let begins = |c: u8| c.is_ascii_alphabetic() || matches!(c, b'/' | b'!');
    match text.find('>') {
        Some(end) if text.as_bytes().get(1).copied().is_some_and(begins) => end + 1,
        _ => 1,
    }
}

fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// Letters and digits; those of scripts that put no blanks between words stand for themselves.
fn is_of_word(c: char) -> bool {
    let alone = matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF
        | 0x20000..=0x3FFFF);
    (c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '_' | '\'' | '’')) && !alone
}

/// A block by itself, without those in it.
struct Unit {
    name: String,
    depth: usize,
    attrs: Map<String, Value>,
    markup: String,
    /// What it is compared by.
    key: String,
}

fn units(blocks: Vec<Block>, depth: usize, out: &mut Vec<Unit>) {
    for block in blocks {
        let blank = block.name.is_none() && block.inner_html.trim().is_empty();
        if blank {
            continue;
        }
        let name = block.name.unwrap_or_default();
        let markup = block.inner_html.trim().to_owned();
        let key = format!("{name} {} {markup}", block::serialize_attributes(&block.attrs));
        out.push(Unit {
            name,
            depth,
            attrs: block.attrs,
            markup,
            key,
        });
        units(block.inner_blocks, depth + 1, out);
    }
}

/// Two texts block by block, in the order in which they stand.
pub fn blocks(old: &str, new: &str) -> Vec<BlockChange> {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    units(block::parse(old), 0, &mut before);
    units(block::parse(new), 0, &mut after);
    let key = |list: &[Unit]| -> Vec<String> { list.iter().map(|unit| unit.key.clone()).collect() };
    let ops = capture_diff_slices(Algorithm::Myers, &key(&before), &key(&after));
    let mut out = Vec::new();
    for op in ops {
        let (_, left, right) = op.as_tag_tuple();
        let (left, right) = (&before[left], &after[right]);
        if matches!(op, DiffOp::Equal { .. }) {
            out.extend(right.iter().map(|unit| change(Change::Same, Some(unit), Some(unit))));
        } else {
            paired(left, right, &mut out);
        }
    }
    out
}

/// Blocks that stand in the place of others: the next one of the same kind is the same block, otherwise written.
fn paired(left: &[Unit], right: &[Unit], out: &mut Vec<BlockChange>) {
    let mut rest = left;
    for unit in right {
        match rest.iter().position(|old| old.name == unit.name) {
            Some(at) => {
                out.extend(rest[..at].iter().map(|old| change(Change::Removed, Some(old), None)));
                out.push(change(Change::Changed, rest.get(at), Some(unit)));
                rest = &rest[at + 1..];
            }
            None => out.push(change(Change::Added, None, Some(unit))),
        }
    }
    out.extend(rest.iter().map(|old| change(Change::Removed, Some(old), None)));
}

fn change(change: Change, old: Option<&Unit>, new: Option<&Unit>) -> BlockChange {
    let markup = |unit: Option<&Unit>| unit.map(|unit| unit.markup.clone()).unwrap_or_default();
    let shown = new.or(old);
    let attributes = old
        .zip(new)
        .filter(|(old, new)| old.attrs != new.attrs)
        .map(|(old, new)| (old.attrs.clone(), new.attrs.clone()));
    BlockChange {
        change,
        name: shown.map(|unit| unit.name.clone()).unwrap_or_default(),
        depth: shown.map_or(0, |unit| unit.depth),
        old: markup(old),
        new: markup(new),
        attributes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_that_changed_are_told_from_those_that_stayed() {
        use Part::{Added, Removed, Same};
        assert_eq!(
            words("States must <b>act</b> now.", "States should <b>act</b> now, and well."),
            [
                Same("States "),
                Removed("must"),
                Added("should"),
                Same(" <b>act</b> now"),
                Added(", and well"),
                Same(".")
            ]
        );
        assert_eq!(words("", ""), []);
        assert_eq!(
            words("儿童权利", "儿童的权利"),
            [Same("儿童"), Added("的"), Same("权利")]
        );
    }

    #[test]
    fn blocks_are_paired_with_those_of_their_kind() {
        let old = "<!-- wp:heading --><h2>One</h2><!-- /wp:heading -->\n\n<!-- wp:group --><div><!-- wp:paragraph --><p>Two</p>\
            <!-- /wp:paragraph --></div><!-- /wp:group -->\n\n<!-- wp:spacer /-->";
        let new = "<!-- wp:heading {\"level\":3} --><h3>One</h3><!-- /wp:heading -->\n\n<!-- wp:group --><div><!-- wp:paragraph -->\
            <p>Two and more</p><!-- /wp:paragraph --><!-- wp:list --><ul></ul><!-- /wp:list --></div><!-- /wp:group -->";
        let found: Vec<_> = blocks(old, new)
            .into_iter()
            .map(|b| (b.change, b.name, b.depth, b.attributes.is_some()))
            .collect();
        let of = |change, name: &str, depth, attributes| (change, name.to_owned(), depth, attributes);
        assert_eq!(
            found,
            [
                of(Change::Changed, "core/heading", 0, true),
                of(Change::Same, "core/group", 0, false),
                of(Change::Changed, "core/paragraph", 1, false),
                of(Change::Added, "core/list", 1, false),
                of(Change::Removed, "core/spacer", 0, false),
            ]
        );
    }

    #[test]
    fn two_long_texts_that_share_nothing_are_compared_soon() {
        let long = |letter: &str| (0..200_000).map(|n| format!("{letter}{n} ")).collect::<String>();
        assert!(words(&long("a"), &long("b")).len() >= 2);
    }

    proptest! {
        #[test]
        fn both_texts_are_in_the_parts(old in "[a-c<>/ é儿\n]{0,60}", new in "[a-c<>/ é儿\n]{0,60}") {
            let parts = words(&old, &new);
            let side = |leave: fn(&Part<'_>) -> bool| -> String {
                parts.iter().filter(|p| leave(p)).map(|p| match p { Part::Same(t) | Part::Removed(t) | Part::Added(t) => *t }).collect()
            };
            prop_assert_eq!(side(|p| !matches!(p, Part::Added(_))), old.as_str());
            prop_assert_eq!(side(|p| !matches!(p, Part::Removed(_))), new.as_str());
        }
    }
}
