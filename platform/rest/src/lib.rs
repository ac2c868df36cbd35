//! The REST API that WordPress's clients know (`/wp-json/`): one door, a registry of routes, and the resources of the platform's own
//! things. Features bring routes for theirs.
//!
//! A request is checked against the parameters that its route names, then leave is asked for, then the deed is done; what OPTIONS,
//! the index and the description in OpenAPI say is read off the same registry. What must never be here: SQL, a second way to write an
//! item (the verbs are in `gp_content::actions`), a rule of who may see what (that is `gp_content::permission`).

mod args;
mod body;
mod dates;
mod dispatch;
mod door;
mod fields;
mod links;
mod openapi;
mod php;
mod reply;
mod request;
mod resources;
mod routes;
pub mod schema;
mod turn;

pub use dates::{shown as shown_date, shown_gmt};
pub use door::{Api, Told, door};
pub use links::Links;
pub use php::to_json as php_to_json;
pub use reply::{Answer, Failure, Outcome, Reply};
pub use request::{Request, Upload};
pub use routes::{
    Deed, EDIT, Edit, EditPicture, Endpoint, HashPassword, Kit, MAKE, MakeRoutes, READ, REMOVE, Registry, Resource,
    Route,
};
pub use turn::{Turn, rest_url};

/// Lists of items and terms as every type has them, for features whose types have routes of their own.
pub mod listing {
    pub use crate::resources::{
        items::{
            list::{Found, found},
            paged,
            schema::{ORDERS, list_args},
        },
        terms::{ORDERS as TERM_ORDERS, sort as sort_terms},
    };
}

/// What versions of all kinds have in common, for features whose types have routes of their own.
pub mod versions {
    pub use crate::resources::revisions::{autosave_routes, chosen, is_autosave, list_args};
}

use gp_content::{ContentType, Site, Taxonomy, Types};

/// The routes of a site, where these taxonomies are in use that not every site has.
pub fn registry(site: &Site, types: &Types, used: &[String], kit: &Kit) -> Registry {
    let shown = |t: &&Taxonomy| !t.rest_base.is_empty() && (!t.when_used || used.contains(&t.name));
    let taxonomies: Vec<Taxonomy> = types.taxonomies().iter().filter(shown).cloned().collect();
    let mut routes = resources::routes(site, types, &taxonomies);
    for make in &kit.routes {
        routes.extend(make(site, types));
    }
    let own = Registry { routes, taxonomies };
    let mut routes = resources::index::routes(&own.namespaces());
    routes.extend(own.routes);
    Registry { routes, ..own }
}

/// What WordPress calls the things of a type: several and one.
pub fn type_names(kind: &ContentType) -> (&'static str, &'static str) {
    let facts = resources::facts::of(kind);
    (facts.plural, facts.singular)
}

/// What WordPress calls the terms of a taxonomy: several and one.
pub fn taxonomy_names(taxonomy: &Taxonomy) -> (&str, &str) {
    resources::facts::taxonomy_names(taxonomy)
}
