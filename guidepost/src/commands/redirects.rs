//! `redirects add`, `list`, `remove`.

use gp_content::{Actor, Verb, actions, address::redirects as stored};
use gp_kernel::Result;

use crate::{
    app::Site,
    cli::{Format, Redirects},
    commands::act,
};

/// Old addresses that lead elsewhere.
pub(super) async fn redirects(site: &Site, what: Redirects) -> Result<()> {
    let (from, to) = match what {
        Redirects::List { format } => return list(site, format).await,
        Redirects::Add { from, to } => (from, Some(to)),
        Redirects::Remove { from } => (from, None),
    };
    let mut tx = site.db.write().await?;
    let grant = Actor::system().may_manage(Verb::SetOption)?;
    let mut act = act(site, &mut tx).await?;
    match to {
        Some(to) => actions::redirect(&mut act, &grant, &from, &to).await?,
        None => actions::remove_redirect(&mut act, &grant, &from).await?,
    }
    tx.commit().await
}

async fn list(site: &Site, format: Format) -> Result<()> {
    let mut conn = site.db.read().await?;
    let all = stored::all(&mut conn).await?;
    match format {
        Format::Json => {
            let rows: Vec<_> = all
                .iter()
                .map(|(from, to)| serde_json::json!({"from": from, "to": to}))
                .collect();
            println!("{}", serde_json::Value::from(rows));
        }
        Format::Text => {
            for (from, to) in all {
                println!("{from} {to}");
            }
        }
    }
    Ok(())
}
