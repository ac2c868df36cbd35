//! Accounts: changing them, their roles, taking them away; and what is written down of signing in.
//!
//! Passwords come here as hashes only. What must never be here: how a password is hashed or checked, or a word of one.

use gp_kernel::{Error, ErrorKind, ItemId, Result, UserId};
use gp_php::Value;

use super::{Act, trash};
use crate::{
    items,
    meta::{self, MetaKind},
    options::Site,
    permission::{Actor, Grant, Verb, granted, own_roles},
    users::{self, User},
};

/// What is to be different about an account; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChanges {
    /// E-mail address.
    pub email: Option<String>,
    /// Home page.
    pub url: Option<String>,
    /// The name in the address of the author's page.
    pub nicename: Option<String>,
    /// The name that readers see.
    pub display_name: Option<String>,
    /// The hash of a new password. All sessions end with it, and links to set another do no longer work.
    pub password: Option<String>,
}

/// Checks that this is leave to change this account, for what a feature keeps of accounts beside their meta.
///
/// # Errors
/// `Forbidden` when it is leave for something else.
pub fn check_account(grant: &Grant, id: UserId) -> Result<()> {
    covers(grant, id)
}

/// Leave to change this account.
fn covers(grant: &Grant, id: UserId) -> Result<()> {
    grant.covers(&[Verb::Update], ItemId(id.0), "user")
}

/// Roles are kept as meta, but are no meta.
pub(super) fn no_roles_in(key: &str) -> Result<()> {
    if key.ends_with("capabilities") || key.ends_with("user_level") {
        return Err(Error::new(ErrorKind::Forbidden, "roles are set by set_roles"));
    }
    Ok(())
}

async fn found(act: &mut Act<'_>, id: UserId) -> Result<User> {
    users::by_id(act.tx, id)
        .await?
        .ok_or_else(|| Error::not_found(format!("there is no account {id}")))
}

async fn keep(act: &mut Act<'_>, user: &User) -> Result<()> {
    let args = user.args();
    let sql = "update users set login = $2, password = $3, nicename = $4, email = $5, url = $6, registered = $7, \
               activation_key = $8, status = $9, display_name = $10 where id = $1";
    act.tx.run(sql, &args).await.map(drop)
}

/// Changes an account.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`; `Conflict` when the address is another account's; `Invalid` for what is no address.
pub async fn update_user(act: &mut Act<'_>, grant: &Grant, id: UserId, changes: UserChanges) -> Result<User> {
    covers(grant, id)?;
    let mut user = found(act, id).await?;
    let mut changed = Vec::new();
    if let Some(email) = changes.email.filter(|email| *email != user.email) {
        free_address(act, id, &email).await?;
        user.email = email;
        user.activation_key.clear();
        changed.push("email");
    }
    if let Some(nicename) = changes.nicename.filter(|name| *name != user.nicename) {
        user.nicename = free_nicename(act, id, &nicename).await?;
        changed.push("nicename");
    }
    for (new, field, name) in [
        (changes.url, &mut user.url, "url"),
        (changes.display_name, &mut user.display_name, "display_name"),
    ] {
        if let Some(new) = new.filter(|new| new != field) {
            *field = new;
            changed.push(name);
        }
    }
    if let Some(hash) = changes.password {
        user.password = hash;
        user.activation_key.clear();
        let sql = "delete from sessions where user_id = $1";
        act.tx.run(sql, &[id.into()]).await?;
        changed.push("password");
    }
    if !changed.is_empty() {
        keep(act, &user).await?;
        act.finish(grant, "user", id.0, &changed.join(" ")).await?;
    }
    Ok(user)
}

async fn free_address(act: &mut Act<'_>, id: UserId, email: &str) -> Result<()> {
    let sound = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !sound || email.len() > 100 || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::invalid(format!("{email:?} is no e-mail address")));
    }
    match users::by_login(act.tx, email).await? {
        Some(other) if other.id != id => Err(Error::new(
            ErrorKind::Conflict,
            format!("{email:?} is taken by another account"),
        )),
        _ => Ok(()),
    }
}

