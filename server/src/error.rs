//! One type for all that goes wrong: codes for what a person can mend, refusals, and the unexpected, which keeps its cause
//! for the log. Sentences are made at the edge.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use domain::policy::Refusal;
use domain::validate::{self, Violation};
use sea_orm::DbErr;

use crate::db::newer::NewerVersion;
use crate::db::outage;

/// What a command answers.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The person can mend it.
    #[error("{0:?}")]
    User(Vec<UserError>),
    /// The request is refused.
    #[error("{0:?}")]
    Refused(Refused),
    /// A part that is needed does not answer; to be tried again.
    #[error("not available: {0:#}")]
    Unavailable(Arc<anyhow::Error>),
    /// Unexpected: an error of ours.
    #[error("unexpected: {0:#}")]
    Internal(Arc<anyhow::Error>),
}

/// The closed set of top-level codes, as `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// Nobody is signed in.
    Unauthenticated,
    /// Not for this role.
    Forbidden,
    /// No such thing.
    NotFound,
    /// The document or an argument is not of the contract's form.
    BadUserInput,
    /// Too often.
    RateLimited,
    /// The query asks for too much at once.
    TooComplex,
    /// A part that is needed does not answer.
    Unavailable,
    /// An error of ours.
    Internal,
}

impl ErrorCode {
    /// The name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            ErrorCode::Unauthenticated => "UNAUTHENTICATED",
            ErrorCode::Forbidden => "FORBIDDEN",
            ErrorCode::NotFound => "NOT_FOUND",
            ErrorCode::BadUserInput => "BAD_USER_INPUT",
            ErrorCode::RateLimited => "RATE_LIMITED",
            ErrorCode::TooComplex => "TOO_COMPLEX",
            ErrorCode::Unavailable => "UNAVAILABLE",
            ErrorCode::Internal => "INTERNAL",
        }
    }

    /// The code of an error that ends a request.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Refused(Refused::Unauthenticated) => ErrorCode::Unauthenticated,
            Error::Refused(Refused::Forbidden) => ErrorCode::Forbidden,
            Error::Refused(Refused::NotFound) => ErrorCode::NotFound,
            Error::Refused(Refused::BadInput(_)) | Error::User(_) => ErrorCode::BadUserInput,
            Error::Refused(Refused::RateLimited(_)) => ErrorCode::RateLimited,
            Error::Refused(Refused::TooComplex) => ErrorCode::TooComplex,
            Error::Unavailable(_) => ErrorCode::Unavailable,
            Error::Internal(_) => ErrorCode::Internal,
        }
    }
}

/// Why a request is refused as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nobody is signed in.
    Unauthenticated,
    /// Not for this role.
    Forbidden,
    /// No such thing, or none that this person may know of.
    NotFound,
    /// An argument that no form of the client can send.
    BadInput(&'static str),
    /// Too often.
    RateLimited(Duration),
    /// The query asks for too much at once.
    TooComplex,
}

/// Something that the person can mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// What is wrong.
    pub code: UserErrorCode,
    /// The path in the input, as `["input", "title"]`; empty where no one field is at fault.
    pub field: Vec<Cow<'static, str>>,
    /// The limit that TOO_SHORT and TOO_LONG speak of.
    pub limit: Option<Limit>,
}

/// A limit, in what it is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Characters of a text.
    Characters(usize),
    /// Days of a period.
    Days(usize),
    /// Days from the present moment.
    DaysAhead(u64),
}

/// The closed set of what can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
#[graphql(name = "UserErrorCode")]
pub enum UserErrorCode {
    /// Nothing was given where something is needed.
    Required,
    /// Fewer characters than allowed.
    TooShort,
    /// More characters, items or days than allowed.
    TooLong,
    /// Not of the form that is asked for.
    Invalid,
    /// Somebody else has it.
    Taken,
    /// A password that is guessed first: among the most common, or made of the person's name or address.
    TooCommon,
    /// A moment that has passed.
    InThePast,
    /// Address or password is not right; which one is not said.
    WrongCredentials,
    /// The link or token is no longer good.
    Expired,
    /// The viewer sees it, but it is not theirs to do.
    NotAllowed,
    /// There is no such thing, or none that the viewer may know of.
    NotFound,
    /// Somebody changed it since the version given.
    StaleVersion,
    /// Not while the task is what it is.
    WrongStatus,
    /// It is so already.
    SameValue,
    /// The company would be left without an active administrator.
    LastAdmin,
    /// The idempotency key was used for another request.
    KeyReused,
    /// Registration is open to the invited alone.
    RegistrationClosed,
    /// There are as many of them as there may be.
    TooMany,
}

