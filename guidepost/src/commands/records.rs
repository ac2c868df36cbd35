//! `records`: facts about publications that an old site kept only in words: shown with where they stand, and taken over when told.

use gp_kernel::{Error, Result};
use gp_library::recovered::{self, Fact, Recovered};
use serde_json::{Value, json};

use super::act;
use crate::{
    app::Site,
    cli::{Format, Records},
};

/// What is asked about records.
pub(super) async fn records(site: &Site, what: Records) -> Result<()> {
    let found = recovered::survey(&mut site.db.read().await?).await?;
    match what {
        Records::Survey { format } => {
            show(&found, format);
            Ok(())
        }
        Records::Accept { ids, unsure } => accept(site, &found, &ids, unsure).await,
    }
}

fn show(found: &[Recovered], format: Format) {
    match format {
        Format::Json => {
            let fact = |fact: &Fact| {
                json!({
                    "field": fact.field, "value": fact.value, "from": fact.from, "sure": fact.sure, "meant": fact.meant,
                })
            };
            let list = found.iter().map(|r| {
                let facts: Vec<Value> = r.facts.iter().map(fact).collect();
                json!({ "id": r.id.0, "title": r.title, "facts": facts })
            });
            println!("{}", Value::from_iter(list));
        }
        Format::Text => {
            for item in found {
                println!("{}  {}", item.id, item.title);
                for fact in &item.facts {
                    let state = match (&fact.meant, fact.sure) {
                        (Some(meant), _) => format!("did you mean {meant:?}?"),
                        (None, true) => "sure".to_owned(),
                        (None, false) => "please look".to_owned(),
                    };
                    println!("    {:<10} {}  ({state}; {})", fact.field, fact.value, fact.from);
                }
            }
            println!("{} entries; take over with `guidepost records accept`", found.len());
        }
    }
}

async fn accept(site: &Site, found: &[Recovered], ids: &[i64], unsure: bool) -> Result<()> {
    if let Some(unknown) = ids.iter().find(|id| found.iter().all(|r| r.id.0 != **id)) {
        return Err(Error::not_found(format!("nothing was recovered of an item {unknown}")));
    }
    let mut tx = site.db.write().await?;
    let mut act = act(site, &mut tx).await?;
    let mut taken = 0;
    for item in found.iter().filter(|r| ids.is_empty() || ids.contains(&r.id.0)) {
        let facts: Vec<&Fact> = item.facts.iter().filter(|fact| unsure || fact.sure).collect();
        if !facts.is_empty() {
            recovered::accept(&mut act, item, &facts).await?;
            taken += 1;
        }
    }
    tx.commit().await?;
    println!("{taken} of {} entries have a record now", found.len());
    Ok(())
}
