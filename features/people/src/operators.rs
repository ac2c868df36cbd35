//! What an operator sees and ends for somebody else, from the command line: sessions.
//!
//! What must never be here: anything that opens an account.

use gp_content::{
    Grant,
    actions::{self, Act},
};
use gp_kernel::{Error, Result, UserId};
use gp_store::Conn;

use crate::{agents, store};

/// So much of a session's id is shown: enough to say which.
const SHOWN: usize = 16;

/// Somebody is signed in on a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The beginning of what the session is known by.
    pub id: String,
    /// Seconds since 1970.
    pub created: i64,
    /// When it was used last, to a few minutes.
    pub seen: i64,
    /// When it ends.
    pub expires: i64,
    /// From which network, not from which address.
    pub network: String,
    /// The browser and its system.
    pub device: String,
}

/// The sessions of an account, the one that was used last first.
///
/// # Errors
/// When the database does not answer.
pub async fn sessions(conn: &mut Conn, user: UserId, now: i64) -> Result<Vec<SignedIn>> {
    let all = store::sessions_of(conn, user, now).await?;
    let shown = all.into_iter().map(|session| SignedIn {
        id: session.id.chars().take(SHOWN).collect(),
        created: session.created,
        seen: session.seen,
        expires: session.expires,
        network: session.address,
        device: agents::described(&session.agent),
    });
    Ok(shown.collect())
}

/// Ends one session of an account, as [`sessions`] names it, or all; how many.
///
/// # Errors
/// `Forbidden` without leave; `NotFound` for a session that there is not.
pub async fn end_sessions(act: &mut Act<'_>, grant: &Grant, user: UserId, one: Option<&str>) -> Result<u64> {
    actions::check_account(grant, user)?;
    let ended = match one {
        None => store::end_other_sessions(act.tx, user, "").await?,
        Some(known) => {
            let all = store::sessions_of(act.tx, user, act.now.as_second()).await?;
            let found = all
                .iter()
                .find(|session| known.len() == SHOWN && session.id.starts_with(known));
            let found = found.ok_or_else(|| {
                Error::not_found(format!("the account has no session {known:?}")).hint("it may have ended already")
            })?;
            store::end_session(act.tx, user, &found.id).await?
        }
    };
    let detail = format!("{ended}, by an operator");
    actions::note(act, grant.actor(), "sessions ended", user, &detail).await?;
    Ok(ended)
}
