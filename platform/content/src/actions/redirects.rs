//! Addresses of the site's own that lead elsewhere. None ever leads to another one, so nobody is sent on twice or in a circle.

use gp_kernel::{Error, ErrorKind, ItemId, Result};

use super::Act;
use crate::{
    address::redirects,
    permission::{Grant, Verb},
};

/// Longer addresses are nobody's.
const LONGEST: usize = 2000;

/// Leads an old address elsewhere for good. Chains are collapsed: what led to `source` now leads to where `target` ends.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` when one of them is no address; `Conflict` when it would lead in a circle.
pub async fn redirect(act: &mut Act<'_>, grant: &Grant, source: &str, target: &str) -> Result<()> {
    grant.covers(&[Verb::SetOption], ItemId(0), "")?;
    lead(act, grant, source, target).await
}

/// The same for what moved by another deed, for which there is leave.
pub(super) async fn lead(act: &mut Act<'_>, grant: &Grant, source: &str, target: &str) -> Result<()> {
    check(source, target)?;
    let end = redirects::of(act.tx, target)
        .await?
        .unwrap_or_else(|| target.to_owned());
    if redirects::same_path(source, &end) {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("{source:?} would lead in a circle: {target:?} leads to {end:?}"),
        )
        .hint("remove the other redirect first, see: guidepost redirects list"));
    }
    act.tx
        .run(
            "update redirects set target = $2 where target = $1",
            &[source.into(), end.as_str().into()],
        )
        .await?;
    act.tx
        .run(
            "insert into redirects (source, target, created) values ($1, $2, $3) \
             on conflict (source) do update set target = excluded.target, created = excluded.created",
            &[source.into(), end.as_str().into(), act.now.as_second().into()],
        )
        .await?;
    act.finish(grant, "redirect", 0, source).await
}

/// The old address leads nowhere any more; what else is there shows again.
///
/// # Errors
/// `Forbidden` without leave; `NotFound` when it led nowhere.
pub async fn remove_redirect(act: &mut Act<'_>, grant: &Grant, source: &str) -> Result<()> {
    grant.covers(&[Verb::SetOption], ItemId(0), "")?;
    let gone = act
        .tx
        .run("delete from redirects where source = $1", &[source.into()])
        .await?;
    if gone == 0 {
        return Err(Error::not_found(format!("{source:?} leads nowhere")).hint("see: guidepost redirects list"));
    }
    act.finish(grant, "redirect", 0, source).await
}

fn check(source: &str, target: &str) -> Result<()> {
    let plain = |text: &str| text.len() <= LONGEST && !text.chars().any(|c| c.is_control() || c == ' ');
    if !source.starts_with('/') || source.starts_with("//") || source.contains(['?', '#']) || !plain(source) {
        return Err(Error::invalid(format!("{source:?} cannot be an old address"))
            .hint("it is a path that begins with one /, without ? or #"));
    }
    let known = ["/", "http://", "https://"]
        .iter()
        .any(|start| target.starts_with(start));
    if !known || target.starts_with("//") || !plain(target) {
        return Err(Error::invalid(format!("{target:?} cannot be a new address"))
            .hint("it is a path that begins with one /, or a whole https:// address"));
    }
    if redirects::same_path(source, target) {
        return Err(Error::invalid(format!("{source:?} cannot lead to itself")));
    }
    Ok(())
}
