//! The table `tasks`.

use sea_orm::entity::prelude::*;

use crate::db::columns::{Ranked, Stored, TaskId, Timestamp, UserId};
use domain::policy::{Actor, TaskFacts};
use domain::status::{Pending, StatusKind, TransitionFacts};
use domain::{Priority, Role, Status};

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: TaskId,
    pub title: String,
    /// The title as lists compare it: see [`domain::validate::fold`].
    pub title_key: String,
    pub description: String,
    pub status: Stored<StatusKind>,
    pub status_before_overdue: Option<Stored<Pending>>,
    pub priority: Ranked<Priority>,
    pub requires_review: bool,
    pub deadline: Option<Timestamp>,
    /// The deadline, or [`Timestamp::NEVER`]: what lists sort by.
    pub deadline_key: Timestamp,
    pub original_deadline: Option<Timestamp>,
    /// Whether the present deadline was recorded as missed.
    pub deadline_missed: bool,
    pub deadline_moves: i64,
    pub returns: i64,
    pub creator_id: UserId,
    pub assignee_id: UserId,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub submitted_at: Option<Timestamp>,
    pub completed_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
    pub version: i64,
}

/// None: what belongs together is joined where it is asked for.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The status, put together. The schema's `tasks_before_overdue` keeps its parts from contradicting each other.
    pub fn status(&self) -> Status {
        let before = self.status_before_overdue.map(|before| before.0);
        Status::from_parts(self.status.0, before).unwrap_or(Status::Overdue { was: Pending::New })
    }

    /// What the domain decides by.
    pub fn facts(&self) -> TaskFacts {
        TaskFacts {
            status: self.status(),
            deleted: self.deleted_at.is_some(),
            transition: TransitionFacts {
                requires_review: self.requires_review,
                deadline_missed: self.deadline_missed,
            },
        }
    }

    /// What this person is to the task.
    pub fn actor(&self, user: UserId, role: Role) -> Actor {
        Actor { role, is_creator: self.creator_id == user, is_assignee: self.assignee_id == user }
    }
}