/// A nicename that no other account has: `anna`, else `anna-2`.
async fn free_nicename(act: &mut Act<'_>, id: UserId, wanted: &str) -> Result<String> {
    let base = gp_markup::text::sanitize_title(wanted);
    if base.is_empty() {
        return Err(Error::invalid(format!("{wanted:?} cannot stand in an address")));
    }
    let mut name = base.clone();
    let mut number = 1;
    while users::by_nicename(act.tx, &name)
        .await?
        .is_some_and(|other| other.id != id)
    {
        number += 1;
        name = format!("{base}-{number}");
    }
    Ok(name)
}

/// The same password under a better hash: nothing changes for anybody, so sessions stay.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub async fn rehash_password(act: &mut Act<'_>, grant: &Grant, id: UserId, hash: &str) -> Result<()> {
    covers(grant, id)?;
    let mut user = found(act, id).await?;
    hash.clone_into(&mut user.password);
    keep(act, &user).await?;
    act.finish(grant, "user", id.0, "password hashed anew").await
}

/// Keeps what proves a link to set a new password (`time:hash`); empty: no such link works.
///
/// # Errors
/// `Forbidden` without leave; `NotFound`.
pub async fn set_activation_key(act: &mut Act<'_>, grant: &Grant, id: UserId, key: &str) -> Result<()> {
    covers(grant, id)?;
    let mut user = found(act, id).await?;
    key.clone_into(&mut user.activation_key);
    keep(act, &user).await?;
    act.finish(grant, "user", id.0, "link to set a password").await
}

/// Makes these the values of a key of an account's meta. The values themselves are not written down.
///
/// # Errors
/// `Forbidden` without leave.
pub async fn set_user_meta(act: &mut Act<'_>, grant: &Grant, id: UserId, key: &str, values: &[&[u8]]) -> Result<()> {
    covers(grant, id)?;
    no_roles_in(key)?;
    meta::set(act.tx, MetaKind::User, id.0, key, values).await?;
    act.finish(grant, "user", id.0, key).await
}

const ROLES: &[&str] = &["administrator", "editor", "author", "contributor", "subscriber"];

fn is_role(site: &Site, name: &str) -> bool {
    ROLES.contains(&name)
        || site.role_prefixes().iter().any(|prefix| {
            let list = site.value(&format!("{prefix}user_roles"));
            list.is_some_and(|roles| roles.get(name).is_some())
        })
}

/// Gives an account these roles and takes all others; what it was allowed besides stays.
///
/// # Errors
/// `Forbidden` without leave to give roles; `NotFound`; `Invalid` for a role that does not exist.
pub async fn set_roles(act: &mut Act<'_>, grant: &Grant, id: UserId, roles: &[&str]) -> Result<()> {
    grant.covers(&[Verb::Promote], ItemId(id.0), "user")?;
    let site = Site::load(act.tx).await?;
    if let Some(unknown) = roles.iter().find(|role| !is_role(&site, role)) {
        return Err(Error::invalid(format!("there is no role {unknown:?}")));
    }
    found(act, id).await?;
    let stored = meta::of(act.tx, MetaKind::User, id.0).await?;
    let besides = granted(&site, &stored).into_iter().filter(|name| !is_role(&site, name));
    let all: Vec<String> = roles.iter().map(|role| (*role).to_owned()).chain(besides).collect();
    let value = gp_php::serialize(&Value::map(all.iter().map(|name| (name.as_str(), true))));
    let key = role_key(&site, &stored);
    meta::set(act.tx, MetaKind::User, id.0, &key, &[&value]).await?;
    act.finish(grant, "user", id.0, &format!("roles: {}", roles.join(" ")))
        .await
}

/// Where an account's roles for this site are kept.
fn role_key(site: &Site, stored: &meta::Meta) -> String {
    let prefixes = site.role_prefixes();
    let own = own_roles(stored, &prefixes).map(<[u8]>::as_ptr);
    let known = stored.0.iter().find(|(key, value)| {
        let obeyed = own.is_some_and(|own| std::ptr::eq(own, value.as_ptr()));
        obeyed && key.ends_with("_capabilities")
    });
    match known {
        Some((key, _)) => key.clone(),
        None => format!("{}capabilities", prefixes.first().map_or("wp_", String::as_str)),
    }
}

