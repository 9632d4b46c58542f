//! Types of columns: ids that cannot be mixed up, moments, and closed sets by their stable names.

use std::fmt;

use chrono::{DateTime, TimeZone, Utc};
use domain::Code;
use sea_orm::sea_query::{self, ArrayType, ColumnType, Nullable, Value, ValueTypeErr};
use sea_orm::{ColIdx, DeriveValueType, QueryResult, TryGetError, TryGetable};
use serde::{Deserialize, Serialize};

use super::newer::NewerVersion;

/// Declares the type of a table's key.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => { $(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )+ };
}

ids! {
    /// Key of a person.
    UserId,
    /// Key of a sign-in.
    SessionId,
    /// Key of a refresh token.
    RefreshTokenId,
    /// Key of an invitation.
    InvitationId,
    /// Key of a password reset.
    PasswordResetId,
    /// Key of a task: the number people say aloud.
    TaskId,
    /// Key of a comment.
    CommentId,
    /// Key of an event.
    EventId,
    /// Key of a notification.
    NotificationId,
}

/// A moment: milliseconds since 1970 in UTC, on both databases.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// After every other: the sort key of what has no deadline.
    pub const NEVER: Timestamp = Timestamp(i64::MAX);

    /// The moment so many milliseconds later.
    #[must_use]
    pub fn plus(self, duration: std::time::Duration) -> Self {
        Timestamp(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// The moment so much earlier.
    #[must_use]
    pub fn minus(self, duration: std::time::Duration) -> Self {
        Timestamp(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// As a calendar knows it; clamped to what a calendar can hold.
    pub fn to_utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Self {
        Timestamp(moment.timestamp_millis())
    }
}

/// A member of a closed set, stored by its stable name. One that this version does not know makes its row one of a later version
/// ([`super::newer`]), unless the set has something that stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stored<T>(pub T);

/// A member of a closed set, stored by its rank, so that the database sorts by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ranked<T>(pub T);

impl<T: Code> Ranked<T> {
    /// The place in the order of declaration.
    pub fn rank(self) -> i64 {
        let place = T::ALL.iter().position(|member| *member == self.0);
        place.and_then(|place| i64::try_from(place).ok()).unwrap_or_default()
    }

    fn of_rank(rank: i64) -> Option<Self> {
        usize::try_from(rank).ok().and_then(|place| T::ALL.get(place).copied()).map(Ranked)
    }
}

/// Ties a wrapper to the type it is stored as.
macro_rules! column {
    ($wrapper:ident, $stored:ty, $column_type:expr, $array_type:expr, $value:path, $to:expr, $from:expr) => {
        impl<T: Code> From<$wrapper<T>> for Value {
            fn from(column: $wrapper<T>) -> Value {
                let to: fn($wrapper<T>) -> $stored = $to;
                to(column).into()
            }
        }

        impl<T: Code> TryGetable for $wrapper<T> {
            fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
                let stored = <$stored>::try_get_by(row, index)?;
                let from: fn(&$stored) -> Option<$wrapper<T>> = $from;
                from(&stored)
                    .ok_or_else(|| TryGetError::DbErr(NewerVersion::in_column(std::any::type_name::<T>())))
            }
        }

        impl<T: Code> sea_query::ValueType for $wrapper<T> {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                let stored = <$stored as sea_query::ValueType>::try_from(value)?;
                let from: fn(&$stored) -> Option<$wrapper<T>> = $from;
                from(&stored).ok_or(ValueTypeErr)
            }

            fn type_name() -> String {
                std::any::type_name::<Self>().to_owned()
            }

            fn array_type() -> ArrayType {
                $array_type
            }

            fn column_type() -> ColumnType {
                $column_type
            }
        }

        impl<T: Code> Nullable for $wrapper<T> {
            fn null() -> Value {
                $value(None)
            }
        }
    };
}

column!(
    Stored,
    String,
    ColumnType::Text,
    ArrayType::String,
    Value::String,
    |column| column.0.code().to_owned(),
    |name| T::from_code(name).or(T::FALLBACK).map(Stored)
);
column!(
    Ranked,
    i64,
    ColumnType::BigInteger,
    ArrayType::BigInt,
    Value::BigInt,
    |column| column.rank(),
    |rank| Ranked::of_rank(*rank)
);

/// A language that the product speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Code for Locale {
    const ALL: &'static [Self] = &[Locale::Ru, Locale::En];
    const FALLBACK: Option<Self> = Some(Locale::En);

    fn code(self) -> &'static str {
        match self {
            Locale::Ru => "RU",
            Locale::En => "EN",
        }
    }
}

/// How the client looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the device.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Code for Theme {
    const ALL: &'static [Self] = &[Theme::System, Theme::Light, Theme::Dark];
    const FALLBACK: Option<Self> = Some(Theme::System);

    fn code(self) -> &'static str {
        match self {
            Theme::System => "SYSTEM",
            Theme::Light => "LIGHT",
            Theme::Dark => "DARK",
        }
    }
}
