//! Comments. Only approved ones of the kinds `comment`, `pingback` and `trackback` are ever public; `note` is editors' own.

use gp_kernel::{CommentId, ItemId, Result, UserId};
use gp_store::{Arg, Conn, Dep, Recall, Row};

use crate::permission::Scope;

/// A comment, field by field as WordPress stores it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are WordPress's own; see its comments table")]
pub struct Comment {
    pub id: CommentId,
    pub item: ItemId,
    pub author: String,
    pub author_email: String,
    pub author_url: String,
    pub author_ip: String,
    pub date: String,
    pub date_gmt: String,
    pub content: String,
    pub karma: i64,
    pub approved: String,
    pub agent: String,
    pub kind: String,
    pub parent: CommentId,
    pub user: UserId,
}

/// The columns of [`Comment`].
pub const COLUMNS: &str = "c.id, c.item_id, c.author, c.author_email, c.author_url, c.author_ip, c.date, c.date_gmt, c.content, \
    c.karma, c.approved, c.agent, c.type, c.parent, c.user_id";

/// An insert of all columns, for [`Conn::insert_many`] with [`Comment::args`].
pub const INSERT: &str = "insert into comments (id, item_id, author, author_email, author_url, author_ip, date, date_gmt, content, \
    karma, approved, agent, type, parent, user_id) values";

/// How many columns there are.
pub const WIDTH: usize = 15;

impl Comment {
    /// Reads a row of [`COLUMNS`].
    ///
    /// # Errors
    /// When the row has another shape.
    pub fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: CommentId(row.int(0)?),
            item: ItemId(row.int(1)?),
            author: row.text(2)?,
            author_email: row.text(3)?,
            author_url: row.text(4)?,
            author_ip: row.text(5)?,
            date: row.text(6)?,
            date_gmt: row.text(7)?,
            content: row.text(8)?,
            karma: row.int(9)?,
            approved: row.text(10)?,
            agent: row.text(11)?,
            kind: row.text(12)?,
            parent: CommentId(row.int(13)?),
            user: UserId(row.int(14)?),
        })
    }

    /// The values of [`INSERT`].
    pub fn args(&self) -> [Arg; WIDTH] {
        [
            self.id.into(),
            self.item.into(),
            (&self.author).into(),
            (&self.author_email).into(),
            (&self.author_url).into(),
            (&self.author_ip).into(),
            (&self.date).into(),
            (&self.date_gmt).into(),
            (&self.content).into(),
            self.karma.into(),
            (&self.approved).into(),
            (&self.agent).into(),
            (&self.kind).into(),
            self.parent.into(),
            self.user.into(),
        ]
    }
}

const PUBLIC: &str = "c.approved = '1' and c.type in ('', 'comment', 'pingback', 'trackback')";

/// The public comments of an item, oldest first.
///
/// # Errors
/// When the database does not answer.
pub async fn public_of(conn: &mut Conn, item: ItemId) -> Result<Vec<Comment>> {
    let making = match conn.recall::<Vec<Comment>>(format!("comments of {item}")) {
        Recall::Found(comments) => return Ok((*comments).clone()),
        Recall::Missing(making) => making,
    };
    let sql = format!("select {COLUMNS} from comments c where c.item_id = $1 and {PUBLIC} order by c.date_gmt, c.id");
    conn.reading([Dep::comments(), Dep::item(item.0)]);
    let rows = conn.all(&sql, &[item.into()]).await?;
    let comments: Vec<Comment> = rows.iter().map(Comment::from_row).collect::<Result<_>>()?;
    let bytes = comments.iter().map(|comment| comment.content.len() + 500).sum();
    Ok((*making.keep(conn, comments, bytes)).clone())
}

