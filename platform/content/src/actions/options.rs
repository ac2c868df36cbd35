//! Settings of the site, and addresses that lead elsewhere.

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

/// Leads an old address elsewhere for good. Chains are collapsed: what led to `source` now leads to `target`.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` when it would lead to itself.
pub async fn redirect(act: &mut Act<'_>, grant: &Grant, source: &str, target: &str) -> Result<()> {
    grant.covers(&[Verb::SetOption], ItemId(0), "")?;
    if source == target || !source.starts_with('/') {
        return Err(Error::invalid(format!("{source:?} cannot lead to {target:?}"))
            .hint("the old address is a path that begins with /, and not the new one"));
    }
    act.tx
        .run(
            "update redirects set target = $2 where target = $1",
            &[source.into(), target.into()],
        )
        .await?;
    act.tx
        .run(
            "insert into redirects (source, target, created) values ($1, $2, $3) \
             on conflict (source) do update set target = excluded.target, created = excluded.created",
            &[source.into(), target.into(), act.now.as_second().into()],
        )
        .await?;
    act.tx.run("delete from redirects where source = target", &[]).await?;
    act.finish(grant, "redirect", 0, source).await
}
