//! Making things: items, people, terms.

use gp_kernel::{Error, ErrorKind, ItemId, Result, TermId, TermTaxonomyId, UserId, ZERO_DATE};

use gp_markup::sanitize;

use super::{Act, people::no_roles_in};
use crate::{
    items::{self, Item},
    meta::{self, MetaKind},
    options::Site,
    permission::{Grant, Verb},
    slugs,
    terms::{self, Term},
    users::{self, User},
};

/// Makes an item of what `new` says: type, status, title and so on. Id, dates that are missing, slug and guid are filled in;
/// `new.id` 0 takes the next free id. A published item whose date is still to come is scheduled.
///
/// # Errors
/// `Forbidden` without leave to create (and publish) this type; `Conflict` when the id is taken; `Invalid` for an unknown type.
pub async fn create(act: &mut Act<'_>, grant: &Grant, mut new: Item) -> Result<Item> {
    let wanted_id = new.id;
    new.id = ItemId(0);
    grant.covers(
        &[Verb::Create, Verb::Publish, Verb::Import],
        ItemId(0),
        grant_kind(grant, &new),
    )?;
    if matches!(new.status.as_str(), "publish" | "future" | "private") && grant.verb() == Verb::Create {
        return Err(Error::new(
            ErrorKind::Forbidden,
            format!("leave to create does not reach to {}", new.status),
        )
        .hint("ask for leave to publish"));
    }
    if act.types.get(&new.kind).is_none() {
        return Err(Error::invalid(format!("there is no content type {:?}", new.kind)));
    }
    new.id = if wanted_id.0 > 0 {
        wanted_id
    } else {
        ItemId(act.tx.next_id("items").await?)
    };
    fill_dates(act, &mut new);
    let wanted = std::mem::take(&mut new.name);
    new.name = slugs::unique(act.tx, act.types, &new, &wanted).await?;
    if matches!(new.status.as_str(), "draft" | "pending" | "auto-draft") && wanted.is_empty() {
        new.name.clear();
    }
    if new.guid.is_empty() {
        new.guid = format!("/?p={}", new.id);
    }
    new.version = 1;
    if !grant.allows_any_html() {
        new.title = sanitize::wp_kses_data(&new.title);
        new.content = sanitize::kses_post(&new.content);
        new.excerpt = sanitize::kses_post(&new.excerpt);
    }
    let args = new.args();
    act.tx
        .insert_many(items::INSERT, items::WIDTH, "", &args)
        .await
        .map_err(|e| e.at(format!("{} {}", new.kind, new.id)))?;
    act.plan(&new).await?;
    act.placed(None, Some(&new)).await?;
    act.finish(grant, "item", new.id.0, &new.kind).await?;
    Ok(new)
}

/// A grant to import covers every type.
fn grant_kind<'a>(grant: &Grant, new: &'a Item) -> &'a str {
    if grant.verb() == Verb::Import { "" } else { &new.kind }
}

fn fill_dates(act: &Act<'_>, new: &mut Item) {
    let floating = matches!(new.status.as_str(), "draft" | "pending" | "auto-draft");
    let (local, gmt) = (act.local(), act.gmt());
    let unset = |date: &str| date.is_empty() || date == ZERO_DATE;
    if unset(&new.date) {
        new.date.clone_from(&local);
    }
    if unset(&new.date_gmt) {
        new.date_gmt = if floating {
            ZERO_DATE.to_owned()
        } else {
            to_gmt(act, &new.date).unwrap_or(gmt.clone())
        };
    }
    if unset(&new.modified) {
        new.modified
            .clone_from(if new.date > local { &local } else { &new.date });
    }
    if unset(&new.modified_gmt) {
        new.modified_gmt = to_gmt(act, &new.modified).unwrap_or(gmt.clone());
    }
    match new.status.as_str() {
        "publish" if new.date_gmt > gmt => new.status = "future".to_owned(),
        "future" if new.date_gmt <= gmt => new.status = "publish".to_owned(),
        _ => {}
    }
}

