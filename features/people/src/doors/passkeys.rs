//! Signing in with a passkey: what a page's script asks for, and what it brings back. The one script of these pages stands here, too.
//!
//! What must never be here: a way in for a device that does not know whose hand it is in.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use gp_content::actions;
use gp_kernel::{Result, UserId};
use gp_markup::text::esc_attr;
use serde_json::{Value, json};

use super::{
    Guest, foreign,
    page::{self, Note, hidden, note},
    second_step, signin, wait,
};
use crate::{
    passkeys::{self, Refusal, RelyingParty},
    throttle::{self, CHALLENGES, NETWORK},
};

/// What the buttons do; without it they stay hidden.
pub(super) const SCRIPT: &str = include_str!("passkey.js");
/// Where a script asks.
const OPTIONS: &str = "/wp-login.php?action=passkey-options";

/// The site as passkeys know it; `None` where there can be none.
pub(super) fn party(guest: &Guest) -> Option<RelyingParty> {
    RelyingParty::of(&guest.base_url)
}

/// A button that a script needs, with what the script writes into. `send`: where its form goes to then; `more`: attributes.
pub(super) fn button(guest: &Guest, deed: &str, label: &str, options: &str, send: &str, more: &str) -> String {
    if party(guest).is_none() {
        return String::new();
    }
    format!(
        "<p class=\"note stop\" role=\"alert\" data-told hidden></p>{}<p hidden><button type=\"button\" data-passkey=\"{deed}\" \
         data-options=\"{}\" data-send=\"{}\" {more}>{label}</button></p>",
        hidden("credential", ""),
        esc_attr(options),
        esc_attr(send),
    )
}

/// The button that uses a passkey.
pub(super) fn use_button(guest: &Guest, label: &str, send: &str) -> String {
    button(guest, "get", label, OPTIONS, send, "class=\"plain\"")
}

/// An answer for a script.
pub(super) fn data(status: StatusCode, value: &Value) -> Response<Body> {
    page::answer(status, "application/json; charset=utf-8", value.to_string())
}

/// What a script says to a person.
pub(super) fn sorry(status: StatusCode, text: &str) -> Response<Body> {
    data(status, &json!({ "error": text }))
}

/// What is asked of the browser: any passkey of this site, or one of the account whose password was right.
pub(super) async fn options(guest: &Guest) -> Result<Response<Body>> {
    let stale = || {
        Ok(sorry(
            StatusCode::FORBIDDEN,
            "This page lay open for too long: please open it again.",
        ))
    };
    let Some(party) = party(guest) else {
        return Ok(sorry(StatusCode::BAD_REQUEST, "This address has no passkeys."));
    };
    let now = guest.seconds();
    let mut tx = guest.app.db.write().await?;
    let account = match guest.form.get("proof") {
        "" if !guest.is_sealed(signin::FORM) => return stale(),
        "" => None,
        _ => match second_step::proven(guest, &mut tx).await? {
            Some(account) => Some(account.id),
            None => return stale(),
        },
    };
    let scopes = [(format!("k|{}", guest.network), CHALLENGES)];
    if throttle::knock(&mut tx, &scopes, now).await?.is_some() {
        return Ok(sorry(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many tries in a row. Please wait a few minutes.",
        ));
    }
    let options = passkeys::request_options(&mut tx, &party, account, now, &guest.random()?).await?;
    tx.commit().await?;
    Ok(data(StatusCode::OK, &json!({ "publicKey": options })))
}

/// A passkey, and nothing else.
pub(super) async fn enter(guest: &Guest) -> Result<Response<Body>> {
    let (Some(party), true) = (party(guest), guest.is_sealed(signin::FORM)) else {
        return Ok(foreign(guest));
    };
    let scopes = [
        (format!("n|{}", guest.network), NETWORK),
        (format!("k|{}", guest.network), CHALLENGES),
    ];
    let mut tx = guest.app.db.write().await?;
    if let Some(seconds) = throttle::knock(&mut tx, &scopes, guest.seconds()).await? {
        return Ok(wait(guest, seconds));
    }
    let passed = passkeys::pass(&mut tx, &party, None, guest.form.get("credential"), guest.seconds()).await?;
    let passkey = match passed {
        Ok(passkey) => passkey,
        Err((refusal, user)) => {
            refused(guest, &mut tx, refusal, user).await?;
            tx.commit().await?;
            let said = note(
                Note::Stop,
                "That passkey opens no account here. Sign in with your password, and look at your passkeys.",
            );
            return Ok(signin::shown(guest, StatusCode::OK, &said, ""));
        }
    };
    throttle::good(&mut tx, &scopes).await?;
    let lasting = !guest.form.get("rememberme").is_empty();
    signin::begin(guest, tx, passkey.user, lasting, "with a passkey").await
}

/// Writes down why a passkey was not taken.
pub(super) async fn refused(guest: &Guest, tx: &mut gp_store::Conn, refusal: Refusal, user: UserId) -> Result<()> {
    let detail = format!("{}, {}", refusal.0, guest.network);
    actions::note(&mut guest.act(tx), UserId(0), "passkey refused", user, &detail).await
}
