//! The rooms where the site is worked on, through the running program: a browser without scripts, a session, forms.

mod comments;
mod media;
mod people;
mod revisions;
mod settings;
mod terms;
mod tools;

use crate::{
    http::{Answer, Ask, encoded},
    site::{Server, Site},
};

const PASSWORD: &str = "a sentence nobody guesses";

/// A new account with a password.
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

/// Somebody who has signed in, without scripts: forms are sent as they stand in a page.
struct Browser<'a> {
    server: &'a Server<'a>,
    cookie: String,
}

impl<'a> Browser<'a> {
    fn of(server: &'a Server<'a>, login: &str) -> Self {
        let mut browser = Self {
            server,
            cookie: String::new(),
        };
        let page = browser.get("/wp-login.php").text();
        let answer = browser.send_from(&page, "name=\"log\"", &[("log", login), ("pwd", PASSWORD)]);
        let set = answer
            .header("set-cookie")
            .unwrap_or_else(|| panic!("{}", answer.text()));
        set.split(';').next().unwrap().clone_into(&mut browser.cookie);
        browser
    }

    fn ask(&self, what: Ask) -> Answer {
        let what = if self.cookie.is_empty() {
            what
        } else {
            what.header("Cookie", &self.cookie)
        };
        let answer = self.server.try_ask(&what).unwrap();
        assert!(answer.status < 500, "{what:?}: {}", answer.text());
        answer
    }

    fn get(&self, target: &str) -> Answer {
        self.ask(Ask::get(target))
    }

    /// A page that must be there; its HTML.
    fn page(&self, target: &str) -> String {
        let answer = self.get(target);
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        let html = answer.text();
        assert!(html.len() < 150_000, "{target} has {} bytes", html.len());
        assert!(
            !html.contains("style=\""),
            "the policy of the page forbids styles of its own: {target}"
        );
        html
    }

    /// Opens a page and sends the form in it that holds `mark`, with these fields beside its hidden ones.
    fn send(&self, page: &str, mark: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_from(&self.page(page), mark, fields)
    }

    fn send_from(&self, html: &str, mark: &str, fields: &[(&str, &str)]) -> Answer {
        let (action, hidden) = form(html, mark);
        let all = hidden
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .chain(fields.iter().copied());
        let values: Vec<(&str, String)> = all.map(|(n, v)| (n, encoded(v))).collect();
        let pairs: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.ask(Ask::new("POST", action).form(&pairs))
    }

    /// The same, and on to where it leads: that page's HTML.
    fn does(&self, page: &str, mark: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.send(page, mark, fields);
        assert_eq!(answer.status, 303, "{page} {fields:?}: {}", answer.text());
        self.page(&answer.leads_to().unwrap())
    }

    /// Sends a form with files: field, name, bytes.
    fn upload(&self, page: &str, mark: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let (action, hidden) = form(&self.page(page), mark);
        let mut body = Vec::new();
        let all = hidden
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .chain(fields.iter().copied());
        for (name, value) in all {
            let part = format!("--B0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--B0undary\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--B0undary--\r\n");
        let ask = Ask::new("POST", action).header("Content-Type", "multipart/form-data; boundary=B0undary");
        self.ask(ask.body(body))
    }
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
    let hidden = form.split("<input type=\"hidden\"").skip(1);
    (
        attribute(form, "action"),
        hidden
            .map(|input| (attribute(input, " name"), attribute(input, "value")))
            .collect(),
    )
}

/// What stands in a page, without its tags, each blank once.
fn words(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |(_, main)| main);
    let texts = main
        .split('<')
        .map(|part| part.split_once('>').map_or("", |(_, text)| text));
    let text = texts.collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
