//! What can happen, and the kinds of notification that it causes.

use crate::Code;
use crate::code::closed_set;

closed_set! {
    /// What happened: one row of the event log each.
    pub enum EventKind {
        /// A task was set.
        TaskCreated = "TASK_CREATED",
        /// Title, description, priority or the need of review changed.
        TaskUpdated = "TASK_UPDATED",
        /// Somebody moved the task to another status.
        TaskStatusChanged = "TASK_STATUS_CHANGED",
        /// The deadline was set, moved or taken away.
        TaskDeadlineChanged = "TASK_DEADLINE_CHANGED",
        /// The deadline passed before the task was handed in.
        TaskOverdue = "TASK_OVERDUE",
        /// The task was given to another person.
        TaskAssigned = "TASK_ASSIGNED",
        /// The task was deleted and can be restored.
        TaskDeleted = "TASK_DELETED",
        /// The task was restored.
        TaskRestored = "TASK_RESTORED",
        /// A comment was added.
        CommentAdded = "COMMENT_ADDED",
        /// A comment's text changed.
        CommentEdited = "COMMENT_EDITED",
        /// A comment was removed.
        CommentDeleted = "COMMENT_DELETED",
        /// Nothing that a creator set for an assignee is open any more.
        AllTasksCompleted = "ALL_TASKS_COMPLETED",
        /// A person registered.
        UserRegistered = "USER_REGISTERED",
        /// The company as a whole decided something.
        CompanyUpdated = "COMPANY_UPDATED",
        /// A person's name, password or preferences changed.
        UserUpdated = "USER_UPDATED",
        /// A person's address of sign-in changed.
        EmailChanged = "EMAIL_CHANGED",
        /// A person's role changed.
        RoleChanged = "ROLE_CHANGED",
        /// A person was disabled or enabled.
        UserActiveChanged = "USER_ACTIVE_CHANGED",
        /// Sessions of a person ended before their time.
        SessionsEnded = "SESSIONS_ENDED",
        /// A person read notifications.
        NotificationsRead = "NOTIFICATIONS_READ",
    }
}

closed_set! {
    /// What a notification is about.
    pub enum NotificationKind {
        /// A task was set for the recipient.
        TaskCreated = "TASK_CREATED",
        /// Its text or importance changed.
        TaskUpdated = "TASK_UPDATED",
        /// Its status changed.
        TaskStatusChanged = "TASK_STATUS_CHANGED",
        /// Its deadline changed.
        TaskDeadlineChanged = "TASK_DEADLINE_CHANGED",
        /// Its deadline passed.
        TaskOverdue = "TASK_OVERDUE",
        /// It is the recipient's now.
        TaskAssigned = "TASK_ASSIGNED",
        /// It is the recipient's no longer.
        TaskUnassigned = "TASK_UNASSIGNED",
        /// It was deleted.
        TaskDeleted = "TASK_DELETED",
        /// Somebody commented on it.
        TaskCommented = "TASK_COMMENTED",
        /// All tasks of one creator for one assignee are done.
        AllTasksCompleted = "ALL_TASKS_COMPLETED",
        /// The recipient's role changed.
        RoleChanged = "ROLE_CHANGED",
        /// The recipient's address of sign-in changed.
        EmailChanged = "EMAIL_CHANGED",
        /// Somebody registered.
        UserRegistered = "USER_REGISTERED",
    }
}

impl EventKind {
    /// The kinds that a task's history shows. Later edits of a comment show in the comment itself.
    pub fn shown_in_history() -> impl Iterator<Item = EventKind> {
        EventKind::ALL.iter().copied().filter(|kind| match kind {
            EventKind::TaskCreated
            | EventKind::TaskUpdated
            | EventKind::TaskStatusChanged
            | EventKind::TaskDeadlineChanged
            | EventKind::TaskOverdue
            | EventKind::TaskAssigned
            | EventKind::TaskDeleted
            | EventKind::TaskRestored
            | EventKind::CommentAdded => true,
            EventKind::CommentEdited
            | EventKind::CommentDeleted
            | EventKind::AllTasksCompleted
            | EventKind::UserRegistered
            | EventKind::CompanyUpdated
            | EventKind::UserUpdated
            | EventKind::EmailChanged
            | EventKind::RoleChanged
            | EventKind::UserActiveChanged
            | EventKind::SessionsEnded
            | EventKind::NotificationsRead => false,
        })
    }
}
