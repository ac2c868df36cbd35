//! The first start: whoever has the link from the console makes the first account. There is no default password.
//!
//! What must never be here: a way in once somebody can sign in with a password.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use gp_content::{Actor, User, Verb, actions, users};
use gp_kernel::{Error, Result, UserId};
use gp_store::{Conn, settings};

use super::{
    Guest, page,
    page::{Note, field, hidden, note},
    signin,
};
use crate::{accounts::fast_hash, passwords, passwords::same, start::KEYS_OPTION, store};

/// The shortest password that is taken.
pub(super) const SHORTEST: usize = 10;

/// Whether a key is one of those that were printed, and still good for anything.
async fn is_good(conn: &mut Conn, key: &str) -> Result<bool> {
    let hash = fast_hash(key);
    let kept = settings::text(conn, KEYS_OPTION).await?;
    let known = kept.lines().any(|kept| same(kept.as_bytes(), hash.as_bytes()));
    Ok(known && !key.is_empty() && !users::any_with_password(conn).await?)
}

fn dead(guest: &Guest) -> Response<Body> {
    page(
        guest,
        StatusCode::FORBIDDEN,
        "This link no longer works",
        false,
        "<p>It works once, until there is an account. Without one, the server prints a new link when it starts.</p>",
    )
}

fn shown(guest: &Guest, key: &str, said: &str) -> Response<Body> {
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"/wp-login.php?action=setup\">{said}\
         <p>This makes the first account: an administrator, who can make all others.</p>{name}{email}{password}{key}\
         <p><button>Make the account</button></p></form>",
        name = field(
            "log",
            "Sign-in name",
            guest.form.get("log"),
            "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"60\" required"
        ),
        email = field(
            "email",
            "E-mail",
            guest.form.get("email"),
            "type=\"email\" autocomplete=\"email\" required"
        ),
        password = new_password("pwd", "Password"),
        key = hidden("key", key),
    );
    page(guest, StatusCode::OK, "Set up your library", false, &body)
}

/// A field for a password that does not exist yet.
pub(super) fn new_password(name: &str, label: &str) -> String {
    let input = field(
        name,
        label,
        "",
        "type=\"password\" autocomplete=\"new-password\" minlength=\"10\" aria-describedby=\"long\" required",
    );
    format!("{input}<p class=\"help under\" id=\"long\">Ten characters or more; a sentence is good.</p>")
}

/// Checks a new password.
///
/// # Errors
/// `Invalid`, with what is wrong.
pub(super) fn check_new(password: &str) -> Result<()> {
    if password.chars().count() < SHORTEST || password.trim().is_empty() {
        return Err(Error::invalid(format!(
            "The password needs at least {SHORTEST} characters."
        )));
    }
    if password.len() > passwords::LONGEST {
        return Err(Error::invalid("The password is too long."));
    }
    Ok(())
}

pub(super) async fn form(guest: &Guest) -> Result<Response<Body>> {
    let key = guest.query.get("key");
    let mut conn = guest.app.db.read().await?;
    if !is_good(&mut conn, key).await? {
        return Ok(dead(guest));
    }
    Ok(shown(guest, key, ""))
}

pub(super) async fn make(guest: &Guest) -> Result<Response<Body>> {
    let key = guest.form.get("key");
    let (login, email) = (guest.form.get("log").trim(), guest.form.get("email").trim());
    let password = guest.form.get("pwd").to_owned();
    if !is_good(&mut guest.app.db.read().await?, key).await? {
        return Ok(dead(guest));
    }
    if let Err(error) = check_new(&password) {
        return Ok(shown(guest, key, &note(Note::Stop, &error.message)));
    }
    let salt = guest.random()?;
    let hash = passwords::in_turn(move || passwords::hash(&password, &salt)).await??;
    let mut tx = guest.app.db.write().await?;
    // Again, now that nobody else can come between.
    store::hold_attempts(&mut tx, "setup").await?;
    if !is_good(&mut tx, key).await? {
        return Ok(dead(guest));
    }
    let new = User {
        login: login.to_owned(),
        email: email.to_owned(),
        password: hash,
        ..User::default()
    };
    let console = Actor::system();
    let grant = console.may_on_account(Verb::Create, UserId(0))?;
    let made = match actions::create_user(&mut guest.act(&mut tx), &grant, new, "administrator").await {
        Ok(made) => made,
        Err(error) => return Ok(shown(guest, key, &note(Note::Stop, &error.message))),
    };
    let grant = console.may_manage(Verb::SetOption)?;
    actions::set_option(&mut guest.act(&mut tx), &grant, KEYS_OPTION, b"").await?;
    signin::begin(guest, tx, made.id, false, "by the link of the first start").await
}
