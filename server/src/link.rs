//! Addresses that are handed to a person: where they lead and until when they are good.

use crate::config::Config;
use crate::db::columns::Timestamp;

/// An address to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address.
    pub url: String,
    /// From then on it is of no use.
    pub expires_at: Timestamp,
}

/// Where browsers reach this server, without a slash at the end; nothing where that is not known, so that an address is relative to wherever
/// it was asked for.
pub fn origin(config: &Config) -> String {
    match &config.public_url {
        Some(url) => url.origin().ascii_serialization(),
        None if config.listen.ip().is_unspecified() => String::new(),
        None => format!("http://{}", config.listen),
    }
}
