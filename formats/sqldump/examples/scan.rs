//! Reads a dump, counts its rows and says how fast that went: `scan FILE`.

use gp_sqldump::{Event, Limits, Reader, wordpress};
use std::collections::BTreeMap;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: scan FILE")?;
    let begin = Instant::now();
    let mut reader = Reader::new(std::fs::File::open(&file)?, Limits::default());
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let (mut last, mut rows, mut bytes) = (String::new(), 0u64, 0u64);
    while let Some(event) = reader.next()? {
        let Event::Row(row) = event else { continue };
        if row.table().name != last {
            *counts.entry(std::mem::take(&mut last)).or_default() += std::mem::take(&mut rows);
            last.clone_from(&row.table().name);
        }
        rows += 1;
        bytes += row
            .values()
            .filter_map(|value| value.bytes())
            .map(|b| b.len() as u64)
            .sum::<u64>();
    }
    *counts.entry(last).or_default() += rows;
    let seconds = begin.elapsed().as_secs_f64();
    for (table, rows) in counts.iter().filter(|(table, _)| !table.is_empty()) {
        println!("{rows:>10}  {table}");
    }
    let names = reader.tables().iter().map(|table| table.name.as_str());
    println!(
        "prefix {:?}, completed {}",
        wordpress::find_prefix(names),
        reader.completed()
    );
    let megabytes = reader.offset() as f64 / 1e6;
    let rows: u64 = counts.values().sum();
    println!(
        "{rows} rows, {bytes} bytes of values, {megabytes:.1} MB in {seconds:.2} s: {:.0} MB/s",
        megabytes / seconds
    );
    Ok(())
}
