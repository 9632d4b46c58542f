//! One task in a list. Plain functions: there are many of them, and none has anything to remember.

use yew::prelude::*;
use yew_router::Routable;

use super::groups::Common;
use crate::api::{TaskPriority, TaskStatus};
use crate::client::Wording;
use crate::route::Route;
use crate::store::{Person, Task};
use crate::ui::{IconKind, avatar, deadline_mark, icon, priority_mark, status_class, status_icon};

/// How a task stands in its list.
pub struct Place<'a> {
    pub task: &'a Task,
    /// The person that is not known from the list itself.
    pub person: Option<&'a Person>,
    /// The place among all rows of the table, from 1.
    pub index: usize,
    pub is_open: bool,
    pub is_selected: bool,
    /// The arrows have come to it: Tab leads into it.
    pub is_active: bool,
    /// It is here only until the pointer has gone.
    pub has_left: bool,
    /// What opens at its status.
    pub menu: Option<Html>,
}

/// A box to tick that the table listens to.
pub fn check(what: &'static str, label: String, checked: &'static str, is_reached: bool) -> Html {
    html! {
        <button type="button" role="checkbox" class="tick" data-do={what} aria-checked={checked} aria-label={label}
            tabindex={if is_reached { "0" } else { "-1" }}>{ if checked == "true" { icon(IconKind::Check) } else { Html::default() } }</button>
    }
}

pub fn row(words: &Wording, place: Place) -> Html {
    let task = place.task;
    let tabindex = if place.is_active { "0" } else { "-1" };
    let class = classes!(
        "row",
        place.is_open.then_some("open"),
        place.is_selected.then_some("selected"),
        place.has_left.then_some("left"),
        task.is_done().then_some("is-done")
    );
    let key = if place.has_left { format!("left {}", task.id.as_str()) } else { task.id.as_str().to_owned() };
    let to = Route::Task { number: task.number };
    let status = place.menu.unwrap_or_else(|| {
        let mark = status_text(words, task.status);
        if task.available_actions.is_empty() {
            return html! { <span class="status-button">{ mark }</span> };
        }
        html! {
            <button type="button" class="status-button" data-do="status" {tabindex} aria-haspopup="menu" aria-expanded="false"
                aria-label={(words.lists.change_status)((words.status_name)(task.status))}>{ mark }</button>
        }
    });
    let person = match place.person {
        Some(person) => html! {
            <span class="person" title={person.name.clone()}>{ avatar(&person.name) }<span class="person-name">{ person.name.clone() }</span></span>
        },
        None => Html::default(),
    };
    let usual = (task.priority == TaskPriority::Normal).then_some("usual");
    html! {
        <div {key} role="row" {class} data-task={(!place.has_left).then(|| task.id.as_str().to_owned())}
            aria-rowindex={place.index.to_string()} aria-current={place.is_open.then_some("true")}
            title={place.has_left.then_some(words.lists.left)}>
            <span role="cell" class="cell check-cell">
                { check("select", (words.lists.select)(&task.title), if place.is_selected { "true" } else { "false" }, place.is_active) }
            </span>
            <span role="cell" class="row-title"><a href={to.to_path()} class="row-link" {tabindex}>{ &task.title }</a></span>
            <span role="cell" class="cell status">{ status }</span>
            <span role="cell" class="cell deadline">{ deadline_mark(words, task) }</span>
            <span role="cell" class="cell person-cell">{ person }</span>
            <span role="cell" class={classes!("cell", "priority-cell", usual)} title={words.priority}>{ priority_mark(words, task.priority) }</span>
        </div>
    }
}

/// The icon in the colour of the status, and its name.
pub fn status_text(words: &Wording, status: TaskStatus) -> Html {
    html! {
        <><span class={classes!("status-icon", status_class(status))}>{ icon(status_icon(status)) }</span>
            <span class="status-name">{ (words.status_name)(status) }</span></>
    }
}

/// What stands before the name of a group.
pub fn group_mark(common: &Common, name: &str) -> Html {
    match common {
        Common::Status(status) => {
            html! { <span class={classes!("status-icon", status_class(*status))}>{ icon(status_icon(*status)) }</span> }
        }
        Common::Assignee(_) => avatar(name),
        Common::All | Common::Done | Common::Due(_) => Html::default(),
    }
}
