//! What the head and the foot of a document's first page say: symbol, date of distribution, job number.
//!
//! Never in here: guesses from a file's name, and anything below the first page.

use gp_symbols::Symbol;

/// How much of the first page may be the head.
const HEAD_CHARS: usize = 1500;

/// What was found on the first page.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Masthead {
    pub symbol: Option<Symbol>,
    pub job_number: Option<String>,
    pub issued: Option<String>,
}

/// Reads a first page. Without a date of distribution or a job number, a symbol must be the first thing on the page:
/// every other text may cite one.
pub(crate) fn read(page: &str) -> Masthead {
    let head: String = page.chars().take(HEAD_CHARS).collect();
    let issued = distribution_date(&head);
    let job_number = job_number(page);
    let symbol = Symbol::find(&head).filter(|symbol| {
        let early = head.chars().take(200).collect::<String>();
        issued.is_some()
            || job_number.is_some()
            || Symbol::find(&early).as_ref() == Some(symbol) && early.contains("United Nations")
    });
    Masthead {
        symbol,
        job_number,
        issued,
    }
}

/// Whether a line in large letters on a first page is of its head: issuer, symbol, distribution, date, language, job number.
pub(crate) fn is_part(line: &str) -> bool {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    DISTRIBUTION.iter().any(|word| line.contains(word))
        || ["United Nations", "Original:", "Original :"]
            .iter()
            .any(|start| line.starts_with(start))
        || Symbol::parse(line).is_some()
        || job_number(line).is_some()
        || date_at(&words).is_some()
}

const DISTRIBUTION: [&str; 6] = ["Distr.", "Distr:", "DISTR", "Раср", "分发", "التوزيع"];
const MONTHS: [[&str; 4]; 12] = [
    ["january", "janvier", "enero", "января"],
    ["february", "février", "febrero", "февраля"],
    ["march", "mars", "marzo", "марта"],
    ["april", "avril", "abril", "апреля"],
    ["may", "mai", "mayo", "мая"],
    ["june", "juin", "junio", "июня"],
    ["july", "juillet", "julio", "июля"],
    ["august", "août", "agosto", "августа"],
    ["september", "septembre", "septiembre", "сентября"],
    ["october", "octobre", "octubre", "октября"],
    ["november", "novembre", "noviembre", "ноября"],
    ["december", "décembre", "diciembre", "декабря"],
];

/// The first date after the word for distribution.
fn distribution_date(head: &str) -> Option<String> {
    let start = DISTRIBUTION.iter().filter_map(|word| head.find(word)).min()?;
    let words: Vec<String> = head[start..]
        .split_whitespace()
        .take(40)
        .map(|word| word.to_lowercase())
        .collect();
    words
        .iter()
        .enumerate()
        .find_map(|(at, _)| date_at(&words[at..]))
        .or_else(|| chinese_date(&head[start..]))
}

fn date_at(words: &[String]) -> Option<String> {
    let day: u32 = words
        .first()?
        .trim_end_matches("er")
        .parse()
        .ok()
        .filter(|day| (1..=31).contains(day))?;
    let rest: Vec<&str> = words
        .iter()
        .skip(1)
        .map(String::as_str)
        .filter(|word| *word != "de")
        .collect();
    let month = MONTHS
        .iter()
        .position(|names| names.contains(rest.first().unwrap_or(&"")))?
        + 1;
    let year: u32 = rest
        .get(1)?
        .get(..4)?
        .parse()
        .ok()
        .filter(|year| (1900..=2199).contains(year))?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// `10 September 2019` as `2019年9月10日`, with or without blanks.
fn chinese_date(head: &str) -> Option<String> {
    let plain: String = head.chars().take(200).filter(|c| !c.is_whitespace()).collect();
    let (before, after) = plain.split_once('年')?;
    let year: String = before
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let (month, after) = after.split_once('月')?;
    let (day, _) = after.split_once('日')?;
    let (year, month, day): (u32, u32, u32) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let sound = (1900..=2199).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    sound.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// `GE.19-15447(E)` of Geneva or `26-04887 (E)` of New York, in one form without the blank.
fn job_number(page: &str) -> Option<String> {
    let chars: Vec<char> = page.chars().collect();
    (0..chars.len()).find_map(|at| {
        let free = at == 0 || !(chars[at - 1].is_alphanumeric() || matches!(chars[at - 1], '-' | '.' | '/'));
        free.then(|| job_number_at(&chars[at..])).flatten()
    })
}

fn job_number_at(chars: &[char]) -> Option<String> {
    let place: String = chars.iter().take_while(|c| c.is_ascii_uppercase()).take(3).collect();
    let mut at = place.len();
    if !place.is_empty() {
        if chars.get(at) != Some(&'.') || !matches!(place.as_str(), "GE" | "V" | "NY" | "K") {
            return None;
        }
        at += 1;
    }
    let digits = |from: usize| chars[from..].iter().take(8).take_while(|c| c.is_ascii_digit()).count();
    let year = at..at + digits(at);
    if year.len() != 2 || chars.get(year.end) != Some(&'-') {
        return None;
    }
    let number = year.end + 1..year.end + 1 + digits(year.end + 1);
    if number.len() != 5 {
        return None;
    }
    let mut end = number.end;
    let mut found: String = chars[..end].iter().collect();
    if chars.get(end) == Some(&' ') {
        end += 1;
    }
    match chars.get(end..end + 3) {
        Some(['(', language, ')']) if "ACEFRSG".contains(*language) => found.extend(['(', *language, ')']),
        _ if place.is_empty() => return None,
        _ => {}
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::read;

    fn found(page: &str) -> (Option<String>, Option<String>, Option<String>) {
        let head = read(page);
        (head.symbol.map(|s| s.to_string()), head.job_number, head.issued)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn mastheads_of_both_seats_are_read() {
        let geneva = "United Nations CRC/C/156\n\nConvention on the Rights of the Child\n\nDistr.: General\n10 September 2019\nOriginal: English\n\nGE.19-15447(E)";
        assert_eq!(
            found(geneva),
            (some("CRC/C/156"), some("GE.19-15447(E)"), some("2019-09-10"))
        );
        let new_york = "A/81/6 (Sect. 24)/Part A* Distr.: General 1 April 2026\n\n26-04887 (E) 010526";
        assert_eq!(
            found(new_york),
            (
                some("A/81/6 (Sect. 24)/Part A"),
                some("26-04887(E)"),
                some("2026-04-01")
            )
        );
    }

    #[test]
    fn dates_of_other_languages_are_read() {
        for (head, date) in [
            ("CRC/C/156 Distr. générale 1er août 2019", "2019-08-01"),
            ("CRC/C/156 Distr. general 10 de septiembre de 2019", "2019-09-10"),
            ("CRC/C/156 Distr.: General 10 сентября 2019", "2019-09-10"),
            ("CRC/C/156 Distr.: General 2019年9月10日", "2019-09-10"),
        ] {
            assert_eq!(found(head).2, some(date), "{head}");
        }
    }

    #[test]
    fn lines_of_a_head_are_known() {
        for line in [
            "United Nations A/HRC/43/12",
            "General Assembly Distr.: General",
            "27 December 2019",
            "GE.19-22573(E)",
        ] {
            assert!(super::is_part(line), "{line}");
        }
        assert!(!super::is_part(
            "Report of the Working Group on the Universal Periodic Review"
        ));
    }

    #[test]
    fn a_cited_symbol_is_not_the_documents_own() {
        assert_eq!(
            found("A study of CRC/C/156 and what it means for hotels, 2019-12345."),
            (None, None, None)
        );
    }
}