impl UserError {
    /// An error at a field of the input.
    pub fn at<const N: usize>(code: UserErrorCode, field: [&'static str; N]) -> Self {
        UserError { code, field: field.into_iter().map(Cow::Borrowed).collect(), limit: None }
    }
}

impl Error {
    /// One error at a field of the input.
    pub fn user<const N: usize>(code: UserErrorCode, field: [&'static str; N]) -> Self {
        Error::User(vec![UserError::at(code, field)])
    }

    /// An error of ours.
    pub fn internal(message: &'static str) -> Self {
        Error::unexpected(anyhow::anyhow!(message))
    }

    /// The unexpected, with its cause for the log.
    pub fn unexpected(cause: impl Into<anyhow::Error>) -> Self {
        Error::Internal(Arc::new(cause.into()))
    }

    /// A part that is needed does not answer.
    pub fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Error::Unavailable(Arc::new(cause.into()))
    }

    /// The code that the person is told first, if it is one that they can mend.
    pub fn code(&self) -> Option<UserErrorCode> {
        match self {
            Error::User(errors) => errors.first().map(|error| error.code),
            Error::Refused(_) | Error::Unavailable(_) | Error::Internal(_) => None,
        }
    }

    /// What a rule about the object at `field` says.
    pub fn refusal<const N: usize>(refusal: Refusal, field: [&'static str; N]) -> Self {
        let code = match refusal {
            Refusal::NotVisible => UserErrorCode::NotFound,
            Refusal::NotAllowed => UserErrorCode::NotAllowed,
            Refusal::WrongStatus => UserErrorCode::WrongStatus,
        };
        Error::user(code, field)
    }
}

/// Collects what is wrong with the fields of an input, so that a person learns of all of it at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<UserError>);

impl Faults {
    /// The checked value, or its default with the fault noted.
    pub fn check<T: Default, const N: usize>(
        &mut self,
        checked: Result<T, Violation>,
        field: [&'static str; N],
    ) -> T {
        match checked {
            Ok(value) => value,
            Err(violation) => {
                self.0.push(UserError { limit: limit(violation), ..UserError::at(code(violation), field) });
                T::default()
            }
        }
    }

    /// Whether the check found nothing; what it found is noted.
    pub fn passes<const N: usize>(
        &mut self,
        checked: Result<(), Violation>,
        field: [&'static str; N],
    ) -> bool {
        let passes = checked.is_ok();
        self.check(checked, field);
        passes
    }

    /// Notes a fault.
    pub fn add<const N: usize>(&mut self, code: UserErrorCode, field: [&'static str; N]) {
        self.0.push(UserError::at(code, field));
    }

    /// Nothing, or all that was noted.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Error::User(faults.0)
    }
}

fn code(violation: Violation) -> UserErrorCode {
    match violation {
        Violation::Required => UserErrorCode::Required,
        Violation::TooShort(_) => UserErrorCode::TooShort,
        Violation::TooLong(_) => UserErrorCode::TooLong,
        Violation::Invalid | Violation::TooFarAhead => UserErrorCode::Invalid,
        Violation::InThePast => UserErrorCode::InThePast,
    }
}

fn limit(violation: Violation) -> Option<Limit> {
    match violation {
        Violation::TooShort(limit) | Violation::TooLong(limit) => Some(Limit::Characters(limit)),
        Violation::TooFarAhead => Some(Limit::DaysAhead(validate::limit::DEADLINE_DAYS)),
        Violation::Required | Violation::Invalid | Violation::InThePast => None,
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Error::unexpected(error)
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let is_unavailable = NewerVersion::is(&error) || outage(&error).is_some();
        if is_unavailable { Error::unavailable(error) } else { Error::unexpected(error) }
    }
}

impl From<NewerVersion> for Error {
    fn from(newer: NewerVersion) -> Self {
        Error::unavailable(newer)
    }
}
