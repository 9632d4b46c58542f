//! Rows that a later version wrote: what becomes of a name that this version does not know. While a company is upgraded, two
//! versions run side by side over one database (`docs/adr/0016`).
//!
//! A row with such a name is not guessed at: it is left out of what is read together ([`readable`]), and who asks for it alone, or
//! would change it, is told to try again ([`NewerVersion`]).

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryResult, Select, TryGetError};

/// The row has something in it that only a later version knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a later version wrote this; it can be read once this process is of that version, too")]
pub struct NewerVersion;

impl NewerVersion {
    /// As an error of the database: a value that is no member of `into`.
    pub(super) fn in_column(into: &'static str) -> DbErr {
        DbErr::TryIntoErr { from: "a stored name", into, source: std::sync::Arc::new(NewerVersion) }
    }

    /// Whether that is what is wrong.
    pub fn is(error: &DbErr) -> bool {
        matches!(error, DbErr::TryIntoErr { source, .. } if source.is::<NewerVersion>())
    }
}

/// A row, if this version can read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readable<M> {
    /// It can.
    Row(M),
    /// A later version wrote it.
    Newer,
}

impl<M> Readable<M> {
    /// The row, if it can be read.
    pub fn row(self) -> Option<M> {
        match self {
            Readable::Row(row) => Some(row),
            Readable::Newer => None,
        }
    }
}

impl<M: FromQueryResult> FromQueryResult for Readable<M> {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        match M::from_query_result(result, prefix) {
            Ok(row) => Ok(Readable::Row(row)),
            Err(error) if NewerVersion::is(&error) => Ok(Readable::Newer),
            Err(error) => Err(error),
        }
    }

    fn from_query_result_nullable(result: &QueryResult, prefix: &str) -> Result<Self, TryGetError> {
        match M::from_query_result_nullable(result, prefix) {
            Ok(row) => Ok(Readable::Row(row)),
            Err(TryGetError::DbErr(error)) if NewerVersion::is(&error) => Ok(Readable::Newer),
            Err(error) => Err(error),
        }
    }
}

/// The rows that this version can read.
pub async fn readable<E: EntityTrait, C: ConnectionTrait>(
    select: Select<E>,
    db: &C,
) -> Result<Vec<E::Model>, DbErr> {
    let rows = select.into_model::<Readable<E::Model>>().all(db).await?;
    Ok(rows.into_iter().filter_map(Readable::row).collect())
}
