//! The second walk through an export: items with their meta, terms and comments, written in batches.

use std::collections::{HashMap, HashSet};

use gp_content::{Comment, Item, Meta, MetaKind, Site, actions::PUBLISH_JOB, items, meta, users};
use gp_kernel::{CommentId, ItemId, Result, UserId, ZERO_DATE, mysql_date, parse_mysql_date};
use gp_php::Value;
use gp_store::{Conn, Jobs, settings};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    date_or_zero,
    people::TermsBySlug,
    plan::Target,
    refs::{self, Moved},
};
use crate::{
    report::{Fate, Report},
    store::{site, wxr as store},
    uploads,
};

/// Items of one batch, and their bytes.
const TOGETHER: usize = 100;
const MOST_BYTES: usize = 4 << 20;

/// Writes the items of one export.
pub(crate) struct Writer {
    tx: Conn,
    users: HashMap<String, UserId>,
    /// E-mail addresses by id: whether a comment's user is the one here.
    emails: HashMap<i64, String>,
    terms: TermsBySlug,
    zone: TimeZone,
    now: Timestamp,
    next_meta: i64,
    next_comment: i64,
    next_comment_meta: i64,
    batch: Vec<(gp_wxr::Item, i64)>,
    size: usize,
    sticky: Vec<i64>,
    touched: HashSet<i64>,
}

impl Writer {
    pub async fn new(
        mut tx: Conn,
        users_by_login: HashMap<String, UserId>,
        terms: TermsBySlug,
        now: Timestamp,
    ) -> Result<Self> {
        let zone = Site::load(&mut tx).await?.zone;
        Ok(Self {
            emails: users::all(&mut tx)
                .await?
                .into_iter()
                .map(|u| (u.id.0, u.email))
                .collect(),
            users: users_by_login,
            terms,
            zone,
            now,
            next_meta: store::next(&mut tx, "item_meta").await?,
            next_comment: store::next(&mut tx, "comments").await?,
            next_comment_meta: store::next(&mut tx, "comment_meta").await?,
            batch: Vec::new(),
            size: 0,
            sticky: Vec::new(),
            touched: HashSet::new(),
            tx,
        })
    }

    /// Takes an item; it is written with others.
    pub async fn take(
        &mut self,
        mut item: gp_wxr::Item,
        target: Target,
        moved: &Moved,
        report: &mut Report,
    ) -> Result<()> {
        moved.apply(&mut item, target.again);
        let target = target.new;
        self.size += item.content.len() + item.meta.iter().map(|m| m.value.len()).sum::<usize>();
        if item.is_sticky {
            self.sticky.push(target);
        }
        self.batch.push((item, target));
        if self.batch.len() >= TOGETHER || self.size >= MOST_BYTES {
            self.flush(moved, report).await?;
        }
        Ok(())
    }

    /// Writes what is left, and what follows from all items together.
    pub async fn finish(mut self, moved: &Moved, report: &mut Report) -> Result<Conn> {
        self.flush(moved, report).await?;
        self.stick().await?;
        let touched: Vec<i64> = self.touched.into_iter().collect();
        store::recount(&mut self.tx, &touched).await?;
        Ok(self.tx)
    }

    /// Sticky posts are an option, not a column.
    async fn stick(&mut self) -> Result<()> {
        if self.sticky.is_empty() {
            return Ok(());
        }
        let stored = settings::get(&mut self.tx, "sticky_posts").await?;
        let before = stored
            .and_then(|v| gp_php::parse_lenient(&v).ok())
            .map(|v| v.int_list())
            .unwrap_or_default();
        let mut all = before.clone();
        all.extend(self.sticky.iter().filter(|id| !before.contains(id)));
        if all != before {
            let value = gp_php::serialize(&Value::list(all));
            settings::set(&mut self.tx, "sticky_posts", &value, true).await?;
        }
        Ok(())
    }

