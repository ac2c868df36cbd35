//! People as they are shown: the name, what they say of themselves, a picture that the site itself holds. Pictures of other
//! sites (Gravatar) are never asked for.

use std::collections::{BTreeMap, BTreeSet};

use gp_content::{Item, Meta, MetaKind, meta, users};
use gp_kernel::{ItemId, Result, UserId};

use super::Fetcher;

/// What is public of a person besides the name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// As HTML.
    pub biography: String,
    pub picture: Option<ItemId>,
}

impl Fetcher<'_> {
    /// The people of the items that are shown, of the comments, and those that blocks name.
    pub(super) async fn load_people(&mut self, items: &BTreeMap<ItemId, Item>) -> Result<()> {
        let mut wanted: BTreeSet<UserId> = self.needs.people.clone();
        if self.needs.authors {
            wanted.extend(items.values().map(|i| i.author));
        }
        if self.needs.avatars {
            let comments = self.data.comments.iter().chain(&self.data.newest_comments);
            wanted.extend(comments.map(|c| c.user));
        }
        wanted.retain(|id| id.0 > 0);
        let wanted: Vec<UserId> = wanted.into_iter().collect();
        if wanted.is_empty() {
            return Ok(());
        }
        self.data.users = users::by_ids(self.conn, &wanted).await?;
        if !self.needs.avatars && !self.needs.biographies {
            return Ok(());
        }
        let ids: Vec<i64> = wanted.iter().map(|id| id.0).collect();
        let found = meta::of_many(self.conn, MetaKind::User, &ids).await?;
        let prefixes = self.page.site.role_prefixes();
        let people = found.iter().map(|(id, meta)| (UserId(*id), person(meta, &prefixes)));
        self.data.people = people.collect();
        let shown = self.needs.avatars && self.page.site.text("show_avatars") != "0";
        let pictures = self.data.people.values().filter_map(|p| p.picture).filter(|_| shown);
        let pictures: BTreeSet<ItemId> = pictures.collect();
        self.add_media(pictures).await
    }
}

/// A picture is kept by one of two plugins: as the id of an upload, or as a list that names it.
fn person(meta: &Meta, prefixes: &[String]) -> Person {
    let listed = meta
        .bytes("simple_local_avatar")
        .and_then(|v| gp_php::parse_lenient(v).ok())
        .and_then(|v| v.get("media_id").and_then(gp_php::Value::as_int));
    let mut keys = prefixes.iter().map(|prefix| format!("{prefix}user_avatar"));
    let named = || keys.find_map(|key| meta.int(&key));
    Person {
        biography: gp_markup::sanitize::kses_post(meta.text("description").trim()),
        picture: listed
            .or_else(named)
            .or_else(|| meta.int("wp_user_avatar"))
            .filter(|id| *id > 0)
            .map(ItemId),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_found_where_plugins_keep_it_and_nowhere_else() {
        let of = |key: &str, value: &str| {
            let meta = Meta(vec![(key.to_owned(), value.as_bytes().to_vec())]);
            person(&meta, &["wp_".to_owned(), "old_".to_owned()])
                .picture
                .map(|id| id.0)
        };
        assert_eq!(of("simple_local_avatar", "a:1:{s:8:\"media_id\";i:7;}"), Some(7));
        assert_eq!(of("old_user_avatar", "8"), Some(8));
        assert_eq!(of("wp_user_avatar", "0"), None);
        assert_eq!(of("simple_local_avatar", "broken"), None);
    }
}
