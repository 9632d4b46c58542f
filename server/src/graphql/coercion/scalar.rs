//! Single values: each scalar's own parser judges it, and text is put into the form in which it is compared and stored.

use std::fmt::Display;

use async_graphql::{ID, InputType, Pos};
use async_graphql_value::Value;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::db::columns::Timestamp;
use crate::graphql::scalars::{Cursor, Date};

/// A place for text in the contract: an input and its field, or `Type.field` and its argument.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'p> {
    pub(super) owner: &'p str,
    pub(super) field: &'p str,
}

/// How the text of a place is read. Of a variable that stands in several places the last of these counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    /// In NFC: its command tells a person what is wrong with it, as data.
    Told,
    /// In NFC, and without NUL: no resolver of it looks, and PostgreSQL cannot even be asked.
    #[default]
    Checked,
    /// As it was typed: hashed, never stored or compared as text.
    Secret,
}

impl Place<'_> {
    /// A place that is not named here is [`Reading::Checked`].
    pub(super) fn reading(self) -> Reading {
        match (self.owner, self.field) {
            ("LoginInput" | "RegisterInput", "password")
            | ("PasswordChangeInput", "current" | "new")
            | ("ProfileUpdateInput", "currentPassword")
            | ("PasswordResetInput", "new") => Reading::Secret,
            ("RegisterInput" | "ProfileUpdateInput", "name" | "email")
            | ("TaskCreateInput" | "TaskUpdateInput", "title" | "description")
            | ("TaskCreateInput" | "Mutation.commentAdd", "idempotencyKey")
            | ("Mutation.commentAdd" | "Mutation.commentUpdate", "body")
            | ("Mutation.taskTransition", "reason") => Reading::Told,
            _ => Reading::Checked,
        }
    }
}

/// Puts the text into its form.
///
/// # Errors
/// What no text of this place has.
pub(super) fn text(text: &mut String, reading: Reading) -> Result<(), String> {
    if reading == Reading::Secret {
        return Ok(());
    }
    if reading == Reading::Checked && text.contains('\0') {
        return Err("has the character U+0000, which no text has".to_owned());
    }
    if !text.is_ascii() && is_nfc_quick(text.chars()) != IsNormalized::Yes {
        *text = text.nfc().collect();
    }
    Ok(())
}

/// Whether the scalar's own parser takes the value.
///
/// # Errors
/// What it says.
pub(super) fn judge(name: &str, value: &Value) -> Result<(), String> {
    let judge = match name {
        "Int" => parse::<i32>,
        "Float" => parse::<f64>,
        "String" => parse::<String>,
        "Boolean" => parse::<bool>,
        "ID" => parse::<ID>,
        "DateTime" => parse::<Timestamp>,
        "Date" => parse::<Date>,
        "Cursor" => parse::<Cursor>,
        _ => return Err(format!("\"{name}\" is not read")),
    };
    judge(value).map_err(|problem| if problem.is_empty() { expected(name) } else { problem })
}

fn parse<T: InputType>(value: &Value) -> Result<(), String> {
    // A scalar has no variables within.
    let value = value.clone().into_const().ok_or_else(String::new)?;
    T::parse(Some(value)).map(drop).map_err(|error| error.into_server_error(Pos::default()).message)
}

pub(super) fn expected(name: impl Display) -> String {
    format!("expected type \"{name}\"")
}
