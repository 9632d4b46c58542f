//! What happened to a task, as its history and the live stream tell it.
//!
//! `from` and `to` differ in type from kind to kind, so each is asked for under a name of its own: a document in which one
//! name has two types is not valid.

use super::answer::Answer;
use super::comments::CommentFields;
use super::task::TaskCard;
use super::{Cursor, PersonFields, TaskAction, TaskId, TaskStatus, Timestamp, schema};

/// One happening of whatever kind, with what its kind has.
#[derive(serde::Deserialize, Clone, Debug, Default, PartialEq)]
pub struct Happening {
    #[serde(rename = "__typename")]
    pub kind: String,
    pub cursor: Option<Cursor>,
    pub at: Option<Timestamp>,
    pub actor: Option<PersonFields>,
    pub changes: Option<Vec<FieldChangeFields>>,
    pub status_from: Option<TaskStatus>,
    pub status_to: Option<TaskStatus>,
    pub action: Option<TaskAction>,
    pub reason: Option<String>,
    pub deadline_from: Option<Timestamp>,
    pub deadline_to: Option<Timestamp>,
    pub deadline: Option<Timestamp>,
    pub person_from: Option<PersonFields>,
    pub person_to: Option<PersonFields>,
    pub completed_by: Option<PersonFields>,
    #[serde(rename = "taskId")]
    pub task_id: Option<TaskId>,
    /// In the live stream alone.
    pub task: Option<TaskCard>,
    /// In the live stream alone.
    pub comment: Option<CommentFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "FieldChange")]
pub struct FieldChangeFields {
    pub field: String,
    pub from: Option<String>,
    pub to: Option<String>,
}

/// One entry of a history.
pub type HistoryEntry = Answer<Happening, question::HistoryEntry>;

/// One event of the live stream.
pub type TaskEvent = Answer<Happening, question::TaskEvent>;

/// What is asked for of each kind. Never read: the answer is a [`Happening`].
mod question {
    #![expect(dead_code, reason = "these say what to ask for; what comes is read as one flat record")]

    use super::*;

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskCreated")]
    pub struct Created {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskUpdated")]
    pub struct Updated {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
        changes: Vec<FieldChangeFields>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskStatusChanged")]
    pub struct Status {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
        #[cynic(alias, rename = "from")]
        status_from: TaskStatus,
        #[cynic(alias, rename = "to")]
        status_to: TaskStatus,
        action: Option<TaskAction>,
        reason: Option<String>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskDeadlineChanged")]
    pub struct Deadline {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
        #[cynic(alias, rename = "from")]
        deadline_from: Option<Timestamp>,
        #[cynic(alias, rename = "to")]
        deadline_to: Option<Timestamp>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskOverdue")]
    pub struct Overdue {
        cursor: Cursor,
        at: Timestamp,
        deadline: Timestamp,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskAssigned")]
    pub struct Assigned {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
        #[cynic(alias, rename = "from")]
        person_from: Option<PersonFields>,
        #[cynic(alias, rename = "to")]
        person_to: Option<PersonFields>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskDeleted")]
    pub struct Deleted {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
        task_id: TaskId,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskRestored")]
    pub struct Restored {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskCommented")]
    pub struct Commented {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "AllTasksCompleted")]
    pub struct AllCompleted {
        cursor: Cursor,
        at: Timestamp,
        actor: Option<PersonFields>,
        #[cynic(alias, rename = "assignee")]
        completed_by: Option<PersonFields>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "Resync")]
    pub struct Resync {
        cursor: Cursor,
    }

    #[derive(cynic::InlineFragments)]
    #[cynic(graphql_type = "TaskEvent")]
    pub enum HistoryEntry {
        Created(Created),
        Updated(Updated),
        Status(Status),
        Deadline(Deadline),
        Overdue(Overdue),
        Assigned(Assigned),
        Deleted(Deleted),
        Restored(Restored),
        Commented(Commented),
        AllCompleted(AllCompleted),
        #[cynic(fallback)]
        Other,
    }

    // The kinds that come with the task as it is since.

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskCreated")]
    pub struct LiveCreated {
        #[cynic(spread)]
        happening: Created,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskUpdated")]
    pub struct LiveUpdated {
        #[cynic(spread)]
        happening: Updated,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskStatusChanged")]
    pub struct LiveStatus {
        #[cynic(spread)]
        happening: Status,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskDeadlineChanged")]
    pub struct LiveDeadline {
        #[cynic(spread)]
        happening: Deadline,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskOverdue")]
    pub struct LiveOverdue {
        #[cynic(spread)]
        happening: Overdue,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskAssigned")]
    pub struct LiveAssigned {
        #[cynic(spread)]
        happening: Assigned,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskRestored")]
    pub struct LiveRestored {
        #[cynic(spread)]
        happening: Restored,
        task: Option<TaskCard>,
    }

    #[derive(cynic::QueryFragment)]
    #[cynic(graphql_type = "TaskCommented")]
    pub struct LiveCommented {
        #[cynic(spread)]
        happening: Commented,
        task: Option<TaskCard>,
        comment: Option<CommentFields>,
    }

    #[derive(cynic::InlineFragments)]
    #[cynic(graphql_type = "TaskEvent")]
    pub enum TaskEvent {
        Created(LiveCreated),
        Updated(LiveUpdated),
        Status(LiveStatus),
        Deadline(LiveDeadline),
        Overdue(LiveOverdue),
        Assigned(LiveAssigned),
        Deleted(Deleted),
        Restored(LiveRestored),
        Commented(LiveCommented),
        AllCompleted(AllCompleted),
        Resync(Resync),
        #[cynic(fallback)]
        Other,
    }
}
