//! Automatic numbers of a Word document: what stands before a paragraph on paper and nowhere in its text.
//!
//! Never in here: numbers that were typed.

use super::docx_styles::ListPlace;
use crate::xml::{Element, Event, Reader};
use std::collections::HashMap;

const LEVELS: usize = 9;

/// How one level of a list counts and how its number is written.
#[derive(Debug, Clone)]
struct Level {
    start: i64,
    format: String,
    text: String,
    legal: bool,
    restart: Option<i64>,
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Level {
        Level {
            start: 1,
            format: "decimal".to_owned(),
            text: String::new(),
            legal: false,
            restart: None,
            style: None,
        }
    }
}

/// A list of the document: the definition that it uses and what it changes in it.
#[derive(Debug, Default, Clone)]
struct List {
    definition: i64,
    starts: HashMap<usize, i64>,
    levels: HashMap<usize, Level>,
}

/// All lists, with where each count stands.
#[derive(Default)]
pub(crate) struct Lists {
    definitions: HashMap<i64, Vec<Level>>,
    links: HashMap<i64, String>,
    named: HashMap<String, i64>,
    lists: HashMap<i64, List>,
    counts: HashMap<i64, [Option<i64>; LEVELS]>,
    restarted: HashMap<(i64, usize), ()>,
}

impl Lists {
    /// Reads `numbering.xml`.
    pub(crate) fn read(text: &str, max_depth: usize) -> Lists {
        let mut lists = Lists::default();
        let mut reader = Reader::new(text, max_depth);
        let (mut definition, mut list, mut at): (Option<i64>, Option<i64>, usize) = (None, None, 0);
        while let Some(event) = reader.next() {
            match event {
                Event::Start(element) => match element.name.as_str() {
                    "abstractNum" => {
                        definition = element.number("abstractNumId");
                        definition.map(|id| lists.definitions.insert(id, vec![Level::default(); LEVELS]));
                    }
                    "num" => {
                        list = element.number("numId");
                        list.map(|id| lists.lists.insert(id, List::default()));
                    }
                    "lvl" | "lvlOverride" => {
                        at = element
                            .number("ilvl")
                            .and_then(|at| usize::try_from(at).ok())
                            .unwrap_or(0)
                            .min(LEVELS - 1);
                        if let (Some(list), "lvl") =
                            (list.and_then(|id| lists.lists.get_mut(&id)), element.name.as_str())
                        {
                            list.levels.insert(at, Level::default());
                        }
                    }
                    _ => lists.set(&element, definition, list, at),
                },
                Event::End(name) if name == "abstractNum" => definition = None,
                Event::End(name) if name == "num" => list = None,
                _ => {}
            }
        }
        lists
    }

    fn set(&mut self, element: &Element, definition: Option<i64>, list: Option<i64>, at: usize) {
        let value = element.get("val");
        if let Some(list) = list.and_then(|id| self.lists.get_mut(&id)) {
            match element.name.as_str() {
                "abstractNumId" => list.definition = element.number("val").unwrap_or(-1),
                "startOverride" => drop(element.number("val").map(|start| list.starts.insert(at, start))),
                _ => {
                    if let Some(level) = list.levels.get_mut(&at) {
                        set_level(level, element);
                    }
                }
            }
            return;
        }
        let Some(id) = definition else { return };
        match element.name.as_str() {
            "numStyleLink" => drop(value.map(|style| self.links.insert(id, style.to_owned()))),
            "styleLink" => drop(value.map(|style| self.named.insert(style.to_owned(), id))),
            _ => {
                if let Some(level) = self.definitions.get_mut(&id).and_then(|levels| levels.get_mut(at)) {
                    set_level(level, element);
                }
            }
        }
    }

    /// Counts a paragraph at this place and gives what stands before it.
    pub(crate) fn next(&mut self, place: ListPlace, style: Option<&str>) -> Option<String> {
        let id = place.list.filter(|id| *id != 0)?;
        let list = self.lists.get(&id)?.clone();
        let linked = self.links.get(&list.definition).and_then(|style| self.named.get(style));
        let definition = linked.copied().unwrap_or(list.definition);
        let mut levels = self.definitions.get(&definition)?.clone();
        for (at, level) in &list.levels {
            if let Some(own) = levels.get_mut(*at) {
                own.clone_from(level);
            }
        }
        let by_style = || {
            levels
                .iter()
                .position(|level| level.style.is_some() && level.style.as_deref() == style)
        };
        let at = place
            .level
            .and_then(|at| usize::try_from(at).ok())
            .or_else(by_style)
            .unwrap_or(0)
            .min(LEVELS - 1);
        let counts = self.counts.entry(definition).or_default();
        for (level, start) in &list.starts {
            if *level <= at && self.restarted.insert((id, *level), ()).is_none() {
                counts[*level] = Some(start.saturating_sub(1));
                counts[*level + 1..].fill(None);
            }
        }
        for above in 0..at {
            counts[above] = counts[above].or(Some(levels[above].start));
        }
        counts[at] = Some(counts[at].map_or(levels[at].start, |count| count.saturating_add(1)));
        for (below, level) in levels.iter().enumerate().skip(at + 1) {
            if level.restart.is_none_or(|restart| (at as i64) < restart) {
                counts[below] = None;
            }
        }
        Some(written(&levels, at, counts)).filter(|number| !number.is_empty())
    }
}

