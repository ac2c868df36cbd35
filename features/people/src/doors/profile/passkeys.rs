//! The passkeys of one's own account: making, listing and removing them, and asking for one after the password.
//!
//! What must never be here: a new passkey for somebody who did not say the present password just before.

use axum::http::StatusCode;
use gp_content::actions;
use gp_kernel::{Error, Result, UserId};
use gp_markup::text::{esc_attr, esc_html};
use serde_json::json;

use super::{
    super::{
        Guest, PROFILE, own,
        page::{Note, hidden},
        passkeys::{button, data, party, refused, sorry},
    },
    Outcome, account, done, keep_second, proven,
    sections::{self, begin, current, day},
};
use crate::{
    agents,
    passkeys::{self, Passkey},
    second::{self, Second},
    sessions,
};

const STALE: &str = "This page lay open for too long: please open it again.";

fn answer(response: axum::http::Response<axum::body::Body>) -> Result<Outcome> {
    Ok(Outcome::Answer(Box::new(response)))
}

/// What a script asks the browser for, once the password is right.
pub(super) async fn options(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    let (Some(party), Some((session, _))) = (party(guest), guest.session()) else {
        return answer(sorry(StatusCode::FORBIDDEN, STALE));
    };
    match proven(guest, &account).await? {
        None => {}
        Some(Outcome::Said(_, text)) => return answer(sorry(StatusCode::FORBIDDEN, &text)),
        Some(_) => {
            let text = "Too many tries in a row. Please wait a few minutes.";
            return answer(sorry(StatusCode::TOO_MANY_REQUESTS, text));
        }
    }
    let library = match guest.site.name.as_str() {
        "" => "Guidepost",
        name => name,
    };
    let mut tx = guest.app.db.write().await?;
    let random = guest.random()?;
    let options =
        passkeys::creation_options(&mut tx, &party, library, &account, session, guest.seconds(), &random).await;
    match options {
        Ok(options) => {
            tx.commit().await?;
            answer(data(StatusCode::OK, &json!({ "publicKey": options })))
        }
        Err(error) if error.kind == gp_kernel::ErrorKind::Conflict => {
            answer(sorry(StatusCode::CONFLICT, &error.message))
        }
        Err(error) => Err(error),
    }
}

/// A passkey that was made.
pub(super) async fn add(guest: &Guest, user: UserId) -> Result<Outcome> {
    let (Some(party), Some((session, _))) = (party(guest), guest.session()) else {
        return Err(Error::invalid(STALE));
    };
    let name: String = guest
        .form
        .get("name")
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(100)
        .collect();
    let name = if name.is_empty() { "Passkey" } else { &name };
    let credential = guest.form.get("credential");
    let mut tx = guest.app.db.write().await?;
    let mut act = guest.act(&mut tx);
    let added = passkeys::add(&mut act, &own(user)?, &party, session, name, credential).await?;
    match &added {
        Ok(passkey) => actions::note(&mut act, user, "passkey added", user, &noted(passkey)).await?,
        Err(refusal) => refused(guest, &mut tx, *refusal, user).await?,
    }
    // A challenge that was answered wrongly is gone as well.
    tx.commit().await?;
    match added {
        Ok(_) => done("The passkey is kept: you can sign in with it."),
        Err(_) => Ok(Outcome::Said(
            Note::Stop,
            "The passkey was not taken. Please begin again.".to_owned(),
        )),
    }
}

fn noted(passkey: &Passkey) -> String {
    format!("{} ({})", passkey.name, passkey.id.chars().take(8).collect::<String>())
}

pub(super) async fn remove(guest: &Guest, user: UserId) -> Result<Outcome> {
    let id = guest.form.get("passkey");
    let mut tx = guest.app.db.write().await?;
    let all = passkeys::of(&mut tx, user).await?;
    let Some(passkey) = all.iter().find(|passkey| passkey.id == id) else {
        return Err(Error::not_found("There is no such passkey any more."));
    };
    let second = second::of(&mut tx, user).await?;
    if all.len() == 1 && second.is_some_and(|second| !second.has_device()) {
        return Err(Error::invalid(
            "Your second step needs this passkey. Add another one, or switch the second step off first.",
        ));
    }
    let mut act = guest.act(&mut tx);
    passkeys::remove(&mut act, &own(user)?, id).await?;
    actions::note(&mut act, user, "passkey removed", user, &noted(passkey)).await?;
    tx.commit().await?;
    done("The passkey no longer opens your account. Remove it from your device, too.")
}

/// From now on a passkey is asked for after the password.
pub(super) async fn second_on(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    if let Some(instead) = proven(guest, &account).await? {
        return Ok(instead);
    }
    let mut conn = guest.app.db.read().await?;
    let (known, second) = (passkeys::of(&mut conn, user).await?, second::of(&mut conn, user).await?);
    drop(conn);
    if known.is_empty() || second.is_some() {
        return Err(Error::invalid(
            "The second step is on already, or there is no passkey for it.",
        ));
    }
    let codes = second::recovery_codes(&guest.random()?);
    let second = Second::with_passkeys(&codes);
    keep_second(guest, user, Some(&second), "second step switched on").await?;
    Ok(Outcome::Shown(sections::codes(
        "A passkey is asked for after your password from now on.",
        &codes,
    )))
}

/// The section of the page.
pub(super) fn section(guest: &Guest, all: &[Passkey]) -> String {
    let rows: Vec<String> = all.iter().map(|passkey| row(guest, passkey)).collect();
    let list = match rows.len() {
        0 => String::new(),
        _ => format!("<ul class=\"rows\">{}</ul>", rows.concat()),
    };
    format!(
        "<section class=\"box\"><h2>Passkeys</h2><p>A passkey opens your account without a password: the device that holds it asks for \
         your finger, your face or its code. It works on this site only, so nobody can talk you into giving it away.</p>{list}{}</section>",
        adding(guest)
    )
}

fn adding(guest: &Guest) -> String {
    let button = button(
        guest,
        "create",
        "Add a passkey",
        PROFILE,
        PROFILE,
        "data-do=\"passkey-options\" data-check=\"1\"",
    );
    if button.is_empty() {
        return "<p class=\"small\">At an address of numbers there are no passkeys. Come by the library's name to add one.</p>".to_owned();
    }
    let device = agents::described(&sessions::agent(&guest.headers));
    format!(
        "<noscript><p class=\"small\">Adding one needs a browser that runs scripts.</p></noscript><div hidden>{}{}{}{button}</form></div>",
        begin(guest, "add-passkey"),
        called(&device),
        current("c6", "Present password"),
    )
}

/// Another field of the page has the same name, so that this one needs an id of its own.
fn called(device: &str) -> String {
    format!(
        "<div class=\"field\"><label for=\"called\">What to call it</label><input id=\"called\" name=\"name\" value=\"{}\" \
         maxlength=\"100\" required></div>",
        esc_attr(device)
    )
}

fn row(guest: &Guest, passkey: &Passkey) -> String {
    let used = match passkey.used {
        0 => "not used yet".to_owned(),
        at => format!("used {}", day(guest, at)),
    };
    let where_ = if passkey.backup_eligible {
        "on all devices that share it"
    } else {
        "on one device"
    };
    format!(
        "<li><div><p>{}</p><p class=\"small\">added {}, {used}, {where_}</p></div>{}{}<button class=\"stop\">Remove</button></form></li>",
        esc_html(&passkey.name),
        day(guest, passkey.created),
        begin(guest, "remove-passkey"),
        hidden("passkey", &passkey.id),
    )
}
