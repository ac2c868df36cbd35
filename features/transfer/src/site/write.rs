//! The second walk: every row is written, kept or refused, batch by batch, in one transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use gp_content::actions::PUBLISH_JOB;
use gp_kernel::{Error, ErrorKind, Result, parse_mysql_date};
use gp_store::{Arg, Conn, Jobs};
use jiff::tz::TimeZone;

use super::{
    idset::IdSet,
    keep::Keeper,
    spec::{self, Spec},
    survey::Survey,
    take::{Shape, Taken},
    terms::TermIds,
};
use crate::{
    report::{Fate, Report},
    rows::{Batch, OwnedRow},
    store,
};

/// Writes the rows of one source.
pub(crate) struct Writer<'a> {
    pub tx: Conn,
    pub survey: &'a Survey,
    pub report: Report,
    pub terms: TermIds,
    pub keepers: BTreeMap<String, Keeper>,
    pub now: i64,
    seen: HashMap<&'static str, IdSet>,
    options: HashSet<String>,
    /// Whether a table held rows before, and the id that the next row that has to move away gets.
    before: HashMap<&'static str, (bool, i64)>,
}

impl<'a> Writer<'a> {
    pub async fn new(mut tx: Conn, survey: &'a Survey, report: Report, now: i64) -> Result<Self> {
        let mut before = HashMap::new();
        for spec in spec::SPECS {
            let had = store::rows::any(&mut tx, spec).await?;
            let greatest = if had && spec.key == ["id"] {
                store::rows::greatest(&mut tx, spec).await?
            } else {
                0
            };
            let coming = survey.greatest.get(spec.to).copied().unwrap_or(0);
            before.insert(spec.to, (had, greatest.max(coming) + 1));
        }
        Ok(Self {
            tx,
            survey,
            report,
            terms: TermIds::default(),
            keepers: BTreeMap::new(),
            now,
            seen: HashMap::new(),
            options: HashSet::new(),
            before,
        })
    }

    /// Writes a batch.
    pub async fn batch(&mut self, batch: &Batch) -> Result<()> {
        let label = self.survey.label(&batch.table);
        let known = self.survey.standard(&batch.table);
        match known {
            // Both were read by the survey and written before anything else.
            Some("terms" | "term_taxonomy") => Ok(()),
            Some(name) if spec::spec(name).is_some() => {
                let spec = spec::spec(name).ok_or_else(|| Error::internal("a table is gone"))?;
                self.known(spec, &label, batch).await.map_err(|e| e.at(&label))
            }
            _ => {
                for _ in &batch.rows {
                    self.report.count(&label, Fate::Kept);
                }
                self.keep(&label, batch, &batch.rows.iter().collect::<Vec<_>>()).await
            }
        }
    }

    /// Keeps rows as they are.
    pub async fn keep(&mut self, label: &str, batch: &Batch, rows: &[&OwnedRow]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        if !self.keepers.contains_key(label) {
            let keeper = Keeper::new(&mut self.tx, label, batch.table.clone(), &batch.columns).await?;
            self.keepers.insert(label.to_owned(), keeper);
        }
        match self.keepers.get_mut(label) {
            Some(keeper) => keeper.put(&mut self.tx, batch, rows).await,
            None => Ok(()),
        }
    }

    async fn known(&mut self, spec: &'static Spec, label: &str, batch: &Batch) -> Result<()> {
        let shape = Shape::new(spec, batch, self.survey.twice);
        let mut taken = Vec::with_capacity(batch.rows.len());
        let mut kept = Vec::new();
        let mut pairs = HashSet::new();
        for row in &batch.rows {
            let new = shape
                .take(row)
                .and_then(|new| match self.is_double(spec, &new, &mut pairs) {
                    true => Err("another row with the same key came before".to_owned()),
                    false => Ok(new),
                });
            match new {
                Err(reason) => {
                    if let Some(kind) = shape.kind(row) {
                        self.report.count_type(&kind, Fate::Refused);
                    }
                    self.report.refuse(label, shape.name(row), reason);
                }
                Ok(new) if self.has_no_owner(spec, &new) => {
                    self.report.count(label, Fate::Kept);
                    kept.push(row);
                }
                Ok(new) => taken.push(new),
            }
        }
        self.keep(label, batch, &kept).await?;
        self.write(spec, label, taken).await.map(drop)
    }

    /// Whether the source gave this key before.
    fn is_double(&mut self, spec: &Spec, new: &Taken, pairs: &mut HashSet<(i64, i64)>) -> bool {
        match spec.to {
            "options" => !self.options.insert(new.text(0).to_owned()),
            "item_terms" => !pairs.insert((new.int(0), new.int(1))),
            to => {
                let seen = spec::SPECS.iter().find(|s| s.to == to).map_or("", |s| s.to);
                !self.seen.entry(seen).or_default().insert(new.int(0))
            }
        }
    }

    /// Whether the thing that a row belongs to is missing in the source.
    fn has_no_owner(&self, spec: &Spec, new: &Taken) -> bool {
        let owner = new.int(1);
        match spec.to {
            "item_meta" | "comments" => !self.survey.posts.contains(owner),
            "user_meta" => !self.survey.users.contains(owner),
            "comment_meta" => !self.survey.comments.contains(owner),
            "term_meta" => !self.terms.terms.contains(owner),
            "item_terms" => !self.terms.of_items.contains(owner) || !self.survey.posts.contains(new.int(0)),
            _ => false,
        }
    }

