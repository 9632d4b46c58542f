//! The table `comments`.

use sea_orm::entity::prelude::*;

use crate::db::columns::{CommentId, TaskId, Timestamp, UserId};

/// A comment on a task.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comments")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: CommentId,
    pub task_id: TaskId,
    pub author_id: UserId,
    pub body: String,
    pub created_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
