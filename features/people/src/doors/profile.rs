//! One's own account: name and address, password, passkeys, second step, sessions, application passwords.
//!
//! Every deed needs the nonce of the session; what could take the account away needs the password too. What must never be here:
//! the account of somebody else.

use axum::{
    body::Body,
    http::{Response, StatusCode, header},
};
use gp_content::{
    User,
    actions::{self, UserChanges},
    users,
};
use gp_kernel::{Error, Result, UserId};

use super::{
    Guest, PROFILE, foreign, go, own,
    page::{Note, note, page_with_passkeys},
    setup::check_new,
    wait,
};
use crate::{
    accounts::{self, ApplicationPassword},
    passwords::{self, Fit},
    second::{self, Second},
    sessions, store,
    throttle::{self, PAIR},
};

mod passkeys;
mod sections;

/// What a deed led to.
enum Outcome {
    /// The page again, with a note.
    Said(Note, String),
    /// The page again, with what is shown only now (HTML).
    Shown(String),
    /// Another answer.
    Answer(Box<Response<Body>>),
}

fn done(text: &str) -> Result<Outcome> {
    Ok(Outcome::Said(Note::Done, text.to_owned()))
}

/// The page, and what is sent from it.
pub(super) async fn answer(guest: &Guest) -> Result<Response<Body>> {
    let Some((_, user)) = guest.session() else {
        return Ok(go(super::SIGN_IN));
    };
    if !guest.post {
        return shown(guest, user, "").await;
    }
    if !guest.has_nonce("profile") {
        return Ok(foreign(guest));
    }
    match deed(guest, user).await {
        Ok(Outcome::Said(kind, text)) => shown(guest, user, &note(kind, &text)).await,
        Ok(Outcome::Shown(html)) => shown(guest, user, &html).await,
        Ok(Outcome::Answer(response)) => Ok(*response),
        Err(error) if super::status_of(&error).is_client_error() => {
            super::log(&error);
            shown(guest, user, &note(Note::Stop, super::told(&error))).await
        }
        Err(error) => Err(error),
    }
}

async fn account(guest: &Guest, user: UserId) -> Result<User> {
    let mut conn = guest.app.db.read().await?;
    let found = users::by_id(&mut conn, user).await?;
    found.ok_or_else(|| Error::not_found("there is no such account any more"))
}

async fn shown(guest: &Guest, user: UserId, said: &str) -> Result<Response<Body>> {
    let account = account(guest, user).await?;
    let mut conn = guest.app.db.read().await?;
    let second = second::of(&mut conn, user).await?;
    let sessions = store::sessions_of(&mut conn, user, guest.seconds()).await?;
    let applications = accounts::application_passwords(&mut conn, user).await?;
    let known = crate::passkeys::of(&mut conn, user).await?;
    drop(conn);
    let fresh: [u8; 20] = guest.random()?;
    let body = [
        sections::head(guest, &account, second.is_some()),
        said.to_owned(),
        sections::person(guest, &account),
        sections::password(guest),
        passkeys::section(guest, &known),
        sections::second_step(
            guest,
            second.as_ref(),
            &account,
            &second::base32(&fresh),
            !known.is_empty(),
        ),
        sections::sessions(guest, &sessions),
        sections::applications(guest, &applications),
    ]
    .concat();
    Ok(page_with_passkeys(guest, StatusCode::OK, "Your account", true, &body))
}

async fn deed(guest: &Guest, user: UserId) -> Result<Outcome> {
    match guest.form.get("do") {
        "person" => person(guest, user).await,
        "password" => password(guest, user).await,
        "passkey-options" => passkeys::options(guest, user).await,
        "add-passkey" => passkeys::add(guest, user).await,
        "remove-passkey" => passkeys::remove(guest, user).await,
        "second-on" => second_on(guest, user).await,
        "second-on-passkeys" => passkeys::second_on(guest, user).await,
        "second-off" => second_off(guest, user).await,
        "recovery" => new_recovery(guest, user).await,
        "end-session" => end_session(guest, user).await,
        "end-others" => end_others(guest, user).await,
        "add-application" => add_application(guest, user).await,
        "revoke-application" => revoke_application(guest, user).await,
        _ => Err(Error::invalid("This page knows no such deed.")),
    }
}

