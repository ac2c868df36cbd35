//! From lines of words to blocks of text in reading order: columns, paragraphs, their lines.
//!
//! Never in here: single characters, and what the text says.

use super::direction::mostly_rtl;
use super::glyphs::Line;
use std::ops::Range;

/// A paragraph, heading, cell or item as it stands on a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    /// Its lines in reading order.
    pub lines: Vec<String>,
    /// The size of its letters.
    pub size: f32,
    /// Whether all of it is bold.
    pub bold: bool,
}

/// The blocks of a page in reading order.
pub(crate) fn blocks(all: Vec<Vec<Line>>, shown: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    for lines in all {
        let rtl = mostly_rtl(
            lines
                .iter()
                .flat_map(|l| &l.words)
                .flat_map(|w| &w.glyphs)
                .map(|g| g.text.as_str()),
        );
        for column in in_columns(&lines, rtl, 6) {
            blocks.extend(paragraphs(&column, rtl, shown));
        }
    }
    blocks
}

/// Gaps of a line after which the rest is not looked at.
const MAX_GAPS: usize = 200;

/// Lines after which a page is not searched for columns.
const MAX_LINES: usize = 1_500;

/// Height of an empty band that parts what is above from what is below, in sizes of letters.
const EMPTY_BAND: f32 = 4.0;

/// Takes lines apart into columns and puts these into reading order: the longest run of lines with an empty strip down
/// through it makes two columns; what stands above and below is looked at in the same way.
fn in_columns(lines: &[Line], rtl: bool, depth: usize) -> Vec<Vec<Line>> {
    let whole = || vec![lines.to_vec()];
    if lines.len() < 3 || lines.len() > MAX_LINES || depth == 0 {
        return whole();
    }
    let Some((run, strip)) = longest_run(lines) else {
        return whole();
    };
    let run = trimmed(lines, run, strip);
    let mut columns = Vec::new();
    if run.start > 0 {
        columns.extend(in_columns(&lines[..run.start], rtl, depth - 1));
    }
    let (left, right) = divide(&lines[run.clone()], strip);
    let (first, second) = if rtl { (right, left) } else { (left, right) };
    columns.extend(in_columns(&first, rtl, depth - 1));
    columns.extend(in_columns(&second, rtl, depth - 1));
    if run.end < lines.len() {
        columns.extend(in_columns(&lines[run.end..], rtl, depth - 1));
    }
    columns
}

/// The longest run of lines that is divided by a strip, and the strip.
fn longest_run(lines: &[Line]) -> Option<(Range<usize>, (f32, f32))> {
    let gaps: Vec<Vec<(f32, f32)>> = lines.iter().map(gaps).collect();
    let mut best: Option<(Range<usize>, (f32, f32))> = None;
    let mut last_end = 0;
    for start in 0..lines.len() {
        let (end, strips) = run_from(lines, &gaps, start);
        // A run that ends where the one before ended is a part of it.
        if end == last_end || best.as_ref().is_some_and(|(run, _)| run.len() >= end - start) {
            continue;
        }
        if let Some(strip) = dividing_strip(&lines[start..end], &strips) {
            best = Some((start..end, strip));
            last_end = end;
        }
    }
    best
}

/// A run without what stands on one side only, above or below both columns and away from them: titles, tables, feet.
fn trimmed(lines: &[Line], run: Range<usize>, strip: (f32, f32)) -> Range<usize> {
    let middle = (strip.0 + strip.1) / 2.0;
    let on = |left: bool| move |at: &usize| lines[*at].words.iter().any(|word| (word.x0 < middle) == left);
    let both = |one: Option<usize>, two: Option<usize>| one.zip(two);
    let first = both(run.clone().find(on(true)), run.clone().find(on(false))).map_or(run.start, |(l, r)| l.max(r));
    let last = both(run.clone().rfind(on(true)), run.clone().rfind(on(false))).map_or(run.end, |(l, r)| l.min(r));
    let away = |at: &usize| lines[*at - 1].y - lines[*at].y > 2.2 * lines[*at].size;
    let start = (run.start + 1..=first).rev().find(away).unwrap_or(run.start);
    let end = (last + 1..run.end).find(away).unwrap_or(run.end);
    start..end
}

/// How far a strip goes down from this line. Lines on one side only leave it open where the strip is; an empty band across
/// the page ends it.
fn run_from(lines: &[Line], gaps: &[Vec<(f32, f32)>], start: usize) -> (usize, Vec<(f32, f32)>) {
    let inner = |strips: &[(f32, f32)]| strips.iter().any(|strip| strip.0.is_finite() && strip.1.is_finite());
    let mut strips = gaps[start].clone();
    let mut found = inner(&strips);
    let mut end = start + 1;
    while end < lines.len() {
        if lines[end - 1].y - lines[end].y > EMPTY_BAND * lines[end].size {
            break;
        }
        let common = intersect(&strips, &gaps[end], lines[end].size);
        let is_inner = inner(&common);
        if found && !is_inner {
            break;
        }
        found |= is_inner;
        strips = common;
        end += 1;
    }
    (end, strips)
}

/// The empty parts of a line, with those before and after its words.
fn gaps(line: &Line) -> Vec<(f32, f32)> {
    let mut gaps = vec![(f32::NEG_INFINITY, line.x0())];
    let mut end = f32::NEG_INFINITY;
    for pair in line.words.windows(2).take(MAX_GAPS) {
        end = end.max(pair[0].x1);
        if pair[1].x0 - end > line.size {
            gaps.push((end, pair[1].x0));
        }
    }
    gaps.push((line.x1(), f32::INFINITY));
    gaps
}

