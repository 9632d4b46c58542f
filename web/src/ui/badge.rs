//! How a status, a deadline, a priority and a person are shown: always an icon or letters, and words.

use yew::prelude::*;

use super::{IconKind, icon};
use crate::api::{TaskPriority, TaskStatus, UserId};
use crate::client::{Wording, use_state_of, use_wording};
use crate::store::Task;
use crate::text::date::Pressure;
use crate::text::initials;
use crate::view::impl_view;

pub fn status_icon(status: TaskStatus) -> IconKind {
    match status {
        TaskStatus::New => IconKind::StatusNew,
        TaskStatus::InProgress => IconKind::StatusInProgress,
        TaskStatus::InReview => IconKind::StatusInReview,
        TaskStatus::Done => IconKind::StatusDone,
        TaskStatus::Deferred => IconKind::StatusDeferred,
        TaskStatus::Overdue => IconKind::Overdue,
    }
}

pub fn status_class(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::New => "to-do",
        TaskStatus::InProgress => "in-progress",
        TaskStatus::InReview => "in-review",
        TaskStatus::Done => "done",
        TaskStatus::Deferred => "deferred",
        TaskStatus::Overdue => "overdue",
    }
}

pub fn status_mark(words: &Wording, status: TaskStatus) -> Html {
    html! {
        <span class={classes!("badge", status_class(status))}>{ icon(status_icon(status)) }{ (words.status_name)(status) }</span>
    }
}

pub fn deadline_mark(words: &Wording, task: &Task) -> Html {
    let badge = words.deadline_badge(task);
    let (class, kind) = match badge.pressure {
        Pressure::Overdue => ("badge overdue", IconKind::Overdue),
        Pressure::Soon => ("badge soon", IconKind::Clock),
        Pressure::Later => ("badge plain", IconKind::Calendar),
        Pressure::None => ("badge plain quiet", IconKind::Calendar),
    };
    let title = task.deadline.map(|deadline| words.exact(deadline));
    html! { <span {class} {title}>{ icon(kind) }{ badge.text }</span> }
}

pub fn priority_mark(words: &Wording, priority: TaskPriority) -> Html {
    let (class, kind) = match priority {
        TaskPriority::High => ("priority high", IconKind::PriorityHigh),
        TaskPriority::Normal => ("priority normal", IconKind::PriorityNormal),
        TaskPriority::Low => ("priority low", IconKind::PriorityLow),
    };
    html! { <span {class}>{ icon(kind) }{ (words.priority_name)(priority) }</span> }
}

/// Letters of the name on one of five tints; the name itself stands beside it.
pub fn avatar(name: &str) -> Html {
    let tint = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 5;
    html! { <span class={classes!("avatar", format!("tint-{tint}"))} data-initials={initials(name)} aria-hidden="true" /> }
}

#[derive(PartialEq)]
pub struct PersonName {
    pub id: Option<UserId>,
}

impl_view!(PersonName, use_person_name(self));

#[hook]
fn use_person_name(props: &PersonName) -> Html {
    let words = use_wording();
    let id = props.id.clone();
    let person = use_state_of(move |state| id.as_ref().and_then(|id| state.store.person(id)));
    match person {
        Some(person) => {
            let name = AttrValue::from(person.name.clone());
            html! { <span class="person">{ avatar(&name) }<span class="person-name">{ name }</span></span> }
        }
        None => html! { <span class="person"><span class="person-name muted">{ words.nobody }</span></span> },
    }
}
