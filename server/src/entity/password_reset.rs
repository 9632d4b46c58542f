//! The table `password_resets`.

use sea_orm::entity::prelude::*;

use crate::db::columns::{PasswordResetId, Timestamp, UserId};

/// A link that sets a new password once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "password_resets")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: PasswordResetId,
    pub token_hash: Vec<u8>,
    pub user_id: UserId,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
