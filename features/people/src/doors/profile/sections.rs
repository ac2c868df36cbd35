//! The sections of the page of one's own account, as HTML. What must never be here: a text that was not escaped.

use gp_content::User;
use gp_markup::text::{esc_attr, esc_html};
use jiff::Timestamp;

use super::super::{
    Guest, encoded,
    page::{field, hidden},
    setup::new_password,
};
use crate::{accounts::ApplicationPassword, agents, qr, second::Second, store::Session};

/// The beginning of a form for one deed.
pub(super) fn begin(guest: &Guest, deed: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/wp-admin/profile.php\">{}{}",
        hidden("do", deed),
        hidden("_wpnonce", &guest.nonce("profile"))
    )
}

/// The present password, for what could take the account away. `id` tells the fields of a page apart.
pub(super) fn current(id: &str, label: &str) -> String {
    format!(
        "<div class=\"field\"><label for=\"{id}\">{label}</label><input id=\"{id}\" name=\"current\" type=\"password\" \
         autocomplete=\"current-password\"></div>"
    )
}

pub(super) fn day(guest: &Guest, at: i64) -> String {
    let at = Timestamp::from_second(at)
        .unwrap_or_default()
        .to_zoned(guest.site.zone.clone());
    at.strftime("%-d %B %Y, %H:%M").to_string()
}

/// `is_safe`: a password alone does not open the account.
pub(super) fn head(guest: &Guest, account: &User, is_safe: bool) -> String {
    let mut head = format!(
        "<div class=\"top\"><p>Signed in as <strong>{}</strong></p>\
         <form method=\"post\" action=\"/wp-login.php?action=logout\">{}<button class=\"plain\">Sign out</button></form></div>",
        esc_html(&account.login),
        hidden("_wpnonce", &guest.nonce("log-out"))
    );
    if !guest.query.get("password").is_empty() {
        head.push_str(
            "<p class=\"note ok\" role=\"status\">Your password is changed. All other sessions have ended.</p>",
        );
    }
    if !is_safe && guest.caller.actor.manages_accounts() {
        head.push_str(
            "<p class=\"note\">Your account may change those of others, so it is worth more than most. \
             <a href=\"#second-step\">A second step</a> protects it where a password alone does not.</p>",
        );
    }
    head
}

pub(super) fn person(guest: &Guest, account: &User) -> String {
    format!(
        "<section class=\"box\"><h2>Name and address</h2>{begin}{name}{email}{current}<p><button>Keep</button></p></form></section>",
        begin = begin(guest, "person"),
        name = field(
            "display_name",
            "Name that readers see",
            &account.display_name,
            "autocomplete=\"name\" required"
        ),
        email = field(
            "email",
            "E-mail",
            &account.email,
            "type=\"email\" autocomplete=\"email\" required"
        ),
        current = current("c1", "Present password, to change the address"),
    )
}

pub(super) fn password(guest: &Guest) -> String {
    format!(
        "<section class=\"box\"><h2>Password</h2>{}{}{}<p><button>Change the password</button></p></form></section>",
        begin(guest, "password"),
        current("c2", "Present password"),
        new_password("pass1", "New password"),
    )
}

pub(super) fn second_step(
    guest: &Guest,
    second: Option<&Second>,
    account: &User,
    fresh: &str,
    has_passkey: bool,
) -> String {
    let Some(second) = second else {
        return switch_on(guest, account, fresh, has_passkey);
    };
    let what = match (second.has_device(), has_passkey) {
        (true, true) => "a code of your device or a passkey",
        (true, false) => "a code of your device",
        (false, _) => "a passkey",
    };
    format!(
        "<section class=\"box\" id=\"second-step\"><h2>Second step</h2><p>Switched on: after the password {what} is asked for. \
         {} of your recovery codes have not been used.</p>{}{}<p><button class=\"plain\">Make new recovery codes</button></p></form>\
         {}{}<p><button class=\"stop\">Switch it off</button></p></form></section>",
        second.recovery.len(),
        begin(guest, "recovery"),
        current("c3", "Present password, for new recovery codes"),
        begin(guest, "second-off"),
        current("c4", "Present password, to switch it off"),
    )
}

