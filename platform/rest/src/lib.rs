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

pub use door::door;
pub use links::Links;
pub use reply::{Answer, Failure, Outcome, Reply};
pub use request::{Request, Upload};
pub use routes::{Deed, EDIT, Endpoint, HashPassword, Kit, MAKE, MakeRoutes, READ, REMOVE, Registry, Resource, Route};
pub use turn::{Turn, rest_url};

use gp_content::{Site, Taxonomy, Types};

/// The routes of a site, where these taxonomies are in use that not every site has.
pub fn registry(site: &Site, types: &Types, used: &[String], kit: &Kit) -> Registry {
    let shown = |t: &&Taxonomy| !t.rest_base.is_empty() && (!t.when_used || used.contains(&t.name));
    let taxonomies: Vec<Taxonomy> = types.taxonomies().iter().filter(shown).cloned().collect();
    let mut routes = resources::routes(types, &taxonomies);
    for make in &kit.routes {
        routes.extend(make(site, types));
    }
    let own = Registry { routes, taxonomies };
    let mut routes = resources::index::routes(&own.namespaces());
    routes.extend(own.routes);
    Registry { routes, ..own }
}
