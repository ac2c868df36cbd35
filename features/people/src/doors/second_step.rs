//! The second step of signing in: a code of the device, or a recovery code.
//!
//! What must never be here: a session for somebody whose password was not right just before.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use gp_content::{actions, users};
use gp_kernel::{Result, UserId};
use sha2::{Digest as _, Sha256};

use super::{
    Guest, foreign, forms, own, page,
    page::{Note, field, hidden, note},
    signin, wait,
};
use crate::{
    passwords::hex,
    second::{self, Passed},
    throttle::{self, ACCOUNT, PAIR},
};

/// How long somebody may look for their device.
const PATIENCE: i64 = 600;

/// What a right password is remembered as, until the code comes: it ends with the password.
fn subject(user: UserId, stored: &str) -> String {
    format!("second {user} {}", &hex(&Sha256::digest(stored))[..24])
}

pub(super) fn form(guest: &Guest, user: UserId, stored: &str, lasting: bool, said: &str) -> Response<Body> {
    let proof = forms::seal(&guest.site, &subject(user, stored), guest.seconds()).unwrap_or_default();
    asked(guest, user, &proof, lasting, said)
}

fn asked(guest: &Guest, user: UserId, proof: &str, lasting: bool, said: &str) -> Response<Body> {
    let onward = guest
        .onward()
        .map(|path| hidden("redirect_to", &path))
        .unwrap_or_default();
    let lasting = if lasting {
        hidden("rememberme", "forever")
    } else {
        String::new()
    };
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"/wp-login.php?action=second\">{said}\
         <p>Your account is protected by a second step. Type the six digits that your device shows now, or one of your recovery codes.</p>\
         {code}{user}{proof}{lasting}{onward}<p><button>Go on</button></p></form>",
        code = field(
            "code",
            "Code",
            "",
            "autocomplete=\"one-time-code\" autocapitalize=\"none\" spellcheck=\"false\" autofocus required"
        ),
        user = hidden("user", &user.to_string()),
        proof = hidden("proof", proof),
    );
    page(guest, StatusCode::OK, "Second step", false, &body)
}

pub(super) async fn enter(guest: &Guest) -> Result<Response<Body>> {
    let user = UserId(guest.form.get("user").parse().unwrap_or_default());
    let proof = guest.form.get("proof");
    let now = guest.seconds();
    let mut tx = guest.app.db.write().await?;
    let Some(account) = users::by_id(&mut tx, user).await? else {
        return Ok(foreign(guest));
    };
    if !forms::is_sealed(&guest.site, &subject(user, &account.password), proof, now, PATIENCE) {
        return Ok(foreign(guest));
    }
    let scopes = [
        (format!("2|u{user}|{}", guest.network), PAIR),
        (format!("2|u{user}"), ACCOUNT),
    ];
    if let Some(seconds) = throttle::knock(&mut tx, &scopes, now).await? {
        return Ok(wait(guest, seconds));
    }
    let lasting = !guest.form.get("rememberme").is_empty();
    let Some(mut second) = second::of(&mut tx, user).await? else {
        return Ok(foreign(guest));
    };
    let passed = second.pass(guest.form.get("code"), now);
    if passed == Passed::Not {
        actions::note(
            &mut guest.act(&mut tx),
            UserId(0),
            "second step refused",
            user,
            &guest.network,
        )
        .await?;
        tx.commit().await?;
        let said = note(
            Note::Stop,
            "That code does not fit. Wait for the next one and type it again.",
        );
        return Ok(asked(guest, user, proof, lasting, &said));
    }
    throttle::good(&mut tx, &scopes).await?;
    second::keep(&mut guest.act(&mut tx), &own(user)?, user, Some(&second)).await?;
    let how = match passed {
        Passed::Recovery => "with a password and a recovery code",
        _ => "with a password and a code",
    };
    signin::begin(guest, tx, user, lasting, how).await
}
