//! `users add`, `users list`, `users password`, `users sessions`, `users app-password`.

use std::io::BufRead as _;

use gp_content::{
    Actor, User, Verb,
    actions::{self, UserChanges},
    users as people,
};
use gp_kernel::{Clock as _, Error, Result, SystemClock, UserId};
use gp_people::{
    accounts::{self, ApplicationPassword},
    operators, passwords,
};
use gp_store::Conn;
use jiff::Timestamp;

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
        Users::Sessions {
            login,
            end,
            end_all,
            format,
        } => match (end, end_all) {
            (None, false) => sessions(site, &login, format).await,
            (one, _) => end_sessions(site, &login, one.as_deref()).await,
        },
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
    let grant = Actor::system().may_on_account(Verb::Create, UserId(0))?;
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

async fn known(conn: &mut Conn, login: &str) -> Result<User> {
    people::by_login(conn, login).await?.ok_or_else(|| {
        Error::not_found(format!("there is no account {login:?}")).hint("`guidepost users list` shows them")
    })
}

async fn password(site: &Site, login: &str, without_second_step: bool) -> Result<()> {
    let hash = passwords::hash(&read_password()?, &random()?)?;
    let mut tx = site.db.write().await?;
    let user = known(&mut tx, login).await?;
    let grant = Actor::system().may_on_account(Verb::Update, user.id)?;
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

async fn sessions(site: &Site, login: &str, format: Format) -> Result<()> {
    let mut conn = site.db.read().await?;
    let user = known(&mut conn, login).await?;
    let all = operators::sessions(&mut conn, user.id, SystemClock.now().as_second()).await?;
    let at = |seconds: i64| Timestamp::from_second(seconds).unwrap_or_default().to_string();
    if format == Format::Json {
        let rows: Vec<serde_json::Value> = all
            .iter()
            .map(|one| {
                serde_json::json!({
                    "id": one.id, "device": one.device, "network": one.network, "created": at(one.created),
                    "seen": at(one.seen), "expires": at(one.expires),
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(rows));
        return Ok(());
    }
    for one in all {
        let (used, since) = (at(one.seen), at(one.created));
        println!(
            "{}  {:<28} {:<20} used {used}, since {since}",
            one.id, one.device, one.network
        );
    }
    Ok(())
}

async fn end_sessions(site: &Site, login: &str, one: Option<&str>) -> Result<()> {
    let mut tx = site.db.write().await?;
    let user = known(&mut tx, login).await?;
    let grant = Actor::system().may_on_account(Verb::Update, user.id)?;
    let ended = operators::end_sessions(&mut act(site, &mut tx).await?, &grant, user.id, one).await?;
    tx.commit().await?;
    println!("{} {}: sessions ended: {ended}", user.id, user.login);
    Ok(())
}

async fn app_password(site: &Site, login: &str, name: &str) -> Result<()> {
    let mut tx = site.db.write().await?;
    let user = known(&mut tx, login).await?;
    let grant = Actor::system().may_on_account(Verb::Update, user.id)?;
    let wanted = ApplicationPassword {
        name: name.to_owned(),
        ..ApplicationPassword::default()
    };
    let mut act = act(site, &mut tx).await?;
    let (_, password) = accounts::new_application_password(&mut act, &grant, user.id, wanted, &random()?).await?;
    tx.commit().await?;
    println!("{}", serde_json::json!({ "password": password }));
    Ok(())
}
