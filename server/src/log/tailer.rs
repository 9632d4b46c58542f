//! Follows the end of the log and passes on what is new. One in each process; reads each event once.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use super::read::settled_after;
use crate::clock::Clock;
use crate::db::Database;

/// A hint may be lost: this finds what it did not announce.
const POLL: Duration = Duration::from_secs(1);
/// Entries read at once.
const PAGE: u64 = 500;

/// Runs until stopped. A database that does not answer is asked again at the next hint or poll.
pub async fn tail(
    db: Database,
    hub: Arc<Hub>,
    clock: Clock,
    hints: Arc<tokio::sync::Notify>,
    stop: CancellationToken,
) {
    let mut commits = db.commits();
    let mut failing = false;
    loop {
        let read = read_on(&db, &hub, &clock).await;
        hub.set_followed(read.is_ok());
        match read {
            Ok(()) => failing = false,
            Err(error) if failing => tracing::debug!(%error, "the log still cannot be read"),
            Err(error) => {
                failing = true;
                tracing::error!(%error, "the log cannot be read; trying again every second");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return hub.set_followed(false),
            changed = commits.changed(), if !failing => if changed.is_err() { return hub.set_followed(false) },
            () = hints.notified(), if !failing => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

async fn read_on(db: &Database, hub: &Hub, clock: &Clock) -> crate::error::Result<()> {
    loop {
        let entries = settled_after(db, hub.position(), PAGE).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        let behind = clock.now().0.saturating_sub(last.row.at.0);
        let count = entries.len();
        metrics::gauge!("vekha_log_lag_seconds")
            .set(Duration::from_millis(behind.unsigned_abs()).as_secs_f64());
        metrics::counter!("vekha_log_entries_total").increment(u64::try_from(count).unwrap_or(u64::MAX));
        hub.publish(entries);
    }
}
