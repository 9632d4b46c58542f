//! What one peer may take of the server. Figures: `docs/adr` and the security requirements of the product.

use std::time::Duration;

use domain::validate::limit;

use crate::app::DRAIN;
use crate::graphql::gate::QUERY_BYTES;

/// The most bytes of a request body and of a message: the longest description with each of its characters escaped as two of JSON's
/// `\uXXXX`, as emoji are; the longest query; and all the rest of an input.
const REQUEST_BYTES: usize = 256 * 1024;
const _: () = assert!(REQUEST_BYTES >= limit::DESCRIPTION * 12 + QUERY_BYTES + limit::TITLE * 12 + 1024);

/// Limits of connections and requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the first byte awaited to the last byte of a request's headers; an idle connection is closed after it too.
    pub headers: Duration,
    /// For a whole request body.
    pub body: Duration,
    /// The most bytes of a request body.
    pub body_bytes: usize,
    /// What a peer has to take of an answer.
    pub answer: Pace,
    /// Connections at once. A process that serves says how many its open files allow.
    pub connections: usize,
    /// How long a process that goes down waits for what is under way.
    pub drain: Duration,
    /// Limits of what is executed.
    pub execution: ExecutionLimits,
    /// Limits of WebSockets.
    pub socket: SocketLimits,
}

/// Limits of executions, over HTTP and WebSocket together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutionLimits {
    /// For one execution, and for waiting for its turn.
    pub deadline: Duration,
    /// Of one person.
    pub person: AskingLimits,
    /// Of those at one address who are not signed in: an office may be behind it.
    pub address: AskingLimits,
    /// Executions at once in the process.
    pub in_all: usize,
    /// Executions that run or wait in the process.
    pub waiting_in_all: usize,
}

/// Limits of what runs for somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskingLimits {
    /// Executions at once.
    pub at_once: usize,
    /// Executions that wait for these.
    pub waiting: usize,
    /// Statements at once that read: of ten connections most are always for the others.
    pub statements: usize,
}

/// The least that goes in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Whenever something has waited for so long,
    pub within: Duration,
    /// so many bytes must have gone.
    pub bytes: usize,
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
            body_bytes: REQUEST_BYTES,
            // Some 360 bytes a second: the slowest of telephone lines are several times faster. Longer than a socket is silent, so that
            // one which is not read is closed with its reason.
            answer: Pace { within: Duration::from_secs(45), bytes: 16 * 1024 },
            connections: 1_024,
            drain: DRAIN,
            execution: ExecutionLimits::default(),
            socket: SocketLimits::default(),
        }
    }
}

impl Default for ExecutionLimits {
    fn default() -> Self {
        ExecutionLimits {
            deadline: Duration::from_secs(10),
            person: AskingLimits { at_once: 4, waiting: 60, statements: 2 },
            address: AskingLimits { at_once: 16, waiting: 240, statements: 4 },
            in_all: 64,
            waiting_in_all: 2_000,
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
            message_bytes: REQUEST_BYTES,
            operations: 20,
            per_person: 10,
        }
    }
}