/// Takes an account away, with its meta and sessions. What it wrote goes to `reassign`; without, what readers saw of it goes to the
/// trash, and the rest belongs to nobody. Comments stay.
///
/// # Errors
/// `Forbidden` without leave to take it away; `NotFound` for either account; `Invalid` when both are the same.
pub async fn delete_user(act: &mut Act<'_>, grant: &Grant, id: UserId, reassign: Option<UserId>) -> Result<()> {
    grant.covers(&[Verb::Delete], ItemId(id.0), "user")?;
    let user = found(act, id).await?;
    if reassign == Some(id) {
        return Err(Error::invalid("an account cannot inherit from itself"));
    }
    if let Some(heir) = reassign {
        found(act, heir).await?;
    }
    let sql = "select id from items where author = $1 order by id";
    let rows = act.tx.all(sql, &[id.into()]).await?;
    for row in rows {
        let item = ItemId(row.int(0)?);
        if reassign.is_none() {
            discard(act, item).await?;
        }
        let heir = reassign.unwrap_or_default();
        let sql = "update items set author = $2, version = version + 1 where id = $1";
        act.tx.run(sql, &[item.into(), heir.into()]).await?;
        act.finish(grant, "item", item.0, "author").await?;
    }
    for sql in [
        "update comments set user_id = 0 where user_id = $1",
        "delete from sessions where user_id = $1",
        "delete from passkeys where user_id = $1",
        "delete from challenges where user_id = $1",
        "delete from users where id = $1",
    ] {
        act.tx.run(sql, &[id.into()]).await?;
    }
    meta::clear(act.tx, MetaKind::User, id.0).await?;
    act.finish(grant, "user", id.0, &format!("deleted {}", user.login))
        .await
}

/// Puts an item of a public type into the trash, unless it lies there.
async fn discard(act: &mut Act<'_>, id: ItemId) -> Result<()> {
    let Some(item) = items::by_id(act.tx, id).await? else {
        return Ok(());
    };
    let public = act.types.get(&item.kind).is_some_and(|kind| kind.public);
    if !public || item.status == "trash" || item.status == "auto-draft" {
        return Ok(());
    }
    let grant = Actor::system().may(Verb::Trash, &item, None, act.types)?;
    trash(act, &grant, id).await.map(drop)
}

/// Writes down what happened at the door, where no account changed: a sign-in, a failure. `who` did it, to or as `account`; 0 is
/// nobody. Never the words that were typed.
///
/// # Errors
/// When the database does not answer.
pub async fn note(act: &mut Act<'_>, who: UserId, verb: &str, account: UserId, detail: &str) -> Result<()> {
    let id = act.tx.next_id("audit").await?;
    let sql = "insert into audit (id, at, actor, verb, kind, object, detail) values ($1, $2, $3, $4, 'user', $5, $6)";
    let at = act.now.as_second();
    let args = [
        id.into(),
        at.into(),
        who.into(),
        verb.into(),
        account.into(),
        detail.into(),
    ];
    act.tx.run(sql, &args).await.map(drop)
}

#[cfg(test)]
mod tests {
    use gp_store::testing::databases;
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::{
        ContentType, Item, Types,
        actions::{create, create_user, create_user_with, set_option},
        audit,
        types::Rights,
    };

    fn acting<'a>(tx: &'a mut gp_store::Conn, types: &'a Types) -> Act<'a> {
        Act {
            tx,
            types,
            now: Timestamp::UNIX_EPOCH,
            zone: TimeZone::UTC,
        }
    }

    async fn person(act: &mut Act<'_>, login: &str, role: &str) -> User {
        let grant = Actor::system().may_on_account(Verb::Create, UserId(0)).unwrap();
        let user = User {
            login: login.to_owned(),
            email: format!("{login}@library.example"),
            ..User::default()
        };
        create_user(act, &grant, user, role).await.unwrap()
    }

    async fn written(act: &mut Act<'_>, author: UserId, title: &str) -> ItemId {
        let item = Item {
            kind: "post".to_owned(),
            status: "publish".to_owned(),
            title: title.to_owned(),
            author,
            ..Item::default()
        };
        let grant = Actor::system().may(Verb::Publish, &item, None, act.types).unwrap();
        create(act, &grant, item).await.unwrap().id
    }

    fn types() -> Types {
        Types::new(vec![ContentType {
            public: true,
            rights: Rights::PerItem("posts"),
            ..ContentType::internal("post", "Resource", "Resources")
        }])
    }

