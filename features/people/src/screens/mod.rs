//! The screens of people: who has an account, with which role; new ones; one of them. What is written goes through the API's routes, so that
//! each deed needs its own capability.
//!
//! What must never be here: a password, or the way to somebody's own account (that is the profile page).

mod list;
mod one;
mod store;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Screen};
use gp_content::Site;
use gp_kernel::Result;
use serde_json::Value;

use crate::Outside;

/// The screens, with what they need of the world outside.
pub fn screens(outside: Outside) -> Vec<Arc<dyn Screen>> {
    vec![Arc::new(People { outside })]
}

struct People {
    outside: Outside,
}

impl Screen for People {
    fn paths(&self) -> &'static [&'static str] {
        &["users.php", "user-new.php", "user-edit.php"]
    }

    fn entries(&self, desk: &Desk) -> Vec<Entry> {
        match desk.can("list_users") {
            true => vec![Entry::new(Group::Site, "People", "users.php")],
            false => Vec::new(),
        }
    }

    fn answer<'a>(&'a self, desk: &'a mut Desk) -> BoxFuture<'a, Result<Answer>> {
        Box::pin(async move {
            // What takes their own protection away asks for the password, on a page of its own: here it would not be asked.
            if desk.path == "user-edit.php" && desk.query.int("user_id") == Some(desk.actor().user().0) {
                return Ok(Answer::Go("profile.php".to_owned()));
            }
            match (desk.path.as_str(), desk.post) {
                ("user-new.php", true) => one::make(desk, &self.outside).await,
                ("user-new.php", false) => one::new(desk, "").map(Answer::Page),
                ("user-edit.php", true) => one::change(desk, &self.outside).await,
                ("user-edit.php", false) => one::shown(desk, "").await.map(Answer::Page),
                (_, true) => list::done(desk).await,
                (_, false) => list::shown(desk).await.map(Answer::Page),
            }
        })
    }
}

/// The roles that may be given: WordPress's name, and what it is called.
const ROLES: &[(&str, &str)] = &[
    ("administrator", "Administrator: everything"),
    ("editor", "Editor: everybody's texts"),
    ("author", "Author: publishes own texts"),
    ("contributor", "Contributor: writes, others publish"),
    ("subscriber", "Subscriber: reads"),
];

/// All roles of the site with what they are called: those that each site has, then its own.
fn all_roles(site: &Site) -> Vec<(String, String)> {
    let usual = ROLES
        .iter()
        .map(|(name, label)| ((*name).to_owned(), (*label).to_owned()));
    let mut all: Vec<(String, String)> = usual.collect();
    let lists = site.role_prefixes();
    for roles in lists
        .iter()
        .filter_map(|prefix| site.value(&format!("{prefix}user_roles")))
    {
        for (name, role) in roles.iter() {
            let name = name.as_str().into_owned();
            if all.iter().all(|(known, _)| *known != name) {
                let label = role
                    .get("name")
                    .and_then(|label| label.as_str())
                    .unwrap_or_default()
                    .into_owned();
                let label = if label.is_empty() { name.clone() } else { label };
                all.push((name, label));
            }
        }
    }
    all
}

/// What a role is called in a list.
fn role_name(all: &[(String, String)], role: &str) -> String {
    let known = all.iter().find(|(name, _)| name == role);
    known.map_or_else(
        || role.to_owned(),
        |(_, label)| label.split(':').next().unwrap_or_default().to_owned(),
    )
}

fn text<'v>(user: &'v Value, name: &str) -> &'v str {
    user[name].as_str().unwrap_or_default()
}

/// The roles of a user as the API tells them.
fn roles(user: &Value) -> Vec<&str> {
    user["roles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}
