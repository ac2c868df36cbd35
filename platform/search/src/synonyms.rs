//! Old and new words of the field. Readers and statutes use the old ones, today's guidance the new
//! ones: a search for one finds the other as well. Suggestions show only the new.
//!
//! The table follows the Terminology Guidelines for the Protection of Children from Sexual
//! Exploitation and Sexual Abuse. Words that mean something else outside the field (client, youth)
//! or that the guidelines keep apart (sale, trafficking) are left out on purpose.

use crate::parse::{Clause, Form, Word, words};
use crate::stems::document_stem;
use std::ops::Range;
use std::sync::OnceLock;

/// Words that stand for each other, in one language.
struct Entry {
    language: &'static str,
    old: &'static [&'static str],
    new: &'static [&'static str],
    /// Whether the old words are to be avoided (and so never suggested).
    avoid: bool,
}

const fn avoid(language: &'static str, old: &'static [&'static str], new: &'static [&'static str]) -> Entry {
    Entry {
        language,
        old,
        new,
        avoid: true,
    }
}

const fn attention(language: &'static str, old: &'static [&'static str], new: &'static [&'static str]) -> Entry {
    Entry {
        language,
        old,
        new,
        avoid: false,
    }
}

const TABLE: [Entry; 22] = [
    avoid(
        "en",
        &["child pornography", "child porn", "kiddie porn"],
        &[
            "child sexual abuse material",
            "child sexual exploitation material",
            "CSAM",
        ],
    ),
    avoid(
        "en",
        &["child prostitution", "juvenile prostitution"],
        &[
            "exploitation of children in prostitution",
            "exploitation of children for prostitution",
            "sexual exploitation of children in prostitution",
        ],
    ),
    avoid(
        "en",
        &["child prostitute", "child sex worker"],
        &[
            "child victim of exploitation in prostitution",
            "child victim of sexual exploitation",
        ],
    ),
    avoid(
        "en",
        &["child sex tourism"],
        &["sexual exploitation of children in travel and tourism"],
    ),
    avoid(
        "en",
        &["child sex tourist"],
        &[
            "travelling child sex offender",
            "transnational child sex offender",
            "perpetrator of sexual exploitation in travel and tourism",
        ],
    ),
    avoid(
        "en",
        &["webcam child sex tourism", "webcam child prostitution"],
        &["live streaming of child sexual abuse", "live online child sexual abuse"],
    ),
    avoid(
        "en",
        &["cybersex with a child", "child cybersex"],
        &["online child sexual abuse", "online-facilitated child sexual abuse"],
    ),
    attention(
        "en",
        &["sextortion"],
        &["sexual extortion of children", "sexual extortion"],
    ),
    attention(
        "en",
        &["sexting", "self-generated material"],
        &["self-generated sexual content"],
    ),
    attention(
        "en",
        &[
            "virtual child pornography",
            "AI child pornography",
            "computer-generated child pornography",
        ],
        &[
            "artificially generated child sexual abuse material",
            "digitally generated child sexual abuse material",
        ],
    ),
    attention(
        "en",
        &["paedophile", "pedophile"],
        &["child sexual offender", "child sex offender"],
    ),
    attention(
        "en",
        &["modern slavery"],
        &["forced labour", "debt bondage", "forced marriage"],
    ),
    avoid(
        "fr",
        &[
            "pédopornographie",
            "pornographie enfantine",
            "pornographie mettant en scène des enfants",
        ],
        &[
            "contenus d'abus sexuels sur enfants",
            "matériel d'abus sexuels d'enfants",
        ],
    ),
    avoid(
        "fr",
        &["prostitution enfantine", "prostitution des enfants"],
        &[
            "exploitation d'enfants dans la prostitution",
            "exploitation des enfants dans la prostitution",
        ],
    ),
    avoid(
        "fr",
        &["tourisme sexuel impliquant des enfants"],
        &["exploitation sexuelle des enfants dans le cadre des voyages et du tourisme"],
    ),
    avoid(
        "es",
        &["pornografía infantil"],
        &[
            "material de abuso sexual de niños, niñas y adolescentes",
            "material de abuso sexual infantil",
        ],
    ),
    avoid(
        "es",
        &["prostitución infantil"],
        &[
            "explotación de niños en la prostitución",
            "explotación de niños, niñas y adolescentes en la prostitución",
        ],
    ),
    avoid(
        "es",
        &["turismo sexual infantil"],
        &["explotación sexual de niños, niñas y adolescentes en los viajes y el turismo"],
    ),
    avoid(
        "ru",
        &["детская порнография"],
        &["материалы о сексуальном насилии над детьми"],
    ),
    avoid("ru", &["детская проституция"], &["эксплуатация детей в проституции"]),
    avoid(
        "ar",
        &["استغلال الأطفال في المواد الإباحية", "المواد الإباحية عن الأطفال"],
        &["مواد الاعتداء الجنسي على الأطفال"],
    ),
    avoid("ar", &["بغاء الأطفال"], &["استغلال الأطفال في البغاء"]),
];

/// Words to look for beside those of the query.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    /// For the reader.
    pub(crate) text: &'static str,
    pub(crate) folded: Vec<String>,
    /// The words' tokens in documents of the phrase's language: the stem, else the folded word.
    pub(crate) tokens: Vec<String>,
}

/// Clauses of a query that say together what `phrases` say as well.
#[derive(Debug)]
pub(crate) struct Expansion {
    pub(crate) clauses: Range<usize>,
    pub(crate) phrases: Vec<&'static Phrase>,
    /// The word to use instead, where the reader's is one to avoid.
    pub(crate) better: Option<&'static str>,
}

struct Group {
    language: &'static str,
    /// The old words first, then the new.
    phrases: Vec<Phrase>,
    old: usize,
    better: Option<&'static str>,
}

fn groups() -> &'static [Group] {
    static GROUPS: OnceLock<Vec<Group>> = OnceLock::new();
    GROUPS.get_or_init(|| TABLE.iter().map(group).collect())
}

fn group(entry: &'static Entry) -> Group {
    let phrase = |text: &&'static str| {
        let words = words(text);
        let tokens = words.iter().map(|word| token(word, entry.language)).collect();
        Phrase {
            text,
            folded: words.into_iter().map(|word| word.folded).collect(),
            tokens,
        }
    };
    let phrases = entry.old.iter().chain(entry.new).map(phrase).collect();
    let better = entry.new.first().copied().filter(|_| entry.avoid);
    Group {
        language: entry.language,
        phrases,
        old: entry.old.len(),
        better,
    }
}

fn token(word: &Word, language: &str) -> String {
    document_stem(&word.text, language).unwrap_or_else(|| word.folded.clone())
}

/// The most clauses that a phrase of the table can span.
const LONGEST: usize = 12;

/// The tokens of each clause's words, as documents of one language have them.
struct View {
    language: &'static str,
    clauses: Vec<Vec<String>>,
}

/// Finds runs of clauses that are a phrase of the table; the longest at each place, none twice.
pub(crate) fn expansions(clauses: &[Clause]) -> Vec<Expansion> {
    let views = views(clauses);
    let mut found = Vec::new();
    let mut start = 0;
    while start < clauses.len() {
        match longest_from(clauses, &views, start) {
            Some(expansion) => {
                start = expansion.clauses.end;
                found.push(expansion);
            }
            None => start += 1,
        }
    }
    found
}

fn views(clauses: &[Clause]) -> Vec<View> {
    let mut views: Vec<View> = Vec::new();
    for group in groups() {
        if views.iter().all(|view| view.language != group.language) {
            let tokens = |clause: &Clause| clause.words.iter().map(|word| token(word, group.language)).collect();
            views.push(View {
                language: group.language,
                clauses: clauses.iter().map(tokens).collect(),
            });
        }
    }
    views
}

fn longest_from(clauses: &[Clause], views: &[View], start: usize) -> Option<Expansion> {
    let usable = |clause: &&Clause| !clause.negative && !clause.title_only && clause.form != Form::Quoted;
    let run = clauses[start..].iter().take(LONGEST).take_while(usable).count();
    (1..=run).rev().find_map(|length| {
        let range = start..start + length;
        let (phrases, better) = alternatives(&clauses[range.clone()], views, range.clone())?;
        Some(Expansion {
            clauses: range,
            phrases,
            better,
        })
    })
}

/// The other phrases of all groups that hold these clauses' words as a phrase.
fn alternatives(
    clauses: &[Clause],
    views: &[View],
    range: Range<usize>,
) -> Option<(Vec<&'static Phrase>, Option<&'static str>)> {
    let words: Vec<&str> = clauses
        .iter()
        .flat_map(|clause| &clause.words)
        .map(|word| word.folded.as_str())
        .collect();
    let mut phrases: Vec<&'static Phrase> = Vec::new();
    let mut better = None;
    for group in groups() {
        let Some(view) = views.iter().find(|view| view.language == group.language) else {
            continue;
        };
        let tokens: Vec<&str> = view.clauses[range.clone()]
            .iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let same = |phrase: &Phrase| phrase.tokens == tokens || phrase.folded == words;
        let Some(at) = group.phrases.iter().position(same) else {
            continue;
        };
        if at < group.old {
            better = better.or(group.better);
        }
        for phrase in group.phrases.iter().filter(|phrase| !same(phrase)) {
            if phrases.iter().all(|known| known.text != phrase.text) {
                phrases.push(phrase);
            }
        }
    }
    (!phrases.is_empty()).then_some((phrases, better))
}

#[cfg(test)]
mod tests {
    use super::expansions;
    use crate::parse::parse;

    fn also(text: &str) -> Vec<&'static str> {
        expansions(&parse(text, false).clauses)
            .iter()
            .flat_map(|e| &e.phrases)
            .map(|phrase| phrase.text)
            .collect()
    }

    #[test]
    fn both_ways() {
        assert!(also("laws on child pornography online").contains(&"child sexual abuse material"));
        assert!(also("Child Sexual Abuse Materials").contains(&"child pornography"));
        assert!(also("contenus d’abus sexuels sur enfants").contains(&"pédopornographie"));
        assert!(also("pedopornographie").contains(&"contenus d'abus sexuels sur enfants"));
        assert!(also("self-generated sexual content").contains(&"sexting"));
        assert!(also("детской порнографии").contains(&"материалы о сексуальном насилии над детьми"));
    }

    #[test]
    fn not_in_quotes_or_parts() {
        assert!(also("\"child pornography\"").is_empty());
        assert!(also("child -pornography").is_empty());
        assert!(also("sexual abuse").is_empty());
    }

    #[test]
    fn longest_wins() {
        let all = parse("webcam child sex tourism", false);
        let found = expansions(&all.clauses);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].clauses, 0..4);
        assert_eq!(found[0].better, Some("live streaming of child sexual abuse"));
    }
}