    #[tokio::test]
    async fn an_account_is_changed_by_its_owner_or_a_manager_only() {
        let folder = tempfile::tempdir().unwrap();
        for test in databases(folder.path(), "people").await.unwrap() {
            let types = types();
            let mut tx = test.db.write().await.unwrap();
            let mut act = acting(&mut tx, &types);
            let anna = person(&mut act, "anna", "editor").await;
            let bert = person(&mut act, "bert", "author").await;
            let own = Actor::with_capabilities(anna.id, []).may_change_own_account().unwrap();
            let email = |address: &str| UserChanges {
                email: Some(address.to_owned()),
                ..UserChanges::default()
            };
            let of_another = update_user(&mut act, &own, bert.id, email("x@library.example")).await;
            assert_eq!(of_another.unwrap_err().kind, ErrorKind::Forbidden);
            let roles = set_roles(&mut act, &own, anna.id, &["administrator"]).await;
            assert_eq!(roles.unwrap_err().kind, ErrorKind::Forbidden);
            let smuggled = set_user_meta(&mut act, &own, anna.id, "wp_capabilities", &[b"a:0:{}"]).await;
            assert_eq!(smuggled.unwrap_err().kind, ErrorKind::Forbidden);
            let taken = update_user(&mut act, &own, anna.id, email("bert@library.example")).await;
            assert_eq!(taken.unwrap_err().kind, ErrorKind::Conflict);
            for wrong in ["", "anna", "a b@c", "@c", "a@c\r\nBcc: d@e"] {
                let refused = update_user(&mut act, &own, anna.id, email(wrong)).await;
                assert_eq!(refused.unwrap_err().kind, ErrorKind::Invalid, "{wrong:?}");
            }
            let changes = UserChanges {
                email: Some("new@library.example".to_owned()),
                nicename: Some("bert".to_owned()),
                password: Some("a hash".to_owned()),
                ..UserChanges::default()
            };
            let changed = update_user(&mut act, &own, anna.id, changes).await.unwrap();
            assert_eq!(
                (changed.nicename.as_str(), changed.password.as_str()),
                ("bert-2", "a hash")
            );
            assert_eq!(users::by_id(act.tx, anna.id).await.unwrap(), Some(changed));
            let last = audit::latest(act.tx, 0, 1).await.unwrap().remove(0);
            assert_eq!((last.actor, last.detail.as_str()), (anna.id, "email nicename password"));
            assert!(Actor::anonymous().may_change_own_account().is_err());
        }
    }

    #[tokio::test]
    async fn leave_for_one_deed_is_no_leave_for_another() {
        let folder = tempfile::tempdir().unwrap();
        for test in databases(folder.path(), "leave").await.unwrap() {
            let types = types();
            let mut tx = test.db.write().await.unwrap();
            let mut act = acting(&mut tx, &types);
            let anna = person(&mut act, "anna", "editor").await;
            let with = |capability: &str| Actor::with_capabilities(UserId(77), [capability.to_owned()]);
            let deeds = [
                ("create_users", Verb::Create, UserId(0)),
                ("edit_users", Verb::Update, anna.id),
                ("promote_users", Verb::Promote, anna.id),
                ("delete_users", Verb::Delete, anna.id),
            ];
            for (capability, ..) in deeds {
                for (needed, verb, account) in deeds {
                    let leave = with(capability).may_on_account(verb, account);
                    assert_eq!(leave.is_ok(), capability == needed, "{capability}: {verb:?}");
                }
            }
            let forbidden = |result: Result<()>| assert_eq!(result.unwrap_err().kind, ErrorKind::Forbidden);
            let edits = with("edit_users").may_on_account(Verb::Update, anna.id).unwrap();
            forbidden(set_roles(&mut act, &edits, anna.id, &["administrator"]).await);
            forbidden(delete_user(&mut act, &edits, anna.id, None).await);
            forbidden(set_user_meta(&mut act, &edits, anna.id, "wp_capabilities", &[b"a:0:{}"]).await);
            let promotes = with("promote_users").may_on_account(Verb::Promote, anna.id).unwrap();
            let email = UserChanges {
                password: Some("another".to_owned()),
                ..UserChanges::default()
            };
            forbidden(update_user(&mut act, &promotes, anna.id, email).await.map(drop));
            set_roles(&mut act, &promotes, anna.id, &["author"]).await.unwrap();
            // Who makes accounts gives them the role of newcomers, and no other.
            let makes = with("create_users").may_on_account(Verb::Create, UserId(0)).unwrap();
            let new = |login: &str| User {
                login: login.to_owned(),
                email: format!("{login}@library.example"),
                ..User::default()
            };
            forbidden(create_user(&mut act, &makes, new("bert"), "editor").await.map(drop));
            let smuggled = [("wp_capabilities", b"a:1:{s:13:\"administrator\";b:1;}".to_vec())];
            forbidden(
                create_user_with(&mut act, &makes, new("cora"), "subscriber", &smuggled)
                    .await
                    .map(drop),
            );
            create_user(&mut act, &makes, new("dora"), "subscriber").await.unwrap();
        }
    }

