//! What an import derives and records beside the rows themselves.

use gp_kernel::Result;
use gp_store::{Arg, Conn, Dialect};

/// Old slugs: (slug, item).
pub(crate) async fn add_old_slugs(conn: &mut Conn, slugs: &[(String, i64)]) -> Result<()> {
    let args: Vec<Arg> = slugs
        .iter()
        .flat_map(|(slug, item)| [slug.into(), (*item).into()])
        .collect();
    conn.insert_many(
        "insert into old_slugs (slug, item_id) values",
        2,
        "on conflict (slug, item_id) do nothing",
        &args,
    )
    .await
}

/// Sequence, table and column that take their numbers from it.
pub(crate) const SEQUENCES: [(&str, &str, &str); 13] = [
    ("items", "items", "id"),
    ("item_meta", "item_meta", "id"),
    ("terms", "terms", "term_id"),
    ("term_taxonomy", "terms", "id"),
    ("term_meta", "term_meta", "id"),
    ("users", "users", "id"),
    ("user_meta", "user_meta", "id"),
    ("comments", "comments", "id"),
    ("comment_meta", "comment_meta", "id"),
    ("changes", "changes", "id"),
    ("jobs", "jobs", "id"),
    ("audit", "audit", "id"),
    ("imports", "imports", "id"),
];

/// Sets the sequences beyond every id that is there.
pub(crate) async fn settle_sequences(conn: &mut Conn) -> Result<()> {
    for (sequence, table, column) in SEQUENCES {
        let next = conn
            .number(&format!("select coalesce(max({column}), 0) + 1 from {table}"), &[])
            .await?;
        conn.run(
            "update sequences set next = $1 where name = $2 and next < $1",
            &[next.into(), sequence.into()],
        )
        .await?;
    }
    Ok(())
}

/// Tells the planner of a server what the tables hold now; until it looks by itself, it would read whole tables.
pub(crate) async fn count_anew(conn: &mut Conn) -> Result<()> {
    match conn.dialect() {
        Dialect::Postgres => conn.script("analyze").await,
        // The plans of SQLite are written to do without.
        Dialect::Sqlite => Ok(()),
    }
}

/// Copies an option under another name, unless that is there.
pub(crate) async fn copy_option(conn: &mut Conn, from: &str, to: &str) -> Result<()> {
    conn.run(
        "insert into options (name, value, autoload) select $1, value, 1 from options where name = $2 \
         on conflict (name) do nothing",
        &[to.into(), from.into()],
    )
    .await
    .map(drop)
}

/// Writes down an import; its number.
pub(crate) async fn record_import(
    conn: &mut Conn,
    source: &str,
    started: i64,
    finished: i64,
    report: &str,
) -> Result<i64> {
    let id = conn.next_id("imports").await?;
    conn.run(
        "insert into imports (id, source, started, finished, report) values ($1, $2, $3, $4, $5)",
        &[id.into(), source.into(), started.into(), finished.into(), report.into()],
    )
    .await?;
    Ok(id)
}

/// Replaces the report of an import.
pub(crate) async fn keep_report(conn: &mut Conn, id: i64, finished: i64, report: &str) -> Result<()> {
    conn.run(
        "update imports set finished = $1, report = $2 where id = $3",
        &[finished.into(), report.into(), id.into()],
    )
    .await
    .map(drop)
}

/// An entry of the audit log about an import.
pub(crate) async fn audit(conn: &mut Conn, at: i64, actor: i64, verb: &str, import: i64, detail: &str) -> Result<()> {
    let id = conn.next_id("audit").await?;
    conn.run(
        "insert into audit (id, at, actor, verb, kind, object, detail) values ($1, $2, $3, $4, 'import', $5, $6)",
        &[
            id.into(),
            at.into(),
            actor.into(),
            verb.into(),
            import.into(),
            detail.into(),
        ],
    )
    .await
    .map(drop)
}
