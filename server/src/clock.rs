//! The present moment and randomness, as parameters: nothing else in the server asks the machine for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

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
}

impl Clock {
    /// A clock that stands at `moment`.
    pub fn standing_at(moment: Timestamp) -> Self {
        Clock::Set(Arc::new(AtomicI64::new(moment.0)))
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => Timestamp::from(chrono::Utc::now()),
            Clock::Set(moment) => Timestamp(moment.load(Ordering::SeqCst)),
        }
    }

    /// Moves a standing clock on; the machine's goes by itself.
    pub fn advance(&self, duration: Duration) {
        match self {
            Clock::System => {}
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
