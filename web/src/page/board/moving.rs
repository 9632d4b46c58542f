//! Says what a column would do with a card, and does it: shown at once, taken back where the server refuses, undone where it can be.

use std::rc::Rc;

use chrono::NaiveDateTime;
use yew::prelude::*;

use super::ask::Ask;
use super::column::{Column, Due};
use super::outcome::{Facts, Outcome, Reason, inverse, outcome};
use crate::api::{TaskAction, TaskStatus, Timestamp};
use crate::browser::spawn;
use crate::client::{Client, Wording};
use crate::page::task::tell;
use crate::store::Task;
use crate::text::date::{clock, deadline_badge};
use crate::ui::Verdict;

/// What would come of the task in that column.
pub fn weigh(words: &Wording, task: &Task, to: Column) -> Outcome {
    let facts = Facts {
        status: task.status,
        requires_review: task.requires_review,
        deadline: task.deadline.map(|deadline| words.local(deadline)),
        actions: &task.available_actions,
        can_move_deadline: task.viewer_can.move_deadline,
    };
    match (outcome(facts, to, words.local_now()), to) {
        // Which actions there are is known once the change under way is through.
        (Outcome::Act(_) | Outcome::AskReason | Outcome::Refused(_), Column::Status(_)) if task.under_way => {
            Outcome::Refused(Reason::Busy)
        }
        (outcome, _) => outcome,
    }
}

/// The same in words, as the column says it.
pub fn verdict(words: &Wording, task: &Task, outcome: Outcome) -> Verdict {
    let board = &words.board;
    let is_late = task.deadline.is_some_and(|deadline| deadline <= words.now);
    let leads_to_work = |action| matches!(action, TaskAction::Resume | TaskAction::Reopen);
    match outcome {
        Outcome::Here => Verdict::Here,
        Outcome::Act(action) if is_late && leads_to_work(action) => Verdict::takes(board.late_after_return),
        Outcome::Act(_) => Verdict::takes(board.drop_here),
        Outcome::AskReason => Verdict::takes(board.asks_reason),
        Outcome::Deadline(Some(deadline)) => Verdict::takes(moment(words, deadline)),
        Outcome::Deadline(None) => Verdict::takes(board.deadline_goes),
        Outcome::AskTime(_) => Verdict::takes(board.asks_time),
        Outcome::Refused(reason) => Verdict::Refuses(reason.text(board).into()),
    }
}

/// A deadline with its time, whatever the day: «Завтра, 9:00», «пт, 27 ноя, 18:00».
fn moment(words: &Wording, deadline: NaiveDateTime) -> String {
    let now = words.local_now();
    let mut text = deadline_badge(words, Some(deadline), TaskStatus::InReview, now).text;
    if deadline.date().signed_duration_since(now.date()).num_days() > 1 {
        text.push_str(", ");
        text.push_str(&clock(deadline));
    }
    text
}

pub fn column_name(words: &Wording, column: Column) -> &'static str {
    match column {
        Column::Status(status) => (words.status_name)(status),
        Column::Due(Due::Overdue) => words.board.overdue,
        Column::Due(Due::Today) => words.today,
        Column::Due(Due::ThisWeek) => words.board.this_week,
        Column::Due(Due::Later) => words.board.later,
        Column::Due(Due::Never) => words.no_deadline,
    }
}

/// Carries out what comes of a card in a column.
#[derive(Clone, PartialEq)]
pub struct Mover {
    pub client: Client,
    /// Opens the dialog that asks for what is missing.
    pub ask: UseStateSetter<Option<Ask>>,
}

impl Mover {
    /// Gives whether the card is on its way.
    pub fn put(&self, words: &Wording, task: &Rc<Task>, to: Column) -> bool {
        match weigh(words, task, to) {
            Outcome::Here | Outcome::Refused(_) => return false,
            Outcome::Act(action) => act(&self.client, task.clone(), action),
            Outcome::AskReason => self.ask.set(Some(Ask::Reason(task.clone()))),
            Outcome::AskTime(day) => self.ask.set(Some(Ask::Time(task.clone(), day))),
            Outcome::Deadline(deadline) => {
                let deadline = deadline.map(|local| words.preferences.zone.moment(local));
                move_deadline(&self.client, words, task.clone(), deadline);
            }
        }
        true
    }
}

fn act(client: &Client, task: Rc<Task>, action: TaskAction) {
    let client = client.clone();
    spawn(async move {
        if let Err(trouble) = client.act(&task.id, action, None).await {
            let again = client.clone();
            return tell(&client, &trouble, Callback::from(move |()| act(&again, task.clone(), action)));
        }
        let Some(now) = client.state().store.task(&task.id) else { return };
        let words = client.words();
        let text = (words.board.status_changed)((words.status_name)(now.status));
        let back = inverse(action, task.status).filter(|back| now.available_actions.contains(back));
        if let Some(back) = back {
            let undo = client.clone();
            let undo = Callback::from(move |()| {
                let (client, id) = (undo.clone(), now.id.clone());
                undo.attempt(async move { client.act(&id, back, None).await });
            });
            client.toast_undo(text, undo);
        } else {
            client.toast(text, None);
        }
    });
}

/// Moves a deadline, and offers to move it back where that is not in the past.
pub fn move_deadline(client: &Client, words: &Wording, task: Rc<Task>, to: Option<Timestamp>) {
    let board = &words.board;
    let text = to.map_or_else(
        || board.deadline_gone.to_owned(),
        |deadline| (board.deadline_moved)(&moment(words, words.local(deadline))),
    );
    send_deadline(client.clone(), task, to, text);
}

fn send_deadline(client: Client, task: Rc<Task>, to: Option<Timestamp>, text: String) {
    spawn(async move {
        if let Err(trouble) = client.set_deadline(&task.id, to).await {
            let again = client.clone();
            let again =
                Callback::from(move |()| send_deadline(again.clone(), task.clone(), to, text.clone()));
            return tell(&client, &trouble, again);
        }
        let back = task.deadline;
        if back.is_some_and(|back| back <= client.state().now) {
            return client.toast(text, None);
        }
        let undo = client.clone();
        let undo = Callback::from(move |()| {
            let (client, id) = (undo.clone(), task.id.clone());
            undo.attempt(async move { client.set_deadline(&id, back).await });
        });
        client.toast_undo(text, undo);
    });
}
