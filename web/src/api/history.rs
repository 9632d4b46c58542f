//! What happened to a task, as its history and the live stream tell it.
//!
//! `from` and `to` differ in type from kind to kind, so each is asked for under a name of its own: a document in which one
//! name has two types is not valid.

use super::{Cursor, PersonFields, TaskAction, TaskStatus, Timestamp, schema};

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskCreated")]
pub struct CreatedFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskUpdated")]
pub struct UpdatedFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    pub changes: Vec<FieldChangeFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskStatusChanged")]
pub struct StatusFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    #[cynic(alias, rename = "from")]
    pub status_from: TaskStatus,
    #[cynic(alias, rename = "to")]
    pub status_to: TaskStatus,
    pub action: Option<TaskAction>,
    pub reason: Option<String>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskDeadlineChanged")]
pub struct DeadlineFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    #[cynic(alias, rename = "from")]
    pub deadline_from: Option<Timestamp>,
    #[cynic(alias, rename = "to")]
    pub deadline_to: Option<Timestamp>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskOverdue")]
pub struct OverdueFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    pub deadline: Timestamp,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskAssigned")]
pub struct AssignedFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    #[cynic(alias, rename = "from")]
    pub person_from: Option<PersonFields>,
    #[cynic(alias, rename = "to")]
    pub person_to: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskDeleted")]
pub struct DeletedFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskRestored")]
pub struct RestoredFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskCommented")]
pub struct CommentedFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "AllTasksCompleted")]
pub struct AllCompletedFields {
    pub cursor: Cursor,
    pub at: Timestamp,
    pub actor: Option<PersonFields>,
    #[cynic(alias, rename = "assignee")]
    pub completed_by: Option<PersonFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "FieldChange")]
pub struct FieldChangeFields {
    pub field: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// One entry of a history.
#[derive(cynic::InlineFragments, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "TaskEvent")]
pub enum HistoryEntry {
    Created(CreatedFields),
    Updated(UpdatedFields),
    Status(StatusFields),
    Deadline(DeadlineFields),
    Overdue(OverdueFields),
    Assigned(AssignedFields),
    Deleted(DeletedFields),
    Restored(RestoredFields),
    Commented(CommentedFields),
    AllCompleted(AllCompletedFields),
    /// A kind that this client does not know yet.
    #[cynic(fallback)]
    Unknown,
}