fn intersect(one: &[(f32, f32)], two: &[(f32, f32)], size: f32) -> Vec<(f32, f32)> {
    let mut common = Vec::new();
    for a in one {
        for b in two {
            let both = (a.0.max(b.0), a.1.min(b.1));
            if both.1 - both.0 > 0.8 * size {
                common.push(both);
            }
        }
    }
    common
}

/// The widest strip with columns of running text on both sides. A strip beside numbers, letters of items or the cells of
/// a table does not divide: these are read line by line.
fn dividing_strip(lines: &[Line], strips: &[(f32, f32)]) -> Option<(f32, f32)> {
    let strips = strips.iter().filter(|strip| strip.0.is_finite() && strip.1.is_finite());
    let good = strips.copied().filter(|strip| divides(lines, *strip));
    good.max_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)))
}

fn divides(lines: &[Line], strip: (f32, f32)) -> bool {
    let (left, right) = divide(lines, strip);
    let running = |side: &[Line]| {
        let words: usize = side.iter().map(|line| line.words.len()).sum();
        side.len() >= 3 && words >= 3 * side.len()
    };
    running(&left) && running(&right)
}

fn divide(lines: &[Line], strip: (f32, f32)) -> (Vec<Line>, Vec<Line>) {
    let middle = (strip.0 + strip.1) / 2.0;
    let side = |keep: &dyn Fn(f32) -> bool| {
        let part = |line: &Line| Line {
            words: line.words.iter().filter(|w| keep(w.x0)).cloned().collect(),
            ..line.clone()
        };
        lines
            .iter()
            .map(part)
            .filter(|line| !line.words.is_empty())
            .collect::<Vec<_>>()
    };
    (side(&|x| x < middle), side(&|x| x >= middle))
}

/// Takes a column apart into paragraphs.
fn paragraphs(lines: &[Line], rtl: bool, shown: bool) -> Vec<Block> {
    let leading = leading(lines);
    let left = lines.iter().map(Line::x0).fold(f32::INFINITY, f32::min);
    let right = lines.iter().map(Line::x1).fold(f32::NEG_INFINITY, f32::max);
    let mut blocks: Vec<Block> = Vec::new();
    let mut before: Option<(&Line, bool)> = None;
    for line in lines {
        let text = line.text(rtl, shown);
        let goes_on = before.is_some_and(|before| continues(before, line, &text, leading, (left, right)));
        let ended = text.trim_end().ends_with(['.', ':', ';', '?', '!', '؟', '。']);
        match blocks.last_mut().filter(|_| goes_on) {
            Some(block) => {
                block.bold &= line.bold();
                block.lines.push(text);
            }
            None => blocks.push(Block {
                lines: vec![text],
                size: line.size,
                bold: line.bold(),
            }),
        }
        before = Some((line, ended));
    }
    blocks
}

/// The usual distance of baselines in a column.
fn leading(lines: &[Line]) -> f32 {
    let near = |pair: &[Line]| {
        let distance = pair[0].y - pair[1].y;
        (distance > 0.5 * pair[1].size && distance < 2.2 * pair[1].size).then_some(distance / pair[1].size)
    };
    let mut distances: Vec<f32> = lines.windows(2).filter_map(near).collect();
    distances.sort_by(f32::total_cmp);
    distances.get(distances.len() / 3).copied().unwrap_or(1.2).max(0.9)
}

/// Whether a line belongs to the paragraph of the line before.
fn continues((before, ended): (&Line, bool), line: &Line, text: &str, leading: f32, column: (f32, f32)) -> bool {
    let size = before.size.max(line.size);
    if before.y - line.y > 1.3 * leading * size || before.y < line.y {
        return false;
    }
    if before.size.min(line.size) < 0.87 * size || before.bold() != line.bold() && before.words.iter().all(|w| w.bold) {
        return false;
    }
    let indent = line.x0() - before.x0();
    let width = (column.1 - column.0).max(1.0);
    let short = column.1 - before.x1() > 0.25 * width && before.x0() - column.0 < 0.5 * width;
    if starts_item(text) && (indent.abs() > 0.3 * size || short || indent.abs() < 0.1 * size) {
        return false;
    }
    !(ended && (short || indent > size))
}

/// Whether a line starts with the number, letter or bullet of an item.
pub(crate) fn starts_item(text: &str) -> bool {
    let text = text.trim_start();
    if text.starts_with(['•', '▪', '●', '■', '◦', '○', '–', '—', '➢', '✓']) {
        return true;
    }
    if text.starts_with("o ") {
        return true;
    }
    if let Some(rest) = text.strip_prefix('(') {
        let inner = rest.chars().take(6).position(|c| c == ')');
        return inner.is_some_and(|end| end > 0 && rest.chars().take(end).all(char::is_alphanumeric));
    }
    let mark: String = text.chars().take_while(|c| c.is_ascii_alphanumeric()).take(6).collect();
    let numeral = mark.len() <= 4 && mark.bytes().all(|b| b.is_ascii_digit());
    let letter = mark.len() == 1 || mark.chars().all(|c| "IVX".contains(c));
    let rest = &text[mark.len()..];
    let point = rest.strip_prefix('.').or_else(|| rest.strip_prefix(')'));
    let minor = point.map_or("", |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let decimal = numeral && point.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !mark.is_empty()
        && (numeral || letter)
        && (point.is_some_and(|r| r.starts_with(' ')) || decimal && minor.starts_with([' ', '.']))
}
