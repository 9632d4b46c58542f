//! Payloads of mutations: what a person can mend, as data.

use async_graphql::{Context, SimpleObject};

use super::context::ContextExt;
use crate::db::columns::Timestamp;
use crate::error::{self, Error, Result, UserErrorCode};
use crate::link::Link;
use crate::text;

/// Something the person can mend.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// What is wrong.
    code: UserErrorCode,
    /// The same as a sentence in the person's language.
    message: String,
    /// The path in the input, as ["input", "title"].
    field: Option<Vec<String>>,
}

impl UserError {
    /// The error in the language of who asks.
    pub fn new(ctx: &Context<'_>, error: &error::UserError) -> Self {
        let field: Vec<String> = error.field.iter().map(ToString::to_string).collect();
        UserError {
            code: error.code,
            message: text::user_error(error, ctx.asker().locale),
            field: (!field.is_empty()).then_some(field),
        }
    }
}

/// The result, or what can be mended; everything else stays an error.
pub fn settle<T>(ctx: &Context<'_>, result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(Error::User(errors)) => {
            Ok((None, errors.iter().map(|error| UserError::new(ctx, error)).collect()))
        }
        Err(error @ (Error::Refused(_) | Error::Unavailable(_) | Error::Internal(_))) => Err(error),
    }
}

/// Whether what was refused is to be answered with the current object.
pub fn wants_current<T>(result: &Result<T>) -> bool {
    result
        .as_ref()
        .err()
        .and_then(Error::code)
        .is_some_and(|code| matches!(code, UserErrorCode::StaleVersion | UserErrorCode::WrongStatus))
}

/// An address to be handed over, or what can be mended.
#[derive(Clone, Debug, SimpleObject)]
pub struct LinkPayload {
    /// The address.
    url: Option<String>,
    /// From then on it is of no use.
    expires_at: Option<Timestamp>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl LinkPayload {
    /// The link, or why there is none.
    pub fn of(ctx: &Context<'_>, result: Result<Link>) -> Result<Self> {
        let (link, user_errors) = settle(ctx, result)?;
        let (url, expires_at) = link.map(|link| (link.url, link.expires_at)).unzip();
        Ok(LinkPayload { url, expires_at, user_errors })
    }
}
