//! A forgotten password: a link by mail, good once and for a day.
//!
//! Whether there is an account nobody learns here: the answer is the same, and the work is done behind it. What must never be here:
//! the key of a link in a log, or kept in another way than as a hash.

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gp_content::{
    User,
    actions::{self, Act, UserChanges},
    users,
};
use gp_kernel::{Result, UserId};
use gp_store::Conn;
use gp_web::App;
use jiff::Timestamp;

use super::{
    Guest, Outside, encoded, foreign, go, own, page,
    page::{Note, field, hidden, note},
    setup::{check_new, new_password},
    wait,
};
use crate::{
    accounts::fast_hash,
    mail::Mail,
    passwords::{self, hex, same},
    throttle::{self, MAILS},
};

const FORM: &str = "forgotten password";
const LASTS: i64 = 24 * 3600;

/// The form that asks for a link.
pub(super) fn ask(guest: &Guest, said: &str) -> Response<Body> {
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"/wp-login.php?action=lostpassword\">{said}\
         <p>Tell your sign-in name or e-mail address. You get a mail with a link, which is good for a day.</p>{login}{seal}\
         <p><button>Send the link</button></p><p class=\"small\"><a href=\"/wp-login.php\">Back to signing in</a></p></form>",
        login = field(
            "user_login",
            "Name or e-mail",
            "",
            "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" required"
        ),
        seal = guest.seal(FORM),
    );
    page(guest, StatusCode::OK, "Password forgotten", false, &body)
}

/// Sends it, where there is somebody to send it to.
pub(super) async fn send(guest: &Guest) -> Result<Response<Body>> {
    if !guest.is_sealed(FORM) {
        return Ok(foreign(guest));
    }
    let login = guest.form.get("user_login").trim().to_owned();
    if login.is_empty() {
        return Ok(ask(guest, &note(Note::Stop, "Please tell a name or an address.")));
    }
    let scopes = [
        (format!("m|{}", guest.network), MAILS),
        (format!("m|{}", throttle::account(None, &login)), MAILS),
    ];
    let mut tx = guest.app.db.write().await?;
    if let Some(seconds) = throttle::knock(&mut tx, &scopes, guest.seconds()).await? {
        return Ok(wait(guest, seconds));
    }
    tx.commit().await?;
    let (app, outside, now) = (guest.app.clone(), guest.outside.clone(), guest.now);
    let base = link_base(guest);
    let name = guest.site.name.clone();
    let random: [u8; 48] = guest.random()?;
    tokio::spawn(async move {
        let done = async {
            let mut conn = app.db.read().await?;
            let Some(user) = users::by_login_in_any_case(&mut conn, &login).await? else {
                return Ok(());
            };
            drop(conn);
            let links = Links { site: name, base };
            sent(&app, &outside, &user, &links, &random, now, WRITES.0).await
        };
        let done: Result<()> = done.await;
        if let Err(error) = done {
            tracing::error!(%error, "a mail with a link for a new password was not sent");
        }
    });
    let body = "<div class=\"box\"><p>If there is an account of this name or address, a mail with a link is on its way.</p>\
                <p class=\"small\">Nothing in your mailbox after a few minutes? Look among the unwanted mail, or ask an administrator.</p></div>";
    Ok(page(guest, StatusCode::OK, "Look into your mailbox", false, body))
}

/// What a letter with a link tells of the site.
pub(crate) struct Links {
    /// The name of the site.
    pub site: String,
    /// `https://host`.
    pub base: String,
}

/// The beginnings of letters: to somebody who asked, and to somebody whose account an administrator made.
pub(crate) const WRITES: (&str, &str) = (
    "somebody asked for a new password for your account. If it was you,",
    "an account was made for you. To choose your password and begin,",
);

/// Sends a link by which somebody chooses a password, good once and for a day.
pub(crate) async fn sent(
    app: &App,
    outside: &Outside,
    user: &User,
    links: &Links,
    random: &[u8; 48],
    now: Timestamp,
    why: &str,
) -> Result<()> {
    let (key, id) = random.split_at(32);
    let key = URL_SAFE_NO_PAD.encode(key);
    let mut tx = app.db.write().await?;
    let mut act = Act {
        tx: &mut tx,
        types: &app.types,
        now,
        zone: jiff::tz::TimeZone::UTC,
    };
    let kept = format!("{}:{}", now.as_second(), fast_hash(&key));
    actions::set_activation_key(&mut act, &own(user.id)?, user.id, &kept).await?;
    tx.commit().await?;
    outside
        .mailer
        .send(&letter(user, links, &key, why), now, &hex(id))
        .await
}

