//! One handle for both databases. SQL is written once, in the subset that both understand, with `$1` parameters.

use std::{path::Path, str::FromStr, sync::Arc, time::Duration};

use gp_kernel::{Error, ErrorKind, Result};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    kept::{Kept, Witness},
    reads::{Dep, Reads},
    row::{Arg, Row},
};

/// The file of the embedded database, in the data folder.
pub const DATABASE_FILE: &str = "guidepost.db";

/// Which database answers; only where the dialects must differ does anybody ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The embedded default.
    Sqlite,
    /// A server.
    Postgres,
}

/// The database: readers in parallel; on SQLite one writer at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    kept: Arc<Kept>,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite {
        /// Any number of reads at once.
        read: SqlitePool,
        /// One connection: who writes waits for its turn.
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A connection held for a request, or an open transaction; statements run on either.
#[derive(Debug)]
pub struct Conn {
    link: Link,
    /// One inside the other: see [`Conn::watch`].
    logs: Vec<Log>,
    kept: Arc<Kept>,
    /// It neither uses nor adds to what is kept: see [`Conn::keep_nothing`].
    alone: bool,
}

#[derive(Debug)]
enum Link {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresRead(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
    /// It was given back.
    Gone(Dialect),
}

/// What the statements of a connection read, while somebody wants to know.
#[derive(Debug, Default)]
struct Log {
    reads: Reads,
    /// The next statement was announced by [`Conn::reading`].
    announced: bool,
}

/// How long a caller waits for a connection before the answer is "not available".
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that lay idle longer is tried before use (a round trip); busy ones are not.
const IDLE: Duration = Duration::from_secs(1);

impl Db {
    /// Opens `postgres://…`, or the file `guidepost.db` in `data` when `url` is empty. Tables are made by [`crate::migrate`].
    ///
    /// # Errors
    /// When the folder cannot be made, the file is no database, or the server does not answer.
    pub async fn open(url: &str, data: &Path) -> Result<Self> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(url).await;
        }
        if !url.is_empty() {
            // Without what follows the scheme: there may be a password in it.
            let scheme = url.split(':').next().unwrap_or_default();
            return Err(
                Error::invalid(format!("a database of the kind {scheme:?} is not known"))
                    .hint("use postgres://USER:PASSWORD@HOST/NAME, or leave it empty for SQLite in the data folder"),
            );
        }
        std::fs::create_dir_all(data).map_err(|e| Error::from(e).at(data.display()))?;
        Self::open_sqlite(&data.join(DATABASE_FILE)).await
    }

    async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "memory")
            .statement_cache_capacity(200);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE * 3)
            .connect_with(options.clone())
            .await
            .map_err(|e| fault(e).at(file.display()))?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "on"))
            .await
            .map_err(|e| fault(e).at(file.display()))?;
        Ok(Self {
            pools: Pools::Sqlite { read, write },
            kept: Arc::new(Kept::new(Witness::of_sqlite(file))),
        })
    }

    async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|e| Error::invalid(format!("database address: {e}")))?
            .application_name("guidepost");
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            // After a restart of the server the old connections are dead. Those in use all the time are noticed when they are
            // given back; one that lay idle is tried first, and a dead one replaced, so that no visitor is told of it.
            .before_acquire(|conn, about| {
                Box::pin(async move {
                    if about.idle_for > IDLE {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await
            .map_err(fault)?;
        Ok(Self {
            pools: Pools::Postgres(pool),
            kept: Arc::new(Kept::new(Witness::none())),
        })
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &self.pools {
            Pools::Sqlite { .. } => Dialect::Sqlite,
            Pools::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A connection for reading; take ONE per request and run all its queries on it. What is kept of the database
    /// ([`Conn::recall`]) is brought up to date before.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer.
    pub async fn read(&self) -> Result<Conn> {
        let link = match &self.pools {
            Pools::Sqlite { read, .. } => Link::SqliteRead(read.acquire().await.map_err(fault)?),
            Pools::Postgres(pool) => Link::PostgresRead(pool.acquire().await.map_err(fault)?),
        };
        let mut conn = self.conn(link);
        self.kept.catch_up(&mut conn).await?;
        Ok(conn)
    }

    /// A transaction; dropped without [`Conn::commit`], nothing of it has happened.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer or another writer holds it too long.
    pub async fn write(&self) -> Result<Conn> {
        let link = match &self.pools {
            Pools::Sqlite { write, .. } => Link::SqliteWrite(write.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?),
            Pools::Postgres(pool) => Link::PostgresWrite(pool.begin().await.map_err(fault)?),
        };
        Ok(self.conn(link))
    }

    /// A transaction in the place of this connection, which is given back first.
    ///
    /// # Errors
    /// See [`Db::write`]; the connection is then gone.
    pub async fn write_in_place(&self, conn: &mut Conn) -> Result<()> {
        conn.give_back();
        *conn = self.write().await?;
        Ok(())
    }

    /// A connection for reading in the place of this one, which is given back first: what a transaction has not committed is undone.
    ///
    /// # Errors
    /// See [`Db::read`]; the connection is then gone.
    pub async fn read_in_place(&self, conn: &mut Conn) -> Result<()> {
        conn.give_back();
        *conn = self.read().await?;
        Ok(())
    }

    fn conn(&self, link: Link) -> Conn {
        Conn {
            link,
            logs: Vec::new(),
            kept: self.kept.clone(),
            alone: false,
        }
    }

    /// What this process keeps of the database, and what it knows of its changes.
    pub fn kept(&self) -> &Arc<Kept> {
        &self.kept
    }

    /// The pool, for listening to a server's notices.
    pub(crate) fn postgres(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Postgres(pool) => Some(pool),
            Pools::Sqlite { .. } => None,
        }
    }

    /// Ends all connections; what was committed is on disk.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Arg::Int(v) => query.bind(*v),
                Arg::Text(v) => query.bind(v.as_str()),
                Arg::Bytes(v) => query.bind(v.as_slice()),
            };
        }
        query
    }};
}

