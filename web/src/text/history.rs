//! What happened to a task, in words: «Анна Соколова переносит срок: 1 дек → 3 дек». In the present tense, which has no gender.

use super::{Messages, priority_code};
use crate::api::{PersonFields, TaskAction, TaskPriority, TaskStatus, Timestamp};
use crate::store::{ChangeKind, FieldChange};

pub struct HistoryWords {
    pub created: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    pub priority: &'static str,
    pub review_on: &'static str,
    pub review_off: &'static str,
    pub field: &'static str,
    pub status: &'static str,
    pub action: fn(TaskAction, TaskStatus) -> &'static str,
    pub deadline_set: &'static str,
    pub deadline_moved: &'static str,
    pub deadline_cleared: &'static str,
    /// Of the clock, not of a person.
    pub overdue: &'static str,
    pub assigned: &'static str,
    pub reassigned: &'static str,
    pub deleted: &'static str,
    pub restored: &'static str,
    pub commented: &'static str,
    /// Of the tasks, not of a person.
    pub all_completed: &'static str,
}

pub const RUSSIAN: HistoryWords = HistoryWords {
    created: "ставит задачу",
    title: "меняет название",
    description: "меняет описание",
    priority: "меняет приоритет",
    review_on: "включает проверку",
    review_off: "отключает проверку",
    field: "меняет",
    status: "меняет статус",
    action: |action, to| match action {
        TaskAction::Start => "начинает выполнение",
        TaskAction::Pause => "приостанавливает выполнение",
        TaskAction::Submit if to == TaskStatus::Done => "завершает задачу",
        TaskAction::Submit => "сдаёт работу на проверку",
        TaskAction::Accept => "принимает работу",
        TaskAction::Return => "возвращает на доработку",
        TaskAction::Defer => "откладывает задачу",
        TaskAction::Resume => "возобновляет задачу",
        TaskAction::Reopen => "возвращает в работу",
    },
    deadline_set: "назначает срок",
    deadline_moved: "переносит срок",
    deadline_cleared: "убирает срок",
    overdue: "Срок прошёл",
    assigned: "назначает исполнителя",
    reassigned: "передаёт задачу",
    deleted: "удаляет задачу",
    restored: "восстанавливает задачу",
    commented: "оставляет комментарий",
    all_completed: "Все поставленные задачи выполнены",
};

pub const ENGLISH: HistoryWords = HistoryWords {
    created: "set the task",
    title: "changed the title",
    description: "changed the description",
    priority: "changed the priority",
    review_on: "asked for a review",
    review_off: "asked for no review",
    field: "changed",
    status: "changed the status",
    action: |action, to| match action {
        TaskAction::Start => "started work",
        TaskAction::Pause => "paused work",
        TaskAction::Submit if to == TaskStatus::Done => "completed the task",
        TaskAction::Submit => "handed the work in",
        TaskAction::Accept => "accepted the work",
        TaskAction::Return => "returned it for rework",
        TaskAction::Defer => "deferred the task",
        TaskAction::Resume => "resumed the task",
        TaskAction::Reopen => "reopened the task",
    },
    deadline_set: "set the deadline",
    deadline_moved: "moved the deadline",
    deadline_cleared: "removed the deadline",
    overdue: "The deadline passed",
    assigned: "assigned",
    reassigned: "handed the task over",
    deleted: "deleted the task",
    restored: "restored the task",
    commented: "left a comment",
    all_completed: "All tasks that were set are done",
};

/// One change as it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// It follows the name of whoever did it; otherwise it stands by itself.
    pub has_subject: bool,
    pub text: String,
}

/// One sentence a change, and what was said with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeText {
    pub sentences: Vec<Sentence>,
    pub reason: Option<String>,
}

/// Writes a deadline; with the time of day where that is asked for.
pub type WriteDate<'a> = &'a dyn Fn(Timestamp, bool) -> String;

/// Says it.
pub fn describe(words: &Messages, kind: &ChangeKind, date: WriteDate<'_>) -> ChangeText {
    let own = &words.changes;
    let person = |person: &Option<PersonFields>| {
        person.as_ref().map_or(words.nobody, |person| &person.name).to_owned()
    };
    let mut reason = None;
    let mut has_subject = true;
    let texts = match kind {
        ChangeKind::Created => vec![own.created.to_owned()],
        ChangeKind::Updated(changes) => changes.iter().map(|change| field(words, change)).collect(),
        ChangeKind::Status { from, to, action, reason: given } => {
            reason.clone_from(given);
            let what = action.map_or(own.status, |action| (own.action)(action, *to));
            vec![from_to(what, (words.status_name)(*from), (words.status_name)(*to))]
        }
        ChangeKind::Deadline { from: Some(from), to: Some(to) } => {
            let (from, to) = dates(*from, *to, date);
            vec![from_to(own.deadline_moved, &from, &to)]
        }
        ChangeKind::Deadline { from: None, to: Some(to) } => vec![named(own.deadline_set, &date(*to, true))],
        ChangeKind::Deadline { from: Some(from), to: None } => {
            vec![named(own.deadline_cleared, &date(*from, true))]
        }
        ChangeKind::Deadline { from: None, to: None } => vec![own.deadline_cleared.to_owned()],
        ChangeKind::Overdue { deadline } => {
            has_subject = false;
            vec![named(own.overdue, &date(*deadline, true))]
        }
        ChangeKind::Assigned { from: None, to } => vec![named(own.assigned, &person(to))],
        ChangeKind::Assigned { from, to } => vec![from_to(own.reassigned, &person(from), &person(to))],
        ChangeKind::Deleted => vec![own.deleted.to_owned()],
        ChangeKind::Restored => vec![own.restored.to_owned()],
        ChangeKind::Commented => vec![own.commented.to_owned()],
        ChangeKind::AllCompleted { by } => {
            has_subject = false;
            vec![named(own.all_completed, &person(by))]
        }
    };
    ChangeText { sentences: texts.into_iter().map(|text| Sentence { has_subject, text }).collect(), reason }
}

/// Two deadlines: days alone where they differ, with the time of day where they do not.
pub fn dates(from: Timestamp, to: Timestamp, date: WriteDate<'_>) -> (String, String) {
    let days = (date(from, false), date(to, false));
    if days.0 == days.1 { (date(from, true), date(to, true)) } else { days }
}

fn field(words: &Messages, change: &FieldChange) -> String {
    let own = &words.changes;
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    match change.field.as_str() {
        "title" => from_to(own.title, &value(&change.from), &value(&change.to)),
        "description" => own.description.to_owned(),
        "priority" => from_to(own.priority, &priority(words, &change.from), &priority(words, &change.to)),
        "requiresReview" if change.to.as_deref() == Some("true") => own.review_on.to_owned(),
        "requiresReview" => own.review_off.to_owned(),
        other => named(own.field, other),
    }
}

/// A priority that the history spells as a code.
pub fn priority(words: &Messages, code: &Option<String>) -> String {
    let known =
        TaskPriority::ALL.into_iter().find(|priority| Some(priority_code(*priority)) == code.as_deref());
    known.map_or_else(
        || code.clone().unwrap_or_default(),
        |priority| (words.priority_name)(priority).to_owned(),
    )
}

/// «Срок: 1 дек → 3 дек».
pub fn from_to(what: &str, from: &str, to: &str) -> String {
    [what, ": ", from, " → ", to].concat()
}

fn named(what: &str, value: &str) -> String {
    [what, ": ", value].concat()
}