    async fn flush(&mut self, moved: &Moved, report: &mut Report) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        self.size = 0;
        let ids: Vec<ItemId> = batch.iter().map(|(_, target)| ItemId(*target)).collect();
        let raw: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let there = items::by_ids(&mut self.tx, &ids).await?;
        let metas = meta::of_many(&mut self.tx, MetaKind::Item, &raw).await?;
        let having: HashSet<(i64, i64)> = store::terms_of(&mut self.tx, &raw).await?.into_iter().collect();
        let mut write = Vec::new();
        let mut pairs = Vec::new();
        for (source, target) in &batch {
            let old = there.get(&ItemId(*target));
            let mut new = self.item(source, *target, old);
            new.comment_count = comment_count(source, old);
            let fate = match old {
                None => Fate::Imported,
                Some(old) if *old == new => Fate::Unchanged,
                Some(_) => Fate::Updated,
            };
            report.count("posts", fate);
            report.count_type(&new.kind, fate);
            if fate != Fate::Unchanged {
                self.plan(&new).await?;
                write.push(new);
            }
            for term in &source.terms {
                let Some(place) = self.terms.get(&(term.taxonomy.clone(), term.slug.clone())) else {
                    continue;
                };
                let pair = (*target, *place);
                let known = having.contains(&pair);
                report.count(
                    "term_relationships",
                    if known { Fate::Unchanged } else { Fate::Imported },
                );
                if !known {
                    pairs.push(pair);
                    self.touched.insert(*place);
                }
            }
        }
        store::put_items(&mut self.tx, &write).await?;
        pairs.sort_unstable();
        pairs.dedup();
        store::add_item_terms(&mut self.tx, &pairs).await?;
        self.metas(&batch, &metas, report).await?;
        self.comments(&batch, moved, report).await
    }

    fn item(&self, source: &gp_wxr::Item, target: i64, old: Option<&Item>) -> Item {
        let mut new = old.cloned().unwrap_or_else(|| Item {
            version: 1,
            ..Item::default()
        });
        new.id = ItemId(target);
        new.kind.clone_from(&source.post_type);
        new.status.clone_from(&source.status);
        new.name.clone_from(&source.post_name);
        new.title = clean(&source.title);
        new.content = clean(&source.content);
        new.excerpt = clean(&source.excerpt);
        new.author = self.users.get(&source.creator).copied().unwrap_or_default();
        new.parent = ItemId(source.post_parent);
        new.menu_order = source.menu_order;
        new.date = date_or_zero(&source.post_date);
        new.date_gmt = self.gmt(&source.post_date_gmt, &new.date, &new.status);
        new.modified = source
            .post_modified
            .clone()
            .filter(|d| !d.is_empty())
            .unwrap_or_else(|| new.date.clone());
        new.modified_gmt = source
            .post_modified_gmt
            .clone()
            .filter(|d| !d.is_empty())
            .unwrap_or_else(|| new.date_gmt.clone());
        new.password.clone_from(&source.post_password);
        new.comment_status.clone_from(&source.comment_status);
        new.ping_status.clone_from(&source.ping_status);
        new.guid.clone_from(&source.guid);
        if new.mime_type.is_empty() && new.kind == "attachment" {
            let attached = source
                .meta
                .iter()
                .find(|m| m.key == "_wp_attached_file")
                .map(|m| m.text().into_owned());
            let name = attached.or_else(|| source.attachment_url.clone()).unwrap_or_default();
            uploads::mime_type(&name).clone_into(&mut new.mime_type);
        }
        new
    }

    /// Some files have no date in UTC: it follows from the other, except for drafts, whose date is not fixed.
    fn gmt(&self, given: &str, local: &str, status: &str) -> String {
        if !given.is_empty() {
            return given.to_owned();
        }
        if matches!(status, "draft" | "pending" | "auto-draft") {
            return ZERO_DATE.to_owned();
        }
        let at = parse_mysql_date(local).and_then(|d| d.to_zoned(self.zone.clone()).ok());
        at.map_or_else(|| ZERO_DATE.to_owned(), |z| mysql_date(z.timestamp(), &TimeZone::UTC))
    }

    async fn plan(&mut self, item: &Item) -> Result<()> {
        if item.status != "future" {
            return Ok(());
        }
        let due = parse_mysql_date(&item.date_gmt).and_then(|d| d.to_zoned(TimeZone::UTC).ok());
        let due = due.map_or(self.now, |z| z.timestamp()).as_second();
        Jobs::ask(&mut self.tx, PUBLISH_JOB, &item.id.to_string(), due).await
    }

    async fn metas(
        &mut self,
        batch: &[(gp_wxr::Item, i64)],
        there: &HashMap<i64, Meta>,
        report: &mut Report,
    ) -> Result<()> {
        let none = Meta::default();
        let mut new = Vec::new();
        let mut slugs = Vec::new();
        for (source, target) in batch {
            let changes = Changes::between(there.get(target).unwrap_or(&none), &source.meta, report, "postmeta");
            for key in &changes.drop {
                store::drop_meta(&mut self.tx, MetaKind::Item, *target, key).await?;
            }
            for (key, value) in changes.add {
                if key == "_wp_old_slug" {
                    slugs.push((String::from_utf8_lossy(&value).to_lowercase(), *target));
                }
                new.push((self.next_meta, *target, key, value));
                self.next_meta += 1;
            }
        }
        store::add_meta(&mut self.tx, MetaKind::Item, new).await?;
        slugs.sort();
        slugs.dedup();
        site::add_old_slugs(&mut self.tx, &slugs).await
    }

    async fn comments(&mut self, batch: &[(gp_wxr::Item, i64)], moved: &Moved, report: &mut Report) -> Result<()> {
        let with: Vec<&(gp_wxr::Item, i64)> = batch.iter().filter(|(item, _)| !item.comments.is_empty()).collect();
        if with.is_empty() {
            return Ok(());
        }
        let targets: Vec<i64> = with.iter().map(|(_, target)| *target).collect();
        let there = store::comments_of(&mut self.tx, &targets).await?;
        let wanted: Vec<i64> = with
            .iter()
            .flat_map(|(item, _)| item.comments.iter().map(|c| c.id))
            .collect();
        let mut taken: HashSet<i64> = store::taken_comments(&mut self.tx, &wanted)
            .await?
            .into_iter()
            .collect();
        self.next_comment = self.next_comment.max(wanted.iter().max().copied().unwrap_or(0) + 1);
        let old_ids: Vec<i64> = there.iter().map(|c| c.id.0).collect();
        let old_metas = meta::of_many(&mut self.tx, MetaKind::Comment, &old_ids).await?;
        let (mut write, mut metas) = (Vec::new(), Vec::new());
        for (item, target) in with {
            let ids = self.comment_ids(item, *target, &there, &mut taken);
            let here: HashMap<i64, i64> = item.comments.iter().map(|c| c.id).zip(ids.iter().copied()).collect();
            for (source, id) in item.comments.iter().zip(ids) {
                let old = there.iter().find(|c| c.id.0 == id);
                let mut new = self.comment(source, id, *target, old, moved);
                new.parent = CommentId(here.get(&source.parent).copied().unwrap_or(source.parent));
                let fate = match old {
                    None => Fate::Imported,
                    Some(old) if *old == new => Fate::Unchanged,
                    Some(_) => Fate::Updated,
                };
                report.count("comments", fate);
                if fate != Fate::Unchanged {
                    write.push(new);
                }
                metas.push((id, source.meta.as_slice()));
            }
        }
        store::put_comments(&mut self.tx, &write).await?;
        let none = Meta::default();
        for (id, list) in metas {
            let changes = Changes::between(old_metas.get(&id).unwrap_or(&none), list, report, "commentmeta");
            changes
                .write(&mut self.tx, MetaKind::Comment, id, &mut self.next_comment_meta)
                .await?;
        }
        Ok(())
    }

    /// The ids of an item's comments here.
    fn comment_ids(
        &mut self,
        item: &gp_wxr::Item,
        target: i64,
        there: &[Comment],
        taken: &mut HashSet<i64>,
    ) -> Vec<i64> {
        let mut given = HashSet::new();
        let mut ids = Vec::with_capacity(item.comments.len());
        for source in &item.comments {
            let same = |c: &&Comment| {
                c.item.0 == target
                    && c.date == date_or_zero(&source.date)
                    && c.author == source.author
                    && !given.contains(&c.id.0)
            };
            let by_id = there.iter().find(|c| c.id.0 == source.id && same(c));
            let by_text = || there.iter().find(|c| same(c) && c.content == clean(&source.content));
            let id = match by_id.or_else(by_text) {
                Some(found) => found.id.0,
                None if source.id > 0 && taken.insert(source.id) => source.id,
                None => {
                    self.next_comment += 1;
                    self.next_comment - 1
                }
            };
            taken.insert(id);
            given.insert(id);
            ids.push(id);
        }
        ids
    }

    fn comment(&self, source: &gp_wxr::Comment, id: i64, target: i64, old: Option<&Comment>, moved: &Moved) -> Comment {
        let mut new = old.cloned().unwrap_or_default();
        let user = refs::now(&moved.users, source.user_id);
        let stranger = self.emails.get(&user).is_some_and(|email| {
            !moved.users.contains_key(&source.user_id)
                && *email != source.author_email
                && old.is_none_or(|o| o.user.0 != user)
        });
        new.id = CommentId(id);
        new.item = ItemId(target);
        new.author = clean(&source.author);
        new.author_email.clone_from(&source.author_email);
        new.author_url.clone_from(&source.author_url);
        new.author_ip.clone_from(&source.author_ip);
        new.date = date_or_zero(&source.date);
        new.date_gmt = date_or_zero(&source.date_gmt);
        new.content = clean(&source.content);
        new.approved.clone_from(&source.approved);
        new.kind = if source.comment_type.is_empty() {
            "comment".to_owned()
        } else {
            source.comment_type.clone()
        };
        new.user = UserId(if stranger { 0 } else { user });
        new
    }
}