macro_rules! on_each {
    ($conn:expr, $e:ident => $run:expr, $wrap:ident) => {
        match $conn {
            Link::SqliteRead(c) => {
                let $e = &mut **c;
                $run.map($wrap::sqlite)
            }
            Link::SqliteWrite(c) => {
                let $e = &mut **c;
                $run.map($wrap::sqlite)
            }
            Link::PostgresRead(c) => {
                let $e = &mut **c;
                $run.map($wrap::postgres)
            }
            Link::PostgresWrite(c) => {
                let $e = &mut **c;
                $run.map($wrap::postgres)
            }
            Link::Gone(_) => return Err(gone()),
        }
    };
}

fn gone() -> Error {
    Error::internal("a connection to the database was used after it was given back")
}

/// Turns the drivers' results into ours.
struct Rows;
impl Rows {
    fn sqlite(rows: Vec<sqlx::sqlite::SqliteRow>) -> Vec<Row> {
        rows.into_iter().map(Row::Sqlite).collect()
    }
    fn postgres(rows: Vec<sqlx::postgres::PgRow>) -> Vec<Row> {
        rows.into_iter().map(Row::Postgres).collect()
    }
}
struct Affected;
impl Affected {
    fn sqlite(done: sqlx::sqlite::SqliteQueryResult) -> u64 {
        done.rows_affected()
    }
    fn postgres(done: sqlx::postgres::PgQueryResult) -> u64 {
        done.rows_affected()
    }
}

