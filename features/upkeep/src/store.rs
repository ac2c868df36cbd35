//! The questions of this feature that the platform does not answer: all its SQL stands here.

use gp_kernel::Result;
use gp_store::{Conn, Row};

/// A job that failed this often is left for a person to look at; as in the queue itself.
const MOST_ATTEMPTS: i64 = 8;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Its time has not come, or nobody has taken it yet.
    Waiting,
    /// Somebody is at it.
    Running,
    /// It failed, and is tried again.
    Again,
    /// It failed so often that nobody tries it any more.
    GivenUp,
}

/// A job of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) kind: String,
    pub(crate) subject: String,
    /// When it is due, in seconds since 1970.
    pub(crate) run_at: i64,
    pub(crate) attempts: i64,
    /// Why it failed last.
    pub(crate) failure: String,
    pub(crate) state: State,
}

fn job_of(row: &Row, now: i64) -> Result<Job> {
    let (lease_until, attempts, failure) = (row.int(3)?, row.int(4)?, row.text(5)?);
    let state = match (lease_until > now, attempts >= MOST_ATTEMPTS, failure.is_empty()) {
        (true, ..) => State::Running,
        (false, true, _) => State::GivenUp,
        (false, false, false) => State::Again,
        (false, false, true) => State::Waiting,
    };
    Ok(Job {
        kind: row.text(0)?,
        subject: row.text(1)?,
        run_at: row.int(2)?,
        attempts,
        failure,
        state,
    })
}

/// Jobs of one state, or of all: those that need a person first, then by the time when they are due.
pub(crate) async fn jobs(conn: &mut Conn, state: Option<State>, now: i64, offset: i64, limit: i64) -> Result<Vec<Job>> {
    let condition = match state {
        None => "",
        Some(State::Running) => "and lease_until > $1",
        Some(State::GivenUp) => "and lease_until <= $1 and attempts >= $2",
        Some(State::Again) => "and lease_until <= $1 and attempts < $2 and failure <> ''",
        Some(State::Waiting) => "and lease_until <= $1 and attempts < $2 and failure = ''",
    };
    let sql = format!(
        "select kind, subject, run_at, lease_until, attempts, failure from jobs where $1 >= 0 and $2 > 0 {condition} \
         order by case when attempts >= $2 then 0 when failure <> '' then 1 else 2 end, run_at, id limit $3 offset $4"
    );
    let args = [now.into(), MOST_ATTEMPTS.into(), limit.into(), offset.into()];
    conn.reading([]);
    let rows = conn.all(&sql, &args).await?;
    rows.iter().map(|row| job_of(row, now)).collect()
}

/// How many jobs there are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) waiting: i64,
    pub(crate) running: i64,
    pub(crate) again: i64,
    pub(crate) given_up: i64,
}

impl Counts {
    pub(crate) fn all(self) -> i64 {
        self.waiting + self.running + self.again + self.given_up
    }
}

pub(crate) async fn counts(conn: &mut Conn, now: i64) -> Result<Counts> {
    let sql = "select cast(coalesce(sum(case when lease_until > $1 then 1 else 0 end), 0) as bigint), \
               cast(coalesce(sum(case when lease_until <= $1 and attempts >= $2 then 1 else 0 end), 0) as bigint), \
               cast(coalesce(sum(case when lease_until <= $1 and attempts < $2 and failure <> '' then 1 else 0 end), 0) as bigint), \
               cast(count(*) as bigint) from jobs";
    conn.reading([]);
    let Some(row) = conn.one(sql, &[now.into(), MOST_ATTEMPTS.into()]).await? else {
        return Ok(Counts::default());
    };
    let (running, given_up, again) = (row.int(0)?, row.int(1)?, row.int(2)?);
    Ok(Counts {
        waiting: row.int(3)? - running - given_up - again,
        running,
        again,
        given_up,
    })
}

#[cfg(test)]
mod tests {
    use gp_store::{Jobs, testing::databases};

    use super::*;

    #[tokio::test]
    async fn jobs_are_told_apart_by_what_became_of_them() {
        let folder = tempfile::tempdir().unwrap();
        for test in databases(folder.path(), "upkeep").await.unwrap() {
            let queue = Jobs::new(test.db.clone());
            let mut tx = test.db.write().await.unwrap();
            for (subject, due) in [("1", 9), ("2", 10), ("3", 28)] {
                Jobs::ask(&mut tx, "read", subject, due).await.unwrap();
            }
            Jobs::ask(&mut tx, "publish", "4", 9_000).await.unwrap();
            tx.commit().await.unwrap();
            // The first fails once, the second until nobody tries any more, the third is at work.
            let first = queue.lease(20, 5).await.unwrap().unwrap();
            queue.failed(&first, "no such file", 20).await.unwrap();
            for now in 20..20 + MOST_ATTEMPTS {
                let job = queue.lease(now, 5).await.unwrap().unwrap();
                assert_eq!(job.subject, "2");
                queue.failed(&job, "broken", now - (10 << job.attempts)).await.unwrap();
            }
            assert_eq!(queue.lease(28, 50).await.unwrap().unwrap().subject, "3");
            let mut conn = test.db.read().await.unwrap();
            let expected = Counts {
                waiting: 1,
                running: 1,
                again: 1,
                given_up: 1,
            };
            assert_eq!(counts(&mut conn, 30).await.unwrap(), expected, "{}", test.name);
            let all = jobs(&mut conn, None, 30, 0, 10).await.unwrap();
            let states: Vec<State> = all.iter().map(|job| job.state).collect();
            assert_eq!(states, [State::GivenUp, State::Again, State::Running, State::Waiting]);
            assert_eq!((all[0].failure.as_str(), all[0].attempts), ("broken", MOST_ATTEMPTS));
            for state in states {
                let some = jobs(&mut conn, Some(state), 30, 0, 10).await.unwrap();
                assert!(some.len() == 1 && some[0].state == state, "{state:?}: {some:?}");
            }
        }
    }
}
