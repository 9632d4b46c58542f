//! What happened to a task, in words. Nouns rather than verbs: they fit everyone.

use super::{Messages, priority_code};
use crate::api::{PersonFields, TaskPriority, Timestamp};
use crate::store::{ChangeKind, FieldChange};

/// One line a change, and what was said with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeText {
    pub lines: Vec<String>,
    pub reason: Option<String>,
}

/// Says it. `date` writes a deadline.
pub fn describe(words: &Messages, kind: &ChangeKind, date: &dyn Fn(Timestamp) -> String) -> ChangeText {
    let deadline = |moment: &Option<Timestamp>| moment.map_or_else(|| words.no_deadline.to_lowercase(), date);
    let person = |person: &Option<PersonFields>| {
        person.as_ref().map_or(words.nobody, |person| &person.name).to_owned()
    };
    let mut reason = None;
    let lines = match kind {
        ChangeKind::Created => vec![words.task_set.to_owned()],
        ChangeKind::Updated(changes) => changes.iter().map(|change| field(words, change)).collect(),
        ChangeKind::Status { from, to, reason: given, .. } => {
            reason.clone_from(given);
            vec![from_to(words.status, (words.status_name)(*from), (words.status_name)(*to))]
        }
        ChangeKind::Deadline { from, to } => {
            vec![from_to(words.deadline_short, &deadline(from), &deadline(to))]
        }
        ChangeKind::Overdue { deadline } => vec![(words.deadline_passed)(&date(*deadline))],
        ChangeKind::Assigned { from: None, to } => vec![format!("{}: {}", words.assignee, person(to))],
        ChangeKind::Assigned { from, to } => vec![from_to(words.assignee, &person(from), &person(to))],
        ChangeKind::Deleted => vec![words.task_removed.to_owned()],
        ChangeKind::Restored => vec![words.task_restored.to_owned()],
        ChangeKind::Commented => vec![words.comment_left.to_owned()],
        ChangeKind::AllCompleted { by } => vec![(words.all_completed)(&person(by))],
    };
    ChangeText { lines, reason }
}

fn field(words: &Messages, change: &FieldChange) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    match change.field.as_str() {
        "title" => from_to(words.field_title, &value(&change.from), &value(&change.to)),
        "description" => words.field_description.to_owned(),
        "priority" => {
            from_to(words.field_priority, &priority(words, &change.from), &priority(words, &change.to))
        }
        "requiresReview" | "requires_review" => {
            let answer = if change.to.as_deref() == Some("true") { words.yes } else { words.no };
            format!("{}: {answer}", words.field_review)
        }
        other => from_to(other, &value(&change.from), &value(&change.to)),
    }
}

fn priority(words: &Messages, code: &Option<String>) -> String {
    let known =
        TaskPriority::ALL.into_iter().find(|priority| Some(priority_code(*priority)) == code.as_deref());
    known.map_or_else(
        || code.clone().unwrap_or_default(),
        |priority| (words.priority_name)(priority).to_owned(),
    )
}

fn from_to(what: &str, from: &str, to: &str) -> String {
    format!("{what}: {from} → {to}")
}

#[cfg(test)]
mod tests {
    use super::super::RUSSIAN;
    use super::*;
    use crate::api::{TaskAction, TaskStatus};

    fn lines(kind: ChangeKind) -> Vec<String> {
        describe(&RUSSIAN, &kind, &|moment| moment.format("%d.%m").to_string()).lines
    }

    #[test]
    fn a_change_names_what_it_was_and_what_it_is() {
        let status = ChangeKind::Status {
            from: TaskStatus::InProgress,
            to: TaskStatus::InReview,
            action: Some(TaskAction::Submit),
            reason: None,
        };
        assert_eq!(lines(status), ["Статус: Выполняется → Ждёт контроля"]);
        let deadline = ChangeKind::Deadline { from: Some("2026-12-01T00:00:00Z".parse().unwrap()), to: None };
        assert_eq!(lines(deadline), ["Срок: 01.12 → без срока"]);
        let change = |field: &str, from: &str, to: &str| FieldChange {
            field: field.to_owned(),
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
        };
        let updated = vec![
            change("title", "А", "Б"),
            change("priority", "LOW", "HIGH"),
            change("description", "", "x"),
        ];
        assert_eq!(
            lines(ChangeKind::Updated(updated)),
            ["Название: А → Б", "Приоритет: Низкий → Высокий", "Описание изменено"]
        );
    }
}