/// Asks for the present password; `Some`: an answer instead, for who types too many wrong ones.
async fn proven(guest: &Guest, account: &User) -> Result<Option<Outcome>> {
    let scopes = [(format!("p|u{}|{}", account.id, guest.network), PAIR)];
    let mut tx = guest.app.db.write().await?;
    if let Some(seconds) = throttle::knock(&mut tx, &scopes, guest.seconds()).await? {
        return Ok(Some(Outcome::Answer(Box::new(wait(guest, seconds)))));
    }
    tx.commit().await?;
    let (typed, stored) = (guest.form.get("current").to_owned(), account.password.clone());
    let fit = passwords::in_turn(move || passwords::check(&typed, Some(&stored), false)).await?;
    if fit == Fit::Not {
        return Ok(Some(Outcome::Said(
            Note::Stop,
            "Your present password did not match; nothing was changed.".to_owned(),
        )));
    }
    let mut tx = guest.app.db.write().await?;
    throttle::good(&mut tx, &scopes).await?;
    tx.commit().await?;
    Ok(None)
}

async fn person(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    let (name, email) = (guest.form.get("display_name").trim(), guest.form.get("email").trim());
    if name.is_empty() || name.chars().count() > 250 {
        return Err(Error::invalid(
            "The name that readers see must not be empty or longer than 250 letters.",
        ));
    }
    if email != account.email
        && let Some(instead) = proven(guest, &account).await?
    {
        return Ok(instead);
    }
    let changes = UserChanges {
        display_name: Some(name.to_owned()),
        email: Some(email.to_owned()),
        ..UserChanges::default()
    };
    let mut tx = guest.app.db.write().await?;
    actions::update_user(&mut guest.act(&mut tx), &own(user)?, user, changes).await?;
    tx.commit().await?;
    done("Your name and address are kept.")
}

async fn password(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    let new = guest.form.get("pass1").to_owned();
    check_new(&new)?;
    if let Some(instead) = proven(guest, &account).await? {
        return Ok(instead);
    }
    let salt = guest.random()?;
    let hash = passwords::in_turn(move || passwords::hash(&new, &salt)).await??;
    let changes = UserChanges {
        password: Some(hash),
        ..UserChanges::default()
    };
    let mut tx = guest.app.db.write().await?;
    // All sessions end with the old password; here a new one begins in their place.
    let expires = match guest.session() {
        Some((id, _)) => store::session(&mut tx, id, guest.seconds())
            .await?
            .map(|session| session.expires - session.created),
        None => None,
    };
    let lasting = expires.is_some_and(|lasts| lasts > 3 * 86_400);
    actions::update_user(&mut guest.act(&mut tx), &own(user)?, user, changes).await?;
    let token = guest.random()?;
    let cookie = sessions::begin(&mut tx, user, &guest.device(), lasting, guest.seconds(), &token).await?;
    actions::note(&mut guest.act(&mut tx), user, "password changed", user, &guest.network).await?;
    tx.commit().await?;
    let mut response = go(&format!("{PROFILE}?password=changed"));
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(Outcome::Answer(Box::new(response)))
}

async fn second_on(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    if let Some(instead) = proven(guest, &account).await? {
        return Ok(instead);
    }
    let codes = second::recovery_codes(&guest.random()?);
    let secret = guest.form.get("secret");
    if secret.len() != 32 {
        return Err(Error::invalid(
            "The secret of the device is not one that was shown here.",
        ));
    }
    let Some(second) = Second::new(secret, guest.form.get("code"), guest.seconds(), &codes) else {
        return Err(Error::invalid(
            "The code does not fit to the secret that was shown before: please begin again.",
        ));
    };
    keep_second(guest, user, Some(&second), "second step switched on").await?;
    Ok(Outcome::Shown(sections::codes(
        "The second step is switched on.",
        &codes,
    )))
}

