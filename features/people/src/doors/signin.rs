//! Signing in and out.
//!
//! A wrong password and an unknown account are answered alike, at the same cost, and counted alike. What must never be here: a
//! password that leaves this file for anywhere but the work on its hash.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use gp_content::{User, actions, users};
use gp_kernel::{Result, UserId};

use super::{
    Guest, PROFILE, foreign, go, own, page,
    page::{Note, field, hidden, note, page_with_passkeys},
    passkeys, second_step, wait,
};
use crate::{
    passwords::{self, Fit},
    second, sessions, store,
    throttle::{self, ACCOUNT, NETWORK, PAIR, Rule},
};

pub(super) const FORM: &str = "sign in";

/// The form.
pub(super) fn form(guest: &Guest) -> Response<Body> {
    if guest.session().is_some() && guest.query.get("reauth").is_empty() {
        return go(&guest.onward().unwrap_or_else(|| PROFILE.to_owned()));
    }
    let said = if !guest.query.get("loggedout").is_empty() {
        note(Note::Done, "You are signed out.")
    } else if !guest.query.get("password").is_empty() {
        note(Note::Done, "Your password is changed. Please sign in with the new one.")
    } else {
        String::new()
    };
    shown(guest, StatusCode::OK, &said, "")
}

pub(super) fn shown(guest: &Guest, status: StatusCode, said: &str, login: &str) -> Response<Body> {
    let onward = guest
        .onward()
        .map(|path| hidden("redirect_to", &path))
        .unwrap_or_default();
    let invalid = if said.contains("alert") {
        "aria-invalid=\"true\" "
    } else {
        ""
    };
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"/wp-login.php\">{said}{name}{password}\
         <label class=\"check\"><input type=\"checkbox\" name=\"rememberme\" value=\"forever\">Stay signed in on this device for 14 days</label>\
         {seal}{onward}<p><button name=\"wp-submit\" value=\"Log In\">Sign in</button></p>{passkey}\
         <p class=\"small\"><a href=\"/wp-login.php?action=lostpassword\">Password forgotten</a></p></form>",
        name = field(
            "log",
            "Name or e-mail",
            login,
            "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required"
        ),
        password = field(
            "pwd",
            "Password",
            "",
            &format!("type=\"password\" {invalid}autocomplete=\"current-password\" required")
        ),
        seal = guest.seal(FORM),
        passkey = passkeys::use_button(guest, "Sign in with a passkey", "/wp-login.php?action=passkey"),
    );
    page_with_passkeys(guest, status, "Sign in", false, &body)
}

/// What is counted of a try.
fn scopes(guest: &Guest, account: &str, known_here: bool) -> Vec<(String, Rule)> {
    let network = &guest.network;
    let mut scopes = vec![
        (format!("p|{account}|{network}"), PAIR),
        (format!("n|{network}"), NETWORK),
    ];
    if !known_here {
        scopes.push((format!("a|{account}"), ACCOUNT));
    }
    scopes
}

/// A name and a password.
pub(super) async fn enter(guest: &Guest) -> Result<Response<Body>> {
    if !guest.is_sealed(FORM) {
        return Ok(foreign(guest));
    }
    let login = guest.form.get("log").trim().to_owned();
    let password = guest.form.get("pwd").to_owned();
    let now = guest.seconds();
    let mut conn = guest.app.db.read().await?;
    let user = users::by_login_in_any_case(&mut conn, &login).await?;
    let mixed = users::any_with_bcrypt(&mut conn).await?;
    let here = match &user {
        None => false,
        Some(user) => {
            let sessions = store::sessions_of(&mut conn, user.id, now).await?;
            sessions.iter().any(|session| session.address == guest.network)
        }
    };
    drop(conn);
    let account = throttle::account(user.as_ref().map(|user| user.id.0), &login);
    let scopes = scopes(guest, &account, here);
    let mut tx = guest.app.db.write().await?;
    if let Some(seconds) = throttle::knock(&mut tx, &scopes, now).await? {
        return Ok(wait(guest, seconds));
    }
    tx.commit().await?;
    let stored = user.as_ref().map(|user| user.password.clone());
    let typed = password.clone();
    let fit = passwords::in_turn(move || passwords::check(&typed, stored.as_deref(), mixed)).await?;
    match user {
        Some(user) if fit != Fit::Not => known(guest, user, fit, password, &scopes).await,
        user => refused(guest, user.map(|user| user.id).unwrap_or_default(), &login).await,
    }
}

