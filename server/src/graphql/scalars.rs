//! Moments, days and places in the log, as the contract writes them.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, SecondsFormat};

use crate::db::columns::Timestamp;
use crate::log;

/// RFC 3339, UTC, milliseconds.
#[Scalar(name = "DateTime")]
impl ScalarType for Timestamp {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let moment = DateTime::parse_from_rfc3339(text)
            .map_err(|_| InputValueError::custom("not a moment of RFC 3339, as 2026-12-01T15:00:00Z"))?;
        Ok(Timestamp(moment.timestamp_millis()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// YYYY-MM-DD
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

/// YYYY-MM-DD
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        // The format takes years of any length, and numbers of one digit.
        let has_its_length =
            text.len() == "YYYY-MM-DD".len() && text.starts_with(|digit: char| digit.is_ascii_digit());
        has_its_length
            .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .flatten()
            .map(Date)
            .ok_or_else(|| InputValueError::custom("not a day, as 2026-12-01"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A place in the event log. Opaque; given back as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub log::Cursor);

/// A place in the event log. Opaque; given back as it came.
#[Scalar(name = "Cursor")]
impl ScalarType for Cursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        log::Cursor::decode(text)
            .map(Cursor)
            .ok_or_else(|| InputValueError::custom("not a cursor of this server"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.encode())
    }
}

/// A count as the contract's 32-bit integer.
pub fn int(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(if count < 0 { i32::MIN } else { i32::MAX })
}
