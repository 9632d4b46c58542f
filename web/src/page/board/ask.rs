//! What a move still lacks: why the work is returned, or by what time it is due.

use std::rc::Rc;

use chrono::{NaiveDate, TimeDelta, Timelike};
use yew::prelude::*;

use super::moving::move_deadline;
use crate::client::{Client, Wording, use_client, use_wording};
use crate::page::task::{Decision, ReturnDialog};
use crate::store::Task;
use crate::ui::{DeadlineFields, DeadlineText, FormDialog, form_dialog};
use crate::view::{impl_view, view};

#[derive(Clone, PartialEq)]
pub enum Ask {
    Reason(Rc<Task>),
    Time(Rc<Task>, NaiveDate),
}

pub fn dialog(client: &Client, ask: &Ask, onclose: Callback<()>) -> Html {
    match ask {
        Ask::Reason(task) => {
            let client = client.clone();
            let ondecided = Callback::from(move |decision| match decision {
                Decision::Made => {}
                Decision::Taken(told) => client.toast(told, None),
            });
            view(ReturnDialog { task: task.clone(), onclose, ondecided })
        }
        Ask::Time(task, day) => view(TimeDialog { task: task.clone(), day: *day, onclose }),
    }
}

#[derive(PartialEq)]
struct TimeDialog {
    task: Rc<Task>,
    day: NaiveDate,
    onclose: Callback<()>,
}

impl_view!(TimeDialog, use_time_dialog(self));

#[hook]
fn use_time_dialog(props: &TimeDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let value = use_state_eq(|| proposed(&words, props.day));
    let tried = use_state_eq(|| false);
    let read = value.read(&words);
    let onsubmit = {
        let (words, task, onclose, tried) =
            (words.clone(), props.task.clone(), props.onclose.clone(), tried.clone());
        Callback::from(move |()| {
            tried.set(true);
            if let Ok(deadline) = read {
                onclose.emit(());
                move_deadline(&client, &words, task.clone(), deadline);
            }
        })
    };
    let error = read.err().filter(|_| *tried).map(AttrValue::from);
    let fields = html! {
        <>
            <p class="muted">{ &props.task.title }</p>
            { view(DeadlineFields { id: "board-deadline", value: value.clone(), error }) }
        </>
    };
    form_dialog(
        &words,
        FormDialog::new(words.board.time_title, fields, words.set_deadline, onsubmit, props.onclose.clone()),
    )
}

/// The next full hour but one of that day, or its last minute.
fn proposed(words: &Wording, day: NaiveDate) -> DeadlineText {
    let soon = words.local_now() + TimeDelta::hours(2);
    let hour = soon.with_minute(0).filter(|soon| soon.date() == day);
    DeadlineText::of(hour.or_else(|| day.and_hms_opt(23, 59, 0)))
}
