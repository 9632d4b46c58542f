//! The table `events`: the log. Rows are added and never changed.

use sea_orm::entity::prelude::*;

use crate::db::columns::{CommentId, EventId, TaskId, Timestamp, UserId};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: EventId,
    /// The writing transaction on PostgreSQL, set by the database; 0 on SQLite. See `log::Position`.
    pub xid: i64,
    pub at: Timestamp,
    /// The name of a [`domain::EventKind`], or one that a later version gave.
    pub kind: String,
    pub actor_id: Option<UserId>,
    pub task_id: Option<TaskId>,
    pub creator_id: Option<UserId>,
    pub assignee_id: Option<UserId>,
    pub previous_assignee_id: Option<UserId>,
    pub subject_id: Option<UserId>,
    pub comment_id: Option<CommentId>,
    pub missed_deadline: Option<Timestamp>,
    /// What statistics count it as: the name of a [`domain::statistics::Measure`].
    pub measure: Option<String>,
    /// [`crate::log::Event`] as JSON.
    pub payload: String,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