fn switch_on(guest: &Guest, account: &User, fresh: &str, has_passkey: bool) -> String {
    let library = if guest.site.name.is_empty() {
        "Guidepost"
    } else {
        &guest.site.name
    };
    let link = format!(
        "otpauth://totp/{}:{}?secret={fresh}&issuer={}",
        encoded(library),
        encoded(&account.login),
        encoded(library)
    );
    // A name too long for a code: the secret can be typed all the same.
    let picture = qr::svg(&link, "The secret as a QR code").unwrap_or_default();
    let link = esc_attr(&link);
    let groups: Vec<&str> = (0..fresh.len())
        .step_by(4)
        .filter_map(|at| fresh.get(at..at + 4))
        .collect();
    let by_passkey = if has_passkey {
        format!(
            "<h3>Without an app</h3>{}<p>You have a passkey: it can be what is asked for after the password.</p>{}\
             <p><button class=\"plain\">Ask for a passkey</button></p></form>",
            begin(guest, "second-on-passkeys"),
            current("c7", "Present password"),
        )
    } else {
        String::new()
    };
    format!(
        "<section class=\"box\" id=\"second-step\"><h2>Second step</h2><p>With a second step a password alone does not open your account: an app on your \
         phone shows a code for each sign-in. Let the app look at this picture, or <a href=\"{link}\">open it there</a>, or type the secret \
         below it. Then type the code that the app shows.</p>{picture}<p><code>{}</code></p>{}{}{}{}<p><button>Switch it on</button></p></form>{by_passkey}</section>",
        groups.join(" "),
        begin(guest, "second-on"),
        hidden("secret", fresh),
        field(
            "code",
            "Code",
            "",
            "inputmode=\"numeric\" autocomplete=\"one-time-code\" required"
        ),
        current("c5", "Present password"),
    )
}

pub(super) fn codes(said: &str, codes: &[String]) -> String {
    let list: Vec<String> = codes
        .iter()
        .map(|code| format!("<li><code>{}</code></li>", esc_html(code)))
        .collect();
    format!(
        "<section class=\"box\" role=\"status\"><h2>Your recovery codes</h2><p>{} Each of these opens your account once, when the device is \
         lost. They are shown only now: write them down.</p><ul class=\"codes\">{}</ul></section>",
        esc_html(said),
        list.concat()
    )
}

pub(super) fn sessions(guest: &Guest, sessions: &[Session]) -> String {
    let here = guest.session().map(|(id, _)| id).unwrap_or_default();
    let rows: Vec<String> = sessions
        .iter()
        .map(|session| row(guest, session, session.id == here))
        .collect();
    let others = match sessions.len() {
        0 | 1 => String::new(),
        _ => format!(
            "{}<p><button class=\"stop\">End all others</button></p></form>",
            begin(guest, "end-others")
        ),
    };
    format!(
        "<section class=\"box\"><h2>Sessions</h2><ul class=\"rows\">{}</ul>{others}</section>",
        rows.concat()
    )
}

fn row(guest: &Guest, session: &Session, here: bool) -> String {
    let agent = agents::described(&session.agent);
    let act = if here {
        "<p><strong>This device</strong></p>".to_owned()
    } else {
        let id = hidden("session", session.id.get(..16).unwrap_or_default());
        format!(
            "{}{id}<button class=\"plain\">End</button></form>",
            begin(guest, "end-session")
        )
    };
    format!(
        "<li><div><p>{}</p><p class=\"small\">{}, used {}, since {}</p></div>{act}</li>",
        esc_html(&agent),
        esc_html(&session.address),
        day(guest, session.seen),
        day(guest, session.created)
    )
}

pub(super) fn applications(guest: &Guest, all: &[ApplicationPassword]) -> String {
    let rows: Vec<String> = all
        .iter()
        .map(|password| {
            let used = match password.last_used {
                Some(at) => format!("used {}", day(guest, at)),
                None => "not used yet".to_owned(),
            };
            format!(
                "<li><div><p>{}</p><p class=\"small\">made {}, {used}</p></div>{}{}<button class=\"stop\">Revoke</button></form></li>",
                esc_html(&password.name),
                day(guest, password.created),
                begin(guest, "revoke-application"),
                hidden("uuid", &password.uuid)
            )
        })
        .collect();
    format!(
        "<section class=\"box\"><h2>Application passwords</h2><p>With one of these another program works in your name, without your \
         password. It can be taken back alone.</p><ul class=\"rows\">{}</ul>{}{}<p><button>Make one</button></p></form></section>",
        rows.concat(),
        begin(guest, "add-application"),
        field("name", "What it is for", "", "maxlength=\"200\" required"),
    )
}

pub(super) fn new_application(name: &str, password: &str) -> String {
    format!(
        "<section class=\"box\" role=\"status\"><h2>The password for {}</h2><p><code>{}</code></p><p>It is shown only now.</p></section>",
        esc_html(name),
        esc_html(password)
    )
}
