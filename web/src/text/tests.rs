//! What is said with numbers, dates and names, in both languages, to be read through by eye; and rules for all that is said.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};

use super::date;
use super::history::describe;
use super::notification::{describe_notification, why};
use super::*;
use crate::api::notifications::NotifiedTask;
use crate::api::{
    NotificationId, NotificationKind, PersonFields, Role, TaskAction, TaskId, TaskStatus, Timestamp, UserId,
};
use crate::store::{ChangeKind, FieldChange, Notification};

const NUMBERS: [i64; 10] = [0, 1, 2, 5, 11, 21, 22, 25, 101, 111];

const LANGUAGES: [(&str, &Messages); 2] = [("ru", &RUSSIAN), ("en", &ENGLISH)];

#[test]
fn numbers() {
    let mut lines = String::new();
    for (language, words) in LANGUAGES {
        let counted: [fn(i64) -> String; 9] = [
            words.too_short,
            words.too_long,
            words.unread,
            words.tasks,
            words.overdue_days,
            words.overdue_hours,
            words.overdue_minutes,
            words.moves,
            words.people_count,
        ];
        for say in counted {
            let said: Vec<String> = NUMBERS.into_iter().map(say).collect();
            writeln!(lines, "{language}: {}", said.join(" · ")).unwrap();
        }
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn dates() {
    let now = local("2026-12-31 12:00");
    let moments = [
        "2026-12-31 09:05",
        "2026-12-31 23:59",
        "2027-01-01 00:00",
        "2026-12-30 18:00",
        "2026-12-01 18:00",
        "2026-05-09 10:00",
        "2025-02-28 10:00",
        "2028-02-29 10:00",
        "2027-03-08 08:00",
    ];
    let mut lines = String::new();
    for (language, words) in LANGUAGES {
        for text in moments {
            let moment = local(text);
            let badge = date::deadline_badge(words, Some(moment), TaskStatus::New, now).text;
            let heading = date::heading(words, moment.date(), now.date());
            let (short, exact) = (date::moment(words, moment, now), date::exact(words, moment));
            writeln!(lines, "{language}: {badge} | {short} | {exact} | {heading}").unwrap();
        }
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn history() {
    let mut lines = String::new();
    for (language, words) in LANGUAGES {
        for kind in every_change() {
            let text = describe(words, &kind, &|moment, precise| day(words, moment, precise));
            for sentence in text.sentences {
                let subject = if sentence.has_subject { "Анна Соколова " } else { "" };
                writeln!(lines, "{language}: {subject}{}", sentence.text).unwrap();
            }
            if let Some(reason) = text.reason {
                writeln!(lines, "{language}:   {reason}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn notifications() {
    let viewer = person("Пётр Иванов");
    let mut lines = String::new();
    for (language, words) in LANGUAGES {
        for (kind, change) in every_notification() {
            for (creator, assignee) in [("Анна Соколова", "Пётр Иванов"), ("Пётр Иванов", "Анна Соколова")]
            {
                let notification = Notification {
                    id: NotificationId::from("n"),
                    kind,
                    created_at: at("2026-11-25T12:00:00Z"),
                    is_read: false,
                    actor: Some(person("Анна Соколова")),
                    task: Some(NotifiedTask {
                        id: TaskId::from("t"),
                        number: 7,
                        title: "Договор с «Альфой»".to_owned(),
                        deadline: Some(at("2026-12-03T15:00:00Z")),
                        creator: Some(person(creator)),
                        assignee: Some(person(assignee)),
                    }),
                    change: change.clone(),
                    role: Some(Role::Supervisor),
                    text: "(server)".to_owned(),
                };
                let date = |moment, precise| day(words, moment, precise);
                let text = describe_notification(words, &notification, Some(&viewer.id), &date);
                let detail = text.detail.unwrap_or_default();
                let why = why(words, &notification, &viewer.id);
                writeln!(lines, "{language}: {} | {detail} | {why}", text.title).unwrap();
            }
        }
    }
    insta::assert_snapshot!(lines);
}

fn every_change() -> Vec<ChangeKind> {
    let (early, late) = (at("2026-12-01T15:00:00Z"), at("2026-12-03T15:00:00Z"));
    let mut kinds = vec![
        ChangeKind::Created,
        ChangeKind::Updated(vec![
            field("title", "Отчёт", "Отчёт за ноябрь"),
            field("description", "", "Подробности"),
            field("priority", "NORMAL", "HIGH"),
            field("requiresReview", "false", "true"),
        ]),
        ChangeKind::Updated(vec![field("requiresReview", "true", "false")]),
        ChangeKind::Deadline { from: Some(early), to: Some(late) },
        ChangeKind::Deadline { from: Some(early), to: Some(at("2026-12-01T16:30:00Z")) },
        ChangeKind::Deadline { from: None, to: Some(late) },
        ChangeKind::Deadline { from: Some(early), to: None },
        ChangeKind::Overdue { deadline: early },
        ChangeKind::Assigned { from: None, to: Some(person("Пётр Иванов")) },
        ChangeKind::Assigned {
            from: Some(person("Пётр Иванов")), to: Some(person("Мария Ким"))
        },
        ChangeKind::Deleted,
        ChangeKind::Restored,
        ChangeKind::Commented,
        ChangeKind::AllCompleted { by: Some(person("Пётр Иванов")) },
    ];
    use TaskStatus as S;
    let moves = [
        (S::New, S::InProgress, Some(TaskAction::Start)),
        (S::InProgress, S::New, Some(TaskAction::Pause)),
        (S::InProgress, S::InReview, Some(TaskAction::Submit)),
        (S::InProgress, S::Done, Some(TaskAction::Submit)),
        (S::InReview, S::Done, Some(TaskAction::Accept)),
        (S::InReview, S::InProgress, Some(TaskAction::Return)),
        (S::New, S::Deferred, Some(TaskAction::Defer)),
        (S::Deferred, S::New, Some(TaskAction::Resume)),
        (S::Done, S::InProgress, Some(TaskAction::Reopen)),
        (S::Overdue, S::New, None),
    ];
    kinds.extend(moves.map(|(from, to, action)| ChangeKind::Status {
        from,
        to,
        action,
        reason: (action == Some(TaskAction::Return)).then(|| "Нет раздела о расходах".to_owned()),
    }));
    kinds
}

fn every_notification() -> Vec<(NotificationKind, Option<ChangeKind>)> {
    let (early, late) = (at("2026-12-01T15:00:00Z"), at("2026-12-03T15:00:00Z"));
    let returned = ChangeKind::Status {
        from: TaskStatus::InReview,
        to: TaskStatus::InProgress,
        action: Some(TaskAction::Return),
        reason: Some("Нет раздела о расходах".to_owned()),
    };
    let updated = ChangeKind::Updated(vec![
        field("title", "Отчёт", "Договор"),
        field("priority", "LOW", "HIGH"),
        field("requiresReview", "true", "false"),
        field("description", "", "а"),
    ]);
    vec![
        (NotificationKind::TaskCreated, Some(ChangeKind::Created)),
        (NotificationKind::TaskUpdated, Some(updated)),
        (NotificationKind::TaskStatusChanged, Some(returned)),
        (
            NotificationKind::TaskDeadlineChanged,
            Some(ChangeKind::Deadline { from: Some(early), to: Some(late) }),
        ),
        (NotificationKind::TaskDeadlineChanged, Some(ChangeKind::Deadline { from: Some(early), to: None })),
        (NotificationKind::TaskOverdue, Some(ChangeKind::Overdue { deadline: early })),
        (NotificationKind::TaskAssigned, None),
        (NotificationKind::TaskUnassigned, None),
        (NotificationKind::TaskDeleted, Some(ChangeKind::Deleted)),
        (NotificationKind::TaskCommented, Some(ChangeKind::Commented)),
        (
            NotificationKind::AllTasksCompleted,
            Some(ChangeKind::AllCompleted { by: Some(person("Пётр Иванов")) }),
        ),
        (
            NotificationKind::AllTasksCompleted,
            Some(ChangeKind::AllCompleted { by: Some(person("Анна Соколова")) }),
        ),
        (NotificationKind::RoleChanged, None),
        (NotificationKind::UserRegistered, None),
    ]
}

/// Every string of every language, wherever a new area puts it.
#[test]
fn wording_keeps_the_rules_of_typography_and_names_no_gender() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text");
    let mut wrong = vec![];
    for file in fs::read_dir(folder).unwrap().flatten() {
        let source = fs::read_to_string(file.path()).unwrap_or_default();
        let is_rust = file.path().extension().is_some_and(|extension| extension == "rs");
        if !is_rust || file.file_name() == "tests.rs" {
            continue;
        }
        let said = source.split("#[cfg(test)]").next().unwrap_or_default();
        for line in said.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for text in line.split('"').skip(1).step_by(2) {
                let is_russian =
                    text.chars().any(|character| ('а'..='я').contains(&character.to_ascii_lowercase()));
                let mut report = |rule: &str| wrong.push(format!("{:?}: {rule}: {text}", file.file_name()));
                if text.contains("...") {
                    report("… is one sign");
                }
                if is_russian && (text.contains(" - ") && !text.contains("  - ")) {
                    report("a dash is —");
                }
                if ["(а)", "(-а)", "(ла)", "/а ", "лся(", "л(а"].iter().any(|form| text.contains(form))
                {
                    report("no form for each gender");
                }
                if text.contains('\'') {
                    report("an apostrophe is ’");
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn field(name: &str, from: &str, to: &str) -> FieldChange {
    FieldChange { field: name.to_owned(), from: Some(from.to_owned()), to: Some(to.to_owned()) }
}

fn person(name: &str) -> PersonFields {
    PersonFields { id: UserId::from(name), name: name.to_owned(), role: Role::Manager }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn day(words: &Messages, moment: Timestamp, precise: bool) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
    let local = Utc.from_utc_datetime(&moment.naive_utc()).naive_utc();
    date::deadline(words, local, today, precise)
}
