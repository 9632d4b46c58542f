//! What can be done with a task now: exactly what the server lists.

use std::rc::Rc;

use yew::prelude::*;

use crate::api::{TaskAction, TaskId, UserErrorCode};
use crate::browser::spawn;
use crate::client::{Client, ToastAction, Trouble, use_client, use_wording};
use crate::page::reason::ReasonDialog;
use crate::store::Task;
use crate::ui::field_error;
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Actions {
    pub task: Rc<Task>,
    pub ondecided: Callback<Decision>,
}

/// The creator accepts work or returns it.
pub enum Decision {
    /// It is about to be sent: what is shown is still as it was.
    Made,
    /// It is in force; said in words.
    Taken(String),
}

impl_view!(Actions, use_actions(self));

#[hook]
fn use_actions(props: &Actions) -> Html {
    let client = use_client();
    let words = use_wording();
    let returning = use_state_eq(|| false);
    let task = &props.task;
    let button = |(index, action): (usize, &TaskAction)| {
        let action = *action;
        let (client, task, returning) = (client.clone(), task.clone(), returning.clone());
        let ondecided = props.ondecided.clone();
        let onclick = Callback::from(move |_: MouseEvent| match action {
            TaskAction::Return => returning.set(true),
            TaskAction::Accept => {
                ondecided.emit(Decision::Made);
                let told = (client.words().panel.accepted)(&task.number.to_string());
                let ondecided = ondecided.clone();
                act(
                    &client,
                    &task.id,
                    action,
                    Callback::from(move |()| {
                        ondecided.emit(Decision::Taken(told.clone()));
                    }),
                );
            }
            TaskAction::Start
            | TaskAction::Pause
            | TaskAction::Submit
            | TaskAction::Defer
            | TaskAction::Resume
            | TaskAction::Reopen => act(&client, &task.id, action, Callback::noop()),
        });
        let class = classes!(
            "button",
            (index == 0 && action.place() <= TaskAction::Resume.place()).then_some("primary")
        );
        let name = (words.action_name)(action, props.task.requires_review);
        let id = (action == TaskAction::Return).then_some("act-return");
        html! { <button type="button" {id} {class} {onclick}>{ name }</button> }
    };
    let mut actions = task.available_actions.clone();
    actions.sort_by_key(|action| action.place());
    let close = {
        let returning = returning.clone();
        Callback::from(move |()| returning.set(false))
    };
    html! {
        <>
            if !actions.is_empty() || task.under_way {
                <div class="actions" role="group" aria-label={words.actions} aria-busy={task.under_way.to_string()}>
                    { for actions.iter().enumerate().map(button) }
                </div>
            }
            if *returning { { view(ReturnDialog { task: task.clone(), onclose: close, ondecided: props.ondecided.clone() }) } }
        </>
    }
}

fn act(client: &Client, id: &TaskId, action: TaskAction, ondone: Callback<()>) {
    let (client, id) = (client.clone(), id.clone());
    spawn(async move {
        match client.act(&id, action, None).await {
            Ok(()) => ondone.emit(()),
            Err(trouble) => {
                let again = client.clone();
                let again = Callback::from(move |()| act(&again, &id, action, ondone.clone()));
                tell(&client, &trouble, again);
            }
        }
    });
}

/// The refused change has come off again; where the task had changed meanwhile, its new version is already shown.
pub fn tell(client: &Client, trouble: &Trouble, again: Callback<()>) {
    if trouble.has(UserErrorCode::StaleVersion) {
        let words = client.words();
        client.toast(words.writing.conflict, Some(ToastAction { label: words.retry, act: again }));
    } else {
        client.toast_trouble(trouble, Some(again));
    }
}

#[derive(PartialEq)]
pub struct ReturnDialog {
    pub task: Rc<Task>,
    pub onclose: Callback<()>,
    pub ondecided: Callback<Decision>,
}

impl_view!(ReturnDialog, use_return_dialog(self));

#[hook]
fn use_return_dialog(props: &ReturnDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let busy = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let onsubmit = {
        let (busy, trouble) = (busy.clone(), trouble.clone());
        let (task, onclose, ondecided) = (props.task.clone(), props.onclose.clone(), props.ondecided.clone());
        Callback::from(move |reason: String| {
            busy.set(true);
            let (client, task) = (client.clone(), task.clone());
            let (onclose, ondecided) = (onclose.clone(), ondecided.clone());
            let (busy, trouble) = (busy.clone(), trouble.clone());
            ondecided.emit(Decision::Made);
            spawn(async move {
                match client.act(&task.id, TaskAction::Return, Some(reason)).await {
                    Ok(()) => {
                        onclose.emit(());
                        let told = (client.words().panel.sent_back)(&task.number.to_string());
                        ondecided.emit(Decision::Taken(told));
                    }
                    Err(refusal) => {
                        busy.set(false);
                        trouble.set(Some(refusal));
                    }
                }
            });
        })
    };
    let refusal =
        field_error((*trouble).as_ref(), "reason").or_else(|| trouble.as_ref().map(|it| it.text(&words)));
    ReasonDialog {
        busy: *busy,
        refusal: refusal.map(AttrValue::from),
        onsubmit,
        onclose: props.onclose.clone(),
    }
    .into()
}
