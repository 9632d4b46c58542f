//! Moves deadlines: shown at once, told, and taken back where that is still possible.

use std::rc::Rc;

use crate::api::{TaskId, Timestamp};
use crate::browser::spawn;
use crate::client::{Client, Wording};
use crate::store::Task;
use yew::Callback;

use super::target::{Target, later};
use crate::ui::DeadlineText;

/// Moves deadlines for whoever looks.
#[derive(Clone, PartialEq)]
pub struct Mover {
    pub client: Client,
    pub words: Wording,
}

impl Mover {
    pub fn task(&self, id: &str) -> Option<Rc<Task>> {
        self.client.state().store.task(&TaskId::from(id))
    }

    /// The deadline that a target gives a task.
    pub fn deadline_at(&self, task: &Task, target: Target, minutes: u32) -> Option<Timestamp> {
        let usual = DeadlineText::usual_time();
        target.deadline(task.deadline, minutes, usual, |moment| self.words.local(moment))
    }

    /// The deadline so many days later.
    pub fn deadline_after(&self, task: &Task, days: i64) -> Option<Timestamp> {
        Some(later(task.deadline?, days, |moment| self.words.local(moment)))
    }

    /// Why a deadline cannot be set.
    pub fn refusal(&self, deadline: Option<Timestamp>) -> Option<&'static str> {
        deadline.filter(|deadline| *deadline <= self.words.now).map(|_| self.words.in_the_past)
    }

    pub fn say(&self, deadline: Option<Timestamp>) -> String {
        deadline.map_or_else(|| self.words.no_deadline.to_owned(), |deadline| self.words.moment(deadline))
    }

    /// Moves it, or says why not.
    pub fn set(&self, task: &Task, deadline: Option<Timestamp>) {
        if deadline == task.deadline {
            return;
        }
        if let Some(why) = self.refusal(deadline) {
            self.client.toast(why, None);
            return;
        }
        let (before, id) = (task.deadline, task.id.clone());
        let text = (self.words.calendar.moved)(&self.say(before), &self.say(deadline));
        if self.refusal(before).is_some() {
            // What was overdue cannot be made overdue again.
            self.client.toast(text, None);
        } else {
            let (this, id) = (self.clone(), id.clone());
            self.client.toast_undo(text, Callback::from(move |()| this.send(&id, before)));
        }
        self.send(&id, deadline);
    }

    fn send(&self, id: &TaskId, deadline: Option<Timestamp>) {
        let (this, id) = (self.clone(), id.clone());
        spawn(async move {
            // Taken back before it was refused: nothing is left to do.
            if this.task(id.as_str()).is_none_or(|task| task.deadline == deadline) {
                return;
            }
            if let Err(trouble) = this.client.set_deadline(&id, deadline).await {
                let again = this.clone();
                let retry = Callback::from(move |()| again.send(&id, deadline));
                this.client.toast_trouble(&trouble, Some(retry));
            }
        });
    }
}
