//! `users add`, `users list`, `users password`, `users app-password`.

use std::io::BufRead as _;

use gp_content::{
    Actor, User, Verb,
    actions::{self, UserChanges},
    users as people,
};
use gp_kernel::{Error, Result};
use gp_people::{accounts, passwords};

use crate::{
    app::Site,
    cli::{Format, Users},
    commands::act,
};

/// Accounts.
pub(super) async fn users(site: &Site, what: Users) -> Result<()> {
    match what {
        Users::Add {
            login,
            email,
            role,
            password_stdin,
        } => add(site, login, email, &role, password_stdin).await,
        Users::List { format } => list(site, format).await,
        Users::Password {
            login,
            without_second_step,
        } => password(site, &login, without_second_step).await,
        Users::AppPassword { login, name } => app_password(site, &login, &name).await,
    }
}

const ROLES: &[&str] = &["administrator", "editor", "author", "contributor", "subscriber"];

async fn add(site: &Site, login: String, email: String, role: &str, password_stdin: bool) -> Result<()> {
    let mut tx = site.db.write().await?;
    let options = gp_content::Site::load(&mut tx).await?;
    let own = options.value("wp_user_roles");
    if !ROLES.contains(&role) && own.as_ref().and_then(|r| r.get(role)).is_none() {
        return Err(
            Error::invalid(format!("there is no role {role:?}")).hint(format!("use one of {}", ROLES.join(", ")))
        );
    }
    let password = if password_stdin {
        passwords::hash(&read_password()?, &random()?)?
    } else {
        String::new()
    };
    let grant = Actor::system().may_manage(Verb::ManageUsers)?;
    let user = User {
        login,
        email,
        password,
        ..User::default()
    };
    let made = actions::create_user(&mut act(site, &mut tx).await?, &grant, user, role).await?;
    tx.commit().await?;
    println!("{} {} ({role})", made.id, made.login);
    Ok(())
}

fn read_password() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Bytes nobody can guess, from the system.
pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("the system gives no random bytes: {e}")))?;
    Ok(bytes)
}

async fn list(site: &Site, format: Format) -> Result<()> {
    let mut conn = site.db.read().await?;
    let options = gp_content::Site::load(&mut conn).await?;
    let mut rows = Vec::new();
    for user in people::all(&mut conn).await? {
        let roles = accounts::roles_of(&mut conn, &options, &user).await?;
        match format {
            Format::Text => println!("{:>5}  {:<24} {:<32} {}", user.id, user.login, user.email, roles.join(", ")),
            Format::Json => rows.push(serde_json::json!({
                "id": user.id, "login": user.login, "email": user.email, "display_name": user.display_name, "roles": roles,
            })),
        }
    }
    if format == Format::Json {
        println!("{}", serde_json::Value::from(rows));
    }
    Ok(())
}

async fn password(site: &Site, login: &str, without_second_step: bool) -> Result<()> {
    let hash = passwords::hash(&read_password()?, &random()?)?;
    let mut tx = site.db.write().await?;
    let grant = Actor::system().may_manage(Verb::ManageUsers)?;
    let user = people::by_login(&mut tx, login).await?.ok_or_else(|| {
        Error::not_found(format!("there is no account {login:?}")).hint("`guidepost users list` shows them")
    })?;
    let changes = UserChanges {
        password: Some(hash),
        ..UserChanges::default()
    };
    let mut act = act(site, &mut tx).await?;
    actions::update_user(&mut act, &grant, user.id, changes).await?;
    if without_second_step {
        accounts::switch_second_step_off(&mut act, &grant, user.id).await?;
    }
    tx.commit().await?;
    println!(
        "{} {}: the password is set, all sessions have ended",
        user.id, user.login
    );
    Ok(())
}

async fn app_password(site: &Site, login: &str, name: &str) -> Result<()> {
    let mut tx = site.db.write().await?;
    let grant = Actor::system().may_manage(Verb::ManageUsers)?;
    let random = random()?;
    let password =
        accounts::add_application_password(&mut act(site, &mut tx).await?, &grant, login, name, &random).await?;
    tx.commit().await?;
    println!("{}", serde_json::json!({ "password": password }));
    Ok(())
}
