//! `user-new.php` and `user-edit.php`: an account is made; somebody else's is changed.

use axum::http::Method;
use gp_admin::{Answer, Desk, Page, html};
use gp_content::{Grant, User, Verb, users};
use gp_kernel::{Error, Result, UserId};
use gp_markup::text::esc_html;
use gp_rest::Failure;
use serde_json::{Map, Value};

use super::{all_roles, role_name, roles, text};
use crate::{
    Outside,
    accounts::{self, ApplicationPassword},
    doors::reset::{self, Links, WRITES},
    second, store,
};

/// Why something was not done.
fn why(failure: &Failure) -> String {
    let details = failure.data.get("params").and_then(Value::as_object);
    let said: Vec<&str> = details
        .into_iter()
        .flatten()
        .filter_map(|(_, text)| text.as_str())
        .collect();
    format!("{} {}", failure.message, said.join(" ")).trim().to_owned()
}

fn role_choice(desk: &Desk, chosen: &str) -> String {
    let all = all_roles(&desk.site);
    let own = (!chosen.is_empty() && !all.iter().any(|(name, _)| name == chosen)).then_some((chosen, chosen));
    let all = all.iter().map(|(name, label)| (name.as_str(), label.as_str()));
    html::choice("role", "Role", &html::options(chosen, all.chain(own)), "")
}

/// The form for a new account, as it was typed when something was wrong.
pub(super) fn new(desk: &Desk, notes: &str) -> Result<Page> {
    desk.needs("create_users")?;
    let typed = |name: &str| desk.form.get(name);
    let role = match (desk.can("promote_users"), typed("role")) {
        (false, _) => String::new(),
        (true, "") => role_choice(desk, &gp_content::actions::default_role(&desk.site)),
        (true, role) => role_choice(desk, role),
    };
    let body = format!(
        "{notes}<form method=\"post\" action=\"/wp-admin/user-new.php\" class=\"a-narrow\">{}{}{}{}{role}<p class=\"a-help\">They get a mail with a link to choose a \
         password; nobody else ever knows it.</p><button class=\"a-btn a-btn--main\">Make the account</button></form>",
        html::meant(desk),
        html::field(
            "username",
            "Sign-in name",
            typed("username"),
            "autocomplete=\"off\" autocapitalize=\"none\" spellcheck=\"false\" required",
            "It cannot be changed later."
        ),
        html::field(
            "email",
            "E-mail",
            typed("email"),
            "type=\"email\" autocomplete=\"off\" required",
            ""
        ),
        html::field(
            "name",
            "Name as readers see it",
            typed("name"),
            "autocomplete=\"off\"",
            ""
        ),
    );
    Ok(Page {
        entry: "users.php".to_owned(),
        ..Page::new("New account", body)
    })
}

pub(super) async fn make(desk: &Desk, outside: &Outside) -> Result<Answer> {
    desk.needs("create_users")?;
    let mut secret = [0_u8; 32];
    (outside.random)(&mut secret)?;
    let mut fields = Map::new();
    for name in ["username", "email", "name"] {
        if !desk.form.get(name).trim().is_empty() {
            fields.insert(name.to_owned(), desk.form.get(name).trim().into());
        }
    }
    // Nobody knows this one: the link is the way in.
    fields.insert("password".to_owned(), crate::passwords::hex(&secret).into());
    if desk.can("promote_users") && !desk.form.get("role").is_empty() {
        fields.insert("roles".to_owned(), vec![desk.form.get("role")].into());
    }
    let made = match desk.send(Method::POST, "/wp/v2/users", fields).await? {
        Ok(made) => made,
        Err(failure) => {
            let page = new(desk, &html::note(html::Note::Stop, &why(&failure)))?;
            return Ok(Page {
                status: Some(422),
                ..page
            }
            .into());
        }
    };
    let id = made["id"].as_i64().unwrap_or(0);
    let user = account(desk, UserId(id)).await?;
    let message = match letter(desk, outside, &user, WRITES.1).await {
        Ok(()) => "made",
        Err(error) => {
            tracing::error!(%error, "a mail with a link for a new account was not sent");
            "unsent"
        }
    };
    Ok(Answer::Go(format!("user-edit.php?user_id={id}&message={message}")))
}

