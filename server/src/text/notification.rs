//! One sentence a notification, in the reader's language and time zone.

use chrono_tz::Tz;
use domain::fanout::Announcement;
use domain::{NotificationKind, Role, StatusKind};

use super::dates::day;
use crate::db::columns::{Locale, Timestamp};
use crate::log::Event;

/// What a sentence is made of.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// What it is about.
    pub kind: NotificationKind,
    /// What happened.
    pub event: &'a Event,
    /// The task's title, where the reader may see it.
    pub title: Option<&'a str>,
    /// The task's deadline now.
    pub deadline: Option<Timestamp>,
    /// The name of the assignee, for what is said of all their tasks.
    pub assignee: Option<&'a str>,
    /// The name of the person that it is about, where it is about one.
    pub subject: Option<&'a str>,
    /// Whether the reader is that assignee.
    pub to_assignee: bool,
    /// The present moment.
    pub now: Timestamp,
}

/// The sentence.
pub fn notification(told: &Told<'_>, locale: Locale, zone: Tz) -> String {
    let title = told.title.unwrap_or(match locale {
        Locale::Ru => "задача",
        Locale::En => "a task",
    });
    let title = quoted(title, locale);
    let on = |moment: Option<Timestamp>| match moment {
        Some(moment) => day(moment, told.now, locale, zone),
        None => match locale {
            Locale::Ru => "без срока".to_owned(),
            Locale::En => "no deadline".to_owned(),
        },
    };
    match locale {
        Locale::Ru => match told.kind {
            NotificationKind::TaskCreated => match told.deadline {
                Some(deadline) => format!("Вам поручена задача {title}, срок {}", on(Some(deadline))),
                None => format!("Вам поручена задача {title}"),
            },
            NotificationKind::TaskUpdated => format!("Изменена задача {title}"),
            NotificationKind::TaskStatusChanged => {
                let (from, to) = statuses(told.event);
                format!("Статус: {} → {} · {title}", status_ru(from), status_ru(to))
            }
            NotificationKind::TaskDeadlineChanged => {
                let (from, to) = deadlines(told.event);
                format!("Срок: {} → {} · {title}", on(from), on(to))
            }
            NotificationKind::TaskOverdue => format!("Просрочена: {title}"),
            NotificationKind::TaskAssigned => {
                if matches!(told.event, Event::TaskRestored) {
                    format!("Восстановлена задача {title}")
                } else {
                    format!("Вам передана задача {title}")
                }
            }
            NotificationKind::TaskUnassigned => "Ваша задача передана другому исполнителю".to_owned(),
            NotificationKind::TaskDeleted => "Ваша задача удалена".to_owned(),
            NotificationKind::TaskCommented => format!("Новый комментарий к задаче {title}"),
            NotificationKind::AllTasksCompleted => match (told.to_assignee, told.assignee) {
                (true, _) => "Все порученные вам задачи выполнены".to_owned(),
                (false, Some(name)) => format!("Все поставленные задачи выполнены · {name}"),
                (false, None) => "Все поставленные задачи выполнены".to_owned(),
            },
            NotificationKind::RoleChanged => format!("Ваша роль: {}", role_ru(role(told.event))),
            NotificationKind::EmailChanged => {
                let (from, to) = addresses(told.event);
                format!("Адрес для входа: {from} → {to}")
            }
            NotificationKind::UserRegistered => {
                let name = told.subject.unwrap_or("без имени");
                let others = if is_last(told.event) {
                    ". Об остальных за этот час — на странице «Люди»"
                } else {
                    ""
                };
                format!("Новый сотрудник: {name}{others}")
            }
        },
        Locale::En => match told.kind {
            NotificationKind::TaskCreated => match told.deadline {
                Some(deadline) => format!("A task for you: {title}, due {}", on(Some(deadline))),
                None => format!("A task for you: {title}"),
            },
            NotificationKind::TaskUpdated => format!("Changed: {title}"),
            NotificationKind::TaskStatusChanged => {
                let (from, to) = statuses(told.event);
                format!("Status: {} → {} · {title}", status_en(from), status_en(to))
            }
            NotificationKind::TaskDeadlineChanged => {
                let (from, to) = deadlines(told.event);
                format!("Deadline: {} → {} · {title}", on(from), on(to))
            }
            NotificationKind::TaskOverdue => format!("Overdue: {title}"),
            NotificationKind::TaskAssigned => {
                if matches!(told.event, Event::TaskRestored) {
                    format!("Restored: {title}")
                } else {
                    format!("Handed to you: {title}")
                }
            }
            NotificationKind::TaskUnassigned => "Your task was given to another person".to_owned(),
            NotificationKind::TaskDeleted => "Your task was deleted".to_owned(),
            NotificationKind::TaskCommented => format!("New comment on {title}"),
            NotificationKind::AllTasksCompleted => match (told.to_assignee, told.assignee) {
                (true, _) => "All tasks set for you are done".to_owned(),
                (false, Some(name)) => format!("All tasks you set are done · {name}"),
                (false, None) => "All tasks you set are done".to_owned(),
            },
            NotificationKind::RoleChanged => format!("Your role: {}", role_en(role(told.event))),
            NotificationKind::EmailChanged => {
                let (from, to) = addresses(told.event);
                format!("Sign-in address: {from} → {to}")
            }
            NotificationKind::UserRegistered => {
                let name = told.subject.unwrap_or("nameless");
                let others = if is_last(told.event) {
                    ". The others of this hour are on the page of people"
                } else {
                    ""
                };
                format!("A newcomer: {name}{others}")
            }
        },
    }
}

