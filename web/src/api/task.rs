//! A task as lists and as its own panel ask for it.

use super::{PersonFields, TaskAction, TaskId, TaskPriority, TaskStatus, Timestamp, schema};

/// What a row of a list shows. The description, which may be long, is left to the panel.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Task")]
pub struct TaskRow {
    pub id: TaskId,
    pub number: i32,
    pub title: String,
    pub status: TaskStatus,
    pub status_before_overdue: Option<TaskStatus>,
    pub priority: TaskPriority,
    pub requires_review: bool,
    pub deadline: Option<Timestamp>,
    pub original_deadline: Option<Timestamp>,
    pub deadline_moves: i32,
    pub returns: i32,
    pub creator: Option<PersonFields>,
    pub assignee: Option<PersonFields>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub version: i32,
    pub available_actions: Vec<TaskAction>,
    pub viewer_can: TaskPermissions,
}

/// Everything of the task itself. Spelled out: a spread fragment would read every field through a second deserialiser, 30 KB more.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Task")]
pub struct TaskCard {
    pub id: TaskId,
    pub number: i32,
    pub title: String,
    pub description: String,
    pub status: TaskStatus,
    pub status_before_overdue: Option<TaskStatus>,
    pub priority: TaskPriority,
    pub requires_review: bool,
    pub deadline: Option<Timestamp>,
    pub original_deadline: Option<Timestamp>,
    pub deadline_moves: i32,
    pub returns: i32,
    pub creator: Option<PersonFields>,
    pub assignee: Option<PersonFields>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    pub version: i32,
    pub available_actions: Vec<TaskAction>,
    pub viewer_can: TaskPermissions,
}

#[derive(cynic::QueryFragment, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaskPermissions {
    pub edit: bool,
    pub assign: bool,
    pub move_deadline: bool,
    pub delete: bool,
    pub comment: bool,
}
