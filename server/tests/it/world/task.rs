//! Tasks to be set: what a test does not say is as most tasks are.

use serde_json::{Value, json};

use super::Person;

/// A task to be set.
#[derive(Clone, Debug)]
pub(crate) struct NewTask(Value);

/// A task that has a title and nothing else yet.
pub(crate) fn task() -> NewTask {
    NewTask(json!({ "title": "Отчёт за ноябрь", "assigneeId": "" }))
}

impl NewTask {
    pub(crate) fn for_(self, person: &Person) -> Self {
        self.with("assigneeId", json!(person.id()))
    }

    pub(crate) fn titled(self, title: &str) -> Self {
        self.with("title", json!(title))
    }

    pub(crate) fn due(self, deadline: &str) -> Self {
        self.with("deadline", json!(deadline))
    }

    pub(crate) fn without_review(self) -> Self {
        self.with("requiresReview", json!(false))
    }

    pub(crate) fn with(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }

    pub(super) fn input(&self) -> &Value {
        &self.0
    }
}
