//! The corner in which short notes appear. A note waits while it is pointed at or has the focus.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::{IconKind, icon};
use crate::client::{Toast, use_client, use_state_of, use_wording};
use crate::view::{impl_view, view_keyed};

/// How long a note stays: eight seconds where it offers something, five where it only tells. Milliseconds.
const WITH_ACTION: u32 = 8_000;
const WITHOUT_ACTION: u32 = 5_000;

#[derive(PartialEq)]
pub struct ToastRegion;

impl_view!(ToastRegion, use_toast_region());

#[hook]
fn use_toast_region() -> Html {
    let toasts = use_state_of(|state| state.toasts.shown.clone());
    html! {
        <div class="toasts" role="status" aria-live="polite" aria-atomic="false">
            { for toasts.into_iter().map(|toast| view_keyed(toast.number, Note { toast: toast.clone() })) }
        </div>
    }
}

#[derive(PartialEq)]
struct Note {
    toast: Toast,
}

impl_view!(Note, use_note(self));

#[hook]
fn use_note(props: &Note) -> Html {
    let client = use_client();
    let words = use_wording();
    let held = use_state_eq(|| false);
    let number = props.toast.number;
    {
        let client = client.clone();
        let time = if props.toast.action.is_some() { WITH_ACTION } else { WITHOUT_ACTION };
        // What failed and can be tried again waits for the person, who may be away from the screen just then.
        let waits = props.toast.is_trouble && props.toast.action.is_some();
        use_effect_with(*held || waits, move |held| {
            let timer = (!held).then(|| Timeout::new(time, move || client.dismiss_toast(number)));
            move || drop(timer)
        });
    }
    let dismiss = {
        let client = client.clone();
        Callback::from(move |_: MouseEvent| client.dismiss_toast(number))
    };
    let hold = |to: bool| {
        let held = held.clone();
        move || held.set(to)
    };
    let (enter, leave) = (hold(true), hold(false));
    let (focus, blur) = (hold(true), hold(false));
    html! {
        <div class={classes!("toast", props.toast.is_trouble.then_some("trouble"))}
            onmouseenter={move |_| enter()} onmouseleave={move |_| leave()}
            onfocusin={move |_| focus()} onfocusout={move |_| blur()}>
            if props.toast.is_trouble { { icon(IconKind::Overdue) } }
            <span class="toast-text">{ &props.toast.text }</span>
            if let Some(action) = props.toast.action.clone() {
                <button type="button" class="button small" aria-keyshortcuts={props.toast.is_undo.then_some("Control+Z")}
                    title={props.toast.is_undo.then_some("Ctrl+Z")} onclick={move |_| {
                    client.dismiss_toast(number);
                    action.act.emit(());
                }}>{ action.label }</button>
            }
            <button type="button" class="icon-button" aria-label={words.close} onclick={dismiss}>{ icon(IconKind::Close) }</button>
        </div>
    }
}
