//! `insights`: what was fetched, and what was looked for in vain, as sums of days.

use gp_content::counts::{self, Count};
use gp_kernel::{Clock as _, Result, SystemClock};
use serde_json::json;

use crate::{app::Site, cli::Format};

/// Smaller numbers might tell of one person.
const LEAST: i64 = 3;
/// Lines of each list.
const MOST: usize = 50;

/// What happened in the last days.
pub(super) async fn insights(site: &Site, days: i64, format: Format) -> Result<()> {
    let from = SystemClock.now() - jiff::SignedDuration::from_hours(24 * days.clamp(1, 3660));
    let from = from.strftime("%Y-%m-%d").to_string();
    let mut conn = site.db.read().await?;
    let fetched = counts::since(&mut conn, &from, counts::DOWNLOAD, LEAST, MOST).await?;
    let missed = counts::since(&mut conn, &from, counts::MISS, LEAST, MOST).await?;
    match format {
        Format::Json => {
            let list = |counts: &[Count]| -> serde_json::Value {
                counts
                    .iter()
                    .map(|c| json!({ "subject": c.subject, "count": c.count }))
                    .collect()
            };
            println!(
                "{}",
                json!({ "from": from, "downloads": list(&fetched), "misses": list(&missed) })
            );
        }
        Format::Text => {
            println!("since {from}, from {LEAST} on");
            for (heading, counts) in [("files fetched", &fetched), ("searches that found nothing", &missed)] {
                println!("\n{heading}");
                counts.iter().for_each(|c| println!("{:>8}  {}", c.count, c.subject));
            }
        }
    }
    Ok(())
}
