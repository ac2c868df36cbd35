//! From the order in which glyphs stand on a line, left to right, to the order in which they are read.
//!
//! A PDF says where glyphs are, not in which direction they are read. What stands on the line is what the bidirectional
//! algorithm made of the text; here it is taken back: a line that is mostly of right-to-left letters is turned round,
//! and names and numbers in it are turned back.
//!
//! Never in here: positions.

/// How a piece of a line takes part in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    RightToLeft,
    LeftToRight,
    Digit,
    Separator,
    Neutral,
}

/// Whether a character belongs to a script that is written from right to left.
pub(crate) fn is_rtl(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{065f}' | '\u{066a}'..='\u{06ef}' | '\u{06fa}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Marks that stand over or under the letter before them.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036f}' | '\u{0591}'..='\u{05bd}' | '\u{05bf}'..='\u{05c7}' | '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0670}' | '\u{06d6}'..='\u{06dc}' | '\u{06df}'..='\u{06e4}')
}

/// Whether most letters are read from right to left.
pub(crate) fn mostly_rtl<'a>(pieces: impl Iterator<Item = &'a str>) -> bool {
    let (mut right, mut left) = (0usize, 0usize);
    for c in pieces.flat_map(str::chars) {
        if is_rtl(c) {
            right += usize::from(!is_mark(c));
        } else if c.is_alphabetic() {
            left += 1;
        }
    }
    right > 0 && right >= left
}

/// The pieces of a line (letters with their marks, ligatures, blanks) in reading order.
pub(crate) fn logical(pieces: Vec<String>, rtl_line: bool) -> String {
    if !pieces.iter().any(|piece| piece.chars().any(is_rtl)) {
        return pieces.concat();
    }
    let mut order = pieces;
    if rtl_line {
        order.reverse();
        let classes: Vec<Class> = order.iter().map(|piece| class(piece)).collect();
        for run in left_to_right_runs(&classes) {
            order[run].reverse();
        }
    } else {
        let classes: Vec<Class> = order.iter().map(|piece| class(piece)).collect();
        for run in right_to_left_runs(&classes) {
            order[run.clone()].reverse();
            let inner: Vec<Class> = order[run.clone()].iter().map(|piece| class(piece)).collect();
            for part in left_to_right_runs(&inner) {
                order[run.start + part.start..run.start + part.end].reverse();
            }
        }
    }
    brackets(order.concat())
}

fn class(piece: &str) -> Class {
    match piece.chars().find(|c| !is_mark(*c)).unwrap_or(' ') {
        c if c.is_numeric() && !is_unordered(c) => Class::Digit,
        '،' => Class::Separator,
        c if is_rtl(c) => Class::RightToLeft,
        c if c.is_alphabetic() => Class::LeftToRight,
        '.' | ',' | ':' | '/' | '-' | '+' | '%' | '٪' | '٫' | '٬' | '@' | '_' | '=' | '?' | '&' | '#' | '\u{2013}' => {
            Class::Separator
        }
        _ => Class::Neutral,
    }
}

/// Numerals that are signs of their own.
fn is_unordered(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}')
}

/// The pieces of a line as other readers of PDF give them: what stands between right-to-left letters keeps the order in
/// which it is shown, its blanks too. For comparison only; nobody reads it so.
pub(crate) fn as_shown(pieces: &[String], rtl_line: bool) -> String {
    if !rtl_line {
        return logical(pieces.to_vec(), false);
    }
    let classes: Vec<Class> = pieces.iter().map(|piece| class(piece)).collect();
    let starts = |c: &Class| matches!(c, Class::LeftToRight | Class::Digit | Class::Separator);
    let mut shown = String::new();
    let mut end = pieces.len();
    while end > 0 {
        let right = classes[..end].iter().rposition(starts).map_or(0, |at| at + 1);
        pieces[right..end].iter().rev().for_each(|piece| shown.push_str(piece));
        let left = classes[..right]
            .iter()
            .rposition(|c| *c == Class::RightToLeft)
            .map_or(0, |at| at + 1);
        pieces[left..right].iter().for_each(|piece| shown.push_str(piece));
        end = left;
    }
    shown
}

/// Runs that are read from left to right within a line that is read from right to left: words with what stands between
/// them, and numbers with their separators.
fn left_to_right_runs(classes: &[Class]) -> Vec<std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < classes.len() {
        if !matches!(classes[at], Class::LeftToRight | Class::Digit) {
            at += 1;
            continue;
        }
        let stretch = classes[at..]
            .iter()
            .position(|c| *c == Class::RightToLeft)
            .map_or(classes.len(), |n| at + n);
        let last = |of: &dyn Fn(Class) -> bool| classes[at..stretch].iter().rposition(|c| of(*c)).map(|n| at + n + 1);
        let words = classes[at..stretch].contains(&Class::LeftToRight);
        let end = if words {
            last(&|c| matches!(c, Class::LeftToRight | Class::Digit)).unwrap_or(at + 1)
        } else {
            number_end(classes, at)
        };
        runs.push(at..end);
        at = end;
    }
    runs
}

/// Where a number ends: digits, and single separators between digits.
fn number_end(classes: &[Class], start: usize) -> usize {
    let mut end = start + 1;
    while end < classes.len() {
        match classes[end] {
            Class::Digit => end += 1,
            Class::Separator if classes.get(end + 1) == Some(&Class::Digit) => end += 2,
            _ => break,
        }
    }
    end
}

/// Runs of right-to-left letters within a line that is read from left to right.
fn right_to_left_runs(classes: &[Class]) -> Vec<std::ops::Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < classes.len() {
        if classes[at] != Class::RightToLeft {
            at += 1;
            continue;
        }
        let stretch = classes[at..]
            .iter()
            .position(|c| *c == Class::LeftToRight)
            .map_or(classes.len(), |n| at + n);
        let end = classes[at..stretch]
            .iter()
            .rposition(|c| *c == Class::RightToLeft)
            .map_or(at + 1, |n| at + n + 1);
        runs.push(at..end);
        at = end;
    }
    runs
}

/// Brackets as they are read: some fonts give the shape that was drawn, which is the mirrored one.
fn brackets(text: String) -> String {
    let closes_first = |open: char, close: char| match (text.find(open), text.find(close)) {
        (Some(open), Some(close)) => close < open,
        _ => false,
    };
    let mut text = text.clone();
    for (open, close) in [('(', ')'), ('[', ']'), ('«', '»')] {
        if closes_first(open, close) {
            text = text
                .chars()
                .map(|c| {
                    if c == open {
                        close
                    } else if c == close {
                        open
                    } else {
                        c
                    }
                })
                .collect();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{logical, mostly_rtl};

    fn read(visual: &str) -> String {
        let pieces: Vec<String> = visual.chars().map(String::from).collect();
        let rtl = mostly_rtl(pieces.iter().map(String::as_str));
        logical(pieces, rtl)
    }

    #[test]
    fn lines_are_turned_round_and_names_back() {
        assert_eq!(read("ملاعلا"), "العالم");
        assert_eq!(read("Martus 4.5 رادصإلا"), "الإصدار Martus 4.5");
        assert_eq!(read("2019 ماع"), "عام 2019");
        assert_eq!(read("12/34 56 ماع"), "عام 56 12/34");
        assert_eq!(read("see ملاع now"), "see عالم now");
        assert_eq!(read("plain 1.5"), "plain 1.5");
        assert_eq!(read("(ملاع) ةملك"), "كلمة (عالم)");
    }
}
