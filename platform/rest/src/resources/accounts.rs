//! Making, changing and removing accounts. Whoever may do that is asked here; hashing a password is lent by the feature that knows how.

use gp_content::{User, Verb, actions, permission, users};
use gp_kernel::{ErrorKind, UserId};
use gp_markup::text::{sanitize_text_field, sanitize_title, sanitize_user};

use super::users as people;
use crate::{
    reply::{Answer, Failure, Outcome, Reply},
    request::Request,
    routes::Deed,
    turn::Turn,
};

/// Whether whoever asks may write an account.
pub(crate) async fn permit(turn: &mut Turn, request: &Request, deed: Deed) -> Outcome<()> {
    let may = |turn: &Turn, verb, id| turn.actor().may_on_account(verb, id).is_ok();
    let (verb, code, message) = match deed {
        Deed::Create => {
            if may(turn, Verb::Create, UserId(0)) {
                return Ok(());
            }
            let message = "Sorry, you are not allowed to create new users.";
            return Err(turn.refusal("rest_cannot_create_user", message));
        }
        Deed::Update | Deed::Other("update me") => (
            Verb::Update,
            "rest_cannot_edit",
            "Sorry, you are not allowed to edit this user.",
        ),
        _ => (
            Verb::Delete,
            "rest_user_cannot_delete",
            "Sorry, you are not allowed to delete this user.",
        ),
    };
    let user = target(turn, request, deed).await?;
    if verb == Verb::Update && !request.texts("roles").is_empty() {
        if !may(turn, Verb::Promote, user.id) {
            let message = "Sorry, you are not allowed to edit roles of this user.";
            return Err(turn.refusal("rest_cannot_edit_roles", message));
        }
        // Who gives roles need not be allowed anything else.
        if only_roles(request) {
            return Ok(());
        }
    }
    if may(turn, verb, user.id) {
        return Ok(());
    }
    Err(turn.refusal(code, message))
}

/// Whether roles are all that is to be different.
fn only_roles(request: &Request) -> bool {
    request
        .given
        .iter()
        .all(|name| matches!(name.as_str(), "id" | "roles" | "context"))
}

async fn target(turn: &mut Turn, request: &Request, deed: Deed) -> Outcome<User> {
    match deed {
        Deed::Other(_) => people::myself(turn).await,
        _ => people::by_id(turn, request).await,
    }
}

/// Does it.
pub(crate) async fn write(turn: &mut Turn, request: &Request, deed: Deed) -> Answer {
    match deed {
        Deed::Create => create(turn, request).await,
        Deed::Update | Deed::Other("update me") => {
            let user = target(turn, request, deed).await?;
            update(turn, request, user).await
        }
        _ => {
            let user = target(turn, request, deed).await?;
            delete(turn, request, user).await
        }
    }
}

fn known_role(turn: &Turn, role: &str) -> bool {
    let own = turn.site.value("wp_user_roles");
    let builtin = ["administrator", "editor", "author", "contributor", "subscriber"];
    builtin.contains(&role) || own.as_ref().and_then(|roles| roles.get(role)).is_some()
}

/// The roles that are to be given to an account (0: a new one), as WordPress lets them be given. None is no wish.
fn roles(turn: &Turn, request: &Request, account: UserId) -> Outcome<Option<Vec<String>>> {
    let roles = request.texts("roles");
    if roles.is_empty() {
        return Ok(None);
    }
    if let Some(unknown) = roles.iter().find(|role| !known_role(turn, role)) {
        let message = format!("The role {unknown} does not exist.");
        return Err(Failure::new(400, "rest_user_invalid_role", message));
    }
    // Nobody takes from themselves what they would need to take it back.
    let own = account == turn.actor().user();
    if own
        && !roles
            .iter()
            .all(|role| permission::role_allows(&turn.site, role, "edit_users"))
    {
        let message = "Sorry, you are not allowed to give users that role.";
        return Err(Failure::new(403, "rest_user_invalid_role", message));
    }
    Ok(Some(roles))
}

/// A new password as it is kept.
async fn hashed(turn: &Turn, request: &Request) -> Outcome<Option<String>> {
    let Some(password) = request.text("password") else {
        return Ok(None);
    };
    if password.is_empty() || password.contains('\\') {
        let message = "Passwords cannot be empty or contain the \"\\\" character.";
        return Err(Failure::param("password", "rest_user_invalid_password", message));
    }
    let Some(hash) = turn.kit.hash_password.clone() else {
        return Err(Failure::new(501, "rest_cannot_edit", "This site keeps no passwords."));
    };
    Ok(Some(hash(password.to_owned()).await?))
}