/// Text columns hold no U+0000.
fn clean(text: &str) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{FFFD}")
    } else {
        text.to_owned()
    }
}

/// Approved comments, as WordPress counts them; what is here already counts too.
fn comment_count(source: &gp_wxr::Item, old: Option<&Item>) -> i64 {
    let approved = source
        .comments
        .iter()
        .filter(|c| c.approved == "1" && c.comment_type != "note")
        .count();
    let approved = i64::try_from(approved).unwrap_or(0);
    old.map_or(approved, |old| old.comment_count.max(approved))
}

/// What has to change so that the metas of a file are here: keys to remove, values to add.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub drop: Vec<String>,
    pub add: Vec<(String, Vec<u8>)>,
}

impl Changes {
    /// Compares key by key; keys that only we have stay.
    pub fn between(old: &Meta, new: &[gp_wxr::Meta], report: &mut Report, table: &str) -> Self {
        let mut changes = Self::default();
        if old.0.is_empty() {
            for row in new {
                report.count(table, Fate::Imported);
                changes.add.push((row.key.clone(), row.value.clone()));
            }
            return changes;
        }
        let mut seen = HashSet::new();
        for row in new {
            if !seen.insert(row.key.as_str()) {
                continue;
            }
            let before: Vec<&[u8]> = old.every(&row.key).collect();
            let after: Vec<&[u8]> = new
                .iter()
                .filter(|m| m.key == row.key)
                .map(|m| m.value.as_slice())
                .collect();
            let fate = match () {
                () if before == after => Fate::Unchanged,
                () if before.is_empty() => Fate::Imported,
                () => Fate::Updated,
            };
            after.iter().for_each(|_| report.count(table, fate));
            if fate == Fate::Unchanged {
                continue;
            }
            if fate == Fate::Updated {
                changes.drop.push(row.key.clone());
            }
            changes
                .add
                .extend(after.into_iter().map(|v| (row.key.clone(), v.to_vec())));
        }
        changes
    }

    /// Writes them for one owner.
    pub async fn write(self, tx: &mut Conn, kind: MetaKind, owner: i64, next: &mut i64) -> Result<()> {
        for key in &self.drop {
            store::drop_meta(tx, kind, owner, key).await?;
        }
        let mut new = Vec::with_capacity(self.add.len());
        for (key, value) in self.add {
            new.push((*next, owner, key, value));
            *next += 1;
        }
        store::add_meta(tx, kind, new).await
    }
}
