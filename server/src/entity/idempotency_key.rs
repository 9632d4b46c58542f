//! The table `idempotency_keys`: what a repeated request is answered with, for 24 hours.

use sea_orm::entity::prelude::*;

use crate::db::columns::{Timestamp, UserId};

/// The result of a request made under a key.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub idempotency_key: String,
    pub request_hash: Vec<u8>,
    pub result_id: i64,
    pub created_at: Timestamp,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
