//! Whether what is written lasts at present: told by the outcome of each transaction, and where there is none, by trying. A full disk, a
//! disk that fails and another program that holds the database all end in the same: nothing can be changed, and that is to be known
//! before the next person finds out.

use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use tokio_util::sync::CancellationToken;

use super::outage::{Outage, outage};
use super::{Database, Write};
use crate::clock::Random;

/// Where nothing was written for so long, it is tried.
const QUIET: Duration = Duration::from_secs(5);
/// While writes are refused it is tried so often.
const AGAIN: Duration = Duration::from_secs(1);
/// An attempt that takes longer has failed: another program holds the database.
const PATIENCE: Duration = Duration::from_secs(4);
/// So many bytes are written to see whether there is space again: about what setting a task writes. Less might fit where that does not.
const BALLAST: usize = 128 * 1024;

/// Whether writes last.
#[derive(Debug, Default)]
pub struct Writable {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    refused: bool,
    committed: Option<Instant>,
}

impl Writable {
    /// Whether a write that came now would be refused, as far as is known.
    pub fn is_refused(&self) -> bool {
        self.state.lock().refused
    }

    /// A transaction lasts.
    pub(super) fn committed(&self) {
        let mut state = self.state.lock();
        state.committed = Some(Instant::now());
        if std::mem::take(&mut state.refused) {
            metrics::gauge!("vekha_writes_refused").set(0);
            tracing::info!("what is written lasts again");
        }
    }

    /// A transaction came to nothing. Of one that somebody else's was in the way of, and of one that asked something wrong, nothing
    /// follows for the next.
    pub(super) fn failed(&self, error: &DbErr) {
        if outage(error) == Some(Outage::Lasting) {
            self.refused(&error.to_string());
        }
    }

    fn refused(&self, cause: &str) {
        if !std::mem::replace(&mut self.state.lock().refused, true) {
            metrics::gauge!("vekha_writes_refused").set(1);
            tracing::error!(cause, "nothing can be written: changes are refused until something can");
        }
    }

    /// When it is to be tried next, as far as is known by now.
    fn next_trial(&self) -> Duration {
        let state = self.state.lock();
        match (state.refused, state.committed) {
            (true, _) => AGAIN,
            (false, Some(at)) => QUIET.saturating_sub(at.elapsed()),
            (false, None) => Duration::ZERO,
        }
    }
}

/// Tries now and then whether what is written lasts, until stopped.
pub async fn watch_writes(db: Database, stop: CancellationToken) {
    let mut pause = QUIET;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        // Others may have written meanwhile.
        pause = db.writable().next_trial();
        if pause.is_zero() || db.writable().is_refused() {
            try_to_write(&db, PATIENCE).await;
            pause = db.writable().next_trial().max(AGAIN);
        }
    }
}

/// Tries it once. What it leaves behind is one row, which nobody reads.
pub async fn try_to_write(db: &Database, patience: Duration) {
    let writable = db.writable();
    match tokio::time::timeout(patience, write(db, writable.is_refused())).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => writable.refused(&error.to_string()),
        Err(_) => {
            writable.refused(&format!("no answer within {patience:?}: another program may hold the database"))
        }
    }
}

async fn write(db: &Database, is_refused: bool) -> Result<(), DbErr> {
    let ballast = is_refused.then(ballast);
    let write: Write = db.write().await?;
    let tried = "UPDATE write_trial SET times = times + 1, ballast = $1 WHERE id = 1";
    write.execute_raw(Statement::from_sql_and_values(db.backend(), tried, [ballast.into()])).await?;
    write.commit_unheard().await
}

/// Bytes that no database makes fewer of: random ones, repeated in other order.
fn ballast() -> Vec<u8> {
    let mut seed = Random
        .bytes()
        .unwrap_or_default()
        .iter()
        .fold(1_u64, |seed, byte| seed.wrapping_mul(257).wrapping_add(u64::from(*byte)))
        | 1;
    // <https://en.wikipedia.org/wiki/Xorshift>
    let next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()
    };
    std::iter::repeat_with(next).take(BALLAST / 8).flatten().collect()
}
