//! Why a command failed, in words for whoever typed it, and the exit code that says so.

use std::fmt::Display;

use server::config::ConfigError;
use server::db::columns::Locale;
use server::error::{Error, UserError};
use server::text;

/// Why a command failed, and the exit code that says so.
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Display) -> Self {
        Failure { message: message.to_string(), code: 1 }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure { message: error.to_string(), code: 2 }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Internal(cause) => match cause.downcast_ref::<ConfigError>() {
                Some(error) => Failure { message: error.to_string(), code: 2 },
                None => Failure::new(format_args!("{cause:#}")),
            },
            Error::Unavailable(cause) => {
                Failure::new(format_args!("the database does not answer: {cause:#}"))
            }
            Error::User(errors) => Failure::new(sentences(&errors)),
            Error::Refused(_) => Failure::new(error),
        }
    }
}

fn sentences(errors: &[UserError]) -> String {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| {
            let field = error.field.last().map_or("", AsRef::as_ref);
            format!("{field}: {}", text::user_error(error, Locale::En))
        })
        .collect();
    lines.join("\n")
}