pub(super) fn to_gmt(act: &Act<'_>, local: &str) -> Option<String> {
    let zoned = gp_kernel::parse_mysql_date(local)?.to_zoned(act.zone.clone()).ok()?;
    Some(gp_kernel::mysql_date(zoned.timestamp(), &jiff::tz::TimeZone::UTC))
}

/// Makes an account; `user.id` 0 takes the next free id. `role` is a WordPress role: any with leave to give roles, else the one that
/// the site gives to newcomers. The password is stored as given: a hash.
///
/// # Errors
/// `Forbidden` without leave to make accounts, or for another role; `Conflict` when the sign-in name or address is taken; `Invalid` when one of them is empty.
pub async fn create_user(act: &mut Act<'_>, grant: &Grant, user: User, role: &str) -> Result<User> {
    create_user_with(act, grant, user, role, &[]).await
}

/// The same, with values of its meta.
///
/// # Errors
/// As [`create_user`]; `Forbidden` for meta that holds roles.
pub async fn create_user_with(
    act: &mut Act<'_>,
    grant: &Grant,
    mut user: User,
    role: &str,
    stored: &[(&str, Vec<u8>)],
) -> Result<User> {
    grant.covers(&[Verb::Create], ItemId(0), "user")?;
    if !grant.allows_any_role() && role != default_role(&Site::load(act.tx).await?) {
        return Err(Error::new(
            ErrorKind::Forbidden,
            format!("who makes this account may not give it the role {role:?}"),
        ));
    }
    if user.login.trim().is_empty() || !user.email.contains('@') {
        return Err(Error::invalid("an account needs a sign-in name and an e-mail address"));
    }
    for name in [&user.login, &user.email] {
        if users::by_login(act.tx, name).await?.is_some() {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("{name:?} is taken by another account"),
            ));
        }
    }
    if user.id.0 == 0 {
        user.id = UserId(act.tx.next_id("users").await?);
    }
    if user.nicename.is_empty() {
        user.nicename = gp_markup::text::sanitize_title(&user.login);
    }
    if user.display_name.is_empty() {
        user.display_name.clone_from(&user.login);
    }
    user.registered = act.gmt();
    let args = user.args();
    act.tx.insert_many(users::INSERT, users::WIDTH, "", &args).await?;
    let roles = gp_php::serialize(&gp_php::Value::map([(role, true)]));
    meta::add(act.tx, MetaKind::User, user.id.0, "wp_capabilities", &roles).await?;
    for (key, value) in stored {
        no_roles_in(key)?;
        meta::set(act.tx, MetaKind::User, user.id.0, key, &[value]).await?;
    }
    act.finish(grant, "user", user.id.0, role).await?;
    Ok(user)
}

/// The role that a site gives to newcomers.
pub fn default_role(site: &Site) -> String {
    match site.text("default_role") {
        role if role.is_empty() => "subscriber".to_owned(),
        role => role,
    }
}

/// The term of this name in a taxonomy, made if it is not there. `slug` empty: from the name.
///
/// # Errors
/// `Forbidden` without leave; `Invalid` for an empty name.
pub async fn ensure_term(act: &mut Act<'_>, grant: &Grant, wanted: Term) -> Result<Term> {
    grant.covers(&[Verb::SetOption, Verb::Import], ItemId(0), "")?;
    if wanted.name.trim().is_empty() {
        return Err(Error::invalid(format!("a term of {} needs a name", wanted.taxonomy)));
    }
    let slug = if wanted.slug.is_empty() {
        gp_markup::text::sanitize_title(&wanted.name)
    } else {
        wanted.slug.clone()
    };
    if let Some(found) = terms::by_slug(act.tx, &wanted.taxonomy, &slug)
        .await?
        .into_iter()
        .next()
    {
        return Ok(found);
    }
    let term = Term {
        id: TermTaxonomyId(act.tx.next_id("term_taxonomy").await?),
        term_id: TermId(act.tx.next_id("terms").await?),
        slug,
        ..wanted
    };
    let args = term.args();
    act.tx.insert_many(terms::INSERT, terms::WIDTH, "", &args).await?;
    act.finish(grant, "term", term.id.0, &term.taxonomy).await?;
    Ok(term)
}
