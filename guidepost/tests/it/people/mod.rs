//! Accounts from outside: signing in, the first start, a forgotten password, one's own account.

mod account;
mod authorize;
mod doors;
mod passkeys;
mod reset;
mod setup;
mod signin;

use crate::{
    http::{Answer, Ask, encoded},
    site::{Server, Site},
};

const PASSWORD: &str = "a sentence nobody guesses";

/// A site with an administrator `anna`.
fn site() -> Site {
    let site = Site::empty();
    add(&site, "anna", "administrator");
    site
}

fn add(site: &Site, login: &str, role: &str) {
    let email = format!("{login}@library.example");
    let args = [
        "users",
        "add",
        login,
        "--email",
        &email,
        "--role",
        role,
        "--password-stdin",
    ];
    let done = site.run_with(&args, format!("{PASSWORD}\n").as_bytes());
    assert_eq!(done.status, 0, "{}", done.stderr);
}

/// The lines of the audit log, the newest first.
fn audit(site: &Site) -> Vec<serde_json::Value> {
    let printed = site.ok(&["audit", "--format", "json"]);
    serde_json::from_str(&printed).unwrap()
}

fn deeds(site: &Site) -> Vec<String> {
    audit(site)
        .iter()
        .map(|line| line["verb"].as_str().unwrap().to_owned())
        .collect()
}

/// A browser without scripts: it keeps the cookie and sends forms as they stand in a page.
struct Browser<'a> {
    server: &'a Server<'a>,
    cookie: Option<String>,
}

impl<'a> Browser<'a> {
    fn new(server: &'a Server<'a>) -> Self {
        Self { server, cookie: None }
    }

    /// Signed in.
    fn of(server: &'a Server<'a>, login: &str) -> Self {
        let mut browser = Self::new(server);
        let answer = browser.sign_in(login, PASSWORD);
        assert_eq!(answer.status, 302, "{}", answer.text());
        browser
    }

    fn ask(&mut self, mut what: Ask) -> Answer {
        if let Some(cookie) = &self.cookie {
            what = what.header("Cookie", cookie);
        }
        let answer = self.server.try_ask(&what).unwrap();
        assert!(answer.status < 500, "{what:?}: {}", answer.text());
        if let Some(set) = answer.header("set-cookie") {
            let pair = set.split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        answer
    }

    fn get(&mut self, target: &str) -> Answer {
        self.ask(Ask::get(target))
    }

    fn post(&mut self, target: &str, fields: &[(String, String)]) -> Answer {
        self.ask(post(target, fields))
    }

    /// Opens a page and sends the form in it that holds `mark`, with these fields beside its hidden ones.
    fn send(&mut self, page: &str, mark: &str, fields: &[(&str, &str)]) -> Answer {
        let text = self.get(page).text();
        self.send_from(&text, mark, fields)
    }

    fn send_from(&mut self, text: &str, mark: &str, fields: &[(&str, &str)]) -> Answer {
        let (action, mut all) = form(text, mark);
        all.extend(fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        self.post(&action, &all)
    }

    fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.send("/wp-login.php", "name=\"log\"", &[("log", login), ("pwd", password)])
    }
}

fn post(target: &str, fields: &[(String, String)]) -> Ask {
    let values: Vec<(&str, String)> = fields.iter().map(|(n, v)| (n.as_str(), encoded(v))).collect();
    let pairs: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Ask::new("POST", target).form(&pairs)
}

/// Action and hidden fields of the form that holds a text.
fn form(page: &str, mark: &str) -> (String, Vec<(String, String)>) {
    let mut forms = page
        .split("<form")
        .skip(1)
        .map(|form| form.split("</form>").next().unwrap());
    let form = forms
        .find(|form| form.contains(mark))
        .unwrap_or_else(|| panic!("no form with {mark}: {page}"));
    let attribute = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("{name}=\"")).unwrap();
        rest.split('"')
            .next()
            .unwrap()
            .replace("&amp;", "&")
            .replace("&#038;", "&")
    };
    let action = attribute(form, "action");
    let hidden = form.split("<input type=\"hidden\"").skip(1);
    (
        action,
        hidden
            .map(|input| (attribute(input, " name"), attribute(input, "value")))
            .collect(),
    )
}
