//! `users.php`: everybody with an account, by role; other roles for several, and their end.

use std::{collections::HashMap, fmt::Write as _};

use axum::http::Method;
use gp_admin::{Answer, Desk, Page, html};
use gp_content::users;
use gp_kernel::{Error, Result, UserId};
use gp_markup::text::{esc_attr, esc_html};
use gp_rest::Request;
use serde_json::{Map, Value};

use super::{
    all_roles, role_name, roles,
    store::{self, Everybody},
    text,
};

const PER_PAGE: i64 = 20;
/// Accounts that are changed at once.
const MOST: usize = 100;
/// So many can be chosen as heirs of what others wrote.
const MOST_HEIRS: usize = 200;

pub(super) async fn shown(desk: &Desk) -> Result<Page> {
    desk.needs("list_users")?;
    let query = &desk.query;
    let (words, role) = (query.get("s").trim(), query.get("role"));
    let page = query.int("paged").unwrap_or(1).clamp(1, 100_000);
    let address = |page: i64| -> String {
        let page = page.to_string();
        format!(
            "/wp-admin/users.php?{}",
            html::query(&[("s", words), ("role", role), ("paged", &page)])
        )
    };
    let asked = html::query(&[("search", words), ("roles", role), ("page", &page.to_string())]);
    let told = desk
        .ask_whole(Request::get(&format!(
            "/wp/v2/users?context=edit&per_page={PER_PAGE}&orderby=name&{asked}"
        )))
        .await?;
    let headers = told.headers();
    let found = told
        .reply
        .map_err(|failure| Error::invalid(failure.message.into_owned()))?
        .data;
    let total = headers["X-WP-Total"].as_i64().unwrap_or(0);
    let users: Vec<&Value> = found.as_array().into_iter().flatten().collect();
    let known = Known::read(desk, &users).await?;
    let body = [
        notes(desk),
        tabs(&known, role),
        format!(
            "<form class=\"a-filter\" role=\"search\" aria-label=\"People\" action=\"/wp-admin/users.php\">{}<p><label for=\"u-s\">Name or address</label>\
             <input id=\"u-s\" name=\"s\" type=\"search\" value=\"{}\"></p><button class=\"a-btn\">Find</button></form>",
            if role.is_empty() { String::new() } else { html::hidden("role", role) },
            html::exact(words)
        ),
        match users.is_empty() {
            true => html::empty("Nobody fits what you chose.", "<a class=\"a-btn\" href=\"/wp-admin/users.php\">Show everybody</a>"),
            false => table(desk, &known, &users),
        },
        html::pages(page, PER_PAGE, total, address),
    ]
    .concat();
    let act = match desk.can("create_users") {
        true => "<a class=\"a-btn a-btn--main a-push\" href=\"/wp-admin/user-new.php\">New account</a>",
        false => "",
    };
    Ok(Page {
        act: act.to_owned(),
        entry: "users.php".to_owned(),
        ..Page::new("People", body)
    })
}

/// What is shown beside the accounts themselves.
struct Known {
    roles: Vec<(String, String)>,
    everybody: Everybody,
    written: HashMap<UserId, i64>,
    signed_in: HashMap<UserId, i64>,
    /// Who may be given what others wrote.
    heirs: Vec<(String, String)>,
}

impl Known {
    async fn read(desk: &Desk, users: &[&Value]) -> Result<Self> {
        let ids: Vec<UserId> = users
            .iter()
            .filter_map(|user| user["id"].as_i64().map(UserId))
            .collect();
        let mut conn = desk.read().await?;
        let everybody = store::everybody(&mut conn, &desk.site).await?;
        let mut heirs = Vec::new();
        if desk.can("delete_users") {
            let own = desk.actor().user();
            let writers = everybody.writers.iter().copied().filter(|id| *id != own);
            let writers: Vec<UserId> = writers.take(MOST_HEIRS).collect();
            let found = users::by_ids(&mut conn, &writers).await?;
            heirs.extend(found.into_values().map(|user| (user.id.to_string(), user.display_name)));
            heirs.sort_by_key(|(_, name)| name.to_lowercase());
        }
        Ok(Self {
            roles: all_roles(&desk.site),
            everybody,
            written: store::written(&mut conn, &ids).await?,
            signed_in: store::signed_in(&mut conn, &ids).await?,
            heirs,
        })
    }
}