/// The newest public comments on items that everybody may read in full (published, without password).
///
/// # Errors
/// When the database does not answer.
pub async fn newest_public(conn: &mut Conn, limit: usize) -> Result<Vec<Comment>> {
    let sql = format!(
        "select {COLUMNS} from comments c join items i on i.id = c.item_id \
         where {PUBLIC} and i.status = 'publish' and i.password = '' order by c.date_gmt desc, c.id desc limit $1"
    );
    // Whether an item is public counts too; every change of that is one of the list of files.
    conn.reading([Dep::comments(), Dep::list("attachment")]);
    conn.all(&sql, &[limit.into()])
        .await?
        .iter()
        .map(Comment::from_row)
        .collect()
}

/// The newest public comments of an item.
///
/// # Errors
/// When the database does not answer.
pub async fn newest_of(conn: &mut Conn, item: ItemId, limit: usize) -> Result<Vec<Comment>> {
    let sql = format!(
        "select {COLUMNS} from comments c where c.item_id = $1 and {PUBLIC} order by c.date_gmt desc, c.id desc limit $2"
    );
    conn.reading([Dep::comments(), Dep::item(item.0)]);
    conn.all(&sql, &[item.into(), limit.into()])
        .await?
        .iter()
        .map(Comment::from_row)
        .collect()
}

/// How deep answers to answers are followed.
const DEEPEST: usize = 10;

/// The page of an item's comments that a comment is on, from 1; answers are where the comment is that they belong to.
///
/// # Errors
/// When the database does not answer.
pub async fn page_of(conn: &mut Conn, comment: &Comment, per_page: usize) -> Result<usize> {
    let (mut date, mut id, mut parent) = (comment.date_gmt.clone(), comment.id, comment.parent);
    for _ in 0..DEEPEST {
        if parent.0 == 0 {
            break;
        }
        let above = conn
            .one(
                "select c.date_gmt, c.id, c.parent from comments c where c.id = $1",
                &[parent.into()],
            )
            .await?;
        let Some(above) = above else { break };
        (date, id, parent) = (above.text(0)?, CommentId(above.int(1)?), CommentId(above.int(2)?));
    }
    let sql = format!(
        "select count(*) from comments c where c.item_id = $1 and {PUBLIC} and c.parent = 0 \
         and (c.date_gmt < $2 or (c.date_gmt = $2 and c.id < $3))"
    );
    let before = conn
        .number(&sql, &[comment.item.into(), date.into(), id.into()])
        .await?;
    Ok(usize::try_from(before).unwrap_or(0) / per_page.max(1) + 1)
}

/// A comment by its id, whatever its state.
///
/// # Errors
/// When the database does not answer.
pub async fn by_id(conn: &mut Conn, id: CommentId) -> Result<Option<Comment>> {
    conn.reading([Dep::comments()]);
    let sql = format!("select {COLUMNS} from comments c where c.id = $1");
    conn.one(&sql, &[id.0.into()])
        .await?
        .as_ref()
        .map(Comment::from_row)
        .transpose()
}

/// What a list of comments is made of; empty conditions do not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentQuery {
    /// `1`, `0`, `spam`, `trash`; none: approved and held back ones.
    pub approved: Vec<String>,
    /// Of this kind (`comment`).
    pub kind: String,
    /// On these items.
    pub items: Vec<ItemId>,
    /// By these people.
    pub users: Vec<UserId>,
    /// Not by these people.
    pub without_users: Vec<UserId>,
    /// Only these.
    pub ids: Vec<i64>,
    /// Not these.
    pub without_ids: Vec<i64>,
    /// Answers to these.
    pub parents: Vec<i64>,
    /// Answers to none of these.
    pub without_parents: Vec<i64>,
    /// With this mail address.
    pub email: String,
    /// Made after and before these moments (UTC, as stored).
    pub after: String,
    /// See `after`.
    pub before: String,
    /// With these words in them.
    pub search: String,
    /// By which column: `date_gmt`, `date`, `id`, `item_id`, `parent`, `type`.
    pub order_by: &'static str,
    /// The last first.
    pub down: bool,
    /// How many to leave out.
    pub offset: usize,
    /// How many at most.
    pub limit: usize,
}

