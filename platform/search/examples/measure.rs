//! Measures the index: `cargo run --release -p gp-search --example measure [DOCUMENTS]`.
//! Fills an index in a temporary folder with made-up documents and times 200 queries of each kind.

use gp_search::{Doc, Index, Query};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let documents: i64 = std::env::args().nth(1).map_or(Ok(20_000), |text| text.parse())?;
    let dir = tempfile::tempdir()?;
    let index = Index::open(dir.path())?;
    let mut numbers = Numbers(42);
    let started = Instant::now();
    for first in (0..documents).step_by(500) {
        let batch = (first..documents.min(first + 500))
            .map(|id| document(id, &mut numbers))
            .collect();
        index.apply(batch, &[], first)?;
    }
    index.rest(std::time::Duration::ZERO)?;
    println!(
        "{documents} documents in {:.1} s, {} kB",
        started.elapsed().as_secs_f64(),
        size(dir.path())? / 1024
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
    report("everything", &index, false, String::new)?;
    Ok(())
}

fn report(name: &str, index: &Index, prefix: bool, mut text: impl FnMut() -> String) -> gp_search::Result<()> {
    let mut times = Vec::new();
    let mut found = 0;
    for _ in 0..200 {
        let query = Query {
            text: text(),
            kinds: vec!["post".into()],
            prefix,
            ..Query::default()
        };
        let started = Instant::now();
        found += index.search(&query)?.total;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name:16} median {:7.2} ms  95 % {:7.2} ms  {} found on average",
        times[100],
        times[190],
        found / 200
    );
    Ok(())
}

fn document(id: i64, numbers: &mut Numbers) -> Doc {
    let mut body = String::new();
    for _ in 0..400 {
        body.push_str(&numbers.word());
        body.push(' ');
    }
    if id % 50 == 0 {
        body.push_str("child sexual abuse material");
    }
    Doc {
        id,
        kind: if id % 4 == 0 { "page" } else { "post" }.into(),
        title: (0..6).map(|_| numbers.word()).collect::<Vec<_>>().join(" "),
        body,
        terms: vec![numbers.word()],
        facets: vec![
            ("topic".into(), format!("topic {}", id % 40)),
            ("year".into(), (1990 + id % 35).to_string()),
        ],
        date: id,
        language: "en".into(),
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
