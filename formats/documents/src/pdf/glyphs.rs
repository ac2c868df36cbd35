//! From the characters that a PDF page shows to words with a place.
//!
//! Never in here: the order of words of different lines.

use super::direction::{as_shown, is_mark, is_rtl, logical, mostly_rtl};
use super::replaced::Shown;
use pdf_oxide::layout::{FontWeight, TextChar};
use std::collections::HashMap;

/// Part of the size of the letters by which two words stand apart.
const WORD_GAP: f32 = 0.12;
/// Part of the size of the letters by which baselines of one line may differ.
const SAME_LINE: f32 = 0.2;

/// Pairs of things that are looked at on a page at most. Pages with more are made to do harm, and are read more simply.
const MAX_PAIRS: usize = 4_000_000;

/// A shown character, in the direction in which the text runs: x along the line, y up.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub text: String,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub size: f32,
    pub bold: bool,
    blank: bool,
}

impl Glyph {
    /// Takes the room of another glyph of the same line as well.
    fn cover(&mut self, other: &Glyph) {
        if (self.y - other.y).abs() < self.size {
            let end = (self.x + self.width).max(other.x + other.width);
            self.x = self.x.min(other.x);
            self.width = end - self.x;
        }
    }
}

/// A word, its letters in reading order.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub glyphs: Vec<Glyph>,
    pub x0: f32,
    pub x1: f32,
    pub y: f32,
    pub size: f32,
    pub bold: bool,
}

/// A line of words from left to right.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub words: Vec<Word>,
    pub y: f32,
    pub size: f32,
}

impl Line {
    pub(crate) fn x0(&self) -> f32 {
        self.words.iter().map(|word| word.x0).fold(f32::INFINITY, f32::min)
    }

    pub(crate) fn x1(&self) -> f32 {
        self.words.iter().map(|word| word.x1).fold(f32::NEG_INFINITY, f32::max)
    }

    /// Whether most of its letters are bold.
    pub(crate) fn bold(&self) -> bool {
        let letters = |bold| {
            self.words
                .iter()
                .filter(|word| word.bold == bold)
                .map(|word| word.glyphs.len())
                .sum::<usize>()
        };
        letters(true) > letters(false)
    }

    /// The text in reading order; on a page that is read from right to left every line with such letters is.
    pub(crate) fn text(&self, rtl_page: bool, shown: bool) -> String {
        let mut pieces: Vec<String> = Vec::new();
        for (at, word) in self.words.iter().enumerate() {
            if at > 0 {
                pieces.push(" ".to_owned());
            }
            pieces.extend(word.glyphs.iter().map(|glyph| glyph.text.clone()));
        }
        let any = || pieces.iter().any(|piece| piece.chars().any(is_rtl));
        let rtl = if rtl_page {
            any() || shown
        } else {
            mostly_rtl(pieces.iter().map(String::as_str))
        };
        if shown {
            as_shown(&pieces, rtl)
        } else {
            logical(pieces, rtl)
        }
    }
}

/// The lines of a page, one list for each direction in which text runs, the direction of most glyphs first. `shown` leaves
/// the letters of ligatures where other readers leave them.
pub(crate) fn lines(page: &Shown, shown: bool) -> Vec<Vec<Line>> {
    let chars = &page.chars;
    let mut replaced: HashMap<usize, (usize, usize)> = HashMap::new();
    let mut turned: [Vec<Glyph>; 4] = Default::default();
    // Other glyphs may lie between the letters of a ligature.
    let mut recent: [Option<(&TextChar, usize)>; 3] = [None; 3];
    let traced = !shown && ligatures_leave_a_trace(chars);
    let alefs = if shown || traced {
        HashMap::new()
    } else {
        usual_alefs(chars)
    };
    for char in chars
        .iter()
        .filter(|c| c.origin_x.is_finite() && c.origin_y.is_finite() && c.font_size.is_finite())
    {
        let quarter = (char.rotation_degrees / 90.0).round().rem_euclid(4.0) as usize;
        let list = &mut turned[quarter.min(3)];
        if let Some((key, text)) = page.replacement(char) {
            let (_, at) = *replaced.entry(key).or_insert((quarter, list.len()));
            match list.get_mut(at) {
                Some(whole) => whole.cover(&glyph(char, quarter)),
                None => list.push(Glyph {
                    text: crate::text::clean(text),
                    blank: text.trim().is_empty(),
                    ..glyph(char, quarter)
                }),
            }
            continue;
        }
        let is_rest = |last: &TextChar| (traced && is_rest_of_ligature(last, char)) || is_lam_alef(last, char, &alefs);
        let whole = recent
            .iter()
            .flatten()
            .find(|(last, _)| is_rest(last))
            .map(|(_, at)| *at);
        let at = whole.unwrap_or(list.len());
        match list.get_mut(at) {
            Some(glyph) => {
                glyph.text.push_str(&crate::text::clean(&char.char.to_string()));
                glyph.width += char.advance_width;
            }
            None => list.push(glyph(char, quarter)),
        }
        recent = [Some((char, at)), recent[0], recent[1]];
    }
    lines_by_direction(turned)
}

