//! HTML pages: one item or one list, rendered by the theme; "not found" is a page too.

use axum::http::StatusCode;
use gp_blocks::{Alike, Listing, Password};
use gp_content::{
    Sight,
    address::{self, Address},
};
use gp_kernel::{ItemId, Result};
use gp_store::Conn;

use super::Visit;
use crate::{answer::Answer, document::document};

/// The page of an address.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn answer(visit: &Visit<'_>, conn: &mut Conn, address: Address) -> Result<Answer> {
    let (address, listing) = match address {
        Address::List(list) => {
            let mut listing = super::found(visit, conn, &list, visit.site.per_page).await?;
            if listing.total == 0 && !visit.glance && !list.sought.conditions.is_empty() {
                listing.wider = super::listing::wider(visit, conn, &list.sought).await?;
            }
            if list.page > 1 && list.page > listing.pages {
                (Address::Missing, Listing::default())
            } else {
                (Address::List(list), listing)
            }
        }
        Address::Item { .. } => (address, Listing::default()),
        _ => (Address::Missing, Listing::default()),
    };
    let listing = match address {
        Address::Missing => asked(visit),
        _ => listing,
    };
    let password = unlock(visit, &address);
    let preview = match &address {
        Address::Item { item, sight, .. } if *sight == Sight::Full => visit.app.renderer.excerpt(item),
        _ => String::new(),
    };
    let status = if address == Address::Missing {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    if visit.glance {
        return Ok(Answer::glance(status));
    }
    let mut context = visit.context(address, listing);
    context.password = password;
    context.alike = alike(visit, &context.address).await;
    let rendered = visit.app.renderer.page(conn, &context).await?;
    let about = super::exchange::head::about(visit, conn, &context.address).await?;
    let html = document(visit.app, &context, &rendered, &preview, &about.html);
    let mut answer = Answer::page(status, html);
    let private = !visit.scope.actor().is_anonymous() || visit.sent.is_some();
    if let Answer::Text { cacheable, links, .. } = &mut answer {
        *cacheable &= !private;
        *links = about.links;
        let api = address::links::of_api(&visit.site);
        links.push(format!("<{}{api}>; rel=\"https://api.w.org/\"", visit.base_url));
    }
    Ok(answer)
}

/// The items whose texts are like that of the item which is shown. Where the index cannot be read, a page is made without.
async fn alike(visit: &Visit<'_>, address: &Address) -> Vec<Alike> {
    let Address::Item {
        item,
        sight: Sight::Full,
        ..
    } = address
    else {
        return Vec::new();
    };
    let (index, id) = (visit.app.index.clone(), item.id.0);
    let found = tokio::task::spawn_blocking(move || index.alike(id)).await;
    let Ok(Ok(found)) = found else { return Vec::new() };
    let alike = found.iter().map(|alike| Alike {
        id: ItemId(alike.id),
        words: alike.words.clone(),
    });
    alike.collect()
}

/// For "not found": what was asked, so that the page can look for what is near.
fn asked(visit: &Visit<'_>) -> Listing {
    let path = percent_encoding::percent_decode_str(&visit.request.path).decode_utf8_lossy();
    Listing {
        suggestion: Some(path.chars().take(300).collect()),
        ..Listing::default()
    }
}

/// Whether the password that came with the request opens the item; a file of a locked item opens by that item's password.
fn unlock(visit: &Visit<'_>, address: &Address) -> Password {
    let Address::Item {
        item,
        parent,
        sight: Sight::Locked,
        ..
    } = address
    else {
        return Password::None;
    };
    let Some(given) = visit.password() else {
        return Password::None;
    };
    let wanted = match (item.password.as_str(), parent) {
        ("", Some(parent)) => parent.password.as_str(),
        (own, _) => own,
    };
    if !wanted.is_empty() && same(given.as_bytes(), wanted.as_bytes()) {
        Password::Right
    } else {
        Password::Wrong
    }
}

/// Compares without telling by its time where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}
