//! The API's routes of application passwords: listed, made and shown once, renamed, revoked; each by whom it belongs to, or by whoever may
//! change that account. What must never be here: a password that was made before.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use gp_content::{User, Verb, users};
use gp_kernel::{ErrorKind, UserId};
use gp_markup::text::sanitize_text_field;
use gp_rest::{
    Answer, Deed, EDIT, Failure, Links, MAKE, Outcome, READ, REMOVE, Reply, Request, Resource, Route, Turn,
    schema::{context, members, titled, writable},
};
use gp_web::By;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{
    Random,
    accounts::{self, ApplicationPassword},
};

struct Passwords {
    random: Random,
}

/// The routes; `random` gives bytes that nobody can guess.
pub fn routes(random: Random) -> Vec<Route> {
    let resource: Arc<dyn Resource> = Arc::new(Passwords { random });
    let base = "/users/(?P<user_id>(?:[\\d]+|me))/application-passwords";
    let one = format!("{base}/(?P<uuid>[\\w\\-]+)");
    let shown = || members(json!({"context": context(&["view", "embed", "edit"])}));
    vec![
        Route::new("wp/v2", base, resource.clone())
            .on(READ, Deed::List, shown())
            .on(MAKE, Deed::Create, writable(&properties(), true))
            .on(REMOVE, Deed::Other("all"), Map::new()),
        Route::new("wp/v2", &format!("{base}/introspect"), resource.clone()).on(READ, Deed::Other("present"), shown()),
        Route::new("wp/v2", &one, resource)
            .on(READ, Deed::Get, shown())
            .on(EDIT, Deed::Update, writable(&properties(), false))
            .on(REMOVE, Deed::Delete, Map::new()),
    ]
}

fn properties() -> Map<String, Value> {
    let (all, view) = (["view", "edit", "embed"], ["view", "edit"]);
    members(json!({
        "uuid": {"description": "The unique identifier for the application password.", "type": "string",
            "format": "uuid", "context": all, "readonly": true},
        "app_id": {"description": "A UUID provided by the application to uniquely identify it. It is recommended to use an UUID v5 with the URL or DNS namespace.",
            "type": "string", "oneOf": [{"type": "string", "format": "uuid"}, {"type": "string", "enum": [""]}],
            "context": all},
        "name": {"description": "The name of the application password.", "type": "string", "required": true,
            "context": all, "minLength": 1, "pattern": ".*\\S.*"},
        "password": {"description": "The generated password. Only available after adding an application.",
            "type": "string", "context": ["edit"], "readonly": true},
        "created": {"description": "The GMT date the application password was created.", "type": "string",
            "format": "date-time", "context": view, "readonly": true},
        "last_used": {"description": "The GMT date the application password was last used.",
            "type": ["string", "null"], "format": "date-time", "context": view, "readonly": true},
        "last_ip": {"description": "The IP address the application password was last used by.",
            "type": ["string", "null"], "format": "ip", "context": view, "readonly": true},
    }))
}

fn unknown() -> Box<Failure> {
    Failure::new(
        404,
        "rest_application_password_not_found",
        "Application password not found.",
    )
}

impl Resource for Passwords {
    fn schema(&self, _site: &gp_content::Site, _base_url: &str) -> Option<Value> {
        Some(titled("application-password", properties()))
    }

    fn permit<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Outcome<()>> {
        Box::pin(async move {
            let user = owner(turn, request).await?;
            if turn.actor().may_on_account(Verb::Update, user.id).is_ok() {
                return Ok(());
            }
            let (code, message) = match deed {
                Deed::List => (
                    "rest_cannot_list_application_passwords",
                    "Sorry, you are not allowed to list application passwords for this user.",
                ),
                Deed::Create => (
                    "rest_cannot_create_application_passwords",
                    "Sorry, you are not allowed to create application passwords for this user.",
                ),
                Deed::Update => (
                    "rest_cannot_edit_application_password",
                    "Sorry, you are not allowed to edit this application password.",
                ),
                Deed::Delete | Deed::Other("all") => (
                    "rest_cannot_delete_application_password",
                    "Sorry, you are not allowed to delete this application password.",
                ),
                _ => (
                    "rest_cannot_read_application_password",
                    "Sorry, you are not allowed to read this application password.",
                ),
            };
            Err(turn.refusal(code, message))
        })
    }

    fn answer<'a>(&'a self, turn: &'a mut Turn, request: &'a Request, deed: Deed) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let user = owner(turn, request).await?;
            match deed {
                Deed::Create => self.create(turn, request, &user).await,
                Deed::Update | Deed::Delete | Deed::Other("all") => write(turn, request, &user, deed).await,
                _ => read(turn, request, &user, deed).await,
            }
        })
    }
}