/// A list of comments on items that the scope's actor reads or wrote (moderators: on all), and how many there are in all.
///
/// # Errors
/// When the database does not answer.
pub async fn list(conn: &mut Conn, scope: &Scope, query: &CommentQuery) -> Result<(Vec<Comment>, i64)> {
    let mut args: Vec<Arg> = Vec::new();
    let mut sql = "1 = 1".to_owned();
    let mut some = |column: &str, values: Vec<Arg>, not: &str| {
        if values.is_empty() {
            return;
        }
        let numbers: Vec<String> = values
            .into_iter()
            .map(|value| {
                args.push(value);
                format!("${}", args.len())
            })
            .collect();
        sql.push_str(&format!(" and c.{column} {not} in ({})", numbers.join(",")));
    };
    let texts = |list: &[String]| list.iter().map(Arg::from).collect::<Vec<_>>();
    let numbers = |list: &[i64]| list.iter().map(|n| Arg::from(*n)).collect::<Vec<_>>();
    let people = |list: &[UserId]| list.iter().map(|id| Arg::from(id.0)).collect::<Vec<_>>();
    some("approved", texts(&query.approved), "");
    let kinds: Vec<String> = Some(query.kind.clone())
        .filter(|kind| !kind.is_empty())
        .into_iter()
        .collect();
    some("type", texts(&kinds), "");
    some("item_id", query.items.iter().map(|id| Arg::from(id.0)).collect(), "");
    some("user_id", people(&query.users), "");
    some("user_id", people(&query.without_users), "not");
    some("id", numbers(&query.ids), "");
    some("id", numbers(&query.without_ids), "not");
    some("parent", numbers(&query.parents), "");
    some("parent", numbers(&query.without_parents), "not");
    let mut one = |condition: &str, value: &str| {
        if !value.is_empty() {
            args.push(value.into());
            sql.push_str(&format!(" and {}", condition.replace('?', &format!("${}", args.len()))));
        }
    };
    one("c.author_email = ?", &query.email);
    one("c.date_gmt > ?", &query.after);
    one("c.date_gmt < ?", &query.before);
    let like = query.search.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let like = if like.is_empty() { like } else { format!("%{like}%") };
    one(
        "(lower(c.content) like lower(?) escape '!' or lower(c.author) like lower(?) escape '!')",
        &like,
    );
    if let Some(seen) = scope.condition_of_comments(&mut |arg| {
        args.push(arg);
        args.len()
    }) {
        sql.push_str(&format!(
            " and exists (select 1 from items i where i.id = c.item_id and {seen})"
        ));
    }
    conn.reading([Dep::comments(), Dep::list("attachment")]);
    let total = conn
        .number(&format!("select count(*) from comments c where {sql}"), &args)
        .await?;
    let way = if query.down { "desc" } else { "asc" };
    args.extend([query.limit.into(), query.offset.into()]);
    let (limit, offset) = (args.len() - 1, args.len());
    let sql = format!(
        "select {COLUMNS} from comments c where {sql} order by c.{} {way}, c.id {way} limit ${limit} offset ${offset}",
        query.order_by
    );
    let rows = conn.all(&sql, &args).await?;
    Ok((rows.iter().map(Comment::from_row).collect::<Result<_>>()?, total))
}

/// Which of these comments have answers that everybody sees.
///
/// # Errors
/// When the database does not answer.
pub async fn answered(conn: &mut Conn, ids: &[i64]) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    conn.reading([Dep::comments()]);
    for chunk in ids.chunks(500) {
        let sql = format!(
            "select distinct parent from comments where approved = '1' and parent in ({})",
            crate::meta::placeholders(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        for row in conn.all(&sql, &args).await? {
            found.push(row.int(0)?);
        }
    }
    Ok(found)
}
