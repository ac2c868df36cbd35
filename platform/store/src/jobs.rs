//! Jobs: work that must happen once, later or elsewhere. A worker leases a job; if it dies, the lease runs out and another takes over.

use gp_kernel::Result;

use crate::db::{Conn, Db, Dialect};

/// A job that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What is to be done.
    pub kind: String,
    /// On what; `kind` and `subject` together are unique, so a job asked for twice is done once.
    pub subject: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// The queue. Times are Unix seconds and come from the caller.
#[derive(Debug, Clone)]
pub struct Jobs {
    db: Db,
}

/// A job that failed this often is left for a person to look at.
const MOST_ATTEMPTS: i64 = 8;

impl Jobs {
    /// The queue of this database.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Asks for a job, in the caller's transaction. Asked again while it waits, it moves to the new time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask(tx: &mut Conn, kind: &str, subject: &str, run_at: i64) -> Result<()> {
        let id = tx.next_id("jobs").await?;
        tx.run(
            "insert into jobs (id, kind, subject, run_at) values ($1, $2, $3, $4) \
             on conflict (kind, subject) do update set run_at = excluded.run_at, attempts = 0, failure = ''",
            &[id.into(), kind.into(), subject.into(), run_at.into()],
        )
        .await
        .map(drop)
    }

    /// Takes a job back, in the caller's transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn drop_job(tx: &mut Conn, kind: &str, subject: &str) -> Result<()> {
        tx.run(
            "delete from jobs where kind = $1 and subject = $2",
            &[kind.into(), subject.into()],
        )
        .await
        .map(drop)
    }

    /// Leases the job that is due longest, for `seconds`; `None` when nothing is due.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn lease(&self, now: i64, seconds: i64) -> Result<Option<Job>> {
        let mut tx = self.db.write().await?;
        let skip = match self.db.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => "for update skip locked",
        };
        let sql = format!(
            "update jobs set lease_until = $1, attempts = attempts + 1 where id = \
             (select id from jobs where run_at <= $2 and lease_until <= $2 and attempts < $3 order by run_at, id limit 1 {skip}) \
             returning id, kind, subject, attempts"
        );
        let row = tx
            .one(&sql, &[(now + seconds).into(), now.into(), MOST_ATTEMPTS.into()])
            .await?;
        let job = row
            .map(|row| {
                Ok::<_, gp_kernel::Error>(Job {
                    id: row.int(0)?,
                    kind: row.text(1)?,
                    subject: row.text(2)?,
                    attempts: row.int(3)?,
                })
            })
            .transpose()?;
        tx.commit().await?;
        Ok(job)
    }

    /// The job is done.
    ///
    /// # Errors
    /// When the database does not answer; then it will be done again, which must do no harm.
    pub async fn done(&self, job: &Job) -> Result<()> {
        let mut tx = self.db.write().await?;
        tx.run(
            "delete from jobs where id = $1 and attempts = $2",
            &[job.id.into(), job.attempts.into()],
        )
        .await?;
        tx.commit().await
    }

    /// The job failed; it is tried again, each time later.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn failed(&self, job: &Job, why: &str, now: i64) -> Result<()> {
        let wait = 10_i64 << job.attempts.clamp(0, 12);
        let mut tx = self.db.write().await?;
        tx.run(
            "update jobs set lease_until = 0, run_at = $1, failure = $2 where id = $3",
            &[(now + wait).into(), why.into(), job.id.into()],
        )
        .await?;
        tx.commit().await
    }
}