    /// Writes rows of which none comes twice: the new and the different ones.
    pub async fn write(&mut self, spec: &'static Spec, label: &str, taken: Vec<Taken>) -> Result<Vec<Fate>> {
        let (had, _) = self.before.get(spec.to).copied().unwrap_or((true, 0));
        let mut there = HashMap::new();
        if had || spec.to == "item_terms" {
            let mut keys: Vec<Arg> = taken
                .iter()
                .map(|t| t.args[spec.position(spec.key[0])].clone())
                .collect();
            keys.dedup();
            there = store::rows::existing(&mut self.tx, spec, &keys).await?;
        }
        let mut fates = Vec::with_capacity(taken.len());
        let (mut fresh, mut different) = (Vec::new(), Vec::new());
        let (mut originals, mut changed) = (Vec::new(), Vec::new());
        let mut derived = Derived::default();
        for mut new in taken {
            let old = there.get(&store::rows::key(spec, &new.args));
            let old = match old {
                Some(old) if self.is_foreign(spec, old, &new)? => {
                    self.move_away(spec, new.int(0)).await?;
                    None
                }
                old => old,
            };
            let fate = match old {
                None => Fate::Imported,
                Some(old) if *old == new.args => Fate::Unchanged,
                Some(_) => Fate::Updated,
            };
            self.report.count(label, fate);
            if spec.to == "items" {
                self.report.count_type(new.text(1), fate);
            }
            fates.push(fate);
            if fate == Fate::Unchanged {
                continue;
            }
            derived.note(spec, old, &new);
            let number = new.number;
            if fate == Fate::Updated {
                changed.push(number);
            }
            originals.extend(new.originals.drain(..).map(|(column, bytes)| (number, column, bytes)));
            if old.is_none() { &mut fresh } else { &mut different }.extend(new.args);
        }
        store::rows::insert(&mut self.tx, spec, &fresh).await?;
        store::rows::replace(&mut self.tx, spec, &different).await?;
        store::rows::drop_originals(&mut self.tx, spec, &changed).await?;
        store::rows::keep_originals(&mut self.tx, spec, originals).await?;
        derived.write(&mut self.tx, self.now).await?;
        Ok(fates)
    }

    /// Whether the row of this id is the new site's own and not an earlier form of the imported one.
    fn is_foreign(&self, spec: &Spec, old: &[Arg], new: &Taken) -> Result<bool> {
        let differs = |name: &str| old[spec.position(name)] != new.args[spec.position(name)];
        match spec.to {
            "users" => Ok(differs("login")),
            "item_meta" | "user_meta" | "comment_meta" | "term_meta" => {
                Ok(differs(spec.columns[1].1) || differs("key"))
            }
            "items" if differs("type") && differs("guid") => Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "item {} is of this site itself and not the one to be imported",
                    new.int(0)
                ),
            )
            .hint("import into an empty data folder")),
            _ => Ok(false),
        }
    }

    async fn move_away(&mut self, spec: &'static Spec, id: i64) -> Result<()> {
        let entry = self.before.entry(spec.to).or_insert((true, 1));
        let free = entry.1;
        entry.1 += 1;
        if spec.to == "users" {
            let note = format!(
                "the account with the id {id} of this site has the id {free} now: the imported one keeps its own"
            );
            self.report.notes.push(note);
        }
        store::rows::move_away(&mut self.tx, spec, id, free).await
    }
}

/// What follows from rows: old slugs, and the jobs that publish scheduled items.
#[derive(Default)]
struct Derived {
    old_slugs: Vec<(String, i64)>,
    plan: Vec<(i64, String)>,
    unplan: Vec<i64>,
}

impl Derived {
    fn note(&mut self, spec: &Spec, old: Option<&Vec<Arg>>, new: &Taken) {
        match spec.to {
            "item_meta" if new.text(2) == "_wp_old_slug" => {
                if let Some(Arg::Bytes(slug)) = new.args.get(3) {
                    let slug = String::from_utf8_lossy(slug).to_lowercase();
                    if !slug.is_empty() && slug.len() <= 2000 {
                        self.old_slugs.push((slug, new.int(1)));
                    }
                }
            }
            "items" if new.text(2) == "future" => {
                self.plan
                    .push((new.int(0), new.text(spec.position("date_gmt")).to_owned()));
            }
            "items" if old.is_some_and(|old| old[2] == Arg::Text("future".to_owned())) => self.unplan.push(new.int(0)),
            _ => {}
        }
    }

    async fn write(self, tx: &mut Conn, now: i64) -> Result<()> {
        if !self.old_slugs.is_empty() {
            store::site::add_old_slugs(tx, &self.old_slugs).await?;
        }
        for (id, date) in self.plan {
            let due = parse_mysql_date(&date).and_then(|d| d.to_zoned(TimeZone::UTC).ok());
            let due = due.map_or(now, |d| d.timestamp().as_second());
            Jobs::ask(tx, PUBLISH_JOB, &id.to_string(), due).await?;
        }
        for id in self.unplan {
            Jobs::drop_job(tx, PUBLISH_JOB, &id.to_string()).await?;
        }
        Ok(())
    }
}
