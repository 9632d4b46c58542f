//! The rail of a task's properties. What the viewer may change is a button, the rest is text.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::actions::tell;
use super::deadline::DeadlineProperty;
use crate::api::{TaskPriority, UserId};
use crate::browser::spawn;
use crate::client::{Client, Trouble, use_client, use_state_of, use_wording};
use crate::store::Task;
use crate::ui::{IconKind, Menu, MenuItem, PersonName, PersonPicker, deadline_mark, icon, priority_mark};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Properties {
    pub task: Rc<Task>,
}

impl_view!(Properties, use_properties(self));

#[hook]
fn use_properties(props: &Properties) -> Html {
    let client = use_client();
    let words = use_wording();
    let task = &props.task;
    let can = task.viewer_can;
    let marked = |class: &'static str, name: &'static str, value: Html| {
        html! { <div class={classes!("property", class)}><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    let property = |name: &'static str, value: Html| marked("", name, value);
    let deadline = if can.move_deadline {
        view(DeadlineProperty { task: task.clone() })
    } else {
        html! { { deadline_mark(&words, task) } }
    };
    let moved = task.original_deadline.filter(|_| task.deadline_moves > 0).map(|original| {
        let moves = (words.moves)(task.deadline_moves.into());
        format!("{} · {moves}", (words.originally)(&words.day(original)))
    });
    let priority = task.priority;
    let priority = if can.edit {
        let items = TaskPriority::ALL.map(|one| {
            let (client, task) = (client.clone(), task.clone());
            let act = Callback::from(move |()| set_priority(&client, &task, one));
            MenuItem::choice((words.priority_name)(one), priority == one, act)
        });
        let label = (words.change_priority)((words.priority_name)(task.priority));
        let trigger = html! { <>{ priority_mark(&words, task.priority) }{ icon(IconKind::ChevronDown) }</> };
        view(Menu {
            label: label.into(),
            trigger,
            trigger_class: "property-button",
            class: "end",
            sections: vec![(None, items.to_vec())],
        })
    } else {
        html! { { priority_mark(&words, task.priority) } }
    };
    let review = if can.edit {
        let (client, task) = (client.clone(), task.clone());
        let onchange = Callback::from({
            let task = task.clone();
            move |event: Event| {
                let requires = event.target_unchecked_into::<HtmlInputElement>().checked();
                set_requires_review(&client, &task, requires);
            }
        });
        html! { <input type="checkbox" aria-label={words.requires_review} checked={task.requires_review} {onchange} /> }
    } else {
        html! { { if task.requires_review { words.yes } else { words.no } } }
    };
    html! {
        <dl class="properties" aria-label={words.properties}>
            { marked("of-deadline", words.deadline, html! { <>{ deadline }if let Some(moved) = moved { <span class="property-note">{ moved }</span> }</> }) }
            { marked("of-assignee", words.assignee, view(Assignee { task: task.clone() })) }
            { property(words.creator, view(PersonName { id: task.creator.clone() })) }
            { property(words.priority, priority) }
            { property(words.requires_review, review) }
            if task.returns > 0 { { property(words.returned, html! { { task.returns } }) } }
            { property(words.created, html! { { words.moment(task.created_at) } }) }
            if let Some(completed) = task.completed_at.filter(|_| task.is_done()) {
                { property(words.completed, html! { { words.moment(completed) } }) }
            }
        </dl>
    }
}

#[derive(PartialEq)]
struct Assignee {
    pub task: Rc<Task>,
}

impl_view!(Assignee, use_assignee(self));

#[hook]
fn use_assignee(props: &Assignee) -> Html {
    let client = use_client();
    let words = use_wording();
    let task = props.task.clone();
    let id = task.assignee.clone();
    let name = use_state_of(move |state| {
        id.as_ref().and_then(|id| state.store.person(id)).map(|person| person.name.clone())
    });
    if !task.viewer_can.assign {
        return view(PersonName { id: task.assignee.clone() });
    }
    let label = (words.change_assignee)(name.as_deref().unwrap_or(words.nobody));
    let trigger =
        html! { <>{ view(PersonName { id: task.assignee.clone() }) }{ icon(IconKind::ChevronDown) }</> };
    let chosen = task.assignee.clone();
    let onchoose = Callback::from(move |person: UserId| {
        if task.assignee.as_ref() != Some(&person) {
            assign(&client, &task, person);
        }
    });
    view(PersonPicker { label: label.into(), trigger, trigger_class: "property-button", chosen, onchoose })
}

fn assign(client: &Client, task: &Rc<Task>, person: UserId) {
    let (client, task) = (client.clone(), task.clone());
    spawn(async move {
        let outcome = client.assign(&task.id, person.clone()).await;
        let again = client.clone();
        told(&client, outcome, move || assign(&again, &task, person.clone()));
    });
}

fn set_priority(client: &Client, task: &Rc<Task>, priority: TaskPriority) {
    let (client, task) = (client.clone(), task.clone());
    spawn(async move {
        let outcome = client.set_priority(&task.id, priority).await;
        let again = client.clone();
        told(&client, outcome, move || set_priority(&again, &task, priority));
    });
}

fn set_requires_review(client: &Client, task: &Rc<Task>, requires: bool) {
    let (client, task) = (client.clone(), task.clone());
    spawn(async move {
        let outcome = client.set_requires_review(&task.id, requires).await;
        let again = client.clone();
        told(&client, outcome, move || set_requires_review(&again, &task, requires));
    });
}

fn told(client: &Client, outcome: Result<(), Trouble>, again: impl Fn() + 'static) {
    if let Err(trouble) = outcome {
        tell(client, &trouble, Callback::from(move |()| again()));
    }
}