async fn letter(desk: &Desk, outside: &Outside, user: &User, why: &str) -> Result<()> {
    let mut random = [0_u8; 48];
    (outside.random)(&mut random)?;
    let base = match (desk.app.url.as_str(), outside.mailer.sends()) {
        ("", true) => desk.site.home.clone(),
        ("", false) => desk.base_url.clone(),
        (url, _) => url.to_owned(),
    };
    let links = Links {
        site: desk.site.name.clone(),
        base,
    };
    reset::sent(&desk.app, outside, user, &links, &random, desk.now, why).await
}

async fn account(desk: &Desk, id: UserId) -> Result<User> {
    let mut conn = desk.read().await?;
    let found = users::by_id(&mut conn, id).await?;
    found.ok_or_else(|| Error::not_found("There is no such account any more."))
}

fn asked(desk: &Desk) -> Result<UserId> {
    let id = desk.query.int("user_id").map(UserId);
    id.ok_or_else(|| Error::not_found("There is no such account."))
}

fn message(desk: &Desk) -> String {
    let done = |text: &str| html::note(html::Note::Done, text);
    match desk.query.get("message") {
        "made" => done("The account is made, and a mail with a link to choose a password is on its way."),
        "unsent" => html::note(
            html::Note::Stop,
            "The account is made, but the mail could not be sent. Look at the mail settings, then send the link again below.",
        ),
        "saved" => done("Saved."),
        "sent" => done("A mail with a link to choose a password is on its way."),
        "revoked" => done("The application password no longer works."),
        "ended" => done("They are signed out everywhere."),
        "second" => done(
            "Their second step and passkeys are gone. They can sign in with their password, and should set it up anew.",
        ),
        _ => String::new(),
    }
}