fn set_level(level: &mut Level, element: &Element) {
    match element.name.as_str() {
        "start" => level.start = element.number("val").unwrap_or(1),
        "numFmt" => level.format = element.get("val").unwrap_or("decimal").to_owned(),
        "lvlText" => level.text = element.get("val").unwrap_or_default().chars().take(100).collect(),
        "isLgl" => level.legal = !super::docx_styles::is_off(element.get("val")),
        "lvlRestart" => level.restart = element.number("val"),
        "pStyle" => level.style = element.get("val").map(str::to_owned),
        _ => {}
    }
}

/// The number as it is written: `%1.%2` with the counts of the levels.
fn written(levels: &[Level], at: usize, counts: &[Option<i64>; LEVELS]) -> String {
    let level = &levels[at];
    match level.format.as_str() {
        "bullet" => return "•".to_owned(),
        "none" => return String::new(),
        _ => {}
    }
    let mut number = String::new();
    let mut chars = level.text.chars().peekable();
    while let Some(c) = chars.next() {
        let digit = chars
            .peek()
            .and_then(|c| c.to_digit(10))
            .filter(|digit| c == '%' && (1..=9).contains(digit));
        match digit {
            Some(digit) => {
                chars.next();
                let other = digit as usize - 1;
                let count = counts[other].unwrap_or(levels[other].start);
                let format = if level.legal {
                    "decimal"
                } else {
                    levels[other].format.as_str()
                };
                number.push_str(&formatted(count, format));
            }
            None => number.push(c),
        }
    }
    number
}

/// A count in letters, Roman numerals or digits.
pub(crate) fn formatted(count: i64, format: &str) -> String {
    match format {
        "lowerLetter" => letters(count, 'a'),
        "upperLetter" => letters(count, 'A'),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperRoman" => roman(count),
        "decimalZero" => format!("{count:02}"),
        "none" | "bullet" => String::new(),
        _ => count.to_string(),
    }
}

/// `a` to `z`, then `aa`, `bb` as Word has it.
fn letters(count: i64, first: char) -> String {
    if !(1..=780).contains(&count) {
        return count.to_string();
    }
    let letter = char::from(first as u8 + ((count - 1) % 26) as u8);
    letter.to_string().repeat(((count - 1) / 26 + 1) as usize)
}

fn roman(count: i64) -> String {
    if !(1..4000).contains(&count) {
        return count.to_string();
    }
    let numerals = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let (mut left, mut roman) = (count, String::new());
    for (value, numeral) in numerals {
        while left >= value {
            roman.push_str(numeral);
            left -= value;
        }
    }
    roman
}

#[cfg(test)]
mod tests {
    use super::super::docx_styles::ListPlace;
    use super::{Lists, formatted};

    const NUMBERING: &str = "<w:numbering><w:abstractNum w:abstractNumId='7'>\
        <w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>\
        <w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='(%2)'/></w:lvl>\
        <w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='lowerRoman'/><w:lvlText w:val='%1.%2.%3'/></w:lvl>\
        </w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>\
        <w:num w:numId='2'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>\
        </w:numbering>";

    #[test]
    fn levels_count_and_start_again() {
        let mut lists = Lists::read(NUMBERING, 20);
        let mut at = |list, level| {
            lists
                .next(
                    ListPlace {
                        list: Some(list),
                        level: Some(level),
                    },
                    None,
                )
                .unwrap_or_default()
        };
        let numbers = [
            at(1, 0),
            at(1, 1),
            at(1, 1),
            at(1, 2),
            at(1, 0),
            at(1, 1),
            at(2, 0),
            at(2, 0),
            at(0, 0),
            at(9, 0),
        ];
        assert_eq!(numbers, ["1.", "(a)", "(b)", "1.b.i", "2.", "(a)", "5.", "6.", "", ""]);
    }

    #[test]
    fn counts_are_written_in_all_forms() {
        assert_eq!(formatted(28, "lowerLetter"), "bb");
        assert_eq!(formatted(44, "upperRoman"), "XLIV");
        assert_eq!(formatted(7, "decimalZero"), "07");
        assert_eq!(formatted(i64::MAX, "lowerRoman"), i64::MAX.to_string());
    }
}
