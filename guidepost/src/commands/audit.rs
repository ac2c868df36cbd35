//! `audit`: what was done, and by whom.

use std::collections::HashMap;

use gp_content::{audit as log, users};
use gp_kernel::{Result, UserId};
use jiff::Timestamp;

use crate::{app::Site, cli::Format};

/// What was done, the newest first.
pub(super) async fn audit(site: &Site, limit: usize, format: Format) -> Result<()> {
    let mut conn = site.db.read().await?;
    let entries = log::latest(&mut conn, 0, limit).await?;
    let ids: Vec<UserId> = entries.iter().map(|entry| entry.actor).filter(|id| id.0 > 0).collect();
    let names: HashMap<UserId, users::User> = users::by_ids(&mut conn, &ids).await?;
    let mut rows = Vec::new();
    for entry in entries {
        let at = Timestamp::from_second(entry.at).unwrap_or_default();
        let login = names.get(&entry.actor).map_or("-", |user| &user.login);
        match format {
            Format::Text => println!(
                "{at}  {login:<20} {:<20} {} {}  {}",
                entry.verb, entry.kind, entry.object, entry.detail
            ),
            Format::Json => rows.push(serde_json::json!({
                "id": entry.id, "at": at.to_string(), "actor": entry.actor, "login": login, "verb": entry.verb,
                "kind": entry.kind, "object": entry.object, "detail": entry.detail,
            })),
        }
    }
    if format == Format::Json {
        println!("{}", serde_json::Value::from(rows));
    }
    Ok(())
}
