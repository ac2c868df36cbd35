//! What a server needs before it answers: the site's secret, and a link for the first account where nobody can sign in.
//!
//! What must never be here: a default password.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gp_content::{
    Actor, Types, Verb,
    actions::{self, Act},
    users,
};
use gp_kernel::Result;
use gp_store::{Db, settings};
use jiff::{Timestamp, tz::TimeZone};

use crate::{accounts::fast_hash, passwords::hex, store};

/// The option with the hashes of keys that were printed, one a line.
pub(crate) const KEYS_OPTION: &str = "_guidepost_setup";
/// So many servers may start on one database before the first account is made.
const KEYS: usize = 4;

/// Makes the site ready for accounts. `Some`: nobody can sign in; whoever opens this path makes the first account.
///
/// # Errors
/// When the database does not answer.
pub async fn start(db: &Db, types: &Arc<Types>, now: Timestamp, random: &[u8; 64]) -> Result<Option<String>> {
    let mut tx = db.write().await?;
    // Servers that start at once wait for each other: there is one secret.
    store::hold_attempts(&mut tx, "start").await?;
    let (secret, key) = random.split_at(32);
    let grant = Actor::system().may_manage(Verb::SetOption)?;
    let has_secret = settings::get(&mut tx, gp_content::signed::SECRET_OPTION)
        .await?
        .is_some_and(|kept| kept.len() >= 32);
    let nobody = !users::any_with_password(&mut tx).await?;
    if has_secret && !nobody {
        return Ok(None);
    }
    let kept = settings::text(&mut tx, KEYS_OPTION).await?;
    let mut act = Act {
        tx: &mut tx,
        types,
        now,
        zone: TimeZone::UTC,
    };
    if !has_secret {
        actions::set_option(
            &mut act,
            &grant,
            gp_content::signed::SECRET_OPTION,
            hex(secret).as_bytes(),
        )
        .await?;
    }
    let mut link = None;
    if nobody {
        let key = URL_SAFE_NO_PAD.encode(key);
        let hash = fast_hash(&key);
        let keys: Vec<&str> = std::iter::once(hash.as_str()).chain(kept.lines()).take(KEYS).collect();
        actions::set_option(&mut act, &grant, KEYS_OPTION, keys.join("\n").as_bytes()).await?;
        link = Some(format!("/wp-login.php?action=setup&key={key}"));
    }
    tx.commit().await?;
    Ok(link)
}
