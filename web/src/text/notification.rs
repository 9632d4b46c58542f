//! Notifications in words.

use super::Messages;
use super::history::{WriteDate, dates, from_to, priority};
use super::quote::{english, russian};
use crate::api::{NotificationKind, UserId};
use crate::store::{ChangeKind, FieldChange, Notification};

pub struct NotificationWords {
    pub created: fn(&str) -> String,
    pub due: fn(&str) -> String,
    pub updated: fn(&str) -> String,
    pub task: fn(&str) -> String,
    pub overdue: fn(&str) -> String,
    pub unassigned: fn(&str) -> String,
    pub deleted: fn(&str) -> String,
    pub commented: fn(&str) -> String,
    pub all_completed: fn(&str) -> String,
    pub all_mine_completed: &'static str,
    pub role: fn(&str) -> String,
    pub why_assignee: &'static str,
    pub why_creator: &'static str,
    pub why_both: &'static str,
    pub why_was_assignee: &'static str,
    pub why_account: &'static str,
    pub why_manages: &'static str,
    pub read_all: &'static str,
    pub mark_read: &'static str,
    pub see_all: &'static str,
    pub unread_only: &'static str,
    pub none: &'static str,
    pub none_hint: &'static str,
    pub none_unread: &'static str,
    // The browser's own
    pub by_browser: &'static str,
    pub by_browser_hint: &'static str,
    pub by_browser_denied: &'static str,
    pub by_browser_ask: &'static str,
}

pub const RUSSIAN: NotificationWords = NotificationWords {
    created: |title| ["Вам поручена задача ", &russian(title)].concat(),
    due: |date| ["Срок: ", date].concat(),
    updated: |title| ["Изменена задача ", &russian(title)].concat(),
    task: |title| ["Задача ", &russian(title)].concat(),
    overdue: |title| ["Просрочена: ", &russian(title)].concat(),
    unassigned: |title| ["Вы больше не исполнитель: ", &russian(title)].concat(),
    deleted: |title| ["Удалена задача ", &russian(title)].concat(),
    commented: |title| ["Комментарий к задаче ", &russian(title)].concat(),
    all_completed: |name| ["Все поставленные задачи выполнены: ", name].concat(),
    all_mine_completed: "Все порученные вам задачи выполнены",
    role: |role| ["Ваша роль: ", role].concat(),
    why_assignee: "вы исполнитель",
    why_creator: "вы постановщик",
    why_both: "вы постановщик и исполнитель",
    why_was_assignee: "раньше задача была вашей",
    why_account: "это ваша учётная запись",
    why_manages: "вы администратор",
    read_all: "Прочитать все",
    mark_read: "Отметить прочитанным",
    see_all: "Все уведомления",
    unread_only: "Только непрочитанные",
    none: "Уведомлений нет",
    none_hint: "Здесь появится всё, что касается ваших задач.",
    none_unread: "Всё прочитано",
    by_browser: "Уведомления браузера",
    by_browser_hint: "О новом скажет сам браузер, пока Веха не на виду. На этом устройстве.",
    by_browser_denied: "Браузер не разрешает. Разрешите уведомления в настройках этого сайта.",
    by_browser_ask: "Браузер спросит разрешения: выберите «Разрешить».",
};

pub const ENGLISH: NotificationWords = NotificationWords {
    created: |title| ["You are given the task ", &english(title)].concat(),
    due: |date| ["Due: ", date].concat(),
    updated: |title| [&english(title), " was edited"].concat(),
    task: |title| ["Task ", &english(title)].concat(),
    overdue: |title| ["Overdue: ", &english(title)].concat(),
    unassigned: |title| ["You are no longer the assignee: ", &english(title)].concat(),
    deleted: |title| [&english(title), " was deleted"].concat(),
    commented: |title| ["Comment on ", &english(title)].concat(),
    all_completed: |name| ["All tasks you set are done: ", name].concat(),
    all_mine_completed: "All tasks set for you are done",
    role: |role| ["Your role: ", role].concat(),
    why_assignee: "you are the assignee",
    why_creator: "you are the creator",
    why_both: "you are the creator and the assignee",
    why_was_assignee: "the task was yours before",
    why_account: "this is your account",
    why_manages: "you are an administrator",
    read_all: "Mark all as read",
    mark_read: "Mark as read",
    see_all: "All notifications",
    unread_only: "Unread only",
    none: "No notifications",
    none_hint: "Whatever concerns your tasks will appear here.",
    none_unread: "All caught up",
    by_browser: "Browser notifications",
    by_browser_hint: "The browser tells you what is new while Vekha is out of sight. On this device.",
    by_browser_denied: "The browser does not allow it. Allow notifications in this site’s settings.",
    by_browser_ask: "The browser will ask: choose “Allow”.",
};

/// What it is about, and what exactly happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationText {
    pub title: String,
    pub detail: Option<String>,
}