    #[tokio::test]
    async fn roles_are_set_where_they_are_obeyed() {
        let folder = tempfile::tempdir().unwrap();
        for test in databases(folder.path(), "roles").await.unwrap() {
            let types = types();
            let mut tx = test.db.write().await.unwrap();
            let mut act = acting(&mut tx, &types);
            let anna = person(&mut act, "anna", "editor").await;
            let grant = Actor::system().may_on_account(Verb::Promote, anna.id).unwrap();
            meta::set(act.tx, MetaKind::User, anna.id.0, "wp_capabilities", &[])
                .await
                .unwrap();
            let both = b"a:2:{s:6:\"editor\";b:1;s:9:\"dig_wells\";b:1;}".as_slice();
            for key in ["own_capabilities", "other_capabilities"] {
                meta::set(act.tx, MetaKind::User, anna.id.0, key, &[both])
                    .await
                    .unwrap();
            }
            let options = Actor::system().may_manage(Verb::SetOption).unwrap();
            let list = b"a:1:{s:6:\"tester\";a:2:{s:4:\"name\";s:6:\"Tester\";s:12:\"capabilities\";a:0:{}}}";
            set_option(&mut act, &options, "own_user_roles", list).await.unwrap();
            let unknown = set_roles(&mut act, &grant, anna.id, &["emperor"]).await;
            assert_eq!(unknown.unwrap_err().kind, ErrorKind::Invalid);
            set_roles(&mut act, &grant, anna.id, &["tester", "author"])
                .await
                .unwrap();
            let site = Site::load(act.tx).await.unwrap();
            let stored = meta::of(act.tx, MetaKind::User, anna.id.0).await.unwrap();
            assert_eq!(granted(&site, &stored), ["tester", "author", "dig_wells"]);
            assert_eq!(stored.bytes("other_capabilities"), Some(both), "another site's stay");
            let actor = Actor::load(act.tx, &site, anna.id).await.unwrap();
            assert!(actor.can("publish_posts") && !actor.can("edit_others_posts"));
        }
    }

    #[tokio::test]
    async fn what_somebody_wrote_outlives_the_account() {
        let folder = tempfile::tempdir().unwrap();
        for test in databases(folder.path(), "heirs").await.unwrap() {
            let types = types();
            let mut tx = test.db.write().await.unwrap();
            let mut act = acting(&mut tx, &types);
            let (anna, bert) = (
                person(&mut act, "anna", "author").await,
                person(&mut act, "bert", "author").await,
            );
            let leave = |user: UserId| Actor::system().may_on_account(Verb::Delete, user).unwrap();
            let item = written(&mut act, anna.id, "Wells").await;
            let itself = delete_user(&mut act, &leave(anna.id), anna.id, Some(anna.id)).await;
            assert_eq!(itself.unwrap_err().kind, ErrorKind::Invalid);
            let nobody = delete_user(&mut act, &leave(anna.id), anna.id, Some(UserId(99))).await;
            assert_eq!(nobody.unwrap_err().kind, ErrorKind::NotFound);
            delete_user(&mut act, &leave(anna.id), anna.id, Some(bert.id))
                .await
                .unwrap();
            let inherited = items::by_id(act.tx, item).await.unwrap().unwrap();
            assert_eq!((inherited.author, inherited.status.as_str()), (bert.id, "publish"));
            delete_user(&mut act, &leave(bert.id), bert.id, None).await.unwrap();
            let left = items::by_id(act.tx, item).await.unwrap().unwrap();
            assert_eq!((left.author, left.status.as_str()), (UserId(0), "trash"));
            assert!(users::all(act.tx).await.unwrap().is_empty());
            let again = delete_user(&mut act, &leave(bert.id), bert.id, None).await;
            assert_eq!(again.unwrap_err().kind, ErrorKind::NotFound);
        }
    }
}
