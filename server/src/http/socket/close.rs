//! Why the server closes a socket, and the code that says so.

use axum::extract::ws::{CloseFrame, Utf8Bytes};

use crate::log::hub::Closing;

/// The most bytes of a reason, RFC 6455 section 5.5.
const REASON_BYTES: usize = 123;

/// Codes 44xx are those of graphql-transport-ws <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>, 10xx those of
/// RFC 6455 and its registry. Clients of that protocol take 4400, 4401, 4409 and 4429 as their own fault and stay away; after
/// all others they come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Close {
    /// A frame that WebSocket does not know.
    Protocol,
    /// Text that is not UTF-8.
    NotUtf8,
    /// A message over the limit.
    TooBig,
    /// The process goes down; another one, or the next, takes over.
    Restart,
    /// The client does not take what it asked for. Nothing is kept for it: the log has it.
    TooSlow,
    /// The person has as many sockets as one may have. Not 4429: one of them may be a dead one that ends by itself.
    TooManySockets,
    /// The database does not answer.
    Unavailable,
    /// A message that is none, with what is wrong with it.
    BadMessage(String),
    /// An operation before `connection_ack`.
    Unauthorized,
    /// No good token: none was given, it ended, its session was ended, or the person's role changed.
    Forbidden(&'static str),
    /// No `connection_init` in time.
    InitTimeout,
    /// A second operation under an id that runs.
    DuplicateId(String),
    /// A second `connection_init`.
    SecondInit,
}

impl Close {
    /// The code.
    pub fn code(&self) -> u16 {
        match self {
            Close::Protocol => 1002,
            Close::NotUtf8 => 1007,
            Close::TooBig => 1009,
            Close::Restart => 1012,
            Close::TooSlow | Close::TooManySockets | Close::Unavailable => 1013,
            Close::BadMessage(_) => 4400,
            Close::Unauthorized => 4401,
            Close::Forbidden(_) => 4403,
            Close::InitTimeout => 4408,
            Close::DuplicateId(_) => 4409,
            Close::SecondInit => 4429,
        }
    }

    fn reason(&self) -> String {
        match self {
            Close::Protocol => "Protocol error".to_owned(),
            Close::NotUtf8 => "Text must be UTF-8".to_owned(),
            Close::TooBig => "Message too big".to_owned(),
            Close::Restart => "Service restart".to_owned(),
            Close::TooSlow => "Too slow: resume from the last cursor".to_owned(),
            Close::TooManySockets => "Too many connections".to_owned(),
            Close::Unavailable => "Try again later".to_owned(),
            Close::BadMessage(problem) => problem.clone(),
            Close::Unauthorized => "Unauthorized".to_owned(),
            Close::Forbidden(why) => (*why).to_owned(),
            Close::InitTimeout => "Connection initialisation timeout".to_owned(),
            Close::DuplicateId(id) => format!("Subscriber for {id} already exists"),
            Close::SecondInit => "Too many initialisation requests".to_owned(),
        }
    }

    pub(super) fn frame(&self) -> CloseFrame {
        let mut reason = self.reason();
        reason.truncate(reason.floor_char_boundary(REASON_BYTES));
        CloseFrame { code: self.code(), reason: Utf8Bytes::from(reason) }
    }
}

impl From<Closing> for Close {
    fn from(closing: Closing) -> Self {
        match closing {
            Closing::SessionEnded => Close::Forbidden("Session ended"),
            Closing::RoleChanged => Close::Forbidden("Role changed"),
            Closing::TooSlow => Close::TooSlow,
            Closing::Drain => Close::Restart,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_its_frame_and_stays_text() {
        let frame = Close::DuplicateId("ж".repeat(200)).frame();
        assert_eq!(frame.code, 4409);
        assert!(frame.reason.as_str().len() <= REASON_BYTES);
        assert!(frame.reason.as_str().ends_with('ж'));
    }
}
