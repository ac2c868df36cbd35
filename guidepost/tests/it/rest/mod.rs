//! The API that WordPress's clients know, through the running program.

mod design;
mod fetched;
mod managers;
mod matrix;
mod rates;
mod safety;
mod story;

use serde_json::Value;

use crate::{
    http::{Answer, Ask},
    site::{Server, Site},
};

/// Somebody with an account: sign-in name and application password; nobody without.
#[derive(Debug, Clone)]
pub struct Person(Option<(String, String)>);

impl Person {
    /// A visitor.
    pub fn nobody() -> Self {
        Self(None)
    }

    /// A new account with this role, and its application password.
    pub fn with_role(site: &Site, login: &str, role: &str) -> Self {
        let email = format!("{login}@library.example");
        site.ok(&["users", "add", login, "--email", &email, "--role", role]);
        Self(Some((login.to_owned(), site.application_password(login))))
    }

    /// What they ask of a route.
    pub fn asks(&self, method: &str, route: &str) -> Ask {
        let ask = Ask::new(method, format!("/wp-json{route}"));
        match &self.0 {
            Some((login, password)) => ask.signed_in(login, password),
            None => ask,
        }
    }

    /// Asks, perhaps with a body, and reads the answer.
    pub fn call(&self, server: &Server<'_>, method: &str, route: &str, body: Option<&Value>) -> (u16, Value) {
        let ask = self.asks(method, route);
        let answer = server.ask(&body.map_or(ask.clone(), |body| ask.json(body)));
        (answer.status, read(&answer))
    }

    /// Makes something and gives its id.
    pub fn make(&self, server: &Server<'_>, route: &str, body: &Value) -> i64 {
        let (status, made) = self.call(server, "POST", route, Some(body));
        assert_eq!(status, 201, "{route} {body}: {made}");
        made["id"].as_i64().unwrap()
    }
}

/// The body of an answer.
pub fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text()).unwrap_or_default()
}
