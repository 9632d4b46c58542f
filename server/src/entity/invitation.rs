//! The table `invitations`.

use sea_orm::entity::prelude::*;

use crate::db::columns::{InvitationId, Stored, Timestamp, UserId};
use domain::Role;

/// A link that lets one person register.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: InvitationId,
    pub token_hash: Vec<u8>,
    pub role: Stored<Role>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    pub used_by: Option<UserId>,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
