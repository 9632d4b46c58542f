//! One task in a list.

use std::rc::Rc;

use yew::prelude::*;
use yew_router::prelude::*;

use crate::api::TaskPriority;
use crate::client::use_wording;
use crate::route::Route;
use crate::store::{Scope, Task};
use crate::ui::{PersonName, deadline_mark, priority_mark, status_mark};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Row {
    pub task: Rc<Task>,
    pub is_open: bool,
    pub scope: Scope,
}

impl_view!(Row, use_row(self));

#[hook]
fn use_row(props: &Row) -> Html {
    let words = use_wording();
    let task = &props.task;
    // Of my own tasks I know who does them; who set them is what matters.
    let person = match props.scope {
        Scope::Mine => task.creator.clone(),
        Scope::SetByMe | Scope::All => task.assignee.clone(),
    };
    let class = classes!("row", props.is_open.then_some("open"), task.is_done().then_some("is-done"));
    html! {
        <li {class} aria-current={props.is_open.then_some("true")}>
            <span class="row-title">
                <a href={Route::Task { number: task.number }.to_path()} class="row-link">{ &task.title }</a>
            </span>
            <span class="cell status">{ status_mark(&words, task.status) }</span>
            <span class="cell deadline">{ deadline_mark(&words, task) }</span>
            <span class="cell person-cell">{ view(PersonName { id: person }) }</span>
            <span class={classes!("cell", "priority-cell", (task.priority == TaskPriority::Normal).then_some("usual"))}
                title={words.priority}>{ priority_mark(&words, task.priority) }</span>
        </li>
    }
}
