//! Repeated requests: what was made under a key is answered again, and not made again. Kept for 24 hours.

use std::borrow::Cow;
use std::time::Duration;

use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, QueryFilter, Set};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::db::columns::{Timestamp, UserId};
use crate::db::{Constraint, Database, Write, violated};
use crate::entity::idempotency_key;
use crate::error::{Error, Result, UserError, UserErrorCode};

/// How long a key is remembered.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// A request that a person may repeat.
#[derive(Clone, Debug)]
pub struct Request {
    user: UserId,
    key: String,
    field: &'static [&'static str],
    hash: Vec<u8>,
}

impl Request {
    /// The request that `body` describes; two are the same when their bodies are. `field` is the key's path in the input.
    pub fn new(
        user: UserId,
        key: &str,
        field: &'static [&'static str],
        body: &impl Serialize,
    ) -> Result<Self> {
        let body = serde_json::to_vec(body).map_err(Error::unexpected)?;
        Ok(Request { user, key: key.to_owned(), field, hash: Sha256::digest(&body).to_vec() })
    }

    /// What the first request under this key made; an error if that was another request.
    pub async fn made_before(&self, write: &Write, now: Timestamp) -> Result<Option<i64>> {
        let known = idempotency_key::Entity::find_by_id((self.user, self.key.clone())).one(&**write).await?;
        match known {
            Some(row) if is_over(row.created_at, now) => {
                // Only one that is over: another request may have put a new one in its place since.
                idempotency_key::Entity::delete_by_id((self.user, self.key.clone()))
                    .filter(over(now))
                    .exec(&**write)
                    .await?;
                Ok(None)
            }
            Some(row) if row.request_hash == self.hash => Ok(Some(row.result_id)),
            Some(_) => Err(Error::User(vec![UserError {
                code: UserErrorCode::KeyReused,
                field: self.field.iter().map(|name| Cow::Borrowed(*name)).collect(),
                limit: None,
            }])),
            None => Ok(None),
        }
    }

    /// Remembers what was made, in the same transaction.
    pub async fn remember(&self, write: &Write, result: i64, now: Timestamp) -> Result<()> {
        let row = idempotency_key::ActiveModel {
            user_id: Set(self.user),
            idempotency_key: Set(self.key.clone()),
            request_hash: Set(self.hash.clone()),
            result_id: Set(result),
            created_at: Set(now),
        };
        row.insert(&**write).await?;
        Ok(())
    }
}

/// Whether another request under the same key was quicker: begin again, and find what it made.
pub fn lost_race(error: &Error) -> bool {
    match error {
        Error::Internal(cause) => cause.downcast_ref().and_then(violated) == Some(Constraint::IdempotencyKey),
        Error::User(_) | Error::Refused(_) | Error::Unavailable(_) => false,
    }
}

/// Whether the time of a key is over. One of a clock that was ahead is not kept for longer than any.
fn is_over(created: Timestamp, now: Timestamp) -> bool {
    created <= now.minus(KEPT) || created > now.plus(KEPT)
}

/// The same of rows.
fn over(now: Timestamp) -> Condition {
    Condition::any()
        .add(idempotency_key::Column::CreatedAt.lte(now.minus(KEPT)))
        .add(idempotency_key::Column::CreatedAt.gt(now.plus(KEPT)))
}

/// Forgets keys whose time is over.
pub async fn forget_old(db: &Database, now: Timestamp) -> Result<u64> {
    let write = db.write().await?;
    let deleted = idempotency_key::Entity::delete_many().filter(over(now)).exec(&*write).await?;
    write.commit().await?;
    Ok(deleted.rows_affected)
}
