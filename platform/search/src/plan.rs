//! Turns a parsed query into a query of the engine, and into the needles that are marked in texts.

use crate::beginning;
use crate::parse::{Clause, Form, Parsed, Word};
use crate::schema::{Fields, Texts};
use crate::snippet::{Needle, Pattern};
use crate::steady::Steady;
use crate::stems::is_stem;
use crate::synonyms::{self, Expansion, Phrase};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

/// How much a match of the stem weighs against one of the word itself.
const STEM: f32 = 0.7;
/// The same for words that only begin with the last word.
const PREFIX: f32 = 0.5;
/// The same for old and new words of the field.
const SYNONYM: f32 = 0.6;
/// How much of the weaker fields' scores counts beside the best field's.
const TIE: f32 = 0.1;
/// How many words the last word of a phrase may stand for.
const PREFIX_WORDS: u32 = 50;

/// Words without meaning of their own: they need not be there when other words are looked for.
const STOP: &str = " a an and are as at be by for from in is it of on or that the this to was with \
    au aux avec ce ces dans de des du en est et la le les par pour que qui sur un une \
    al con del el las los para por se su una y o \
    и в во не на с по к у из за для о об от \
    في من على الى عن و ";

/// What a quotation is worth wherever it stands, beside what its words are.
const IN_A_ROW: f32 = 4.0;

/// Words that are looked for in a row in passages.
const MOST_IN_A_ROW: usize = 10;
/// What all words in a row are worth, by a pair of them.
const TOGETHER: f32 = 2.0;

/// Whether all words must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    All,
    Any,
}

/// What to ask the engine, and what to mark.
pub(crate) struct Plan {
    pub(crate) query: Box<dyn Query>,
    pub(crate) needles: Vec<Needle>,
    pub(crate) also: Vec<String>,
    /// How many parts must (or may) hold.
    pub(crate) parts: usize,
}

/// Plans a query for items that has at least one clause.
pub(crate) fn plan(fields: &Fields, parsed: &Parsed, mode: Mode) -> Plan {
    let planner = Planner {
        texts: fields.items,
        starts: fields.starts,
        part: fields.of_part(false),
        mode,
    };
    let expansions = synonyms::expansions(&parsed.clauses);
    let wanted = planner.wanted(&parsed.clauses, &expansions);
    let parts = wanted.len();
    let mut whole: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    match planner.mode {
        _ if wanted.is_empty() => whole.push((Occur::Must, all(planner.part.clone(), 0.0))),
        Mode::All => whole.extend(wanted.into_iter().map(|query| (Occur::Must, query))),
        Mode::Any => whole.push((Occur::Must, Box::new(BooleanQuery::union(wanted)))),
    }
    let unwanted = parsed.clauses.iter().filter(|clause| clause.negative);
    whole
        .extend(unwanted.map(|c| -> (Occur, Box<dyn Query>) { (Occur::MustNot, Box::new(Steady(planner.clause(c)))) }));
    whole.extend(planner.in_a_row(&parsed.clauses).map(|query| (Occur::Should, query)));
    Plan {
        query: Box::new(BooleanQuery::new(whole)),
        needles: needles(&parsed.clauses, &expansions),
        also: expansions
            .iter()
            .flat_map(|e| &e.phrases)
            .map(|phrase| phrase.text.to_owned())
            .collect(),
        parts,
    }
}

/// A way in which a passage can fit, and what it is worth by what the engine says.
pub(crate) struct Way {
    pub(crate) query: Box<dyn Query>,
    pub(crate) worth: f32,
}

/// What is looked for in the passages of items that were found: of each group the best way counts, and groups add up. Words, quotations
/// and synonyms are groups; so are words that stand beside each other in the query, stop words included, where they stand beside each
/// other in the passage.
pub(crate) fn passages(searcher: &Searcher, fields: &Fields, parsed: &Parsed) -> tantivy::Result<Vec<Vec<Way>>> {
    let field = fields.passage;
    let way = |query, worth| Way { query, worth };
    let row = |tokens: &[String]| -> Box<dyn Query> {
        match tokens {
            [one] => term(field, one),
            _ => Box::new(PhraseQuery::new(
                tokens.iter().map(|token| Term::from_field_text(field, token)).collect(),
            )),
        }
    };
    let wanted: Vec<&Clause> = parsed.clauses.iter().filter(|c| !c.negative && !c.title_only).collect();
    let stops_count = wanted.iter().all(|clause| is_stop(clause));
    let mut groups: Vec<Vec<Way>> = Vec::new();
    for clause in wanted.iter().filter(|clause| stops_count || !is_stop(clause)) {
        let tokens: Vec<String> = clause.words.iter().map(|word| word.folded.clone()).collect();
        if clause.form == Form::Quoted {
            groups.push(vec![way(row(&tokens), 1.0)]);
            continue;
        }
        let last = clause.words.len().saturating_sub(1);
        for (at, word) in clause.words.iter().enumerate() {
            let mut ways = vec![way(term(field, &word.folded), 1.0)];
            ways.extend(word.stems.iter().map(|stem| way(term(field, stem), STEM)));
            if (clause.prefix && at == last) || (word.gram && word.folded.chars().count() == 1) {
                let words = beginning::words(searcher, field, &word.folded)?;
                ways.extend(words.iter().map(|word| way(term(field, word), PREFIX)));
            }
            groups.push(ways);
        }
        if clause.is_exact() && tokens.len() > 1 {
            groups.push(vec![way(row(&tokens), 1.0)]);
        }
    }
    for expansion in synonyms::expansions(&parsed.clauses) {
        let phrases = expansion.phrases.iter();
        groups.push(
            phrases
                .flat_map(|phrase| [way(row(&phrase.folded), SYNONYM), way(row(&phrase.tokens), SYNONYM)])
                .collect(),
        );
    }
    let tokens: Vec<String> = wanted
        .iter()
        .flat_map(|clause| &clause.words)
        .map(|word| word.folded.clone())
        .take(MOST_IN_A_ROW)
        .collect();
    if tokens.len() > 2 {
        groups.push(vec![way(row(&tokens), TOGETHER)]);
    }
    groups.extend(tokens.windows(2).map(|pair| vec![way(row(pair), 1.0)]));
    Ok(groups)
}

