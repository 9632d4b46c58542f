//! What is kept of an unfinished task on the device, until the task is set or the form emptied.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use crate::browser::storage::{self, Kept};
use crate::ui::DeadlineText;

/// What is known of a task before the form opens; the rest goes on from the draft that was kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beginning {
    /// The line as it was typed elsewhere, read as if it were typed here.
    pub title: String,
    /// By the person's clock.
    pub deadline: Option<NaiveDateTime>,
}

#[derive(Default, Serialize, Deserialize)]
pub struct Draft {
    /// The line, with everything that is understood of it.
    pub title: String,
    pub description: String,
    pub deadline: DeadlineText,
}

impl Draft {
    pub fn read() -> Self {
        storage::read(Kept::Draft).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    pub fn beginning(beginning: &Beginning) -> Self {
        let mut draft = Self::read();
        if !beginning.title.is_empty() {
            draft = Self { title: beginning.title.clone(), ..Self::default() };
        }
        if beginning.deadline.is_some() {
            draft.deadline = DeadlineText::of(beginning.deadline);
        }
        draft
    }

    pub fn keep(&self) {
        let is_empty = self.title.is_empty() && self.description.is_empty();
        let text = serde_json::to_string(self).ok().filter(|_| !is_empty);
        storage::keep(Kept::Draft, text.as_deref());
    }
}
