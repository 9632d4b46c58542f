//! Relay connections over keyset pages: arguments in, cursors and page information out.

use async_graphql::SimpleObject;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::validate::limit;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::db::page::{Page, PageRequest};
use crate::error::{Error, Refused, Result};

/// Where a page lies in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether rows follow.
    pub has_next_page: bool,
    /// Whether rows precede.
    pub has_previous_page: bool,
    /// The place of the first row.
    pub start_cursor: Option<String>,
    /// The place of the last row.
    pub end_cursor: Option<String>,
}

/// The four arguments of a connection.
#[derive(Clone, Debug, Default)]
pub struct PageArguments {
    /// That many from the start.
    pub first: Option<i32>,
    /// Rows after this place.
    pub after: Option<String>,
    /// That many from the end.
    pub last: Option<i32>,
    /// Rows before this place.
    pub before: Option<String>,
}

impl PageArguments {
    /// From the start alone.
    pub fn forward(first: i32, after: Option<String>) -> Self {
        PageArguments { first: Some(first), after, last: None, before: None }
    }

    /// Checks them; `default` rows where neither `first` nor `last` is given.
    pub fn request<K: DeserializeOwned>(self, default: u64) -> Result<PageRequest<K>> {
        let (size, backward) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(bad("give first or last, not both")),
            (Some(first), None) => (size(first)?, false),
            (None, Some(last)) => (size(last)?, true),
            (None, None) => (default, false),
        };
        Ok(PageRequest { size, after: place(self.after)?, before: place(self.before)?, backward })
    }
}

fn size(rows: i32) -> Result<u64> {
    let most = u64::try_from(limit::PAGE).unwrap_or(u64::MAX);
    u64::try_from(rows)
        .ok()
        .filter(|rows| (1..=most).contains(rows))
        .ok_or(bad("first and last are from 1 to 100"))
}

fn place<K: DeserializeOwned>(cursor: Option<String>) -> Result<Option<K>> {
    cursor.map(|cursor| decode(&cursor).ok_or(bad("not a cursor of this list"))).transpose()
}

fn decode<K: DeserializeOwned>(cursor: &str) -> Option<K> {
    let key: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    // Nothing that is stored has a NUL, and PostgreSQL cannot even be asked.
    (!has_nul(&key)).then(|| serde_json::from_value(key).ok()).flatten()
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A row's place, as clients carry it.
pub fn cursor<K: Serialize>(key: &K) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
}

/// Page information out of a page whose rows have their places beside them.
pub fn info<T>(page: &Page<(String, T)>) -> PageInfo {
    PageInfo {
        has_next_page: page.has_next,
        has_previous_page: page.has_previous,
        start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
        end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
    }
}

fn bad(message: &'static str) -> Error {
    Error::Refused(Refused::BadInput(message))
}