/// In the quotation marks of the language; those that the title has itself become the inner ones.
fn quoted(title: &str, locale: Locale) -> String {
    let (outer, inner) = match locale {
        Locale::Ru => (['«', '»'], ["„", "“"]),
        Locale::En => (['“', '”'], ["‘", "’"]),
    };
    let [opens, closes] = outer;
    let [opens_inside, closes_inside] = inner;
    format!("{opens}{}{closes}", title.replace(opens, opens_inside).replace(closes, closes_inside))
}

fn statuses(event: &Event) -> (Option<StatusKind>, Option<StatusKind>) {
    if let Event::TaskStatusChanged { from, to, .. } = event {
        (Some(*from), Some(*to))
    } else {
        (None, None)
    }
}

fn deadlines(event: &Event) -> (Option<Timestamp>, Option<Timestamp>) {
    if let Event::TaskDeadlineChanged { from, to } = event { (*from, *to) } else { (None, None) }
}

fn addresses(event: &Event) -> (&str, &str) {
    if let Event::EmailChanged { from, to } = event { (from, to) } else { ("", "") }
}

fn role(event: &Event) -> Option<Role> {
    if let Event::RoleChanged { to, .. } = event { Some(*to) } else { None }
}

fn is_last(event: &Event) -> bool {
    matches!(event, Event::UserRegistered { announcement: Announcement::Last })
}

pub(super) fn status_ru(status: Option<StatusKind>) -> &'static str {
    match status {
        Some(StatusKind::New) => "Ждёт выполнения",
        Some(StatusKind::InProgress) => "Выполняется",
        Some(StatusKind::InReview) => "Ждёт контроля",
        Some(StatusKind::Done) => "Завершена",
        Some(StatusKind::Deferred) => "Отложена",
        Some(StatusKind::Overdue) => "Просрочена",
        None => "",
    }
}

pub(super) fn status_en(status: Option<StatusKind>) -> &'static str {
    match status {
        Some(StatusKind::New) => "To do",
        Some(StatusKind::InProgress) => "In progress",
        Some(StatusKind::InReview) => "In review",
        Some(StatusKind::Done) => "Done",
        Some(StatusKind::Deferred) => "Deferred",
        Some(StatusKind::Overdue) => "Overdue",
        None => "",
    }
}

fn role_ru(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Admin) => "Администратор",
        Some(Role::Supervisor) => "Руководитель",
        Some(Role::Manager) => "Менеджер",
        None => "",
    }
}

fn role_en(role: Option<Role>) -> &'static str {
    match role {
        Some(Role::Admin) => "Administrator",
        Some(Role::Supervisor) => "Supervisor",
        Some(Role::Manager) => "Manager",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::columns::UserId;
    use domain::Action;
    use domain::status::Pending;

    fn at(text: &str) -> Timestamp {
        text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()
    }

    #[test]
    fn every_notification_in_both_languages() {
        let status = |from, to, action| Event::TaskStatusChanged {
            from,
            to,
            to_before_overdue: None,
            action,
            reason: None,
        };
        let due = at("2026-11-27T12:00:00Z");
        let moved = Event::TaskDeadlineChanged { from: Some(due), to: Some(at("2027-01-03T12:00:00Z")) };
        let cleared = Event::TaskDeadlineChanged { from: Some(due), to: None };
        let overdue = Event::TaskOverdue { deadline: due, was: Pending::New };
        let changed = Event::TaskUpdated { changes: vec![] };
        let email = Event::EmailChanged { from: "a@example.ru".to_owned(), to: "b@example.ru".to_owned() };
        let role = Event::RoleChanged { from: Role::Manager, to: Role::Supervisor };
        let newcomer = Event::UserRegistered { announcement: Announcement::Told };
        let last = Event::UserRegistered { announcement: Announcement::Last };
        let returned = status(StatusKind::InReview, StatusKind::InProgress, Action::Return);
        let accepted = status(StatusKind::InReview, StatusKind::Done, Action::Accept);
        let handed = Event::TaskAssigned { from: UserId(1), to: UserId(2) };
        let cases = [
            (NotificationKind::TaskCreated, &Event::TaskCreated),
            (NotificationKind::TaskUpdated, &changed),
            (NotificationKind::TaskStatusChanged, &returned),
            (NotificationKind::TaskStatusChanged, &accepted),
            (NotificationKind::TaskDeadlineChanged, &moved),
            (NotificationKind::TaskDeadlineChanged, &cleared),
            (NotificationKind::TaskOverdue, &overdue),
            (NotificationKind::TaskAssigned, &handed),
            (NotificationKind::TaskAssigned, &Event::TaskRestored),
            (NotificationKind::TaskUnassigned, &handed),
            (NotificationKind::TaskDeleted, &Event::TaskDeleted),
            (NotificationKind::AllTasksCompleted, &Event::AllTasksCompleted),
            (NotificationKind::RoleChanged, &role),
            (NotificationKind::EmailChanged, &email),
            (NotificationKind::UserRegistered, &newcomer),
            (NotificationKind::UserRegistered, &last),
        ];
        let mut lines = String::new();
        for locale in [Locale::Ru, Locale::En] {
            for (kind, event) in cases {
                for to_assignee in [false, true] {
                    let told = Told {
                        kind,
                        event,
                        title: Some("Договор с «Альфой» и “Beta”"),
                        deadline: Some(due),
                        assignee: Some("Пётр Иванов"),
                        subject: Some("Вера Новикова"),
                        to_assignee,
                        now: at("2026-11-25T12:00:00Z"),
                    };
                    let line = notification(&told, locale, Tz::Europe__Moscow);
                    if !lines.ends_with(&format!("{line}\n")) {
                        lines.push_str(&line);
                        lines.push('\n');
                    }
                }
            }
        }
        insta::assert_snapshot!(lines);
    }
}
