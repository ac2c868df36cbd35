//! What a harvester asks, checked.

use jiff::civil::{Date, DateTime};

use super::{Fault, PREFIX};

/// A question that can be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Who are you?
    Identify,
    /// In which formats are records given, of one or of all?
    ListMetadataFormats(Option<String>),
    /// Which sets are there?
    ListSets,
    /// The heads of records.
    ListIdentifiers(Selection),
    /// Records.
    ListRecords(Selection),
    /// One record.
    GetRecord(String),
}

/// Which records are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Changed at or after this moment (`2026-11-26T10:00:00Z`); empty: whenever.
    pub from: String,
    /// Changed at or before this moment; empty: whenever.
    pub until: String,
    /// In this set or below it; empty: in any or none.
    pub set: String,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

/// Where a list goes on: behind the record with this stamp and number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The last record's stamp.
    pub stamp: String,
    /// The last record's number.
    pub id: i64,
    /// How many were told before.
    pub shown: usize,
    /// How many there were when the list began.
    pub total: usize,
}

/// Longer tokens are nobody's.
const LONGEST: usize = 1000;
const SEPARATOR: char = '~';

impl Selection {
    /// The token with which the list goes on behind a record.
    pub fn token(&self, next: &Cursor) -> String {
        let (shown, total, id) = (next.shown.to_string(), next.total.to_string(), next.id.to_string());
        [
            PREFIX,
            &self.from,
            &self.until,
            &self.set,
            &next.stamp,
            &id,
            &shown,
            &total,
        ]
        .join(&SEPARATOR.to_string())
    }

    fn resumed(token: &str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let parts: Vec<&str> = token.split(SEPARATOR).collect();
        let [PREFIX, from, until, set, stamp, id, shown, total] = parts[..] else {
            return None;
        };
        let fine = |stamp: &str| stamp.is_empty() || is_moment(stamp);
        (fine(from) && fine(until) && is_moment(stamp) && is_set(set)).then_some(())?;
        Some(Self {
            from: from.to_owned(),
            until: until.to_owned(),
            set: set.to_owned(),
            cursor: Some(Cursor {
                stamp: stamp.to_owned(),
                id: id.parse().ok()?,
                shown: shown.parse().ok()?,
                total: total.parse().ok()?,
            }),
        })
    }
}

/// Which arguments a verb takes: needed ones, then those that may be left out.
fn arguments_of(verb: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match verb {
        "Identify" => (&[], &[]),
        "ListMetadataFormats" => (&[], &["identifier"]),
        "ListSets" => (&[], &["resumptionToken"]),
        "ListIdentifiers" | "ListRecords" => (&["metadataPrefix"], &["from", "until", "set", "resumptionToken"]),
        "GetRecord" => (&["identifier", "metadataPrefix"], &[]),
        _ => return None,
    })
}

/// Reads the pairs of a query or form.
///
/// # Errors
/// What is wrong with them.
pub fn parse(pairs: &[(String, String)]) -> Result<Asked, Fault> {
    let verbs: Vec<&str> = all(pairs, "verb").collect();
    let [verb] = verbs[..] else {
        return Err(Fault::BadVerb);
    };
    let (needed, allowed) = arguments_of(verb).ok_or(Fault::BadVerb)?;
    let known = |name: &str| name == "verb" || needed.contains(&name) || allowed.contains(&name);
    if pairs.iter().any(|(name, _)| !known(name)) {
        return Err(Fault::BadArgument("this verb does not take one of the arguments"));
    }
    if pairs.iter().any(|(name, _)| all(pairs, name).count() > 1) {
        return Err(Fault::BadArgument("an argument is repeated"));
    }
    if pairs.iter().any(|(_, value)| value.is_empty()) {
        return Err(Fault::BadArgument("an argument is empty"));
    }
    if let Some(token) = all(pairs, "resumptionToken").next() {
        if pairs.len() > 2 {
            return Err(Fault::BadArgument("resumptionToken stands alone"));
        }
        // Sets come all at once.
        let selection = Selection::resumed(token).filter(|_| verb != "ListSets");
        return Ok(list(verb, selection.ok_or(Fault::BadResumptionToken)?));
    }
    if needed.iter().any(|name| all(pairs, name).next().is_none()) {
        return Err(Fault::BadArgument("an argument is missing"));
    }
    if all(pairs, "metadataPrefix").any(|prefix| prefix != PREFIX) {
        return Err(Fault::CannotDisseminateFormat);
    }
    let identifier = all(pairs, "identifier").next().map(str::to_owned);
    Ok(match verb {
        "Identify" => Asked::Identify,
        "ListMetadataFormats" => Asked::ListMetadataFormats(identifier),
        "ListSets" => Asked::ListSets,
        "GetRecord" => Asked::GetRecord(identifier.unwrap_or_default()),
        _ => list(verb, selection(pairs)?),
    })
}

fn all<'a>(pairs: &'a [(String, String)], name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
}

fn list(verb: &str, selection: Selection) -> Asked {
    match verb {
        "ListIdentifiers" => Asked::ListIdentifiers(selection),
        _ => Asked::ListRecords(selection),
    }
}

fn selection(pairs: &[(String, String)]) -> Result<Selection, Fault> {
    let one = |name| all(pairs, name).next().unwrap_or_default();
    let (from, until, set) = (one("from"), one("until"), one("set"));
    let (begin, end) = (moment(from, "00:00:00")?, moment(until, "23:59:59")?);
    if !from.is_empty() && !until.is_empty() {
        if from.len() != until.len() {
            return Err(Fault::BadArgument("from and until are a day both, or a second both"));
        }
        if begin > end {
            return Err(Fault::BadArgument("from is later than until"));
        }
    }
    if !is_set(set) {
        return Err(Fault::BadArgument("this is no name of a set"));
    }
    Ok(Selection {
        from: begin,
        until: end,
        set: set.to_owned(),
        cursor: None,
    })
}

/// A day or a moment in UTC as a moment; a day begins or ends at `time`.
fn moment(text: &str, time: &str) -> Result<String, Fault> {
    if text.is_empty() || is_moment(text) {
        return Ok(text.to_owned());
    }
    if text.len() == 10 && Date::strptime("%Y-%m-%d", text).is_ok() {
        return Ok(format!("{text}T{time}Z"));
    }
    Err(Fault::BadArgument("a date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"))
}

fn is_moment(text: &str) -> bool {
    text.len() == 20 && DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", text).is_ok()
}

fn is_set(name: &str) -> bool {
    let sign = |c: char| c.is_ascii_alphanumeric() || "-_.!*'():".contains(c);
    name.len() <= 500 && name.chars().all(sign)
}