fn notes(desk: &Desk) -> String {
    let count = |name: &str| desk.query.int(name).filter(|n| *n > 0);
    let mut notes = String::new();
    let people = |n: i64| {
        if n == 1 {
            "One account".to_owned()
        } else {
            format!("{n} accounts")
        }
    };
    if let Some(n) = count("changed") {
        notes += &html::note(html::Note::Done, &format!("{} changed.", people(n)));
    }
    if let Some(n) = count("deleted") {
        notes += &html::note(
            html::Note::Done,
            &format!(
                "{} deleted; {}",
                people(n),
                match desk.query.get("to") {
                    "" => "what they wrote is yours now.",
                    "0" => "what readers saw of theirs is in the trash.",
                    _ => "what they wrote is somebody else’s now, as you chose.",
                }
            ),
        );
    }
    if let Some(n) = count("refused") {
        notes += &html::note(
            html::Note::Stop,
            &format!("{} left as it was: you may not do that to it.", people(n)),
        );
    }
    if desk.query.has("own") {
        notes += &html::note(
            html::Note::Stop,
            "Your own account was left as it was: nobody takes their own rights away by accident.",
        );
    }
    if desk.query.has("none") {
        notes += &html::note(
            html::Note::Stop,
            "Nobody was picked, or nothing was chosen; nothing was changed.",
        );
    }
    notes
}

fn tabs(known: &Known, role: &str) -> String {
    let address = |name: &str| format!("/wp-admin/users.php?{}", html::query(&[("role", name)]));
    let mut tabs = vec![(
        "/wp-admin/users.php".to_owned(),
        "Everybody".to_owned(),
        known.everybody.count,
        role.is_empty(),
    )];
    for (name, label) in &known.roles {
        let count = known.everybody.by_role.get(name).copied().unwrap_or(0);
        let here = name == role;
        if count > 0 || here {
            let label = label.split(':').next().unwrap_or_default().to_owned();
            tabs.push((address(name), label, count, here));
        }
    }
    html::tabs("Role", &tabs)
}

fn table(desk: &Desk, known: &Known, users: &[&Value]) -> String {
    let rows: String = users.iter().map(|user| row(desk, known, user)).collect();
    let mut acts = String::new();
    if desk.can("promote_users") {
        let roles = known.roles.iter().map(|(name, label)| (name.as_str(), label.as_str()));
        let all = std::iter::once(("", "Role")).chain(roles);
        let _ = write!(
            acts,
            "<label class=\"a-vh\" for=\"u-role\">Role for who is picked</label><select id=\"u-role\" name=\"new_role\">{}</select>\
             <button class=\"a-btn a-btn--small\" name=\"do\" value=\"role\">Change</button>",
            html::options("", all)
        );
    }
    if desk.can("delete_users") {
        let heirs = known.heirs.iter().map(|(id, name)| (id.as_str(), name.as_str()));
        let all = [("", "What they wrote: to me"), ("0", "What they wrote: to the trash")]
            .into_iter()
            .chain(heirs);
        let _ = write!(
            acts,
            "<label class=\"a-vh\" for=\"u-heir\">Who gets what they wrote</label><select id=\"u-heir\" name=\"heir\">{}</select>\
             <button class=\"a-btn a-btn--small a-btn--stop\" name=\"do\" value=\"delete\">Delete</button>",
            html::options("", all)
        );
    }
    let bulk = match acts.is_empty() {
        true => String::new(),
        false => format!("<div class=\"a-bulk\"><strong data-picked>With who is picked</strong>{acts}</div>"),
    };
    format!(
        "<form method=\"post\" action=\"/wp-admin/users.php\">{}{bulk}<table class=\"a-stack\"><caption class=\"a-vh\">People with an account</caption><thead><tr>\
         <td><input type=\"checkbox\" data-all=\"users[]\" aria-label=\"Pick all on this page\"></td><th scope=\"col\">Name</th><th scope=\"col\">E-mail</th>\
         <th scope=\"col\">Role</th><th scope=\"col\">Wrote</th><th scope=\"col\">Signed in last</th></tr></thead><tbody>{rows}</tbody></table></form>",
        html::meant(desk)
    )
}

