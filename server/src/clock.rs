//! The present moment and randomness, as parameters: nothing else in the server asks the machine for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::db::columns::Timestamp;

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's.
    System,
    /// One that stands until it is moved.
    Set(Arc<AtomicI64>),
    /// One that was set when the process began and goes on at the machine's pace: the binary's under test.
    Going {
        /// The moment that it was set to.
        from: Timestamp,
        /// When that was, on a clock that nobody sets.
        since: Instant,
    },
}

impl Clock {
    /// A clock that stands at `moment`.
    pub fn standing_at(moment: Timestamp) -> Self {
        Clock::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// A clock that shows `moment` now and goes on from it.
    pub fn going_from(moment: Timestamp) -> Self {
        Clock::Going { from: moment, since: Instant::now() }
    }

    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "here alone the machine is asked what day it is")]
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::from(chrono::Utc::now()),
            Clock::Set(moment) => Timestamp(moment.load(Ordering::SeqCst)),
            Clock::Going { from, since } => from.plus(since.elapsed()),
        }
    }

    /// Moves a standing clock on; others go by themselves.
    pub fn advance(&self, duration: Duration) {
        match self {
            Clock::System | Clock::Going { .. } => {}
            Clock::Set(moment) => moment.store(self.now().plus(duration).0, Ordering::SeqCst),
        }
    }
}

/// Where keys, tokens and names that nobody may guess come from.
#[derive(Clone, Copy, Debug)]
pub struct Random;

impl Random {
    /// 256 bits. Aborts the request when the operating system has none to give.
    pub fn bytes(self) -> anyhow::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        Ok(bytes)
    }

    /// 256 bits in the alphabet of addresses.
    pub fn token(self) -> anyhow::Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_begins_there_and_goes_on() {
        let moment = Timestamp(1_835_438_400_000);
        let clock = Clock::going_from(moment);
        let first = clock.now();
        assert!(first.0.abs_diff(moment.0) < 60_000, "{first:?}");
        let begun = Instant::now();
        while clock.now() == first {
            assert!(begun.elapsed() < Duration::from_secs(10), "it stands still");
        }
        assert!(clock.now().0 > first.0);
    }
}