/// Whose they are.
async fn owner(turn: &mut Turn, request: &Request) -> Outcome<User> {
    let named = request.text("user_id").unwrap_or_default();
    let me = turn.actor().user();
    if named == "me" && me.0 == 0 {
        return Err(Failure::new(
            401,
            "rest_not_logged_in",
            "You are not currently logged in.",
        ));
    }
    let id = if named == "me" {
        me
    } else {
        UserId(named.parse().unwrap_or(0))
    };
    let mut found = users::by_ids(&mut turn.conn, &[id]).await?;
    found
        .remove(&id)
        .ok_or_else(|| Failure::new(404, "rest_user_invalid_id", "Invalid user ID."))
}

async fn read(turn: &mut Turn, request: &Request, user: &User, deed: Deed) -> Answer {
    let all = accounts::application_passwords(&mut turn.conn, user.id).await?;
    if deed == Deed::List {
        return Ok(Reply::ok(Value::Array(
            all.iter().map(|p| shown(turn, user.id, p, None)).collect(),
        )));
    }
    let wanted = match (&turn.caller.by, deed) {
        (By::Application(uuid), Deed::Other(_)) => uuid.clone(),
        (_, Deed::Other(_)) => {
            let message = "No application password was used for this request.";
            return Err(Failure::new(404, "rest_no_authenticated_app_password", message));
        }
        _ => request.text("uuid").unwrap_or_default().to_owned(),
    };
    let found = all.iter().find(|p| p.uuid == wanted).ok_or_else(unknown)?;
    Ok(Reply::ok(shown(turn, user.id, found, None)))
}

async fn write(turn: &mut Turn, request: &Request, user: &User, deed: Deed) -> Answer {
    let grant = turn.actor().may_on_account(Verb::Update, user.id)?;
    let uuid = request.text("uuid").unwrap_or_default().to_owned();
    if deed == Deed::Update {
        let name = sanitize_text_field(request.text("name").unwrap_or_default());
        let renamed = accounts::rename_application_password(&mut turn.act(), &grant, user.id, &uuid, &name).await;
        let renamed = renamed.map_err(not_found)?;
        return Ok(Reply::ok(shown(turn, user.id, &renamed, None)));
    }
    let one = (deed == Deed::Delete).then_some(uuid.as_str());
    let revoked = accounts::revoke_application_password(&mut turn.act(), &grant, user.id, one).await;
    let revoked = revoked.map_err(not_found)?;
    if deed != Deed::Delete {
        return Ok(Reply::ok(json!({"deleted": true, "count": revoked.len()})));
    }
    let previous = revoked
        .first()
        .map(|p| shown(turn, user.id, p, None))
        .unwrap_or_default();
    Ok(Reply::deleted(previous))
}

fn not_found(error: gp_kernel::Error) -> Box<Failure> {
    match error.kind {
        ErrorKind::NotFound => unknown(),
        _ => error.into(),
    }
}

impl Passwords {
    async fn create(&self, turn: &mut Turn, request: &Request, user: &User) -> Answer {
        let name = sanitize_text_field(request.text("name").unwrap_or_default());
        let known = accounts::application_passwords(&mut turn.conn, user.id).await?;
        if known.iter().any(|p| p.name == name) {
            let message = "Each application name should be unique.";
            return Err(Failure::new(409, "application_password_duplicate_name", message));
        }
        let grant = turn.actor().may_on_account(Verb::Update, user.id)?;
        let wanted = ApplicationPassword {
            name,
            app_id: request.text("app_id").unwrap_or_default().to_owned(),
            ..ApplicationPassword::default()
        };
        let mut random = [0; 24];
        (self.random)(&mut random)?;
        let (made, password) =
            accounts::new_application_password(&mut turn.act(), &grant, user.id, wanted, &random).await?;
        let location = turn.href(&route(user.id, &made.uuid));
        Ok(Reply::created(shown(turn, user.id, &made, Some(&password)), location))
    }
}

fn route(user: UserId, uuid: &str) -> String {
    format!("/wp/v2/users/{user}/application-passwords/{uuid}")
}

/// As it is shown; the password itself only this once, in groups of four.
fn shown(turn: &Turn, user: UserId, one: &ApplicationPassword, password: Option<&str>) -> Value {
    let date = |at: i64| {
        let moment = Timestamp::from_second(at).ok()?;
        Some(moment.strftime("%Y-%m-%dT%H:%M:%S").to_string())
    };
    let mut links = Links::default();
    links.plain("self", turn.href(&route(user, &one.uuid)));
    let mut out = members(json!({
        "uuid": one.uuid,
        "app_id": one.app_id,
        "name": one.name,
        "created": date(one.created),
        "last_used": one.last_used.and_then(date),
        "last_ip": one.last_ip,
        "_links": links.value(),
    }));
    if let Some(password) = password {
        let groups: Vec<&str> = (0..password.len())
            .step_by(4)
            .filter_map(|at| password.get(at..at + 4))
            .collect();
        out.insert("password".to_owned(), groups.join(" ").into());
    }
    Value::Object(out)
}