async fn refused(guest: &Guest, user: UserId, login: &str) -> Result<Response<Body>> {
    let mut tx = guest.app.db.write().await?;
    actions::note(
        &mut guest.act(&mut tx),
        UserId(0),
        "sign-in refused",
        user,
        &guest.network,
    )
    .await?;
    tx.commit().await?;
    let said = note(Note::Stop, "That did not match. Check the name and the password.");
    Ok(shown(guest, StatusCode::OK, &said, login))
}

/// The password is the right one.
async fn known(
    guest: &Guest,
    user: User,
    fit: Fit,
    password: String,
    scopes: &[(String, Rule)],
) -> Result<Response<Body>> {
    let mut fingerprint = user.password.clone();
    let better = match fit {
        Fit::Old => {
            let salt = guest.random()?;
            // A password that cannot be hashed anew stays as it is.
            passwords::in_turn(move || passwords::hash(&password, &salt))
                .await?
                .ok()
        }
        _ => None,
    };
    let mut tx = guest.app.db.write().await?;
    throttle::good(&mut tx, scopes).await?;
    if let Some(better) = better {
        actions::rehash_password(&mut guest.act(&mut tx), &own(user.id)?, user.id, &better).await?;
        fingerprint = better;
    }
    let second = second::of(&mut tx, user.id).await?;
    let lasting = !guest.form.get("rememberme").is_empty();
    if let Some(second) = second {
        let ways = second_step::ways(guest, &mut tx, &second, user.id).await?;
        tx.commit().await?;
        return Ok(second_step::form(guest, user.id, &fingerprint, lasting, ways));
    }
    begin(guest, tx, user.id, lasting, "with a password").await
}

/// Opens a session in this transaction and goes on.
pub(super) async fn begin(
    guest: &Guest,
    mut tx: gp_store::Conn,
    user: UserId,
    lasting: bool,
    how: &str,
) -> Result<Response<Body>> {
    let detail = format!("{how}, {}", guest.network);
    let token = guest.random()?;
    let cookie = sessions::begin(&mut tx, user, &guest.device(), lasting, guest.seconds(), &token).await?;
    store::sweep(&mut tx, guest.seconds(), guest.seconds() - 86_400).await?;
    actions::note(&mut guest.act(&mut tx), user, "signed in", user, &detail).await?;
    tx.commit().await?;
    let mut response = go(&guest.onward().unwrap_or_else(|| "/wp-admin/".to_owned()));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Signing out: with the nonce at once, else it is asked.
pub(super) async fn leave(guest: &Guest) -> Result<Response<Body>> {
    let Some((id, user)) = guest.session() else {
        return Ok(go("/wp-login.php?loggedout=true"));
    };
    if !guest.has_nonce("log-out") {
        let body = format!(
            "<form class=\"box\" method=\"post\" action=\"/wp-login.php?action=logout\"><p>Do you want to sign out on this device?</p>\
             {}<p><button>Sign out</button></p></form>",
            hidden("_wpnonce", &guest.nonce("log-out"))
        );
        return Ok(page(guest, StatusCode::OK, "Sign out", false, &body));
    }
    let mut tx = guest.app.db.write().await?;
    store::end_session(&mut tx, user, id).await?;
    actions::note(&mut guest.act(&mut tx), user, "signed out", user, "").await?;
    tx.commit().await?;
    let mut response = go(&guest
        .onward()
        .unwrap_or_else(|| "/wp-login.php?loggedout=true".to_owned()));
    let headers = response.headers_mut();
    headers.insert(header::SET_COOKIE, sessions::no_cookie(guest.https()));
    Ok(response)
}
