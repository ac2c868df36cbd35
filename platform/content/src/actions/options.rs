//! Settings of the site.

use gp_kernel::{Error, ItemId, Result};
use gp_store::settings;

use super::Act;
use crate::permission::{Grant, Verb};

/// Sets an option, byte for byte.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` for a name that is empty or too long.
pub async fn set_option(act: &mut Act<'_>, grant: &Grant, name: &str, value: &[u8]) -> Result<()> {
    grant.covers(&[Verb::SetOption, Verb::Import], ItemId(0), "")?;
    if name.is_empty() || name.len() > 191 {
        return Err(Error::invalid(format!("{name:?} cannot be the name of a setting")));
    }
    settings::set(act.tx, name, value, true).await?;
    act.finish(grant, "option", 0, name).await
}