fn lines_by_direction(mut turned: [Vec<Glyph>; 4]) -> Vec<Vec<Line>> {
    turned.sort_by_key(|glyphs| std::cmp::Reverse(glyphs.len()));
    turned
        .into_iter()
        .filter(|glyphs| !glyphs.is_empty())
        .map(lines_of)
        .collect()
}

/// A place in the direction in which the text runs.
fn placed((x, y): (f32, f32), quarter: usize) -> (f32, f32) {
    match quarter {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    }
}

/// Whether a character belongs to the glyph of the one before: the reader spreads the letters of a ligature over its
/// width, in the order in which they are read, but leaves a trace: it moves the matrix by another measure than the place.
fn is_rest_of_ligature(before: &TextChar, char: &TextChar) -> bool {
    (is_rtl(char.char) || is_rtl(before.char))
        && (char.advance_width - before.advance_width).abs() < 0.001
        && (char.origin_x - before.origin_x - before.advance_width).abs() < 0.01
        && has_trace(before, char)
}

fn has_trace(before: &TextChar, char: &TextChar) -> bool {
    let (Some(one), Some(two)) = (before.matrix, char.matrix) else {
        return false;
    };
    let (moved, went) = ((two[4] - one[4]) * one[0].abs(), char.origin_x - before.origin_x);
    (moved - went).abs() < 0.02 * went.abs().max(0.1)
}

/// Where the text is set without scaling, every glyph looks like the rest of the one before: the trace says nothing.
fn ligatures_leave_a_trace(chars: &[TextChar]) -> bool {
    let neighbours = || {
        chars.windows(2).filter(|pair| {
            (pair[0].advance_width - pair[1].advance_width).abs() > 0.01 && pair[1].origin_x > pair[0].origin_x
        })
    };
    neighbours().filter(|pair| has_trace(&pair[0], &pair[1])).count() * 4 < neighbours().count()
}

fn is_alef(c: char) -> bool {
    matches!(c, 'ا' | 'أ' | 'إ' | 'آ')
}

/// The advance of an alef in parts of its size, by font: the most frequent one.
fn usual_alefs(chars: &[TextChar]) -> HashMap<&str, i32> {
    let mut times: HashMap<(&str, i32), usize> = HashMap::new();
    for char in chars.iter().filter(|char| is_alef(char.char)) {
        *times.entry((&char.font_name, relative_advance(char))).or_default() += 1;
    }
    let mut most: Vec<((&str, i32), usize)> = times.into_iter().collect();
    most.sort_by_key(|(key, times)| (*times, *key));
    most.into_iter().map(|(key, _)| key).collect()
}

fn relative_advance(char: &TextChar) -> i32 {
    (char.advance_width / char.font_size.abs().max(0.1) * 1000.0).round() as i32
}