pub(super) async fn shown(desk: &Desk, notes: &str) -> Result<Page> {
    desk.needs("edit_users")?;
    let id = asked(desk)?;
    let told = desk.get(&format!("/wp/v2/users/{id}?context=edit")).await?;
    let user = told.map_err(|failure| Error::not_found(failure.message.into_owned()))?;
    let mut conn = desk.read().await?;
    let sessions = store::sessions_of(&mut conn, id, desk.now.as_second()).await?.len();
    let second = second::of(&mut conn, id).await?.is_some();
    let programs = accounts::application_passwords(&mut conn, id).await?;
    drop(conn);
    let own: Vec<&str> = roles(&user);
    let role = match desk.can("promote_users") {
        true => role_choice(desk, own.first().copied().unwrap_or_default()),
        false => format!(
            "<p>Role: {}</p>",
            esc_html(
                &own.iter()
                    .map(|role| role_name(&all_roles(&desk.site), role))
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        ),
    };
    let fields = [
        html::field("name", "Name as readers see it", text(&user, "name"), "", ""),
        html::field("email", "E-mail", text(&user, "email"), "type=\"email\" required", ""),
        html::field("url", "Website", text(&user, "url"), "type=\"url\"", ""),
        role,
        "<button class=\"a-btn a-btn--main\" name=\"do\" value=\"save\">Save</button>".to_owned(),
    ]
    .concat();
    let form = |body: &str| {
        format!(
            "<form method=\"post\" action=\"/wp-admin/user-edit.php?user_id={id}\">{}{body}</form>",
            html::meant(desk)
        )
    };
    let safety = format!(
        "<dl class=\"a-facts\"><div><dt>Sign-in name</dt><dd>{}</dd></div><div><dt>Signed in</dt><dd>{}</dd></div><div><dt>Second step</dt><dd>{}</dd></div></dl>\
         <p class=\"a-acts\"><button class=\"a-btn a-btn--small\" name=\"do\" value=\"send\">Send a link for a new password</button>{}{}</p>",
        esc_html(text(&user, "username")),
        match sessions {
            0 => "nowhere".to_owned(),
            1 => "in one place".to_owned(),
            n => format!("in {n} places"),
        },
        if second {
            html::state("ok", "on")
        } else {
            html::state("draft", "off")
        },
        if sessions > 0 {
            "<button class=\"a-btn a-btn--small\" name=\"do\" value=\"end\">Sign them out everywhere</button>"
        } else {
            ""
        },
        if second {
            "<button class=\"a-btn a-btn--small a-btn--stop\" name=\"do\" value=\"second\">Switch the second step off</button>"
        } else {
            ""
        },
    );
    let body = format!(
        "{}{notes}<div class=\"a-cols\"><section class=\"a-part\"><h2 class=\"a-h\">The account</h2>{}</section>\
         <section class=\"a-part\"><h2 class=\"a-h\">Signing in</h2>{}{}</section></div>",
        message(desk),
        form(&fields),
        form(&safety),
        match programs.is_empty() {
            true => String::new(),
            false => form(&opened_by(desk, &programs)),
        }
    );
    Ok(Page {
        entry: "users.php".to_owned(),
        ..Page::new(text(&user, "name").to_owned(), body)
    })
}

/// The programs that work in somebody's name, each to be stopped.
fn opened_by(desk: &Desk, all: &[ApplicationPassword]) -> String {
    let day = |at: i64| {
        let at = jiff::Timestamp::from_second(at).unwrap_or(desk.now);
        desk.shown(at).strftime("%-d %b %Y").to_string()
    };
    let rows: String = all
        .iter()
        .map(|one| {
            format!(
                "<li><span>{name}<br><span class=\"a-s a-2\">made {}, {}</span></span><button class=\"a-link a-link--stop\" name=\"revoke\" \
                 value=\"{}\">Revoke<span class=\"a-vh\"> {name}</span></button></li>",
                day(one.created),
                one.last_used.map_or("never used".to_owned(), |at| format!("used last {}", day(at))),
                gp_markup::text::esc_attr(&one.uuid),
                name = esc_html(&one.name),
            )
        })
        .collect();
    format!("<h3 class=\"a-after\">Application passwords</h3><ul class=\"a-found\">{rows}</ul>")
}

async fn revoke(desk: &Desk, grant: &Grant, id: UserId) -> Result<()> {
    let uuid = desk.form.get("revoke");
    let mut tx = desk.app.db.write().await?;
    let mut act = desk.act(&mut tx);
    accounts::revoke_application_password(&mut act, grant, id, Some(uuid)).await?;
    gp_content::actions::note(&mut act, grant.actor(), "application password revoked", id, uuid).await?;
    tx.commit().await
}

pub(super) async fn change(desk: &Desk, outside: &Outside) -> Result<Answer> {
    desk.needs("edit_users")?;
    let id = asked(desk)?;
    let grant = desk.actor().may_on_account(Verb::Update, id)?;
    let message = match desk.form.get("do") {
        _ if desk.form.has("revoke") => {
            revoke(desk, &grant, id).await?;
            "revoked"
        }
        "send" => {
            letter(desk, outside, &account(desk, id).await?, WRITES.0).await?;
            "sent"
        }
        "end" => {
            let mut tx = desk.app.db.write().await?;
            store::end_other_sessions(&mut tx, id, "").await?;
            gp_content::actions::note(
                &mut desk.act(&mut tx),
                desk.actor().user(),
                "all sessions ended",
                id,
                "",
            )
            .await?;
            tx.commit().await?;
            "ended"
        }
        "second" => {
            let mut tx = desk.app.db.write().await?;
            accounts::switch_second_step_off(&mut desk.act(&mut tx), &grant, id).await?;
            tx.commit().await?;
            "second"
        }
        _ => return save(desk, id).await,
    };
    Ok(Answer::Go(format!("user-edit.php?user_id={id}&message={message}")))
}

async fn save(desk: &Desk, id: UserId) -> Result<Answer> {
    let mut fields = Map::new();
    for name in ["name", "email", "url"] {
        if desk.form.has(name) {
            fields.insert(name.to_owned(), desk.form.get(name).trim().into());
        }
    }
    let own = id == desk.actor().user();
    if desk.can("promote_users") && !own && !desk.form.get("role").is_empty() {
        fields.insert("roles".to_owned(), vec![desk.form.get("role")].into());
    }
    match desk.send(Method::POST, &format!("/wp/v2/users/{id}"), fields).await? {
        Ok(_) => Ok(Answer::Go(format!("user-edit.php?user_id={id}&message=saved"))),
        Err(failure) => {
            let page = shown(desk, &html::note(html::Note::Stop, &why(&failure))).await?;
            Ok(Page {
                status: Some(422),
                ..page
            }
            .into())
        }
    }
}