fn row(desk: &Desk, known: &Known, user: &Value) -> String {
    let id = user["id"].as_i64().unwrap_or(0);
    let (name, login) = (text(user, "name"), text(user, "username"));
    let own = desk.actor().user().0 == id;
    let to = if own {
        "/wp-admin/profile.php".to_owned()
    } else {
        format!("/wp-admin/user-edit.php?user_id={id}")
    };
    let titled = match desk.can("edit_users") || own {
        true => format!("<a class=\"a-t\" href=\"{to}\">{}</a>", esc_html(name)),
        false => format!("<span class=\"a-t\">{}</span>", esc_html(name)),
    };
    let names: Vec<String> = roles(user)
        .into_iter()
        .map(|role| role_name(&known.roles, role))
        .collect();
    let names = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    let wrote = match known.written.get(&UserId(id)).copied().unwrap_or(0) {
        0 => "nothing".to_owned(),
        n => html::thousands(n),
    };
    let last = known
        .signed_in
        .get(&UserId(id))
        .and_then(|at| jiff::Timestamp::from_second(*at).ok());
    let last = last.map_or_else(
        || "not known".to_owned(),
        |at| desk.shown(at).strftime("%-d %b %Y, %H:%M").to_string(),
    );
    format!(
        "<tr><td><input type=\"checkbox\" name=\"users[]\" value=\"{id}\" aria-label=\"{}\"></td><th scope=\"row\">{titled}<br><span class=\"a-s a-2\">{}{}</span></th>\
         <td data-l=\"E-mail\">{}</td><td data-l=\"Role\">{}</td><td data-l=\"Wrote\">{wrote}</td><td data-l=\"Signed in last\" class=\"a-nw\">{}</td></tr>",
        esc_attr(&format!("Pick: {name}")),
        esc_html(login),
        if own { ", that is you" } else { "" },
        esc_html(text(user, "email")),
        esc_html(&names),
        esc_html(&last),
    )
}

/// What is done to who is picked; never to who does it.
pub(super) async fn done(desk: &Desk) -> Result<Answer> {
    let own = desk.actor().user().0;
    let picked = desk.form.ints("users[]");
    let (role, deed) = (desk.form.get("new_role"), desk.form.get("do"));
    if picked.is_empty() || (deed == "role" && role.is_empty()) {
        return Ok(Answer::Go("users.php?none=1".to_owned()));
    }
    let heir = match desk.form.get("heir") {
        "" => own,
        chosen => chosen.parse().unwrap_or(own),
    };
    let (mut did, mut refused) = (0, 0);
    for id in picked.iter().filter(|id| **id != own).take(MOST) {
        let mut fields = Map::new();
        let told = match deed {
            "role" => {
                fields.insert("roles".to_owned(), vec![role].into());
                desk.send(Method::POST, &format!("/wp/v2/users/{id}"), fields).await?
            }
            "delete" => {
                desk.send(
                    Method::DELETE,
                    &format!("/wp/v2/users/{id}?force=true&reassign={heir}"),
                    fields,
                )
                .await?
            }
            _ => return Err(Error::invalid("This list knows no such deed.")),
        };
        match told {
            Ok(_) => did += 1,
            Err(_) => refused += 1,
        }
    }
    let name = if deed == "role" { "changed" } else { "deleted" };
    let own = if picked.contains(&own) { "&own=1" } else { "" };
    let to = match (deed, desk.form.get("heir")) {
        ("delete", "") | ("role", _) => String::new(),
        _ => format!("&to={heir}"),
    };
    Ok(Answer::Go(format!("users.php?{name}={did}&refused={refused}{own}{to}")))
}
