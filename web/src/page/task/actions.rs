//! What can be done with a task now: exactly what the server lists.

use std::rc::Rc;

use crate::browser::spawn;
use domain::validate;
use yew::prelude::*;

use crate::api::UserErrorCode;
use crate::api::{TaskAction, TaskId};
use crate::client::{Client, ToastAction, Trouble, use_client, use_wording};
use crate::store::Task;
use crate::ui::{Dialog, TextArea, field_error, violation_text};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct Actions {
    pub task: Rc<Task>,
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
        let (client, id, returning) = (client.clone(), task.id.clone(), returning.clone());
        let onclick = Callback::from(move |_: MouseEvent| match action {
            TaskAction::Return => returning.set(true),
            TaskAction::Start
            | TaskAction::Pause
            | TaskAction::Submit
            | TaskAction::Accept
            | TaskAction::Defer
            | TaskAction::Resume
            | TaskAction::Reopen => act(&client, &id, action),
        });
        let class = classes!(
            "button",
            (index == 0 && weight(action) <= weight(TaskAction::Resume)).then_some("primary")
        );
        html! { <button type="button" {class} {onclick}>{ (words.action_name)(action, task.requires_review) }</button> }
    };
    let mut actions = task.available_actions.clone();
    actions.sort_by_key(|action| weight(*action));
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
            if *returning { { view(ReturnDialog { id: task.id.clone(), onclose: close }) } }
        </>
    }
}

/// What moves the task forward comes first.
fn weight(action: TaskAction) -> u8 {
    match action {
        TaskAction::Accept => 0,
        TaskAction::Submit => 1,
        TaskAction::Start => 2,
        TaskAction::Resume => 3,
        TaskAction::Return => 4,
        TaskAction::Pause => 5,
        TaskAction::Reopen => 6,
        TaskAction::Defer => 7,
    }
}

fn act(client: &Client, id: &TaskId, action: TaskAction) {
    let (client, id) = (client.clone(), id.clone());
    spawn(async move {
        if let Err(trouble) = client.act(&id, action, None).await {
            tell(
                &client,
                &trouble,
                Callback::from({
                    let client = client.clone();
                    move |()| act(&client, &id, action)
                }),
            );
        }
    });
}

/// The refused change has come off again; where the task had changed meanwhile, its new version is already shown.
pub(super) fn tell(client: &Client, trouble: &Trouble, again: Callback<()>) {
    if trouble.has(UserErrorCode::StaleVersion) {
        let words = client.words();
        client.toast(words.task_changed, Some(ToastAction { label: words.retry, act: again }));
    } else {
        client.toast_trouble(trouble, Some(again));
    }
}

#[derive(PartialEq)]
struct ReturnDialog {
    id: TaskId,
    onclose: Callback<()>,
}

impl_view!(ReturnDialog, use_return_dialog(self));

#[hook]
fn use_return_dialog(props: &ReturnDialog) -> Html {
    let client = use_client();
    let words = use_wording();
    let reason = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let trouble = use_state_eq(|| None::<Trouble>);
    let onsubmit = {
        let (reason, tried, busy, trouble) = (reason.clone(), tried.clone(), busy.clone(), trouble.clone());
        let (id, onclose) = (props.id.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            let Ok(text) = validate::reason(&reason) else { return };
            if *busy {
                return;
            }
            busy.set(true);
            let (client, id, onclose) = (client.clone(), id.clone(), onclose.clone());
            let (busy, trouble) = (busy.clone(), trouble.clone());
            spawn(async move {
                match client.act(&id, TaskAction::Return, Some(text)).await {
                    Ok(()) => onclose.emit(()),
                    Err(refusal) => {
                        busy.set(false);
                        trouble.set(Some(refusal));
                    }
                }
            });
        })
    };
    let violation = validate::reason(&reason).err().map(|violation| violation_text(&words, violation));
    let refusal =
        field_error((*trouble).as_ref(), "reason").or_else(|| trouble.as_ref().map(|it| it.text(&words)));
    let error = violation.filter(|_| *tried).or(refusal).map(AttrValue::from);
    view(Dialog {
        title: words.return_title.into(),
        onclose: props.onclose.clone(),
        class: "",
        children: html! {
            <form {onsubmit} novalidate={true} class="form">
                { view(TextArea {
                    rows: 4, focused: true, error,
                    ..TextArea::new("return-reason", words.return_reason, reason.clone())
                }) }
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={props.onclose.reform(|_: MouseEvent| ())}>{ words.cancel }</button>
                    <button type="submit" class={classes!("button", "primary", busy.then_some("busy"))} aria-disabled={busy.to_string()}>
                        { words.return_submit }
                    </button>
                </footer>
            </form>
        },
    })
}
