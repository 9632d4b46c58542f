//! How operations reach the server and events come back: HTTP, the access token, the socket.
//!
//! Knows the contract's envelope, not its content; what an answer means is for `client` and `store`.

pub mod http;
pub mod protocol;
pub mod socket;
pub mod token;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The server was not reached.
    Unreachable,
    /// The server is not ready: it asked to be left for so many seconds.
    Unavailable(u32),
    /// Asked too often: again after so many seconds.
    RateLimited(u32),
    /// Nobody is signed in, or not any more.
    SignedOut,
    /// Refused, with a code out of the contract's closed set.
    Refused(ErrorCode),
    /// An answer that does not fit the contract.
    Unexpected,
}

impl RequestError {
    /// How many seconds the server asked to be left for.
    pub fn wait(&self) -> u32 {
        match self {
            Self::Unavailable(seconds) | Self::RateLimited(seconds) => *seconds,
            Self::Unreachable | Self::SignedOut | Self::Refused(_) | Self::Unexpected => 0,
        }
    }
}

/// `extensions.code` of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    Unauthenticated,
    Forbidden,
    NotFound,
    BadUserInput,
    RateLimited,
    TooComplex,
    Unavailable,
    Internal,
}

impl ErrorCode {
    /// What is not in the set counts as the unexpected.
    fn parse(code: Option<&str>) -> Self {
        match code {
            Some("UNAUTHENTICATED") => Self::Unauthenticated,
            Some("FORBIDDEN") => Self::Forbidden,
            Some("NOT_FOUND") => Self::NotFound,
            Some("BAD_USER_INPUT") => Self::BadUserInput,
            Some("RATE_LIMITED") => Self::RateLimited,
            Some("TOO_COMPLEX") => Self::TooComplex,
            Some("UNAVAILABLE") => Self::Unavailable,
            Some(_) | None => Self::Internal,
        }
    }
}