impl Conn {
    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match &self.link {
            Link::SqliteRead(_) | Link::SqliteWrite(_) => Dialect::Sqlite,
            Link::PostgresRead(_) | Link::PostgresWrite(_) => Dialect::Postgres,
            Link::Gone(dialect) => *dialect,
        }
    }

    /// Gives it back to the others. Whoever waits for another connection must not hold one meanwhile: when all who wait hold one, nobody
    /// ever gets another. A transaction that was not committed is undone. What is asked of it afterwards fails.
    pub fn give_back(&mut self) {
        self.link = Link::Gone(self.dialect());
    }

    /// Begins to write down what is read, inside of what is being written down already. [`Conn::watched`] ends it.
    pub fn watch(&mut self) {
        self.logs.push(Log::default());
    }

    /// How many are open.
    pub(crate) fn depth(&self) -> usize {
        self.logs.len()
    }

    /// Ends all but so many: what was read in them, which also counts for the one around.
    pub(crate) fn watched_to(&mut self, depth: usize) -> Reads {
        let mut reads = Reads::default();
        for log in self.logs.drain(depth.min(self.logs.len())..) {
            reads.join(&log.reads);
        }
        self.found_all(&reads);
        reads
    }

    /// Ends all of them: whatever was read.
    pub fn watched(&mut self) -> Reads {
        self.watched_to(0)
    }

    /// Says what the next statement reads, whatever it finds. One that nobody announces counts as reading everything.
    pub fn reading(&mut self, deps: impl IntoIterator<Item = Dep>) {
        if let Some(log) = self.logs.last_mut() {
            log.announced = true;
            log.reads.add(deps);
        }
    }

    /// Adds what a statement found, or an answer from somewhere else was made from.
    pub fn found(&mut self, deps: impl IntoIterator<Item = Dep>) {
        if let Some(log) = self.logs.last_mut() {
            log.reads.add(deps);
        }
    }

    /// Something was asked that changes without the feed, a search index that follows it for instance: what is made of it
    /// must not be kept.
    pub fn passing(&mut self) {
        if let Some(log) = self.logs.last_mut() {
            log.reads.pass();
        }
    }

    /// Adds what a kept answer was made from.
    pub fn found_all(&mut self, reads: &Reads) {
        if let Some(log) = self.logs.last_mut() {
            log.reads.join(reads);
        }
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// With the statement, when the database refuses it or does not answer.
    pub async fn all(&mut self, sql: &str, args: &[Arg]) -> Result<Vec<Row>> {
        if let Some(log) = self.logs.last_mut()
            && !std::mem::take(&mut log.announced)
        {
            log.reads.all();
        }
        on_each!(&mut self.link, e => bind_all!(sqlx::query(AssertSqlSafe(sql.to_owned())), args).fetch_all(e).await, Rows)
            .map_err(|e| told(e, sql))
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// See [`Conn::all`].
    pub async fn one(&mut self, sql: &str, args: &[Arg]) -> Result<Option<Row>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// The number in the first column of the first row; 0 when there is none.
    ///
    /// # Errors
    /// See [`Conn::all`].
    pub async fn number(&mut self, sql: &str, args: &[Arg]) -> Result<i64> {
        self.one(sql, args).await?.map_or(Ok(0), |row| row.int(0))
    }

    /// Runs a statement; how many rows it touched.
    ///
    /// # Errors
    /// See [`Conn::all`]; `Conflict` when a unique key is taken.
    pub async fn run(&mut self, sql: &str, args: &[Arg]) -> Result<u64> {
        on_each!(&mut self.link, e => bind_all!(sqlx::query(AssertSqlSafe(sql.to_owned())), args).execute(e).await, Affected)
            .map_err(|e| told(e, sql))
    }

    /// Whether what it reads is kept for others; not of an open transaction, whose view nobody else shares.
    pub(crate) fn keeps(&self) -> bool {
        !self.alone && !matches!(self.link, Link::SqliteWrite(_) | Link::PostgresWrite(_))
    }

    /// For walks through the whole site, where nothing is asked for twice: what is read is not kept.
    pub fn keep_nothing(&mut self) {
        self.alone = true;
    }

    pub(crate) fn kept(&self) -> &Arc<Kept> {
        &self.kept
    }

    /// Runs several statements at once, without parameters: migrations.
    ///
    /// # Errors
    /// See [`Conn::all`].
    pub async fn script(&mut self, sql: &str) -> Result<()> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.link {
            Link::SqliteRead(c) => c.execute(sqlx::raw_sql(sql)).await.map(drop),
            Link::SqliteWrite(c) => c.execute(sqlx::raw_sql(sql)).await.map(drop),
            Link::PostgresRead(c) => c.execute(sqlx::raw_sql(sql)).await.map(drop),
            Link::PostgresWrite(c) => c.execute(sqlx::raw_sql(sql)).await.map(drop),
            Link::Gone(_) => return Err(gone()),
        }
        .map_err(fault)
    }

    /// Inserts many rows of one shape in as few statements as the databases' limits allow.
    /// `head` is the statement up to `values`, `tail` what follows it (`on conflict …` or nothing).
    ///
    /// # Errors
    /// See [`Conn::run`].
    pub async fn insert_many(&mut self, head: &str, width: usize, tail: &str, args: &[Arg]) -> Result<()> {
        const MOST_PARAMETERS: usize = 3000;
        let dialect = self.dialect();
        let mut rest = args;
        while !rest.is_empty() {
            // Powers of two: a statement of each length is kept prepared, and a large one holds a quarter of a megabyte.
            let rows = 1 << (rest.len() / width).min(MOST_PARAMETERS / width).max(1).ilog2();
            let (chunk, after) = rest.split_at((rows * width).min(rest.len()));
            let sql = format!("{head}{} {tail}", values(dialect, rows, width));
            self.run(&sql, chunk).await?;
            rest = after;
        }
        Ok(())
    }

    /// The next number of a named sequence, inside this transaction: ids are given in the order of commits.
    ///
    /// # Errors
    /// See [`Conn::all`].
    pub async fn next_id(&mut self, sequence: &str) -> Result<i64> {
        let row = self
            .one(
                "update sequences set next = next + 1 where name = $1 returning next - 1",
                &[sequence.into()],
            )
            .await?
            .ok_or_else(|| Error::internal(format!("sequence {sequence} is missing")))?;
        row.int(0)
    }

    /// Waits until no other transaction changes items, and keeps it so until this one ends: what is read of them afterwards is what was last
    /// committed, and stays so. On SQLite it is so anyway. It comes before all other locks, so that no two transactions wait for each other.
    ///
    /// # Errors
    /// See [`Conn::all`].
    pub async fn queue(&mut self) -> Result<()> {
        if self.dialect() == Dialect::Sqlite {
            return Ok(());
        }
        let sql = "update sequences set next = next where name = $1";
        self.run(sql, &["items".into()]).await.map(drop)
    }

    /// Whether it is a transaction, which [`Conn::commit`] ends.
    pub fn is_transaction(&self) -> bool {
        matches!(self.link, Link::SqliteWrite(_) | Link::PostgresWrite(_))
    }

    /// Makes what happened in this transaction lasting and visible.
    ///
    /// # Errors
    /// `Unavailable` when it could not be written; then nothing of it has happened.
    pub async fn commit(self) -> Result<()> {
        let kept = self.kept;
        let done = match self.link {
            Link::SqliteWrite(tx) => tx.commit().await.map_err(fault),
            Link::PostgresWrite(tx) => tx.commit().await.map_err(fault),
            Link::SqliteRead(_) | Link::PostgresRead(_) => Ok(()),
            Link::Gone(_) => Err(gone()),
        };
        kept.doubt();
        done
    }

    /// Runs `begin`/`commit` inside an open transaction, for a part that may fail on its own.
    ///
    /// # Errors
    /// See [`Conn::all`].
    pub async fn savepoint(&mut self, sql: &'static str) -> Result<()> {
        self.script(sql).await
    }
}

