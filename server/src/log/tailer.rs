//! Follows the end of the log and passes on what is new. One in each process; reads each event once.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::hub::Hub;
use super::read::{is_unsettled, settled_after};
use crate::clock::Clock;
use crate::db::Database;

/// A hint may be lost: this finds what it did not announce.
const POLL: Duration = Duration::from_secs(1);
/// Who waits for a transaction to end looks again after so long, and then less and less often.
const UNSETTLED: Duration = Duration::from_millis(5);
/// Entries read at once: a small part of what may wait for a subscriber.
const PAGE: u64 = 200;

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
    let mut pause;
    let mut unsettled = UNSETTLED;
    loop {
        let position = hub.position();
        let read = read_on(&db, &hub, &clock).await;
        if hub.position() > position {
            // Another transaction is waited for than before.
            unsettled = UNSETTLED;
        }
        hub.set_followed(read.is_ok());
        match read {
            Ok(End::Reached) => {
                failing = false;
                unsettled = UNSETTLED;
                pause = POLL;
            }
            Ok(End::Unsettled) => {
                failing = false;
                pause = unsettled;
                unsettled = unsettled.saturating_mul(2).min(POLL);
            }
            Err(error) if failing => {
                pause = POLL;
                tracing::debug!(%error, "the log still cannot be read");
            }
            Err(error) => {
                failing = true;
                pause = POLL;
                tracing::error!(%error, "the log cannot be read; trying again every second");
            }
        }
        tokio::select! {
            () = stop.cancelled() => return hub.set_followed(false),
            changed = commits.changed(), if !failing => if changed.is_err() { return hub.set_followed(false) },
            () = hints.notified(), if !failing => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// What is known of the end of the log.
enum End {
    /// There is nothing more.
    Reached,
    /// There is more once a transaction has ended.
    Unsettled,
}

async fn read_on(db: &Database, hub: &Hub, clock: &Clock) -> crate::error::Result<End> {
    loop {
        let entries = settled_after(db, hub.position(), PAGE).await?;
        let Some(last) = entries.last() else {
            let unsettled = is_unsettled(db, hub.position()).await?;
            return Ok(if unsettled { End::Unsettled } else { End::Reached });
        };
        let behind = clock.now().0.saturating_sub(last.row.at.0);
        let count = entries.len();
        metrics::gauge!("vekha_log_lag_seconds")
            .set(Duration::from_millis(behind.unsigned_abs()).as_secs_f64());
        metrics::counter!("vekha_log_entries_total").increment(u64::try_from(count).unwrap_or(u64::MAX));
        hub.publish(entries);
    }
}
