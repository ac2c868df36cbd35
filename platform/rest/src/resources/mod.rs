//! What the API's own routes lead to. Features bring more.

mod accounts;
mod comments;
mod differences;
pub(crate) mod facts;
mod fetched;
mod health;
pub(crate) mod index;
pub(crate) mod items;
mod labels;
mod media;
mod media_made;
mod oembed;
pub(crate) mod revisions;
mod search;
mod settings;
pub(crate) mod terms;
mod types;
mod users;

use gp_content::{Site, Taxonomy, Types};

use crate::routes::Route;

/// The routes, in the order in which they are looked through and listed.
pub(crate) fn routes(site: &Site, types: &Types, taxonomies: &[Taxonomy]) -> Vec<Route> {
    let mut out = oembed::routes();
    out.extend(fetched::routes());
    for kind in items::plain_types(types) {
        out.extend(items::routes(kind, taxonomies));
        out.extend(revisions::routes(kind, taxonomies));
        out.extend(differences::routes(kind));
        if kind.name == "page"
            && let Some(files) = types.get("attachment")
        {
            out.extend(media::routes(files));
        }
    }
    out.extend(types::routes());
    for taxonomy in taxonomies.iter().filter(|t| t.name != "nav_menu") {
        out.extend(terms::routes(taxonomy));
    }
    out.extend(users::routes(types, site));
    out.extend(comments::routes());
    let searched = types
        .public()
        .filter(|t| t.rest_base.is_some() && t.name != "attachment");
    let mut searched: Vec<_> = searched.collect();
    searched.sort_by_key(|kind| facts::of(kind).place);
    let searched = searched.into_iter().map(|kind| kind.name.to_owned()).collect();
    let shown = taxonomies.iter().filter(|t| t.public).cloned().collect();
    out.extend(search::routes(searched, shown));
    out.extend(settings::routes());
    out.extend(health::routes());
    out
}