/// Says it to that viewer.
pub fn describe_notification(
    words: &Messages,
    notification: &Notification,
    viewer: Option<&UserId>,
    date: WriteDate<'_>,
) -> NotificationText {
    let own = &words.notification;
    let detail = notification.change.as_ref().and_then(|kind| detail(words, kind, date));
    let title = notification.task.as_ref().map(|task| task.title.as_str());
    let (title, detail) = match (notification.kind, title) {
        (NotificationKind::RoleChanged, _) => {
            (notification.role.map(|role| (own.role)((words.role_name)(role))), None)
        }
        (NotificationKind::EmailChanged, _) => (None, None),
        (NotificationKind::AllTasksCompleted, _) => match &notification.change {
            Some(ChangeKind::AllCompleted { by: Some(by) }) if Some(&by.id) == viewer => {
                (Some(own.all_mine_completed.to_owned()), None)
            }
            Some(ChangeKind::AllCompleted { by: Some(by) }) => (Some((own.all_completed)(&by.name)), None),
            Some(_) | None => (None, None),
        },
        (_, None) => (None, None),
        (NotificationKind::TaskCreated | NotificationKind::TaskAssigned, Some(title)) => {
            let deadline = notification.task.as_ref().and_then(|task| task.deadline);
            (Some((own.created)(title)), deadline.map(|deadline| (own.due)(&date(deadline, true))))
        }
        (NotificationKind::TaskUpdated, Some(title)) => (Some((own.updated)(title)), detail),
        (NotificationKind::TaskStatusChanged | NotificationKind::TaskDeadlineChanged, Some(title)) => {
            (Some((own.task)(title)), detail)
        }
        (NotificationKind::TaskOverdue, Some(title)) => (Some((own.overdue)(title)), None),
        (NotificationKind::TaskUnassigned, Some(title)) => (Some((own.unassigned)(title)), None),
        (NotificationKind::TaskDeleted, Some(title)) => (Some((own.deleted)(title)), None),
        (NotificationKind::TaskCommented, Some(title)) => (Some((own.commented)(title)), None),
        (NotificationKind::UserRegistered, Some(_)) => (None, None),
    };
    // The server's own sentence, for what this client has no words for.
    NotificationText { title: title.unwrap_or_else(|| notification.text.clone()), detail }
}

/// Nouns, since no name stands before them.
fn detail(words: &Messages, kind: &ChangeKind, date: WriteDate<'_>) -> Option<String> {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| words.no_deadline.to_lowercase());
    Some(match kind {
        ChangeKind::Status { from, to, reason, .. } => {
            let mut line = from_to(words.status, (words.status_name)(*from), (words.status_name)(*to));
            if let Some(reason) = reason {
                for part in [" · ", words.reason, ": ", reason] {
                    line.push_str(part);
                }
            }
            line
        }
        ChangeKind::Deadline { from: Some(from), to: Some(to) } => {
            let (from, to) = dates(*from, *to, date);
            from_to(words.deadline_short, &from, &to)
        }
        ChangeKind::Deadline { from, to } => {
            let write = |moment: &Option<_>| or_none(moment.map(|moment| date(moment, false)));
            from_to(words.deadline_short, &write(from), &write(to))
        }
        ChangeKind::Updated(changes) => {
            let lines: Vec<String> = changes.iter().map(|change| field(words, change)).collect();
            lines.join(" · ")
        }
        ChangeKind::Created
        | ChangeKind::Overdue { .. }
        | ChangeKind::Assigned { .. }
        | ChangeKind::Deleted
        | ChangeKind::Restored
        | ChangeKind::Commented
        | ChangeKind::AllCompleted { .. } => return None,
    })
}

fn field(words: &Messages, change: &FieldChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    match change.field.as_str() {
        "title" => from_to(words.title, &value(&change.from), &value(&change.to)),
        "priority" => from_to(words.priority, &priority(words, &change.from), &priority(words, &change.to)),
        "description" => words.description.to_owned(),
        "requiresReview" => {
            let answer = if change.to.as_deref() == Some("true") { words.yes } else { words.no };
            [words.requires_review, ": ", answer].concat()
        }
        other => other.to_owned(),
    }
}

/// Why this viewer is told.
pub fn why(words: &Messages, notification: &Notification, viewer: &UserId) -> &'static str {
    let own = &words.notification;
    match notification.kind {
        NotificationKind::RoleChanged | NotificationKind::EmailChanged => return own.why_account,
        NotificationKind::UserRegistered => return own.why_manages,
        NotificationKind::TaskUnassigned => return own.why_was_assignee,
        NotificationKind::AllTasksCompleted => {
            let is_mine = matches!(&notification.change,
                Some(ChangeKind::AllCompleted { by: Some(by) }) if by.id == *viewer);
            return if is_mine { own.why_assignee } else { own.why_creator };
        }
        NotificationKind::TaskCreated
        | NotificationKind::TaskUpdated
        | NotificationKind::TaskStatusChanged
        | NotificationKind::TaskDeadlineChanged
        | NotificationKind::TaskOverdue
        | NotificationKind::TaskAssigned
        | NotificationKind::TaskDeleted
        | NotificationKind::TaskCommented => {}
    }
    let Some(task) = &notification.task else { return own.why_was_assignee };
    let is = |person: &Option<crate::api::PersonFields>| {
        person.as_ref().is_some_and(|person| person.id == *viewer)
    };
    match (is(&task.creator), is(&task.assignee)) {
        (true, true) => own.why_both,
        (true, false) => own.why_creator,
        (false, true) => own.why_assignee,
        (false, false) => own.why_was_assignee,
    }
}
