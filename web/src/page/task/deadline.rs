//! Moving a deadline, or taking it away.

use std::rc::Rc;

use yew::prelude::*;

use super::actions::tell;
use crate::api::Timestamp;
use crate::browser::document;
use crate::client::{Client, use_client, use_wording};
use crate::store::Task;
use crate::ui::{DeadlineFields, DeadlineText, IconKind, Popover, deadline_mark, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct DeadlineProperty {
    pub task: Rc<Task>,
}

impl_view!(DeadlineProperty, use_deadline_property(self));

#[hook]
fn use_deadline_property(props: &DeadlineProperty) -> Html {
    let words = use_wording();
    let open = use_state_eq(|| false);
    let task = &props.task;
    let label = (words.change_deadline)(&words.deadline_badge(task).text);
    let trigger = html! { <>{ deadline_mark(&words, task) }{ icon(IconKind::ChevronDown) }</> };
    let onclose = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    view(Popover {
        open: open.clone(),
        label: label.into(),
        kind: "dialog",
        trigger,
        trigger_class: "property-button",
        class: "end",
        children: view(Editor { task: task.clone(), onclose }),
    })
}

#[derive(PartialEq)]
struct Editor {
    task: Rc<Task>,
    onclose: Callback<()>,
}

impl_view!(Editor, use_editor(self));

#[hook]
fn use_editor(props: &Editor) -> Html {
    let client = use_client();
    let words = use_wording();
    let task = &props.task;
    let value = use_state_eq(|| DeadlineText::of(task.deadline.map(|deadline| words.local(deadline))));
    let tried = use_state_eq(|| false);
    use_effect_with((), |()| document::focus("deadline-date"));
    let read = value.read(&words);
    let onsubmit = {
        let (client, task, onclose, tried) =
            (client.clone(), task.clone(), props.onclose.clone(), tried.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if let Ok(deadline) = read {
                onclose.emit(());
                if deadline != task.deadline {
                    set(&client, &task, deadline);
                }
            }
        })
    };
    let clear = {
        let (client, task, onclose) = (client.clone(), task.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            onclose.emit(());
            set(&client, &task, None);
        })
    };
    let error = read.err().filter(|_| *tried).map(AttrValue::from);
    html! {
        <form {onsubmit} novalidate={true} class="form popover-form">
            { view(DeadlineFields { id: "deadline", value: value.clone(), error }) }
            <div class="form-actions">
                <button type="submit" class="button primary small">{ words.set_deadline }</button>
                if task.deadline.is_some() {
                    <button type="button" class="button small" onclick={clear}>{ words.clear_deadline }</button>
                }
            </div>
        </form>
    }
}

fn set(client: &Client, task: &Rc<Task>, deadline: Option<Timestamp>) {
    let (client, task) = (client.clone(), task.clone());
    crate::browser::spawn(async move {
        if let Err(trouble) = client.set_deadline(&task.id, deadline).await {
            let again = client.clone();
            tell(&client, &trouble, Callback::from(move |()| set(&again, &task, deadline)));
        }
    });
}
