//! How often something happened on a day: downloads, searches that found nothing. Days and numbers only: who it was is never known here.

use gp_kernel::Result;
use gp_store::{Arg, Conn};

/// A file was fetched; the subject is its path below the uploads.
pub const DOWNLOAD: &str = "download";
/// A search found nothing; the subject is its words in small letters.
pub const MISS: &str = "miss";

/// How often something happened in some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// What happened.
    pub kind: String,
    /// To what.
    pub subject: String,
    /// How often.
    pub count: i64,
}

/// Adds to a day, in the caller's transaction. `day`: `2026-11-26`.
///
/// # Errors
/// When the database does not answer.
pub async fn add(tx: &mut Conn, day: &str, counts: &[Count]) -> Result<()> {
    for count in counts {
        let args: [Arg; 4] = [
            day.into(),
            (&count.kind).into(),
            Arg::from(count.subject.replace('\0', "")),
            count.count.into(),
        ];
        tx.run(
            "insert into daily_counts (day, kind, subject, count) values ($1, $2, $3, $4) \
             on conflict (day, kind, subject) do update set count = daily_counts.count + excluded.count",
            &args,
        )
        .await?;
    }
    Ok(())
}

/// What happened from a day on, most often first; numbers below `least` are left out, for they might tell of one person.
///
/// # Errors
/// When the database does not answer.
pub async fn since(conn: &mut Conn, day: &str, kind: &str, least: i64, most: usize) -> Result<Vec<Count>> {
    let rows = conn
        .all(
            "select subject, cast(sum(count) as bigint) from daily_counts where day >= $1 and kind = $2 group by subject \
             having sum(count) >= $3 order by 2 desc, subject limit $4",
            &[day.into(), kind.into(), least.into(), most.into()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Count {
                kind: kind.to_owned(),
                subject: row.text(0)?,
                count: row.int(1)?,
            })
        })
        .collect()
}
