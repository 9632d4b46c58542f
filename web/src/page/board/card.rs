//! One task on the board.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::Routable;

use super::column::{Column, View};
use super::moving::{Mover, column_name, weigh};
use super::outcome::Outcome;
use crate::api::{TaskId, TaskPriority, TaskStatus, UserId};
use crate::client::use_wording;
use crate::route::Route;
use crate::store::Task;
use crate::ui::{
    IconKind, Menu, MenuItem, PersonName, deadline_mark, icon, priority_mark, status_icon, status_mark,
};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Card {
    pub task: Rc<Task>,
    pub board: View,
    /// Who of the two is shown: where all tasks are one person's, the other.
    pub person: Option<UserId>,
    pub is_open: bool,
    /// The one card of its column that Tab comes to; arrows reach the rest.
    pub is_stop: bool,
    pub is_carried: bool,
    pub mover: Mover,
    pub onmoved: Callback<(TaskId, Column)>,
    /// It was moved here by a key or from its menu, and the focus with it.
    pub takes_focus: bool,
}

impl_view!(Card, use_card(self));

#[hook]
fn use_card(props: &Card) -> Html {
    let words = use_wording();
    let task = &props.task;
    let link = use_node_ref();
    {
        let link = link.clone();
        use_effect_with(props.takes_focus, move |takes_focus| {
            if let Some(link) = link.cast::<HtmlElement>().filter(|_| *takes_focus) {
                // What is there takes the focus.
                let _ = link.focus();
            }
        });
    }
    let class = classes!(
        "card",
        props.is_open.then_some("open"),
        task.is_done().then_some("is-done"),
        task.under_way.then_some("under-way")
    );
    let item = |column: &Column| {
        match weigh(&words, task, *column) {
            Outcome::Here | Outcome::Refused(_) => return None,
            Outcome::Act(_) | Outcome::AskReason | Outcome::Deadline(_) | Outcome::AskTime(_) => {}
        }
        let column = *column;
        let name = column_name(&words, column);
        let (mover, onmoved, task, words) =
            (props.mover.clone(), props.onmoved.clone(), task.clone(), words.clone());
        let act = Callback::from(move |()| {
            if mover.put(&words, &task, column) {
                onmoved.emit((task.id.clone(), column));
            }
        });
        let kind = match column {
            Column::Status(status) => status_icon(status),
            Column::Due(_) => IconKind::Calendar,
        };
        Some(MenuItem::action(name, kind, act))
    };
    let moves: Vec<_> = props.board.columns().iter().filter_map(item).collect();
    // That a task is overdue its deadline says, and most that wait are not begun.
    let says_more = matches!(task.status, TaskStatus::InProgress | TaskStatus::InReview);
    let tabindex = if props.is_stop { "0" } else { "-1" };
    html! {
        <li {class} data-drag={task.id.as_str().to_owned()} data-lifted={props.is_carried.then_some("")}>
            <a ref={link} href={Route::Task { number: task.number }.to_path()} class="card-link" {tabindex}
                aria-current={props.is_open.then_some("true")} draggable="false">{ &task.title }</a>
            if !moves.is_empty() {
                { view(Menu {
                    label: (words.board.card_actions)(&task.title).into(),
                    trigger: icon(IconKind::More),
                    trigger_class: "icon-button small card-menu",
                    class: "end",
                    sections: vec![(Some(words.board.move_to.into()), moves)],
                }) }
            }
            <div class="card-marks">
                { deadline_mark(&words, task) }
                if props.board == View::Deadlines && says_more { { status_mark(&words, task.status) } }
            </div>
            <div class="card-foot">
                { view(PersonName { id: props.person.clone() }) }
                if task.priority != TaskPriority::Normal {
                    <span class="card-priority" title={words.priority}>{ priority_mark(&words, task.priority) }</span>
                }
            </div>
        </li>
    }
}
