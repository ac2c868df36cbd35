//! Finding an item by its path, `parent/child`: slugs are compared the way WordPress compares them in a query.

use gp_kernel::{ItemId, Result};
use gp_markup::text::sanitize_title_with_dashes;
use gp_store::Conn;

use super::url;
use crate::items::{self, Item};

/// Deeper paths lead nowhere.
const DEEPEST: usize = 30;
/// So many items may share the slugs of one path.
const MOST: usize = 200;

/// A name as it is looked for: octets stay, everything else becomes a slug.
pub(super) fn slug(name: &str) -> String {
    sanitize_title_with_dashes(name, false)
}

/// The last folder of a path.
pub(super) fn last(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The item of this type, or else the file, at a path; whoever may see it.
pub(super) async fn find(conn: &mut Conn, path: &str, kind: &str) -> Result<Option<Item>> {
    let decoded = url::decode(path);
    let slugs: Vec<String> = decoded
        .trim_matches('/')
        .split('/')
        .map(|part| slug(&url::path_encoded(part)))
        .collect();
    if slugs.len() > DEEPEST || slugs.iter().all(String::is_empty) {
        return Ok(None);
    }
    let found = items::by_names(conn, &slugs, &[kind, "attachment"], MOST).await?;
    let fitting = found.iter().filter(|item| fits(item, &slugs, &found));
    let best = fitting.min_by_key(|item| (item.kind != kind, item.id));
    Ok(best.cloned())
}

fn fits(item: &Item, slugs: &[String], all: &[Item]) -> bool {
    let mut at = Some(item);
    for slug in slugs.iter().rev() {
        let Some(here) = at.filter(|i| i.name == *slug) else {
            return false;
        };
        if here.parent == ItemId(0) {
            return std::ptr::eq(slug, &slugs[0]);
        }
        at = all.iter().find(|i| i.id == here.parent);
    }
    false
}
