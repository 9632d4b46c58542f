//! A modal dialog: the browser's own, which keeps the focus inside, gives it back, and closes on Escape.

use gloo_events::{EventListener, EventListenerOptions};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::{IconKind, icon};
use crate::client::use_wording;
use crate::view::impl_view;

#[derive(PartialEq)]
pub struct Dialog {
    pub title: AttrValue,
    pub onclose: Callback<()>,
    pub children: Html,
    pub class: &'static str,
}

impl_view!(Dialog, use_dialog(self));

#[hook]
fn use_dialog(props: &Dialog) -> Html {
    let words = use_wording();
    let node = use_node_ref();
    let title_id = "dialog-title";
    let onclose = use_callback(props.onclose.clone(), |(), onclose| onclose.emit(()));
    {
        let node = node.clone();
        use_effect_with(onclose.clone(), move |onclose| {
            let dialog = node.cast::<HtmlDialogElement>();
            let listener = dialog.as_ref().map(|dialog| {
                let onclose = onclose.clone();
                EventListener::new_with_options(
                    dialog,
                    "cancel",
                    EventListenerOptions::enable_prevent_default(),
                    move |event| {
                        event.prevent_default();
                        onclose.emit(());
                    },
                )
            });
            move || drop(listener)
        });
    }
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                // Refused only when it is open already.
                let _ = dialog.show_modal();
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let onmousedown = {
        let (node, onclose) = (node.clone(), onclose.clone());
        Callback::from(move |event: MouseEvent| {
            // A press on the dialog itself, not on anything inside it, is one on what is behind.
            let on_backdrop = event
                .target()
                .zip(node.cast::<HtmlDialogElement>())
                .is_some_and(|(target, dialog)| target == *dialog.as_ref());
            if on_backdrop {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class)} aria-labelledby={title_id} {onmousedown}>
            <div class="dialog-card">
                <header class="dialog-head">
                    <h2 id={title_id}>{ props.title.clone() }</h2>
                    <button type="button" class="icon-button" aria-label={words.close} onclick={onclose.reform(|_: MouseEvent| ())}>
                        { icon(IconKind::Close) }
                    </button>
                </header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
