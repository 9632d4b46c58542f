//! What of other people's code is logged. Libraries that move bytes tell of them where they are asked to be talkative: hyper and
//! tungstenite of what they read and write, the database's of what they send, and among those bytes are tokens and passwords.

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterFn, filter_fn};

/// Crates that are Vekha's own, and keep secrets to themselves.
const OWN: [&str; 4] = ["vekha", "server", "domain", "migration"];

/// Lets pass what Vekha says itself, and of others what is at least INFO: whatever `VEKHA_LOG` says.
pub(crate) fn discreet() -> FilterFn {
    let rule: fn(&Metadata<'_>) -> bool = may_be_logged;
    filter_fn(rule)
}

fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    *metadata.level() <= Level::INFO || OWN.contains(&of)
}