async fn create(turn: &mut Turn, request: &Request) -> Answer {
    let login = request.text("username").unwrap_or_default();
    let clean = sanitize_user(login, true);
    if clean.is_empty() || clean != login {
        let message = "This username is invalid because it uses illegal characters. Please enter a valid username.";
        return Err(Failure::param("username", "rest_user_invalid_username", message));
    }
    let roles = roles(turn, request, UserId(0))?;
    let password = hashed(turn, request).await?.unwrap_or_default();
    let text = |name: &str| request.text(name).map(sanitize_text_field).unwrap_or_default();
    let user = User {
        login: clean,
        email: text("email"),
        url: text("url"),
        nicename: sanitize_title(&text("slug")),
        display_name: text("name"),
        password,
        ..User::default()
    };
    let grant = turn.actor().may_on_account(Verb::Create, UserId(0))?;
    let newcomers = actions::default_role(&turn.site);
    let role = match &roles {
        Some(roles) => roles[0].clone(),
        None => newcomers.clone(),
    };
    if role != newcomers && !grant.allows_any_role() {
        return Err(turn.refusal(
            "rest_cannot_edit_roles",
            "Sorry, you are not allowed to edit roles of this user.",
        ));
    }
    let stored = names(request);
    let made = actions::create_user_with(&mut turn.act(), &grant, user, &role, &stored).await;
    let made = made.map_err(|error| match error.kind {
        ErrorKind::Conflict if error.message.contains('@') => {
            Failure::new(400, "existing_user_email", "Sorry, that email address is already used!")
        }
        ErrorKind::Conflict => Failure::new(400, "existing_user_login", "Sorry, that username already exists!"),
        _ => error.into(),
    })?;
    if let Some(roles) = roles.filter(|roles| roles.len() > 1) {
        let grant = turn.actor().may_on_account(Verb::Promote, made.id)?;
        let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
        actions::set_roles(&mut turn.act(), &grant, made.id, &roles).await?;
    }
    let location = turn.href(&format!("/wp/v2/users/{}", made.id));
    Ok(Reply::created(people::one(turn, made, "edit").await?, location))
}

/// What of an account is kept as meta.
fn names(request: &Request) -> Vec<(&'static str, Vec<u8>)> {
    let mut out = Vec::new();
    for name in ["first_name", "last_name", "description", "nickname", "locale"] {
        if let Some(text) = request.text(name) {
            out.push((name, sanitize_text_field(text).into_bytes()));
        }
    }
    if let Some(preferences) = request.param("meta").and_then(|meta| meta.get("persisted_preferences")) {
        let value = gp_php::serialize(&crate::php::from_json(preferences));
        out.push(("wp_persisted_preferences", value));
    }
    out
}

async fn update(turn: &mut Turn, request: &Request, user: User) -> Answer {
    let text = |name: &str| request.text(name).map(sanitize_text_field);
    if let Some(login) = request.text("username").filter(|login| *login != user.login) {
        let message = format!("The username {login:?} cannot be changed.");
        return Err(Failure::new(400, "rest_user_invalid_argument", message));
    }
    if let Some(email) = text("email").filter(|email| *email != user.email)
        && users::by_login(&mut turn.conn, &email)
            .await?
            .is_some_and(|other| other.id != user.id)
    {
        return Err(Failure::new(400, "rest_user_invalid_email", "Invalid email address."));
    }
    let roles = roles(turn, request, user.id)?;
    if let Some(roles) = &roles {
        let grant = turn.actor().may_on_account(Verb::Promote, user.id)?;
        let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
        actions::set_roles(&mut turn.act(), &grant, user.id, &roles).await?;
        if only_roles(request) {
            return Ok(Reply::ok(people::one(turn, user, "edit").await?));
        }
    }
    let changes = actions::UserChanges {
        email: text("email"),
        url: text("url"),
        nicename: text("slug").map(|slug| sanitize_title(&slug)),
        display_name: text("name"),
        password: hashed(turn, request).await?,
    };
    let grant = turn.actor().may_on_account(Verb::Update, user.id)?;
    let changed = actions::update_user(&mut turn.act(), &grant, user.id, changes).await?;
    for (name, value) in names(request) {
        actions::set_user_meta(&mut turn.act(), &grant, user.id, name, &[&value]).await?;
    }
    Ok(Reply::ok(people::one(turn, changed, "edit").await?))
}

async fn delete(turn: &mut Turn, request: &Request, user: User) -> Answer {
    if !request.flag("force") {
        let message = "Users do not support trashing. Set 'force=true' to delete.";
        return Err(Failure::new(501, "rest_trash_not_supported", message));
    }
    let reassign = request.int("reassign").filter(|id| *id > 0).map(UserId);
    if let Some(heir) = reassign {
        let known = !users::by_ids(&mut turn.conn, &[heir]).await?.is_empty();
        if heir == user.id || !known {
            return Err(Failure::new(
                400,
                "rest_user_invalid_reassign",
                "Invalid user ID for reassignment.",
            ));
        }
    }
    let previous = people::one(turn, user.clone(), "edit").await?;
    let grant = turn.actor().may_on_account(Verb::Delete, user.id)?;
    actions::delete_user(&mut turn.act(), &grant, user.id, reassign).await?;
    Ok(Reply::deleted(previous))
}
