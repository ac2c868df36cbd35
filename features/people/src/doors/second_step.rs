//! The second step of signing in: a code of the device, a passkey, or a recovery code.
//!
//! What must never be here: a session for somebody whose password was not right just before.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use gp_content::{User, actions, users};
use gp_kernel::{Result, UserId};
use gp_store::Conn;
use sha2::{Digest as _, Sha256};

use super::{
    Guest, foreign, forms, own,
    page::{Note, field, hidden, note, page_with_passkeys},
    passkeys::{party, refused, use_button},
    signin, wait,
};
use crate::{
    passkeys,
    passwords::hex,
    second::{self, Passed, Second},
    throttle::{self, ACCOUNT, PAIR},
};

/// How long somebody may look for their device.
const PATIENCE: i64 = 600;

/// What an account can show at the second step, besides its recovery codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ways {
    /// The codes of a device.
    codes: bool,
    /// A passkey for this site.
    passkeys: bool,
}

pub(super) async fn ways(guest: &Guest, conn: &mut Conn, second: &Second, user: UserId) -> Result<Ways> {
    let here = party(guest).map(|party| party.id);
    let known = passkeys::of(conn, user).await?;
    Ok(Ways {
        codes: second.has_device(),
        passkeys: known.iter().any(|passkey| Some(&passkey.rp_id) == here.as_ref()),
    })
}

/// What a right password is remembered as, until the code comes: it ends with the password.
fn subject(user: UserId, stored: &str) -> String {
    format!("second {user} {}", &hex(&Sha256::digest(stored))[..24])
}

/// The account whose password was right just before, as the form says; `None` when that cannot be.
pub(super) async fn proven(guest: &Guest, conn: &mut Conn) -> Result<Option<User>> {
    let user = UserId(guest.form.get("user").parse().unwrap_or_default());
    let proof = guest.form.get("proof");
    let account = users::by_id(conn, user).await?;
    Ok(account.filter(|account| {
        let subject = subject(user, &account.password);
        forms::is_sealed(&guest.site, &subject, proof, guest.seconds(), PATIENCE)
    }))
}

pub(super) fn form(guest: &Guest, user: UserId, stored: &str, lasting: bool, ways: Ways) -> Response<Body> {
    let proof = forms::seal(&guest.site, &subject(user, stored), guest.seconds()).unwrap_or_default();
    asked(guest, user, &proof, lasting, ways, "")
}

fn asked(guest: &Guest, user: UserId, proof: &str, lasting: bool, ways: Ways, said: &str) -> Response<Body> {
    let onward = guest
        .onward()
        .map(|path| hidden("redirect_to", &path))
        .unwrap_or_default();
    let lasting = if lasting {
        hidden("rememberme", "forever")
    } else {
        String::new()
    };
    let (what, autofocus) = match (ways.codes, ways.passkeys) {
        (true, true) => (
            "Type the six digits that your device shows now, or one of your recovery codes, or use a passkey.",
            true,
        ),
        (true, false) => (
            "Type the six digits that your device shows now, or one of your recovery codes.",
            true,
        ),
        (false, true) => ("Use your passkey, or type one of your recovery codes.", false),
        (false, false) => (
            "Your passkeys are for another address of the library; type one of your recovery codes.",
            true,
        ),
    };
    let passkey = if ways.passkeys {
        use_button(guest, "Use a passkey", "/wp-login.php?action=second")
    } else {
        String::new()
    };
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"/wp-login.php?action=second\">{said}\
         <p>Your account is protected by a second step. {what}</p>\
         {code}{user}{proof}{lasting}{onward}<p><button>Go on</button></p>{passkey}</form>",
        code = field(
            "code",
            if ways.codes { "Code" } else { "Recovery code" },
            "",
            &format!(
                "autocomplete=\"one-time-code\" autocapitalize=\"none\" spellcheck=\"false\"{} required",
                if autofocus { " autofocus" } else { "" }
            )
        ),
        user = hidden("user", &user.to_string()),
        proof = hidden("proof", proof),
    );
    page_with_passkeys(guest, StatusCode::OK, "Second step", false, &body)
}

pub(super) async fn enter(guest: &Guest) -> Result<Response<Body>> {
    let now = guest.seconds();
    let mut tx = guest.app.db.write().await?;
    let Some(account) = proven(guest, &mut tx).await? else {
        return Ok(foreign(guest));
    };
    let user = account.id;
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
    let how = match guest.form.get("credential") {
        "" => by_code(guest, &mut tx, &mut second, user).await?,
        credential => by_passkey(guest, &mut tx, user, credential).await?,
    };
    match how {
        Ok(how) => {
            throttle::good(&mut tx, &scopes).await?;
            signin::begin(guest, tx, user, lasting, how).await
        }
        Err(why) => {
            let ways = ways(guest, &mut tx, &second, user).await?;
            tx.commit().await?;
            let proof = guest.form.get("proof");
            Ok(asked(guest, user, proof, lasting, ways, &note(Note::Stop, why)))
        }
    }
}

/// How the second step was passed, or what to say.
type Passing = std::result::Result<&'static str, &'static str>;

async fn by_code(guest: &Guest, tx: &mut Conn, second: &mut Second, user: UserId) -> Result<Passing> {
    let passed = second.pass(guest.form.get("code"), guest.seconds());
    if passed == Passed::Not {
        let mut act = guest.act(tx);
        actions::note(&mut act, UserId(0), "second step refused", user, &guest.network).await?;
        return Ok(Err("That code does not fit. Wait for the next one and type it again."));
    }
    second::keep(&mut guest.act(tx), &own(user)?, user, Some(second)).await?;
    Ok(Ok(match passed {
        Passed::Recovery => "with a password and a recovery code",
        _ => "with a password and a code",
    }))
}

async fn by_passkey(guest: &Guest, tx: &mut Conn, user: UserId, credential: &str) -> Result<Passing> {
    let Some(party) = party(guest) else {
        return Ok(Err("This address has no passkeys."));
    };
    match passkeys::pass(tx, &party, Some(user), credential, guest.seconds()).await? {
        Ok(_) => Ok(Ok("with a password and a passkey")),
        Err((refusal, _)) => {
            refused(guest, tx, refusal, user).await?;
            Ok(Err(
                "That passkey was not taken. Try it again, or type a recovery code.",
            ))
        }
    }
}
