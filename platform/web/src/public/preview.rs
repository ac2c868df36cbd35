//! What is not published yet, as the public page would show it: for its editors, and for whoever has a link that one of them made.
//!
//! Nothing of it is kept by anybody, and search engines are told to leave it.

use gp_content::{
    Item, Sight, Verb,
    address::{Address, links},
    items, signed,
};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use super::Visit;
use crate::answer::Answer;

/// The parameter with the key of a link.
pub(crate) const KEY: &str = "preview_key";

/// A preview, when one is asked for that this visitor may see.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn) -> Result<Option<Answer>> {
    let of = |name: &str| visit.request.parameters.get(name).map(String::as_str);
    if of("preview").is_none() {
        return Ok(None);
    }
    let id = ["p", "page_id", "preview_id"]
        .iter()
        .find_map(|name| of(name)?.parse().ok());
    let Some(id) = id.map(ItemId) else { return Ok(None) };
    let Some(item) = items::by_id(conn, id).await? else {
        return Ok(None);
    };
    let types = &visit.app.types;
    let now = visit.app.clock.now().as_second();
    let public = types.get(&item.kind).is_some_and(|kind| kind.public) && item.kind != "attachment";
    let shown = public && item.status != "trash";
    let by_link = of(KEY).is_some_and(|key| signed::lets_look(&visit.site, id, key, now));
    let edits = visit.scope.actor().may(Verb::Update, &item, None, types).is_ok();
    if !shown || !(by_link || edits) {
        return Ok(None);
    }
    let item = as_typed(conn, item).await?;
    let link = links::of_item(conn, &visit.site, types, &item).await?;
    let address = Address::Item {
        item: Box::new(item),
        parent: None,
        sight: Sight::Full,
        part: 1,
        embed: false,
        link,
    };
    let mut answer = super::page::answer(visit, conn, address).await?;
    if let Answer::Text { cacheable, .. } = &mut answer {
        *cacheable = false;
    }
    Ok(Some(answer))
}

/// An item as it was typed last, where that is newer than what was saved.
async fn as_typed(conn: &mut Conn, item: Item) -> Result<Item> {
    let versions = items::versions(conn, item.id).await?;
    let typed = versions
        .into_iter()
        .filter(|version| {
            version.name == format!("{}-autosave-v1", item.id) && version.modified_gmt > item.modified_gmt
        })
        .max_by(|a, b| a.modified_gmt.cmp(&b.modified_gmt));
    Ok(match typed {
        Some(typed) => Item {
            title: typed.title,
            content: typed.content,
            excerpt: typed.excerpt,
            ..item
        },
        None => item,
    })
}