/// Whether lam and alef are the two halves of the one sign for both: as wide as each other, but not as wide as an alef is.
/// Without the trace they would be turned round, and `الميلاد` be read as `الميالد`.
fn is_lam_alef(lam: &TextChar, alef: &TextChar, usual: &HashMap<&str, i32>) -> bool {
    lam.char == 'ل'
        && is_alef(alef.char)
        && (alef.advance_width - lam.advance_width).abs() < 0.001
        && (alef.origin_x - lam.origin_x - lam.advance_width).abs() < 0.01
        && usual
            .get(alef.font_name.as_str())
            .is_some_and(|usual| (usual - relative_advance(alef)).abs() > 2)
}

fn glyph(char: &TextChar, quarter: usize) -> Glyph {
    let (x, y) = placed((char.origin_x, char.origin_y), quarter);
    let size = char.font_size.abs().max(0.1);
    let width = if quarter % 2 == 1 {
        size * 0.5
    } else {
        char.advance_width.abs()
    };
    Glyph {
        text: crate::text::clean(&char.char.to_string()),
        x,
        y,
        width,
        size,
        bold: char.font_weight == FontWeight::Bold,
        blank: char.char.is_whitespace(),
    }
}

/// Groups glyphs by their baselines, and each group to words.
fn lines_of(mut glyphs: Vec<Glyph>) -> Vec<Line> {
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut groups: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        match groups.last_mut() {
            Some(group) if same_baseline(group, &glyph) => group.push(glyph),
            _ => groups.push(vec![glyph]),
        }
    }
    let lines = groups
        .into_iter()
        .map(line)
        .filter(|line| !line.words.is_empty())
        .collect();
    raised(lines)
}

fn same_baseline(group: &[Glyph], glyph: &Glyph) -> bool {
    group
        .first()
        .is_some_and(|first| first.y - glyph.y <= SAME_LINE * first.size.min(glyph.size))
}

/// The words of the glyphs of one baseline.
fn line(mut glyphs: Vec<Glyph>) -> Line {
    // Letters of joined scripts overlap; their middles are in the order of writing.
    let place = |glyph: &Glyph| {
        if glyph.text.chars().any(is_rtl) {
            glyph.x + glyph.width / 2.0
        } else {
            glyph.x
        }
    };
    glyphs.sort_by(|a, b| place(a).total_cmp(&place(b)));
    let glyphs = with_marks(glyphs);
    let mut words: Vec<Word> = Vec::new();
    let mut blank = false;
    for glyph in glyphs {
        if glyph.blank || glyph.text.is_empty() {
            blank |= glyph.blank;
            continue;
        }
        match words.last_mut() {
            Some(word) if !parts(word, &glyph, blank) => push(word, glyph),
            _ => words.push(Word {
                x0: glyph.x,
                x1: glyph.x + glyph.width,
                y: glyph.y,
                size: glyph.size,
                bold: glyph.bold,
                glyphs: vec![glyph],
            }),
        }
        blank = false;
    }
    measured(spaced_out(words))
}

/// Single letters at even distances that make up a whole piece of a line are one word, set wide.
fn spaced_out(words: Vec<Word>) -> Vec<Word> {
    let gap = |pair: &[Word]| pair[1].x0 - pair[0].x1;
    let far = |pair: &[Word]| gap(pair) > 1.5 * pair[0].size;
    let mut joined: Vec<Word> = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let end = words[start..]
            .windows(2)
            .position(far)
            .map_or(words.len(), |at| start + at + 1);
        let piece = &words[start..end];
        let gaps: Vec<f32> = piece.windows(2).map(gap).collect();
        let (least, most) = gaps.iter().fold((f32::INFINITY, 0.0f32), |(least, most), gap| {
            (least.min(*gap), most.max(*gap))
        });
        let even = piece.len() >= 3
            && piece.iter().all(|word| word.glyphs.len() == 1)
            && most < 0.5 * piece[0].size
            && most < 1.2 * least;
        if even && !piece.iter().all(|word| word.glyphs[0].text == ".") {
            let mut word = piece[0].clone();
            piece[1..]
                .iter()
                .flat_map(|other| other.glyphs.clone())
                .for_each(|glyph| push(&mut word, glyph));
            joined.push(word);
        } else {
            joined.extend_from_slice(piece);
        }
        start = end;
    }
    joined
}

