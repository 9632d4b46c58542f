//! The table `users`.

use sea_orm::entity::prelude::*;

use crate::db::columns::{Locale, Stored, Theme, Timestamp, UserId};
use domain::Role;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: UserId,
    pub name: String,
    /// The name as lists compare it: see [`domain::validate::fold`].
    pub name_key: String,
    pub email: String,
    pub password_hash: String,
    pub role: Stored<Role>,
    pub active: bool,
    pub locale: Option<Stored<Locale>>,
    pub theme: Stored<Theme>,
    pub time_zone: String,
    pub shortcuts: bool,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
