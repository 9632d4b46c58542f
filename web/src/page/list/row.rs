//! One task in a list. It is drawn when it comes into sight and when it differs, not whenever the list around it is.

use std::rc::Rc;

use yew::prelude::*;
use yew_router::Routable;

use super::bulk::actions_menu;
use super::groups::Common;
use crate::api::{TaskAction, TaskId, TaskPriority, TaskStatus};
use crate::client::Wording;
use crate::route::Route;
use crate::store::{Person, Task};
use crate::ui::{
    IconKind, Menu, OpenMenu, avatar, deadline_mark, icon, priority_mark, status_class, status_icon,
};
use crate::view::{impl_view, view};

/// A row, and how the task stands in its list.
#[derive(PartialEq)]
pub struct ListRow {
    pub words: Wording,
    pub task: Rc<Task>,
    /// The person that is not known from the list itself.
    pub person: Option<Rc<Person>>,
    /// The place among all rows of the table, from 1.
    pub index: usize,
    pub is_open: bool,
    pub is_selected: bool,
    /// The arrows have come to it: Tab leads into it.
    pub is_active: bool,
    /// It is here only until the pointer has gone.
    pub has_left: bool,
    /// The menu at its status, where it was opened here last.
    pub menu: Option<StatusMenu>,
}

#[derive(Clone, PartialEq)]
pub struct StatusMenu {
    pub side: MenuSide,
    pub act: Callback<(TaskId, TaskAction)>,
}

/// To which side a menu opens, so that it stays in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuSide {
    Up,
    Down,
}

impl_view!(ListRow, use_list_row(self));

/// A box to tick that the table listens to.
pub fn check(what: &'static str, label: String, checked: &'static str, is_reached: bool) -> Html {
    html! {
        <button type="button" role="checkbox" class="tick" data-do={what} aria-checked={checked} aria-label={label}
            tabindex={if is_reached { "0" } else { "-1" }}>{ if checked == "true" { icon(IconKind::Check) } else { Html::default() } }</button>
    }
}

impl ListRow {
    /// Among all that is drawn of its group. What has left may have come back elsewhere.
    pub fn key(&self) -> String {
        let id = self.task.id.as_str();
        if self.has_left { format!("left {id}") } else { id.to_owned() }
    }

    /// The status, and what opens the menu there, if anything can be done.
    fn status(&self, tabindex: &'static str) -> Html {
        let (words, task) = (&self.words, &self.task);
        let mark = status_text(words, task.status);
        if task.available_actions.is_empty() {
            return html! { <span class="status-button">{ mark }</span> };
        }
        let label = (words.lists.change_status)((words.status_name)(task.status));
        let Some(StatusMenu { side, act }) = &self.menu else {
            return html! {
                <button type="button" class="status-button" data-do="status" {tabindex} aria-haspopup="menu" aria-expanded="false"
                    aria-label={label}>{ mark }</button>
            };
        };
        let id = task.id.clone();
        let act = act.reform(move |action| (id.clone(), action));
        let items = actions_menu(words, task.available_actions.clone(), task.requires_review, act);
        view(OpenMenu(Menu {
            label: label.into(),
            trigger: mark,
            trigger_class: "status-button",
            class: if *side == MenuSide::Up { "up" } else { "" },
            sections: vec![(None, items)],
        }))
    }
}

#[hook]
fn use_list_row(props: &ListRow) -> Html {
    let (words, task) = (&props.words, &props.task);
    let tabindex = if props.is_active { "0" } else { "-1" };
    let class = classes!(
        "row",
        props.is_open.then_some("open"),
        props.is_selected.then_some("selected"),
        props.has_left.then_some("left"),
        task.is_done().then_some("is-done")
    );
    let to = Route::Task { number: task.number };
    let person = match &props.person {
        Some(person) => html! {
            <span class="person" title={person.name.clone()}>{ avatar(&person.name) }<span class="person-name">{ person.name.clone() }</span></span>
        },
        None => Html::default(),
    };
    let usual = (task.priority == TaskPriority::Normal).then_some("usual");
    html! {
        <div role="row" {class} data-task={(!props.has_left).then(|| task.id.as_str().to_owned())}
            aria-rowindex={props.index.to_string()} aria-current={props.is_open.then_some("true")}
            title={props.has_left.then_some(words.lists.left)}>
            <span role="cell" class="cell check-cell">
                { check("select", (words.lists.select)(&task.title), if props.is_selected { "true" } else { "false" }, props.is_active) }
            </span>
            <span role="cell" class="row-title"><a href={to.to_path()} class="row-link" {tabindex}>{ &task.title }</a></span>
            <span role="cell" class="cell status">{ props.status(tabindex) }</span>
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