/// Where words are looked for.
struct Planner {
    texts: Texts,
    /// Where the beginnings of words are named.
    starts: Field,
    /// What has such texts.
    part: TermQuery,
    mode: Mode,
}

impl Planner {
    /// The positive parts: clauses, or runs of clauses with their synonyms.
    fn wanted(&self, clauses: &[Clause], expansions: &[Expansion]) -> Vec<Box<dyn Query>> {
        let mut wanted = Vec::new();
        let stops_count = clauses.iter().filter(|clause| !clause.negative).all(is_stop);
        let mut at = 0;
        while let Some(clause) = clauses.get(at) {
            if let Some(expansion) = expansions.iter().find(|e| e.clauses.start == at) {
                wanted.push(self.expanded(&clauses[expansion.clauses.clone()], &expansion.phrases));
                at = expansion.clauses.end;
                continue;
            }
            if !clause.negative && (stops_count || !is_stop(clause)) {
                wanted.push(self.clause(clause));
            }
            at += 1;
        }
        wanted
    }

    fn expanded(&self, clauses: &[Clause], phrases: &[&'static Phrase]) -> Box<dyn Query> {
        let own = clauses
            .iter()
            .filter(|clause| !is_stop(clause))
            .map(|clause| self.clause(clause))
            .collect();
        let mut ways: Vec<Box<dyn Query>> = vec![Box::new(BooleanQuery::intersection(own))];
        for phrase in phrases {
            ways.push(boosted(self.sequence(&phrase.folded, false, false), SYNONYM));
            if phrase.tokens != phrase.folded {
                ways.push(boosted(self.sequence(&phrase.tokens, false, false), SYNONYM));
            }
        }
        Box::new(DisjunctionMaxQuery::new(ways))
    }

    fn clause(&self, clause: &Clause) -> Box<dyn Query> {
        if let [word] = clause.words.as_slice()
            && clause.form == Form::Plain
        {
            return self.word(word, clause.title_only, clause.prefix);
        }
        let folded: Vec<String> = clause.words.iter().map(|word| word.folded.clone()).collect();
        if clause.form == Form::Quoted || (clause.is_exact() && self.mode == Mode::All) {
            return self.exactly(clause, &folded);
        }
        let in_a_row = self.sequence(&folded, clause.title_only, clause.prefix);
        let last = clause.words.len().saturating_sub(1);
        let word = |(i, word): (usize, &Word)| self.word(word, clause.title_only, clause.prefix && i == last);
        let words: Vec<Box<dyn Query>> = clause.words.iter().enumerate().map(word).collect();
        let loose = match self.mode {
            Mode::Any if !clause.is_exact() => BooleanQuery::union(words),
            _ => BooleanQuery::intersection(words),
        };
        Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(loose)),
            (Occur::Should, in_a_row),
        ]))
    }

    /// The fields to look in, with their weights.
    fn scope(&self, title_only: bool) -> Vec<(Field, f32)> {
        let all = [(self.texts.title, 3.0), (self.texts.terms, 2.0), (self.texts.body, 1.0)];
        all.into_iter().take(if title_only { 1 } else { 3 }).collect()
    }

    fn word(&self, word: &Word, title_only: bool, prefix: bool) -> Box<dyn Query> {
        let lone = word.gram && word.folded.chars().count() == 1;
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        for (field, weight) in self.scope(title_only) {
            ways.push(boosted(term(field, &word.folded), weight));
            ways.extend(word.stems.iter().map(|stem| boosted(term(field, stem), weight * STEM)));
        }
        if prefix || lone {
            ways.extend(self.beginning(&word.folded, title_only));
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE))
    }

    /// Words that must stand in a row. Whether they do is looked for, not how often: frequent words are found in a row at once, and
    /// counted for long. The words themselves say which text is more about them.
    fn exactly(&self, clause: &Clause, tokens: &[String]) -> Box<dyn Query> {
        let in_a_row = self.sequence(tokens, clause.title_only, clause.prefix);
        if tokens.len() < 2 {
            return in_a_row;
        }
        let there: Box<dyn Query> = Box::new(ConstScoreQuery::new(in_a_row, IN_A_ROW));
        let mut whole = vec![(Occur::Must, there)];
        for (field, weight) in self.scope(clause.title_only) {
            whole.extend(
                tokens
                    .iter()
                    .map(|token| (Occur::Should, boosted(term(field, token), weight))),
            );
        }
        Box::new(BooleanQuery::new(whole))
    }

    /// What begins like this word.
    fn beginning(&self, word: &str, title_only: bool) -> Vec<Box<dyn Query>> {
        if !title_only && word.chars().count() <= beginning::LONGEST {
            let named = TermQuery::new(Term::from_field_text(self.starts, word), IndexRecordOption::Basic);
            return vec![boosted(all(named, 1.0), PREFIX)];
        }
        let scope = self.scope(title_only).into_iter();
        scope
            .map(|(field, weight)| boosted(starting(field, word), weight * PREFIX))
            .collect()
    }

    /// Tokens one after the other.
    fn sequence(&self, tokens: &[String], title_only: bool, prefix: bool) -> Box<dyn Query> {
        let mut ways: Vec<Box<dyn Query>> = Vec::new();
        for (field, weight) in self.scope(title_only) {
            let way: Box<dyn Query> = match tokens {
                [one] if prefix => starting(field, one),
                [one] => term(field, one),
                _ => {
                    let terms = tokens.iter().map(|token| Term::from_field_text(field, token)).collect();
                    if prefix {
                        phrase_starting(terms)
                    } else {
                        Box::new(PhraseQuery::new(terms))
                    }
                }
            };
            ways.push(boosted(way, weight));
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, TIE))
    }

    /// Titles that have the words in this order come first; with numbers among them, texts too.
    fn in_a_row(&self, clauses: &[Clause]) -> Option<Box<dyn Query>> {
        let plain: Vec<&Word> = clauses
            .iter()
            .filter(|c| !c.negative && c.form != Form::Quoted)
            .flat_map(|c| &c.words)
            .collect();
        if clauses.len() < 2 || !(2..=8).contains(&plain.len()) {
            return None;
        }
        let tokens: Vec<String> = plain.iter().map(|word| word.folded.clone()).collect();
        let numbers = tokens.iter().any(|token| token.chars().any(|c| c.is_ascii_digit()));
        Some(self.sequence(&tokens, !numbers, false))
    }
}

