//! Where things were before: old slugs and dates, and a guess from the beginning of a name. Only what this visitor may see
//! is ever named.

use gp_kernel::Result;

use super::{links, main_query::Seen, page_path, resolve::Resolver, rules::Matched, variables::Variables};
use crate::{
    dates::Dates,
    items::{self, Item},
    meta::{self, MetaKind},
};

/// So many candidates are looked at.
const MOST: usize = 20;

impl Resolver<'_> {
    /// The name that was asked for, as a slug; empty when none was.
    fn asked_name(v: &Variables) -> String {
        let names = [
            v.get("name"),
            page_path::last(v.get("pagename")),
            page_path::last(v.get("attachment")),
        ];
        let name = names
            .into_iter()
            .find(|name| !name.trim().is_empty())
            .unwrap_or_default();
        page_path::slug(name.trim())
    }

    /// An item that had this name or date before. Pages are found by their path only, as in WordPress.
    pub(super) async fn formerly(&mut self, v: &Variables) -> Result<Option<Seen>> {
        let name = Self::asked_name(v);
        let kind = match v.types.as_slice() {
            _ if name.is_empty() || !v.get("pagename").is_empty() => return Ok(None),
            [one] => *one,
            [] if !v.get("attachment").is_empty() => "attachment",
            [] => "post",
            _ => return Ok(None),
        };
        let dates = of_day(v);
        let renamed = items::by_old_slug(self.conn, &name).await?;
        let renamed: Vec<Item> = renamed.into_iter().filter(|i| i.kind == kind).take(MOST).collect();
        let (there, elsewhere): (Vec<Item>, Vec<Item>) = renamed.into_iter().partition(|i| dates.fit(&i.date));
        if let Some(seen) = self.first_seen(there).await? {
            return Ok(Some(seen));
        }
        if dates.is_empty() {
            return Ok(None);
        }
        let mut same = items::by_name(self.conn, &name, &[kind]).await?;
        same.truncate(MOST);
        same.extend(elsewhere);
        let ids: Vec<i64> = same.iter().map(|i| i.id.0).collect();
        let meta = meta::of_many(self.conn, MetaKind::Item, &ids).await?;
        same.retain(|item| {
            let mut days = meta.get(&item.id.0).into_iter().flat_map(|m| m.every("_wp_old_date"));
            days.any(|day| dates.fit(&String::from_utf8_lossy(day)))
        });
        self.first_seen(same).await
    }

    /// The address of what moved, with the page or kind of view that was asked for.
    pub(super) fn formerly_link(&self, v: &Variables, seen: &Seen) -> String {
        let base = seen.link.trim_end_matches('/');
        let trailing = self.site.trailing();
        if v.page() > 1 {
            format!("{base}/page/{}{trailing}", v.page())
        } else if !v.get("embed").is_empty() {
            format!("{base}/embed{trailing}")
        } else {
            seen.link.clone()
        }
    }

    /// The first published item whose slug begins with the name that was asked for.
    pub(super) async fn guess(&mut self, v: &Variables) -> Result<Option<Seen>> {
        let name = Self::asked_name(v);
        if name.is_empty() {
            return Ok(None);
        }
        let public = self.types.public().map(|t| t.name).filter(|t| *t != "attachment");
        let kinds: Vec<&str> = if v.types.is_empty() {
            public.collect()
        } else {
            public.filter(|t| v.types.contains(t)).collect()
        };
        if kinds.is_empty() {
            return Ok(None);
        }
        let found = items::begins_with(self.conn, &name, &kinds, &of_day(v), 5).await?;
        self.first_seen(found).await
    }

    /// The address of a guess: its feed or its part where these were asked for.
    pub(super) fn guess_link(&self, v: &Variables, seen: &Seen) -> String {
        let feed = v.get("feed");
        if !feed.is_empty() {
            return links::of_item_feed(self.site, &seen.item, &seen.link, feed);
        }
        if v.number("page") > 1 {
            let base = seen.link.trim_end_matches('/');
            return format!("{base}/{}{}", v.number("page"), self.site.trailing());
        }
        seen.link.clone()
    }

    /// A post may have a number for a name where a date could stand: `/2016/` or `/2016/11/`. It wins when it is there and
    /// its own date does not speak against it.
    pub(super) async fn numeric_name(&mut self, mut matched: Matched) -> Result<Matched> {
        let folders: Vec<&str> = self.site.permalinks.split('/').filter(|f| !f.is_empty()).collect();
        let at = folders.iter().position(|folder| *folder == "%postname%");
        let compared = match at {
            Some(0) => "year",
            Some(at) if folders[at - 1] == "%year%" => "monthnum",
            Some(at) if folders[at - 1] == "%monthnum%" => "day",
            _ => return Ok(matched),
        };
        let value = |name: &str| matched.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let Some(name) = value(compared) else {
            return Ok(matched);
        };
        if value("name").is_some() {
            return Ok(matched);
        }
        let found = items::by_name(self.conn, &name, &["post"]).await?;
        let Some(post) = found.into_iter().next() else {
            return Ok(matched);
        };
        let number = |name: &str| value(name).and_then(|v| v.parse::<u32>().ok());
        let before = Dates {
            year: number("year").filter(|_| compared != "year"),
            month: number("monthnum").filter(|_| compared == "day"),
            ..Dates::default()
        };
        let part = match compared {
            "year" => value("monthnum"),
            "monthnum" => value("day"),
            _ => None,
        };
        let parts = post.content.matches("<!--nextpage-->").count() + 1;
        let wanted = part.as_deref().and_then(|p| p.parse::<usize>().ok()).unwrap_or(0);
        if !before.fit(&post.date) || (parts == 1 && wanted > 0) || wanted > parts {
            return Ok(matched);
        }
        matched.retain(|(name, _)| !matches!(name.as_str(), "year" | "monthnum" | "day"));
        matched.push(("name".to_owned(), post.name));
        if wanted > 0 {
            matched.push(("page".to_owned(), wanted.to_string()));
        }
        Ok(matched)
    }
}

/// Year, month and day alone.
fn of_day(v: &Variables) -> Dates {
    Dates {
        hour: None,
        minute: None,
        second: None,
        ..v.dates()
    }
}
