//! The two subscriptions.

use super::comments::CommentFields;
use super::history::{
    AllCompletedFields, AssignedFields, CommentedFields, CreatedFields, DeadlineFields, OverdueFields, RestoredFields,
    StatusFields, UpdatedFields,
};
use super::notifications::NotificationFields;
use super::task::TaskCard;
use super::{Cursor, NotificationId, TaskId, schema};

#[derive(cynic::QueryVariables)]
pub struct LiveVariables {
    pub after: Option<Cursor>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription", variables = "LiveVariables")]
pub struct TaskEvents {
    #[arguments(after: $after)]
    pub task_events: TaskEvent,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Subscription", variables = "LiveVariables")]
pub struct Notifications {
    #[arguments(after: $after)]
    pub notification_received: NotificationEvent,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskCreated {
    #[cynic(spread)]
    pub change: CreatedFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskUpdated {
    #[cynic(spread)]
    pub change: UpdatedFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskStatusChanged {
    #[cynic(spread)]
    pub change: StatusFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskDeadlineChanged {
    #[cynic(spread)]
    pub change: DeadlineFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskOverdue {
    #[cynic(spread)]
    pub change: OverdueFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskAssigned {
    #[cynic(spread)]
    pub change: AssignedFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskRestored {
    #[cynic(spread)]
    pub change: RestoredFields,
    pub task: Option<TaskCard>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskDeleted {
    pub cursor: Cursor,
    pub task_id: TaskId,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct TaskCommented {
    #[cynic(spread)]
    pub change: CommentedFields,
    pub task: Option<CommentedTask>,
    pub comment: Option<CommentFields>,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Task")]
pub struct CommentedTask {
    pub id: TaskId,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Resync {
    pub cursor: Cursor,
}

#[derive(cynic::InlineFragments, Clone, Debug, PartialEq)]
pub enum TaskEvent {
    Created(TaskCreated),
    Updated(TaskUpdated),
    Status(TaskStatusChanged),
    Deadline(TaskDeadlineChanged),
    Overdue(TaskOverdue),
    Assigned(TaskAssigned),
    Deleted(TaskDeleted),
    Restored(TaskRestored),
    Commented(TaskCommented),
    AllCompleted(AllCompletedFields),
    Resync(Resync),
    /// A kind that this client does not know yet.
    #[cynic(fallback)]
    Unknown,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationReceived {
    pub cursor: Cursor,
    pub notification: NotificationFields,
    pub unread_count: i32,
}

#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct NotificationsRead {
    pub cursor: Cursor,
    pub ids: Vec<NotificationId>,
    pub unread_count: i32,
}

#[derive(cynic::InlineFragments, Clone, Debug, PartialEq)]
pub enum NotificationEvent {
    Received(NotificationReceived),
    Read(NotificationsRead),
    Resync(Resync),
    /// A kind that this client does not know yet.
    #[cynic(fallback)]
    Unknown,
}
