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
    pub revoked_at: Option<Timestamp>,
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It lets one person in.
    Open,
    /// Somebody registered by it.
    Used,
    /// Its time is over.
    Expired,
    /// It was taken back, or whoever made it may not let people in any more.
    Revoked,
}

impl Model {
    /// What became of it by this moment.
    pub fn state(&self, now: Timestamp) -> State {
        if self.used_at.is_some() {
            State::Used
        } else if self.revoked_at.is_some() {
            State::Revoked
        } else if self.expires_at <= now {
            State::Expired
        } else {
            State::Open
        }
    }
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
