//! Giving another program access to one's account: it sends its user here, who says yes, and gets an application password on the way back.
//!
//! The address, its parameters and what comes back are WordPress's. What must never be here: a password for a program that its user
//! was not asked about, a way back that a browser would run or that others could read.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use gp_content::actions;
use gp_kernel::{Error, Result, UserId};
use gp_markup::text::esc_html;
use url::{Host, Url};

use super::{
    Guest, PROFILE, foreign, go, own,
    page::{self, Note, field, hidden, note, page},
};
use crate::accounts::{self, ApplicationPassword};

pub(super) const PATH: &str = "/wp-admin/authorize-application.php";
const NONCE: &str = "authorize-application";
/// Longer addresses of a program are nobody's.
const LONGEST: usize = 2000;

/// What a program asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    name: String,
    id: String,
    yes: Option<Url>,
    no: Option<Url>,
}

impl Wish {
    fn of(guest: &Guest) -> Result<Self> {
        let asked = |name: &str| guest.asked(name).trim().to_owned();
        let id = asked("app_id");
        if !id.is_empty() && !is_uuid(&id) {
            return Err(Error::invalid(format!(
                "The program says it is {id:?}, which is no UUID. Nothing was done."
            )));
        }
        let yes = way_back("success_url", &asked("success_url"))?;
        let no = way_back("reject_url", &asked("reject_url"))?;
        let no = no.or_else(|| yes.as_ref().map(|yes| with(yes, &[("success", "false")])));
        let name = asked("app_name")
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        Ok(Self { name, id, yes, no })
    }
}

fn is_uuid(text: &str) -> bool {
    let mut groups = text
        .split('-')
        .map(|group| (group.len(), group.bytes().all(|b| b.is_ascii_hexdigit())));
    [8, 4, 4, 4, 12]
        .iter()
        .all(|length| groups.next() == Some((*length, true)))
        && groups.next().is_none()
}

