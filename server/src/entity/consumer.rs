//! The table `consumers`: how far each reader of the log came, and who works for it now.

use sea_orm::entity::prelude::*;

use crate::db::columns::Timestamp;

/// A reader of the log that remembers its place.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consumers")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub epoch: String,
    pub position_xid: i64,
    pub position_id: i64,
    pub lease_holder: Option<String>,
    pub lease_until: Timestamp,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
