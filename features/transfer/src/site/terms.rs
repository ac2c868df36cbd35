//! Terms: the rows of `terms` and `term_taxonomy` become one row of ours for each taxonomy that a term stands in.

use std::collections::{HashMap, HashSet};

use gp_kernel::Result;
use gp_store::Arg;

use super::{
    idset::IdSet,
    spec::{How, Spec, TERMS},
    take::{Shape, Taken},
    write::Writer,
};
use crate::{
    report::Fate,
    rows::{Batch, OwnedRow},
};

/// Which terms exist once they are merged.
#[derive(Debug, Default)]
pub(crate) struct TermIds {
    /// `term_id`s.
    pub terms: IdSet,
    /// `term_taxonomy_id`s of taxonomies whose objects are items (links are not).
    pub of_items: IdSet,
}

/// What `terms` says of a term.
const NAMES: Spec = Spec {
    from: "terms",
    to: "terms",
    key: &["term_id"],
    columns: &[
        ("term_id", "term_id", How::Id),
        ("name", "name", How::Text),
        ("slug", "slug", How::Indexed),
        ("term_group", "term_group", How::Int),
    ],
};

/// What `term_taxonomy` says of it.
const PLACES: Spec = Spec {
    from: "term_taxonomy",
    to: "terms",
    key: &["id"],
    columns: &[
        ("term_taxonomy_id", "id", How::Id),
        ("term_id", "term_id", How::Int),
        ("taxonomy", "taxonomy", How::Indexed),
        ("description", "description", How::Text),
        ("parent", "parent", How::Int),
        ("count", "count", How::Int),
    ],
};

static NAMES_OF: Spec = NAMES;
static PLACES_OF: Spec = PLACES;
static TERMS_OF: Spec = TERMS;

struct Name<'s> {
    taken: Taken,
    batch: &'s Batch,
    row: &'s OwnedRow,
    fate: Option<Fate>,
}

/// Writes all terms.
pub(crate) async fn write(writer: &mut Writer<'_>) -> Result<()> {
    let survey = writer.survey;
    let labels = ["terms", "term_taxonomy"].map(|name| format!("{}{name}", survey.prefix));
    let mut names = names(writer, &labels[0]);
    let mut merged = Vec::new();
    let mut seen = (IdSet::default(), HashSet::new());
    for (batch, row) in &survey.taxonomies {
        let shape = Shape::new(&PLACES_OF, batch, survey.twice);
        let place = match shape.take(row) {
            Ok(place) if !seen.0.insert(place.int(0)) => Err("another row with the same key came before".to_owned()),
            other => other,
        };
        let place = match place {
            Ok(place) => place,
            Err(reason) => {
                writer.report.refuse(&labels[1], shape.name(row), reason);
                continue;
            }
        };
        let whole = seen.1.insert((place.int(1), place.text(2).to_owned()));
        let Some(name) = names.get_mut(&place.int(1)).filter(|_| whole) else {
            writer.report.count(&labels[1], Fate::Kept);
            writer.keep(&labels[1], batch, &[row]).await?;
            continue;
        };
        writer.terms.terms.insert(place.int(1));
        if place.text(2) != "link_category" {
            writer.terms.of_items.insert(place.int(0));
        }
        merged.push(merge(&place, &name.taken));
    }
    let owners: Vec<i64> = merged.iter().map(|m| m.int(1)).collect();
    let mut fates = Vec::with_capacity(merged.len());
    let mut merged = merged.into_iter();
    loop {
        let chunk: Vec<Taken> = merged.by_ref().take(300).collect();
        if chunk.is_empty() {
            break;
        }
        fates.extend(writer.write(&TERMS_OF, &labels[1], chunk).await?);
    }
    for (owner, fate) in owners.into_iter().zip(fates) {
        if let Some(name) = names.get_mut(&owner) {
            name.fate = Some(name.fate.map_or(fate, |before| stronger(before, fate)));
        }
    }
    let mut orphans: Vec<Name<'_>> = names.into_values().collect();
    orphans.sort_by_key(|name| name.taken.int(0));
    for name in orphans {
        writer.report.count(&labels[0], name.fate.unwrap_or(Fate::Kept));
        if name.fate.is_none() {
            writer.keep(&labels[0], name.batch, &[name.row]).await?;
        }
    }
    Ok(())
}

/// The rows of `terms` by id.
fn names<'s>(writer: &mut Writer<'s>, label: &str) -> HashMap<i64, Name<'s>> {
    let survey = writer.survey;
    let mut names: HashMap<i64, Name<'s>> = HashMap::new();
    for (batch, row) in &survey.terms {
        let shape = Shape::new(&NAMES_OF, batch, survey.twice);
        match shape.take(row) {
            Ok(taken) if names.contains_key(&taken.int(0)) => {
                writer.report.refuse(
                    label,
                    shape.name(row),
                    "another row with the same key came before".to_owned(),
                );
            }
            Ok(taken) => {
                let id = taken.int(0);
                names.insert(
                    id,
                    Name {
                        taken,
                        batch,
                        row,
                        fate: None,
                    },
                );
            }
            Err(reason) => writer.report.refuse(label, shape.name(row), reason),
        }
    }
    names
}

fn merge(place: &Taken, name: &Taken) -> Taken {
    let text = |taken: &Taken, at: usize| Arg::Text(taken.text(at).to_owned());
    let mut originals = place.originals.clone();
    originals.extend(name.originals.iter().cloned());
    Taken {
        args: vec![
            place.int(0).into(),
            place.int(1).into(),
            text(place, 2),
            text(name, 1),
            text(name, 2),
            text(place, 3),
            place.int(4).into(),
            place.int(5).into(),
            name.int(3).into(),
        ],
        number: place.int(0),
        originals,
    }
}

/// A term in several taxonomies is told by what happened most to it.
fn stronger(a: Fate, b: Fate) -> Fate {
    match (a, b) {
        (Fate::Imported, _) | (_, Fate::Imported) => Fate::Imported,
        (Fate::Updated, _) | (_, Fate::Updated) => Fate::Updated,
        _ => a,
    }
}