/// ` (?,?),(?,?)`, or with `$1` and so on.
fn values(dialect: Dialect, rows: usize, width: usize) -> String {
    let mut sql = String::with_capacity(rows * width * 6);
    for row in 0..rows {
        sql.push_str(if row == 0 { " (" } else { ",(" });
        for column in 0..width {
            if column > 0 {
                sql.push(',');
            }
            // SQLite takes `$1` for a name and looks through all names for each: with thousands, most of the time.
            if dialect == Dialect::Sqlite {
                sql.push('?');
            } else {
                sql.push('$');
                sql.push_str(&(row * width + column + 1).to_string());
            }
        }
        sql.push(')');
    }
    sql
}

fn told(error: sqlx::Error, sql: &str) -> Error {
    let mut short: String = sql.chars().take(120).collect();
    if short.len() < sql.len() {
        short.push('…');
    }
    let error = fault(error);
    if error.kind == ErrorKind::Internal {
        error.at(short)
    } else {
        error
    }
}

/// What a driver's error means.
pub(crate) fn fault(error: sqlx::Error) -> Error {
    let kind = match &error {
        // A server that is just going or coming may also end a connection in the middle of its greeting.
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::WorkerCrashed => ErrorKind::Unavailable,
        sqlx::Error::Database(e) if e.is_unique_violation() => ErrorKind::Conflict,
        sqlx::Error::Database(e) => database_kind(e.as_ref()),
        _ => ErrorKind::Internal,
    };
    Error::new(kind, format!("database: {error}"))
}

/// Codes that mean "not now": SQLite busy (5), locked (6), I/O (10), full (13), cannot open (14); PostgreSQL classes 08
/// (connection), 40 (deadlock), 53 (resources), 55 (lock), 57 (shutting down).
fn database_kind(error: &dyn sqlx::error::DatabaseError) -> ErrorKind {
    let code = error.code().unwrap_or_default();
    let sqlite = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|c| c & 0xff);
    let not_now = matches!(sqlite, Some(5 | 6 | 10 | 13 | 14))
        || (code.len() == 5
            && ["08", "40", "53", "55", "57"]
                .iter()
                .any(|class| code.starts_with(class)));
    if not_now {
        ErrorKind::Unavailable
    } else {
        ErrorKind::Internal
    }
}
