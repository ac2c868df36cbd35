//! `settings get`, `settings set`.

use std::io::Write as _;

use gp_content::{Actor, Verb, actions};
use gp_design::themes;
use gp_kernel::{Error, Result};

use crate::{app::Site, cli::Settings, commands::act};

/// Settings by WordPress's names.
pub(super) async fn settings(site: &Site, what: Settings) -> Result<()> {
    match what {
        Settings::Get { name } => {
            let mut conn = site.db.read().await?;
            let value = gp_store::settings::get(&mut conn, &name)
                .await?
                .ok_or_else(|| Error::not_found(format!("the setting {name:?} is not set")))?;
            let mut out = std::io::stdout().lock();
            out.write_all(&value)?;
            out.write_all(b"\n")?;
            Ok(())
        }
        Settings::Set { name, value } => {
            let mut tx = site.db.write().await?;
            if name == "stylesheet" {
                let folder = themes::Folder::below(&site.config.data);
                themes::activate(&mut act(site, &mut tx).await?, &folder, &value).await?;
                return tx.commit().await;
            }
            let grant = Actor::system().may_manage(Verb::SetOption)?;
            actions::set_option(&mut act(site, &mut tx).await?, &grant, &name, value.as_bytes()).await?;
            tx.commit().await
        }
    }
}
