//! What the screens of people ask the database besides: who holds which role, how much somebody wrote, when they signed in last.

use std::collections::{BTreeMap, HashMap};

use gp_content::{Meta, Site, permission};
use gp_kernel::{Result, UserId};
use gp_store::{Arg, Conn};

/// All accounts, by what they may do.
#[derive(Debug, Default)]
pub(super) struct Everybody {
    pub(super) count: i64,
    /// How many hold each role of the site.
    pub(super) by_role: HashMap<String, i64>,
    /// Those who may write.
    pub(super) writers: Vec<UserId>,
}

/// Counts all accounts; in two questions, however many there are.
pub(super) async fn everybody(conn: &mut Conn, site: &Site) -> Result<Everybody> {
    conn.reading([]);
    let sql = "select user_id, key, value from user_meta where key like '%capabilities' order by user_id, id";
    let mut stored: BTreeMap<i64, Meta> = BTreeMap::new();
    for row in conn.all(sql, &[]).await? {
        let meta = stored.entry(row.int(0)?).or_default();
        meta.0.push((row.text(1)?, row.bytes(2)?));
    }
    let mut found = Everybody {
        count: conn.number("select count(*) from users", &[]).await?,
        ..Everybody::default()
    };
    for (user, meta) in stored {
        let roles = permission::roles(site, &meta);
        if roles
            .iter()
            .any(|role| permission::role_allows(site, role, "edit_posts"))
        {
            found.writers.push(UserId(user));
        }
        for role in roles {
            *found.by_role.entry(role).or_default() += 1;
        }
    }
    Ok(found)
}

fn numbers(users: &[UserId]) -> (String, Vec<Arg>) {
    let list: Vec<String> = (1..=users.len()).map(|n| format!("${n}")).collect();
    (list.join(","), users.iter().map(|user| (*user).into()).collect())
}

/// How many items each of these wrote that are not versions or in the trash.
pub(super) async fn written(conn: &mut Conn, users: &[UserId]) -> Result<HashMap<UserId, i64>> {
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let (list, args) = numbers(users);
    let sql = format!(
        "select author, count(*) from items where author in ({list}) and type in ('post', 'page', 'ai1ec_event') \
         and status not in ('trash', 'auto-draft') group by author"
    );
    conn.reading([]);
    let rows = conn.all(&sql, &args).await?;
    rows.iter().map(|row| Ok((UserId(row.int(0)?), row.int(1)?))).collect()
}

/// When each of these signed in last, in seconds since 1970, as far as the log tells.
pub(super) async fn signed_in(conn: &mut Conn, users: &[UserId]) -> Result<HashMap<UserId, i64>> {
    if users.is_empty() {
        return Ok(HashMap::new());
    }
    let (list, args) = numbers(users);
    let sql = format!(
        "select object, max(at) from audit where kind = 'user' and object in ({list}) and verb = 'signed in' group by object"
    );
    conn.reading([]);
    let rows = conn.all(&sql, &args).await?;
    rows.iter().map(|row| Ok((UserId(row.int(0)?), row.int(1)?))).collect()
}
