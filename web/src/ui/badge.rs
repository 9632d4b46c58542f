//! How a status, a deadline, a priority and a person are shown: always an icon or letters, and words.

use std::rc::Rc;

use yew::prelude::*;

use super::{Icon, IconKind};
use crate::api::{TaskPriority, TaskStatus, UserId};
use crate::client::{use_state_of, use_wording};
use crate::store::Task;
use crate::text::date::Pressure;
use crate::text::initials;

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

fn status_class(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::New => "to-do",
        TaskStatus::InProgress => "in-progress",
        TaskStatus::InReview => "in-review",
        TaskStatus::Done => "done",
        TaskStatus::Deferred => "deferred",
        TaskStatus::Overdue => "overdue",
    }
}

#[derive(Properties, PartialEq)]
pub struct StatusProps {
    pub status: TaskStatus,
}

#[component]
pub fn StatusMark(props: &StatusProps) -> Html {
    let words = use_wording();
    html! {
        <span class={classes!("badge", status_class(props.status))}>
            <Icon kind={status_icon(props.status)} />
            { (words.status_name)(props.status) }
        </span>
    }
}

#[derive(Properties, PartialEq)]
pub struct TaskProps {
    pub task: Rc<Task>,
}

#[component]
pub fn DeadlineMark(props: &TaskProps) -> Html {
    let words = use_wording();
    let badge = words.deadline_badge(&props.task);
    let (class, icon) = match badge.pressure {
        Pressure::Overdue => ("badge overdue", IconKind::Overdue),
        Pressure::Soon => ("badge soon", IconKind::Clock),
        Pressure::Later => ("badge plain", IconKind::Calendar),
        Pressure::None => ("badge plain quiet", IconKind::Calendar),
    };
    let title = props.task.deadline.map(|deadline| words.exact(deadline));
    html! { <span {class} {title}><Icon kind={icon} />{ badge.text }</span> }
}

#[derive(Properties, PartialEq)]
pub struct PriorityProps {
    pub priority: TaskPriority,
}

#[component]
pub fn PriorityMark(props: &PriorityProps) -> Html {
    let words = use_wording();
    let (class, icon) = match props.priority {
        TaskPriority::High => ("priority high", IconKind::PriorityHigh),
        TaskPriority::Normal => ("priority normal", IconKind::PriorityNormal),
        TaskPriority::Low => ("priority low", IconKind::PriorityLow),
    };
    html! { <span {class}><Icon kind={icon} />{ (words.priority_name)(props.priority) }</span> }
}

#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    pub name: AttrValue,
}

/// Letters of the name on one of six tints; the name itself stands beside it.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let tint = props.name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6;
    html! { <span class={classes!("avatar", format!("tint-{tint}"))} aria-hidden="true">{ initials(&props.name) }</span> }
}

#[derive(Properties, PartialEq)]
pub struct PersonProps {
    pub id: Option<UserId>,
}

#[component]
pub fn PersonName(props: &PersonProps) -> Html {
    let words = use_wording();
    let id = props.id.clone();
    let person = use_state_of(move |state| id.as_ref().and_then(|id| state.store.person(id)));
    match person {
        Some(person) => {
            let name = AttrValue::from(person.name.clone());
            html! { <span class="person"><Avatar name={name.clone()} /><span class="person-name">{ name }</span></span> }
        }
        None => html! { <span class="person"><span class="person-name muted">{ words.nobody }</span></span> },
    }
}