/// Where links in mail lead. What a request says of the host counts only where mail does not leave this computer: somebody could
/// have a link sent that leads to them.
fn link_base(guest: &Guest) -> String {
    if !guest.app.url.is_empty() {
        return guest.app.url.clone();
    }
    if guest.outside.mailer.sends() {
        return guest.site.home.clone();
    }
    guest.base_url.clone()
}

fn letter(user: &User, Links { site, base }: &Links, key: &str, why: &str) -> Mail {
    let link = format!("{base}/wp-login.php?action=rp&key={key}&login={}", encoded(&user.login));
    let site: String = site.chars().filter(|c| !c.is_control()).collect();
    Mail {
        to: user.email.clone(),
        subject: format!(
            "A new password for {}",
            if site.is_empty() { "the library" } else { &site }
        ),
        text: format!(
            "Hello {},\n\n{why} open this address; it is good once, and for a day:\n\n{link}\n\nIf you know nothing of this, \
             nothing needs to be done.\n",
            user.display_name.replace(['\r', '\n'], " ")
        ),
    }
}

/// Whose link this is, when it is good.
async fn owner(conn: &mut Conn, login: &str, key: &str, now: i64) -> Result<Option<User>> {
    let Some(user) = users::by_login(conn, login).await? else {
        return Ok(None);
    };
    let good = user.activation_key.split_once(':').is_some_and(|(at, hash)| {
        let fresh = at.parse().is_ok_and(|at: i64| (0..LASTS).contains(&(now - at)));
        fresh && same(hash.as_bytes(), fast_hash(key).as_bytes())
    });
    Ok(good.then_some(user))
}

fn dead(guest: &Guest) -> Response<Body> {
    page(
        guest,
        StatusCode::FORBIDDEN,
        "This link no longer works",
        false,
        "<p>It works once, and for a day. <a href=\"/wp-login.php?action=lostpassword\">Ask for another one</a>.</p>",
    )
}

fn shown(guest: &Guest, said: &str) -> Response<Body> {
    let body = format!(
        "<form class=\"box\" method=\"post\" action=\"/wp-login.php?action=resetpass\">{said}{password}{key}{login}\
         <p><button>Set the password</button></p></form>",
        password = new_password("pass1", "New password"),
        key = hidden("key", guest.asked("key")),
        login = hidden("login", guest.asked("login")),
    );
    page(guest, StatusCode::OK, "A new password", false, &body)
}

/// The form that the link opens.
pub(super) async fn form(guest: &Guest) -> Result<Response<Body>> {
    let mut conn = guest.app.db.read().await?;
    let found = owner(&mut conn, guest.asked("login"), guest.asked("key"), guest.seconds()).await?;
    Ok(match found {
        Some(_) => shown(guest, ""),
        None => dead(guest),
    })
}

/// Sets the password; all sessions end.
pub(super) async fn set(guest: &Guest) -> Result<Response<Body>> {
    let (login, key) = (guest.form.get("login"), guest.form.get("key"));
    let mut conn = guest.app.db.read().await?;
    if owner(&mut conn, login, key, guest.seconds()).await?.is_none() {
        return Ok(dead(guest));
    }
    drop(conn);
    let password = guest.form.get("pass1").to_owned();
    if let Err(error) = check_new(&password) {
        return Ok(shown(guest, &note(Note::Stop, &error.message)));
    }
    let salt = guest.random()?;
    let hash = passwords::in_turn(move || passwords::hash(&password, &salt)).await??;
    let mut tx = guest.app.db.write().await?;
    let Some(user) = owner(&mut tx, login, key, guest.seconds()).await? else {
        return Ok(dead(guest));
    };
    let changes = UserChanges {
        password: Some(hash),
        ..UserChanges::default()
    };
    let mut act = guest.act(&mut tx);
    actions::update_user(&mut act, &own(user.id)?, user.id, changes).await?;
    actions::note(&mut act, UserId(0), "password set by mail", user.id, &guest.network).await?;
    tx.commit().await?;
    Ok(go("/wp-login.php?password=changed"))
}
