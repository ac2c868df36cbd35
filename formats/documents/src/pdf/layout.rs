//! From lines of words to blocks of text in reading order: columns, paragraphs, their lines.
//!
//! Never in here: single characters, and what the text says.

use super::direction::mostly_rtl;
use super::glyphs::{Line, lines};
use pdf_oxide::layout::TextChar;

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
pub(crate) fn blocks(chars: &[TextChar], shown: bool) -> Vec<Block> {
    let mut blocks = Vec::new();
    for lines in lines(chars, shown) {
        let rtl = mostly_rtl(
            lines
                .iter()
                .flat_map(|l| &l.words)
                .flat_map(|w| &w.glyphs)
                .map(|g| g.text.as_str()),
        );
        for column in in_columns(&lines, rtl) {
            blocks.extend(paragraphs(&column, rtl, shown));
        }
    }
    blocks
}

/// Lines from top to bottom that share an empty strip down the page, with text on both sides of it.
struct Stretch {
    lines: Vec<Line>,
    strips: Vec<(f32, f32)>,
}

/// Takes lines apart into columns and puts these into reading order.
fn in_columns(lines: &[Line], rtl: bool) -> Vec<Vec<Line>> {
    let mut columns: Vec<Vec<Line>> = Vec::new();
    let mut whole = false;
    for stretch in stretches(lines) {
        match dividing_strip(&stretch) {
            Some(strip) => {
                let (left, right) = divide(&stretch.lines, strip);
                let (first, second) = if rtl { (right, left) } else { (left, right) };
                columns.extend([first, second]);
                whole = false;
            }
            None => match columns.last_mut().filter(|_| whole) {
                Some(last) => last.extend(stretch.lines),
                None => {
                    columns.push(stretch.lines);
                    whole = true;
                }
            },
        }
    }
    columns
}

/// The longest runs of lines from the top that share a strip.
fn stretches(lines: &[Line]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for line in lines {
        let own = gaps(line);
        if let Some(last) = found.last_mut() {
            let common = intersect(&last.strips, &own, line.size);
            let inner = |strips: &[(f32, f32)]| strips.iter().any(|s| s.0.is_finite() && s.1.is_finite());
            if inner(&common) || (inner(&last.strips) == inner(&own) && !inner(&own)) {
                last.lines.push(line.clone());
                last.strips = common;
                continue;
            }
        }
        found.push(Stretch {
            lines: vec![line.clone()],
            strips: own,
        });
    }
    found
}

/// The empty parts of a line, with those before and after its words.
fn gaps(line: &Line) -> Vec<(f32, f32)> {
    let mut gaps = vec![(f32::NEG_INFINITY, line.x0())];
    let mut end = f32::NEG_INFINITY;
    for pair in line.words.windows(2) {
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
fn dividing_strip(stretch: &Stretch) -> Option<(f32, f32)> {
    let strips = stretch
        .strips
        .iter()
        .filter(|strip| strip.0.is_finite() && strip.1.is_finite());
    let mut good: Vec<(f32, f32)> = strips
        .copied()
        .filter(|strip| divides(&stretch.lines, *strip))
        .collect();
    good.sort_by(|a, b| (b.1 - b.0).total_cmp(&(a.1 - a.0)));
    good.first().copied()
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