async fn second_off(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    if let Some(instead) = proven(guest, &account).await? {
        return Ok(instead);
    }
    keep_second(guest, user, None, "second step switched off").await?;
    done("The second step is switched off.")
}

async fn new_recovery(guest: &Guest, user: UserId) -> Result<Outcome> {
    let account = account(guest, user).await?;
    if let Some(instead) = proven(guest, &account).await? {
        return Ok(instead);
    }
    let codes = second::recovery_codes(&guest.random()?);
    let found = second::of(&mut guest.app.db.read().await?, user).await?;
    let mut second = found.ok_or_else(|| Error::invalid("The second step is not switched on."))?;
    second.replace_recovery(&codes);
    keep_second(guest, user, Some(&second), "recovery codes made anew").await?;
    Ok(Outcome::Shown(sections::codes(
        "The old recovery codes no longer work.",
        &codes,
    )))
}

async fn keep_second(guest: &Guest, user: UserId, second: Option<&Second>, deed: &str) -> Result<()> {
    let mut tx = guest.app.db.write().await?;
    let mut act = guest.act(&mut tx);
    second::keep(&mut act, &own(user)?, user, second).await?;
    actions::note(&mut act, user, deed, user, &guest.network).await?;
    tx.commit().await
}

async fn end_session(guest: &Guest, user: UserId) -> Result<Outcome> {
    // The page knows the first letters only: enough to say which, too little to be anything else.
    let known = guest.form.get("session");
    let mut tx = guest.app.db.write().await?;
    let sessions = store::sessions_of(&mut tx, user, guest.seconds()).await?;
    let found = sessions
        .iter()
        .find(|session| known.len() == 16 && session.id.starts_with(known));
    let found = found.ok_or_else(|| Error::not_found("That session has ended already."))?;
    store::end_session(&mut tx, user, &found.id).await?;
    actions::note(&mut guest.act(&mut tx), user, "session ended", user, &found.address).await?;
    tx.commit().await?;
    done("The session is ended.")
}

async fn end_others(guest: &Guest, user: UserId) -> Result<Outcome> {
    let here = guest.session().map(|(id, _)| id).unwrap_or_default();
    let mut tx = guest.app.db.write().await?;
    let ended = store::end_other_sessions(&mut tx, user, here).await?;
    actions::note(
        &mut guest.act(&mut tx),
        user,
        "other sessions ended",
        user,
        &ended.to_string(),
    )
    .await?;
    tx.commit().await?;
    done("You are signed in on this device only.")
}

async fn add_application(guest: &Guest, user: UserId) -> Result<Outcome> {
    let wanted = ApplicationPassword {
        name: guest.form.get("name").trim().chars().take(200).collect(),
        ..ApplicationPassword::default()
    };
    let random = guest.random()?;
    let mut tx = guest.app.db.write().await?;
    let made = accounts::new_application_password(&mut guest.act(&mut tx), &own(user)?, user, wanted, &random).await?;
    actions::note(
        &mut guest.act(&mut tx),
        user,
        "application password made",
        user,
        &made.0.uuid,
    )
    .await?;
    tx.commit().await?;
    Ok(Outcome::Shown(sections::new_application(&made.0.name, &made.1)))
}

async fn revoke_application(guest: &Guest, user: UserId) -> Result<Outcome> {
    let uuid = guest.form.get("uuid");
    let mut tx = guest.app.db.write().await?;
    accounts::revoke_application_password(&mut guest.act(&mut tx), &own(user)?, user, Some(uuid)).await?;
    actions::note(
        &mut guest.act(&mut tx),
        user,
        "application password revoked",
        user,
        uuid,
    )
    .await?;
    tx.commit().await?;
    done("The application password no longer works.")
}
