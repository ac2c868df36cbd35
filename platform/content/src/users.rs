//! People with accounts. Only what is public of them may leave through a public door: name and nicename.

use std::collections::HashMap;

use gp_kernel::{Result, UserId};
use gp_store::{Arg, Conn, Dep, Row};

use crate::meta::placeholders;

/// An account, field by field as WordPress stores it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are WordPress's own; see its users table")]
pub struct User {
    pub id: UserId,
    pub login: String,
    pub password: String,
    pub nicename: String,
    pub email: String,
    pub url: String,
    pub registered: String,
    pub activation_key: String,
    pub status: i64,
    pub display_name: String,
}

const COLUMNS: &str =
    "u.id, u.login, u.password, u.nicename, u.email, u.url, u.registered, u.activation_key, u.status, u.display_name";

/// An insert of all columns, for [`Conn::insert_many`] with [`User::args`].
pub const INSERT: &str = "insert into users (id, login, password, nicename, email, url, registered, activation_key, status, display_name) values";

/// How many columns there are.
pub const WIDTH: usize = 10;

impl User {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: UserId(row.int(0)?),
            login: row.text(1)?,
            password: row.text(2)?,
            nicename: row.text(3)?,
            email: row.text(4)?,
            url: row.text(5)?,
            registered: row.text(6)?,
            activation_key: row.text(7)?,
            status: row.int(8)?,
            display_name: row.text(9)?,
        })
    }

    /// The values of [`INSERT`].
    pub fn args(&self) -> [Arg; WIDTH] {
        [
            self.id.into(),
            (&self.login).into(),
            (&self.password).into(),
            (&self.nicename).into(),
            (&self.email).into(),
            (&self.url).into(),
            (&self.registered).into(),
            (&self.activation_key).into(),
            self.status.into(),
            (&self.display_name).into(),
        ]
    }
}

/// All accounts by id.
///
/// # Errors
/// When the database does not answer.
pub async fn all(conn: &mut Conn) -> Result<Vec<User>> {
    conn.reading([Dep::users()]);
    conn.all(&format!("select {COLUMNS} from users u order by u.id"), &[])
        .await?
        .iter()
        .map(User::from_row)
        .collect()
}

/// Many accounts by id.
///
/// # Errors
/// When the database does not answer.
pub async fn by_ids(conn: &mut Conn, ids: &[UserId]) -> Result<HashMap<UserId, User>> {
    let mut found = HashMap::new();
    let mut missing = Vec::new();
    let key = |id: UserId| format!("user {id}");
    for id in ids {
        match conn.peek::<User>(&key(*id)) {
            Some(user) => drop(found.insert(*id, (*user).clone())),
            None => missing.push(*id),
        }
    }
    let position = conn.position();
    for chunk in missing.chunks(500) {
        let sql = format!(
            "select {COLUMNS} from users u where u.id in ({})",
            placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| (*id).into()).collect();
        conn.reading([Dep::users()]);
        for row in conn.all(&sql, &args).await? {
            let user = User::from_row(&row)?;
            conn.put(key(user.id), user.clone(), 500, &[Dep::users()], position);
            found.insert(user.id, user);
        }
    }
    Ok(found)
}

/// One account as the database has it now, whatever is kept of it.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>> {
    let sql = format!("select {COLUMNS} from users u where u.id = $1");
    conn.reading([Dep::users()]);
    conn.one(&sql, &[id.into()])
        .await?
        .as_ref()
        .map(User::from_row)
        .transpose()
}

/// Whether anybody can sign in with a password.
///
/// # Errors
/// When the database does not answer.
pub async fn any_with_password(conn: &mut Conn) -> Result<bool> {
    conn.reading([Dep::users()]);
    let found = conn
        .one("select id from users where password <> '' limit 1", &[])
        .await?;
    Ok(found.is_some())
}

/// Whether any password still lies under a hash of bcrypt, as WordPress makes it.
///
/// # Errors
/// When the database does not answer.
pub async fn any_with_bcrypt(conn: &mut Conn) -> Result<bool> {
    conn.reading([Dep::users()]);
    let sql = "select id from users where password like '$wp$2%' or password like '$2%' limit 1";
    Ok(conn.one(sql, &[]).await?.is_some())
}

/// The account of this sign-in name or e-mail address.
///
/// # Errors
/// When the database does not answer.
pub async fn by_login(conn: &mut Conn, login: &str) -> Result<Option<User>> {
    let sql = format!("select {COLUMNS} from users u where u.login = $1 or u.email = $1 order by u.id");
    conn.reading([Dep::users()]);
    conn.one(&sql, &[login.into()])
        .await?
        .as_ref()
        .map(User::from_row)
        .transpose()
}

/// The same however the letters are written: names that came from WordPress do not tell capitals apart.
///
/// # Errors
/// When the database does not answer.
pub async fn by_login_in_any_case(conn: &mut Conn, login: &str) -> Result<Option<User>> {
    if let Some(user) = by_login(conn, login).await? {
        return Ok(Some(user));
    }
    let sql =
        format!("select {COLUMNS} from users u where lower(u.login) = $1 or lower(u.email) = $1 order by u.id limit 1");
    conn.reading([Dep::users()]);
    conn.one(&sql, &[login.to_lowercase().into()])
        .await?
        .as_ref()
        .map(User::from_row)
        .transpose()
}

/// The account whose author archive has this name.
///
/// # Errors
/// When the database does not answer.
pub async fn by_nicename(conn: &mut Conn, nicename: &str) -> Result<Option<User>> {
    let sql = format!("select {COLUMNS} from users u where u.nicename = $1 order by u.id");
    conn.reading([Dep::users()]);
    conn.one(&sql, &[nicename.to_lowercase().into()])
        .await?
        .as_ref()
        .map(User::from_row)
        .transpose()
}
