//! Measures the index: `cargo run --release -p gp-search --example measure [DOCUMENTS [PASSAGES [FOLDER]]]`.
//! Fills an index in a temporary folder with made-up documents in five languages, each with some passages, and times 200 queries
//! of each kind, with counts for narrowing and marked passages.

use gp_search::{Doc, Index, Passage, Query};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let documents: i64 = std::env::args().nth(1).map_or(Ok(20_000), |text| text.parse())?;
    let passages: u32 = std::env::args().nth(2).map_or(Ok(10), |text| text.parse())?;
    let temporary = tempfile::tempdir()?;
    // A named folder is kept, and used again.
    let dir = std::env::args()
        .nth(3)
        .map_or_else(|| temporary.path().to_owned(), Into::into);
    std::fs::create_dir_all(&dir)?;
    let index = Index::open(&dir)?;
    let mut numbers = Numbers(42);
    let started = Instant::now();
    let missing = if index.count() == 0 { 0..documents } else { 0..0 };
    for first in missing.step_by(200) {
        let batch = (first..documents.min(first + 200))
            .map(|id| document(id, passages, &mut numbers))
            .collect();
        index.apply(batch, &[], first)?;
    }
    index.rest(std::time::Duration::ZERO)?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{documents} documents with {passages} passages each in {seconds:.1} s ({:.0} passages/s), {} MB",
        f64::from(passages) * documents as f64 / seconds,
        size(&dir)? >> 20
    );
    let begun = Instant::now();
    index.apply(vec![document(documents, passages, &mut numbers)], &[], documents)?;
    println!(
        "one more is found after {:.0} ms",
        begun.elapsed().as_secs_f64() * 1000.0
    );
    let one = |n: &mut Numbers| n.word();
    let two = |n: &mut Numbers| format!("{} {}", n.word(), n.word());
    let quoted = |n: &mut Numbers| format!("\"{} {}\"", n.word(), n.word());
    let typo = |n: &mut Numbers| format!("{}q", n.word());
    report("one word", &index, false, || one(&mut numbers))?;
    report("two words", &index, false, || two(&mut numbers))?;
    report("phrase", &index, false, || quoted(&mut numbers))?;
    report("unfinished word", &index, true, || {
        one(&mut numbers).chars().take(4).collect()
    })?;
    report("misspelt word", &index, false, || typo(&mut numbers))?;
    report("synonyms", &index, false, || "child pornography".to_owned())?;
    report("symbol", &index, false, || {
        format!("CRC/C/{} para 3", numbers.next() % 900)
    })?;
    report("known phrase", &index, false, || {
        (0..5).map(|_| numbers.word()).collect::<Vec<_>>().join(" ")
    })?;
    report("everything", &index, false, String::new)?;
    Ok(())
}

fn report(name: &str, index: &Index, prefix: bool, mut text: impl FnMut() -> String) -> gp_search::Result<()> {
    let mut times = Vec::new();
    let mut found = 0;
    for number in 0..200 {
        let query = Query {
            text: text(),
            kinds: vec!["post".into()],
            prefix,
            // No item has this id, and no question was asked before.
            exclude: vec![-1 - number],
            ..Query::default()
        };
        let started = Instant::now();
        found += index.search(&query)?.total;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name:16} median {:7.2} ms  95 % {:7.2} ms  99 % {:7.2} ms  {} found on average",
        times[100],
        times[190],
        times[198],
        found / 200
    );
    Ok(())
}

const LANGUAGES: [&str; 5] = ["en", "fr", "es", "ar", "ru"];

fn text(words: usize, numbers: &mut Numbers) -> String {
    (0..words).map(|_| numbers.word()).collect::<Vec<_>>().join(" ")
}

fn document(id: i64, passages: u32, numbers: &mut Numbers) -> Doc {
    let language = LANGUAGES[usize::try_from(id % 5).unwrap_or(0)];
    let mut body = text(60, numbers);
    if id % 50 == 0 {
        body.push_str(" child sexual abuse material");
    }
    let passage = |number: u32, numbers: &mut Numbers| Passage {
        document: 1,
        page: 1 + number / 3,
        paragraph: (number + 1).to_string(),
        text: text(80, numbers),
        language: language.to_owned(),
    };
    Doc {
        id,
        kind: if id % 4 == 0 { "page" } else { "post" }.into(),
        title: text(6, numbers),
        body,
        terms: vec![numbers.word()],
        facets: vec![
            ("topic".into(), format!("topic {}", id % 40)),
            ("year".into(), (1990 + id % 35).to_string()),
        ],
        date: id,
        language: language.into(),
        symbols: vec![format!("CRC/C/{id}")],
        passages: (0..passages).map(|number| passage(number, numbers)).collect(),
        ..Doc::default()
    }
}

/// A small generator, so that every run measures the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A made-up word; few are frequent, many are rare.
    fn word(&mut self) -> String {
        const PARTS: [&str; 16] = [
            "tra", "chil", "gui", "pro", "tec", "sta", "law", "ver", "min", "or", "re", "po", "lic", "ex", "al", "in",
        ];
        let unit = self.next() as f64 / f64::from(1u32 << 31);
        let mut rank = (unit.powi(4) * 30_000.0) as usize;
        let mut word = PARTS[rank % 16].to_owned();
        while rank > 0 {
            rank /= 16;
            word.push_str(PARTS[(rank + word.len()) % 16]);
        }
        word
    }
}

fn size(dir: &std::path::Path) -> std::io::Result<u64> {
    std::fs::read_dir(dir)?
        .map(|entry| entry?.metadata().map(|meta| meta.len()))
        .sum()
}
