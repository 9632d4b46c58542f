//! The table `notifications`.

use sea_orm::entity::prelude::*;

use crate::db::columns::{EventId, NotificationId, TaskId, Timestamp, UserId};
use domain::{Code, NotificationKind};

/// What one person is told of one event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: NotificationId,
    pub recipient_id: UserId,
    /// The name of a [`NotificationKind`], or one that a later version gave.
    pub kind: String,
    pub event_id: EventId,
    pub task_id: Option<TaskId>,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What it is about, if this version knows.
    pub fn kind(&self) -> Option<NotificationKind> {
        NotificationKind::from_code(&self.kind)
    }
}
