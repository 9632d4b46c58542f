//! Follows the end of the log and passes on what is new. One in each process; reads each event once.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::hub::{Hub, Stall};
use super::read::{is_unsettled, settled_after};
use super::settled::oldest_open;
use crate::clock::Clock;
use crate::db::Database;

/// A hint may be lost: this finds what it did not announce.
const POLL: Duration = Duration::from_secs(1);
/// Who waits for a transaction to end looks again after so long, and then less and less often.
const UNSETTLED: Duration = Duration::from_millis(5);
/// Who waits longer says what for.
const STALLED: Duration = Duration::from_secs(5);
/// And says so again after so long.
const SAY_AGAIN: Duration = Duration::from_mins(1);
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
    let mut wait = Wait::default();
    loop {
        let position = hub.position();
        let read = read_on(&db, &hub, &clock).await;
        if hub.position() > position {
            // Another transaction is waited for than before.
            unsettled = UNSETTLED;
            wait.end(&hub);
        }
        hub.set_followed(read.is_ok());
        match read {
            Ok(End::Reached) => {
                failing = false;
                unsettled = UNSETTLED;
                wait.end(&hub);
                pause = POLL;
            }
            Ok(End::Unsettled) => {
                failing = false;
                wait.go_on(&db, &hub).await;
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

/// The wait for a transaction that holds the log back.
#[derive(Debug, Default)]
struct Wait {
    since: Option<Instant>,
    said: Option<Instant>,
}

impl Wait {
    /// Measures it; once it is long, finds out for whom it is and says so.
    async fn go_on(&mut self, db: &Database, hub: &Hub) {
        let now = Instant::now();
        let waited = now.duration_since(*self.since.get_or_insert(now));
        metrics::gauge!("vekha_log_unsettled_seconds").set(waited.as_secs_f64());
        if waited < STALLED {
            return;
        }
        // Whoever it is may not be ours to see, or has just ended.
        let open = oldest_open(db).await.unwrap_or_default();
        if self.said.is_none_or(|said| now.duration_since(said) >= SAY_AGAIN) {
            self.said = Some(now);
            tracing::warn!(
                ?waited,
                transaction = ?open,
                "the log stands still: an open transaction may still add to it before what is there; live updates wait"
            );
        }
        hub.set_stall(Some(Stall { waited, open }));
    }

    fn end(&mut self, hub: &Hub) {
        if self.said.is_some() {
            tracing::info!("the log goes on");
        }
        *self = Wait::default();
        metrics::gauge!("vekha_log_unsettled_seconds").set(0.0);
        hub.set_stall(None);
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
