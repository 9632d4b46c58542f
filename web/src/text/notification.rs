//! Notifications in words.

use super::Messages;
use super::history::describe;
use crate::api::{NotificationKind, Timestamp};
use crate::store::{ChangeKind, Notification};

/// What it is about, and what exactly happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationText {
    pub title: String,
    pub detail: Option<String>,
}

/// Says it. `date` writes a deadline.
pub fn describe_notification(
    words: &Messages,
    notification: &Notification,
    date: &dyn Fn(Timestamp) -> String,
) -> NotificationText {
    let happened = notification.change.as_ref().map(|kind| describe(words, kind, date));
    let happened_line = || {
        let text = happened.clone()?;
        let mut lines = text.lines;
        lines.extend(text.reason.map(|reason| format!("{}: {reason}", words.reason)));
        Some(lines.join(" · "))
    };
    if notification.kind == NotificationKind::RoleChanged {
        let role = notification.role.map(words.role_name);
        let title = role.map_or_else(|| notification.text.clone(), |role| (words.notified_role)(role));
        return NotificationText { title, detail: None };
    }
    if notification.kind == NotificationKind::AllTasksCompleted {
        let title = match &notification.change {
            Some(ChangeKind::AllCompleted { by: Some(by) }) => (words.notified_all_completed)(&by.name),
            Some(_) | None => notification.text.clone(),
        };
        return NotificationText { title, detail: None };
    }
    let Some(task) = &notification.task else {
        return NotificationText { title: notification.text.clone(), detail: happened_line() };
    };
    let title = &task.title;
    let (title, detail) = match notification.kind {
        NotificationKind::TaskCreated | NotificationKind::TaskAssigned => (
            (words.notified_created)(title),
            task.deadline.map(|deadline| (words.notified_due)(&date(deadline))),
        ),
        NotificationKind::TaskUpdated => ((words.notified_updated)(title), happened_line()),
        NotificationKind::TaskStatusChanged | NotificationKind::TaskDeadlineChanged => {
            ((words.notified_task)(title), happened_line())
        }
        NotificationKind::TaskOverdue => ((words.notified_overdue)(title), None),
        NotificationKind::TaskUnassigned => ((words.notified_unassigned)(title), None),
        NotificationKind::TaskDeleted => ((words.notified_deleted)(title), None),
        NotificationKind::TaskCommented => ((words.notified_commented)(title), None),
        NotificationKind::AllTasksCompleted | NotificationKind::RoleChanged => {
            (notification.text.clone(), None)
        }
    };
    NotificationText { title, detail }
}
