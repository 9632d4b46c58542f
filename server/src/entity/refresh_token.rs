//! The table `refresh_tokens`. The token itself is nowhere; its SHA-256 is.

use sea_orm::entity::prelude::*;

use crate::db::columns::{RefreshTokenId, SessionId, Timestamp};

/// One refresh token.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: RefreshTokenId,
    pub session_id: SessionId,
    pub parent_id: Option<RefreshTokenId>,
    pub token_hash: Vec<u8>,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// The token that followed, readable with this one alone: see `auth::refresh`.
    pub sealed_successor: Option<Vec<u8>>,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
