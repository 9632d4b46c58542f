//! What one peer may take of the server. Figures: `docs/adr` and the security requirements of the product.

use std::time::Duration;

use crate::app::DRAIN;

/// Limits of connections and requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte awaited to the last byte of a request's headers; an idle connection is closed after it too.
    pub headers: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// The most bytes of a request body.
    pub body_bytes: usize,
    /// How long a process that goes down waits for what is under way.
    pub drain: Duration,
    /// Limits of WebSockets.
    pub socket: SocketLimits,
}

/// Limits of one WebSocket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketLimits {
    /// From the upgrade to `connection_init`, and for its authorisation.
    pub init: Duration,
    /// Between the pings of the server.
    pub ping: Duration,
    /// Without a word from the client, pongs included.
    pub silence: Duration,
    /// For a client to take what is still to be sent when its socket is closed.
    pub close: Duration,
    /// The most bytes of a message.
    pub message_bytes: usize,
    /// Operations at once.
    pub operations: usize,
    /// Sockets of one person.
    pub per_person: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            headers: Duration::from_secs(10),
            body: Duration::from_secs(30),
            body_bytes: 64 * 1024,
            drain: DRAIN,
            socket: SocketLimits::default(),
        }
    }
}

impl Default for SocketLimits {
    fn default() -> Self {
        SocketLimits {
            init: Duration::from_secs(5),
            ping: Duration::from_secs(20),
            silence: Duration::from_secs(40),
            close: Duration::from_secs(5),
            message_bytes: 64 * 1024,
            operations: 20,
            per_person: 10,
        }
    }
}
