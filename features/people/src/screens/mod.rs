//! The screens of people: who has an account, with which role; new ones; one of them. What is written goes through the API's routes, so that
//! each deed needs its own capability.
//!
//! What must never be here: a password, or the way to somebody's own account (that is the profile page).

mod list;
mod one;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_admin::{Answer, Desk, Entry, Group, Screen};
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

/// What a role is called in a list.
fn role_name(role: &str) -> String {
    let known = ROLES.iter().find(|(name, _)| *name == role);
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
