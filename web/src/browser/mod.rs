//! What the client asks of the browser besides drawing: the clock, zones, what is kept on the device, the document.
//!
//! A refusal by the browser (storage switched off, no clipboard) is answered by going on without.

pub mod document;
pub mod early;
pub mod links;
pub mod notify;
pub mod storage;
pub mod zone;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use crate::api::Timestamp;

/// The present moment, by the clock of this device.
pub fn now() -> Timestamp {
    DateTime::from_timestamp_millis(milliseconds()).unwrap_or(DateTime::<Utc>::UNIX_EPOCH)
}

#[expect(
    clippy::as_conversions,
    reason = "milliseconds since 1970 are far below 2^53; a cast from a float saturates"
)]
fn milliseconds() -> i64 {
    js_sys::Date::now() as i64
}

/// Runs something beside everything else. Boxed, so that the machinery is compiled once and not for every use.
pub fn spawn(doing: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(doing.boxed_local());
}

/// A key under which a repeated request is one.
pub fn idempotency_key() -> String {
    let part = || js_sys::Math::random().to_bits();
    format!("{:016x}{:016x}", part(), part())
}