/// What a browser runs, reads from the disk, or hands to something that is no program of the user's.
const NEVER: &[&str] = &[
    "about",
    "blob",
    "chrome",
    "content",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "jar",
    "javascript",
    "mailto",
    "sms",
    "tel",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

/// An address that a password may be sent to: https, the same computer, or the scheme of an app.
fn way_back(what: &str, address: &str) -> Result<Option<Url>> {
    if address.is_empty() {
        return Ok(None);
    }
    let refused = |why: &str| {
        Err(Error::invalid(format!(
            "The program wants its answer at {what}={address:?}, {why}. Nothing was done."
        )))
    };
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    let Some(url) = Url::parse(address)
        .ok()
        .filter(|_| address.len() <= LONGEST && !address.contains(odd))
    else {
        return refused("which is no whole address");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refused("which hides where it leads");
    }
    let here = match url.host() {
        Some(Host::Domain(host)) => host == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(Some(url)),
        "http" if here => Ok(Some(url)),
        "http" => refused("where others could read the password on its way"),
        scheme if NEVER.contains(&scheme) => refused("which is no program"),
        _ => Ok(Some(url)),
    }
}

/// An address with these in its query, instead of what it had under their names.
fn with(url: &Url, pairs: &[(&str, &str)]) -> Url {
    let mut out = url.clone();
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| pairs.iter().all(|(n, _)| n != name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut query = out.query_pairs_mut();
    query.clear().extend_pairs(kept).extend_pairs(pairs);
    drop(query);
    out
}

pub(super) async fn answer(guest: &Guest) -> Result<Response<Body>> {
    let Some((_, user)) = guest.session() else {
        return Ok(go(super::SIGN_IN));
    };
    let wish = match Wish::of(guest) {
        Ok(wish) => wish,
        Err(error) => {
            let said = note(Note::Stop, &error.message);
            return Ok(page(
                guest,
                StatusCode::BAD_REQUEST,
                "This request cannot be granted",
                false,
                &said,
            ));
        }
    };
    if !guest.post {
        return Ok(shown(guest, &wish, ""));
    }
    if !guest.has_nonce(NONCE) {
        return Ok(foreign(guest));
    }
    match guest.form.get("approve") {
        "" => Ok(match &wish.no {
            Some(address) => leave(address),
            None => go(PROFILE),
        }),
        _ => granted(guest, user, &wish).await,
    }
}

async fn granted(guest: &Guest, user: UserId, wish: &Wish) -> Result<Response<Body>> {
    if wish.name.is_empty() {
        let said = note(
            Note::Stop,
            "Please give it a name, so that you know later what it is for.",
        );
        return Ok(shown(guest, wish, &said));
    }
    let random = guest.random()?;
    let wanted = ApplicationPassword {
        name: wish.name.clone(),
        app_id: wish.id.clone(),
        ..ApplicationPassword::default()
    };
    let mut tx = guest.app.db.write().await?;
    let known = accounts::application_passwords(&mut tx, user).await?;
    if known.iter().any(|one| one.name == wish.name) {
        let said = note(
            Note::Stop,
            "You have an application password of this name already. Please choose another one.",
        );
        return Ok(shown(guest, wish, &said));
    }
    let account = gp_content::users::by_id(&mut tx, user).await?;
    let account = account.ok_or_else(|| Error::not_found("there is no such account any more"))?;
    let mut act = guest.act(&mut tx);
    let (made, password) = accounts::new_application_password(&mut act, &own(user)?, user, wanted, &random).await?;
    let whom = wish
        .yes
        .as_ref()
        .map_or("shown here".to_owned(), |url| format!("sent to {}", origin(url)));
    let detail = format!("{}, {whom}", made.uuid);
    actions::note(&mut act, user, "application password made", user, &detail).await?;
    tx.commit().await?;
    let Some(yes) = &wish.yes else {
        let body = format!(
            "<div class=\"box\" role=\"status\"><p>Type this password into {}:</p><p><code>{}</code></p><p>It is shown only now. You can \
             take it back at <a href=\"{PROFILE}\">your account</a>.</p></div>",
            esc_html(&made.name),
            esc_html(&password)
        );
        return Ok(page(guest, StatusCode::OK, "Access is given", false, &body));
    };
    let back = [
        ("site_url", guest.base_url.as_str()),
        ("user_login", account.login.as_str()),
        ("password", password.as_str()),
    ];
    Ok(leave(&with(yes, &back)))
}

/// Back to the program.
fn leave(address: &Url) -> Response<Body> {
    let mut response = go(PROFILE);
    // An address in its written form is ASCII without line ends.
    if let Ok(value) = HeaderValue::from_str(address.as_str()) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    // What it holds is for the program alone.
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Where an address leads, as people and content policies name it.
fn origin(url: &Url) -> String {
    match url.scheme() {
        "https" | "http" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    }
}

fn shown(guest: &Guest, wish: &Wish, said: &str) -> Response<Body> {
    let program = if wish.name.is_empty() {
        "A program that does not tell its name".to_owned()
    } else {
        format!("A program that calls itself <strong>{}</strong>", esc_html(&wish.name))
    };
    let answer = match &wish.yes {
        Some(url) => format!(
            "Your answer goes to <strong><bdi dir=\"ltr\">{}</bdi></strong>.",
            esc_html(&origin(url))
        ),
        None => "You are shown the password, to type it in there.".to_owned(),
    };
    let text = |url: &Option<Url>| url.as_ref().map(Url::to_string).unwrap_or_default();
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"{PATH}\">{said}<p>{program} asks for access to your account. It could do all that you \
         may do through the API, in your name, until you take the password back. {answer}</p>\
         <p>Say yes only if you began this yourself, and trust it.</p>{name}{nonce}{id}{yes}{no}\
         <p class=\"pair\"><button name=\"approve\" value=\"1\">Yes, give access</button>\
         <button class=\"plain\" name=\"reject\" value=\"1\" formnovalidate>No</button></p></form>",
        name = field(
            "app_name",
            "Name of the password",
            &wish.name,
            "maxlength=\"200\" required"
        ),
        nonce = hidden("_wpnonce", &guest.nonce(NONCE)),
        id = hidden("app_id", &wish.id),
        yes = hidden("success_url", &text(&wish.yes)),
        no = hidden("reject_url", &text(&wish.no)),
    );
    // Browsers hold the policy of a form against where its answer leads, too.
    let targets: Vec<String> = [&wish.yes, &wish.no].into_iter().flatten().map(origin).collect();
    page::page_that_leads_to(guest, "Give access to your account", &body, &targets.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_go_to_programs_and_nowhere_else() {
        for good in [
            "https://app.example/back?a=b#c",
            "http://localhost:3000/",
            "http://127.0.0.1:8912/x",
            "http://[::1]:1/",
            "wordpress://oauth",
            "com.example.app:/back",
        ] {
            assert!(way_back("success_url", good).unwrap().is_some(), "{good}");
        }
        assert_eq!(way_back("success_url", "").unwrap(), None);
        for bad in [
            "http://app.example/",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "javascript:alert(1)",
            "JavaScript://x/%0aalert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://x/1",
            "intent://x#Intent;end",
            "https://user:password@evil.example/",
            "https://library.example@evil.example/",
            "https:\\\\evil.example",
            "//evil.example",
            "/back",
            "back",
            "https://",
            "https://a b/",
        ] {
            assert!(way_back("success_url", bad).is_err(), "{bad}");
        }
        assert!(way_back("success_url", &format!("https://a.example/{}", "x".repeat(LONGEST))).is_err());
    }

    #[test]
    fn what_is_sent_stands_in_the_query_once() {
        let of = |text: &str| with(&Url::parse(text).unwrap(), &[("password", "a b"), ("user_login", "ü")]).to_string();
        let sent = "password=a+b&user_login=%C3%BC";
        assert_eq!(of("https://a.example/x"), format!("https://a.example/x?{sent}"));
        assert_eq!(
            of("https://a.example/?k=v&password=old#f"),
            format!("https://a.example/?k=v&{sent}#f")
        );
        assert_eq!(of("app:back"), format!("app:back?{sent}"));
    }

    #[test]
    fn uuids_are_uuids() {
        assert!(is_uuid("12345678-90ab-cdef-1234-567890abcdef"));
        for not in [
            "",
            "1",
            "12345678-90ab-cdef-1234-567890abcde",
            "12345678-90ab-cdef-1234-567890abcdeg",
            "12345678-90ab-cdef-1234-567890abcdef-",
        ] {
            assert!(!is_uuid(not), "{not}");
        }
    }
}