fn measured(words: Vec<Word>) -> Line {
    let most = words.iter().max_by_key(|word| word.glyphs.len());
    let (y, size) = most.map_or((0.0, 0.0), |word| (word.y, word.size));
    Line { y, size, words }
}

/// Puts each mark to the letter over or under which it stands.
fn with_marks(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let is_only_mark = |glyph: &Glyph| glyph.text.chars().all(is_mark) && !glyph.text.is_empty();
    let marks = glyphs.iter().filter(|glyph| is_only_mark(glyph)).count();
    if marks == 0 || marks.saturating_mul(glyphs.len()) > MAX_PAIRS {
        return glyphs;
    }
    let (marks, mut letters): (Vec<Glyph>, Vec<Glyph>) = glyphs.into_iter().partition(is_only_mark);
    for mark in marks {
        // A mark of a right-to-left script starts where its letter starts; others stand over the middle.
        let middle = mark.x + mark.width / 2.0;
        let distance = |glyph: &Glyph| match glyph.text.chars().any(is_rtl) {
            true => (glyph.x - mark.x).abs(),
            false => (glyph.x + glyph.width / 2.0 - middle).abs(),
        };
        let nearest = letters
            .iter_mut()
            .filter(|glyph| !glyph.blank)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)));
        if let Some(letter) = nearest {
            letter.text.push_str(&mark.text);
        }
    }
    letters
}

/// Whether a glyph starts a new word.
fn parts(word: &Word, glyph: &Glyph, blank: bool) -> bool {
    let size = word.size.min(glyph.size);
    let gap = glyph.x - word.x1;
    gap > WORD_GAP * size || (blank && gap > -0.05 * size) || gap < -size
}

fn push(word: &mut Word, glyph: Glyph) {
    word.x1 = word.x1.max(glyph.x + glyph.width);
    word.bold |= glyph.bold;
    word.glyphs.push(glyph);
}

/// Small words that stand a little above or below a line, as marks of footnotes do, belong to it.
fn raised(lines: Vec<Line>) -> Vec<Line> {
    let mut main: Vec<Line> = Vec::new();
    let mut small: Vec<Line> = Vec::new();
    let near = |line: &Line, other: &Line| {
        let shift = line.y - other.y;
        line.size < 0.85 * other.size && shift > -0.35 * other.size && shift < 0.7 * other.size
    };
    for at in 0..lines.len() {
        let around = at.saturating_sub(3)..(at + 4).min(lines.len());
        let is_small = lines[at].words.len() <= 12 && lines[around].iter().any(|other| near(&lines[at], other));
        if is_small {
            small.push(lines[at].clone())
        } else {
            main.push(lines[at].clone())
        }
    }
    if small.len().saturating_mul(main.len()) > MAX_PAIRS {
        main.append(&mut small);
    }
    for line in small {
        let mut alone = Vec::new();
        for word in line.words.clone() {
            let host = main
                .iter_mut()
                .filter(|other| near(&line, other) && touches(other, &word));
            let host = host.min_by(|a, b| (a.y - line.y).abs().total_cmp(&(b.y - line.y).abs()));
            match host {
                Some(host) => insert(host, word),
                None => alone.push(word),
            }
        }
        if !alone.is_empty() {
            main.push(measured(alone));
        }
    }
    main.sort_by(|a, b| b.y.total_cmp(&a.y));
    main
}

fn touches(line: &Line, word: &Word) -> bool {
    let reach = 0.5 * line.size;
    line.words
        .iter()
        .any(|other| word.x0 < other.x1 + reach && word.x1 > other.x0 - reach)
}

/// Puts a small word into a line, to the word that it touches or between words.
fn insert(line: &mut Line, word: Word) {
    let at = line.words.partition_point(|other| other.x0 <= word.x0);
    if let Some(before) = at.checked_sub(1).and_then(|before| line.words.get_mut(before))
        && word.x0 - before.x1 <= WORD_GAP * word.size
    {
        for glyph in word.glyphs {
            push(before, glyph);
        }
        return;
    }
    line.words.insert(at, word);
}