fn is_stop(clause: &Clause) -> bool {
    let listed = |word: &Word| STOP.contains(&format!(" {} ", word.folded));
    clause.form == Form::Plain && !clause.title_only && !clause.prefix && clause.words.iter().all(listed)
}

/// Everything that has a term, each with this score.
pub(crate) fn all(having: TermQuery, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(having), score))
}

fn starting(field: Field, token: &str) -> Box<dyn Query> {
    Box::new(FuzzyTermQuery::new_prefix(Term::from_field_text(field, token), 0, true))
}

fn term(field: Field, token: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(
        Term::from_field_text(field, token),
        IndexRecordOption::WithFreqs,
    ))
}

fn phrase_starting(terms: Vec<Term>) -> Box<dyn Query> {
    let mut query = PhrasePrefixQuery::new(terms);
    query.set_max_expansions(PREFIX_WORDS);
    Box::new(query)
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

/// What to mark: the words, quotations and symbols in a row, and synonyms in a row.
fn needles(clauses: &[Clause], expansions: &[Expansion]) -> Vec<Needle> {
    let exact = |token: &String| Pattern {
        tokens: vec![token.clone()],
        prefix: false,
    };
    let mut needles = Vec::new();
    let stops_count = clauses.iter().filter(|clause| !clause.negative).all(is_stop);
    for clause in clauses
        .iter()
        .filter(|clause| !clause.negative && (stops_count || !is_stop(clause)))
    {
        let last = clause.words.len().saturating_sub(1);
        let patterns = clause.words.iter().enumerate().map(|(i, word)| {
            let stems = if clause.is_exact() { &[] } else { word.stems.as_slice() };
            let tokens = std::iter::once(&word.folded).chain(stems).cloned().collect();
            let lone = word.gram && word.folded.chars().count() == 1;
            Pattern {
                tokens,
                prefix: lone || (clause.prefix && i == last),
            }
        });
        if clause.is_exact() {
            needles.push(Needle(patterns.collect()));
        } else {
            needles.extend(patterns.map(|pattern| Needle(vec![pattern])));
        }
    }
    for phrase in expansions.iter().flat_map(|expansion| &expansion.phrases) {
        needles.push(Needle(phrase.folded.iter().map(exact).collect()));
        if phrase.tokens.iter().any(|token| is_stem(token)) {
            needles.push(Needle(phrase.tokens.iter().map(exact).collect()));
        }
    }
    needles
}
