//! A button and what it opens beside itself. Closes on Escape, on a press elsewhere, and gives the focus back.

use crate::view::impl_view;
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

#[derive(PartialEq)]
pub struct Popover {
    pub open: UseStateHandle<bool>,
    /// What the button is called.
    pub label: AttrValue,
    pub trigger: Html,
    pub trigger_class: &'static str,
    pub class: &'static str,
    /// `menu`, `dialog` or `listbox`.
    pub kind: &'static str,
    pub children: Html,
}

impl_view!(Popover, use_popover(self));

#[hook]
fn use_popover(props: &Popover) -> Html {
    let root = use_node_ref();
    let button = use_node_ref();
    let is_open = *props.open;
    {
        let (root, button, open) = (root.clone(), button.clone(), props.open.clone());
        use_effect_with(is_open, move |is_open| {
            let listener = is_open.then(document).flatten().map(|document| {
                EventListener::new(&document, "pointerdown", move |event| {
                    let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                    let inside = root.get().is_some_and(|root| root.contains(target.as_ref()));
                    if !inside {
                        open.set(false);
                    }
                })
            });
            let was_open = *is_open;
            move || {
                drop(listener);
                // The focus goes back only if it was inside: a press elsewhere has taken it where it wanted.
                if was_open && focus_is_lost_or_inside(&button) {
                    focus(&button);
                }
            }
        });
    }
    let onkeydown = {
        let (open, button) = (props.open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                event.stop_propagation();
                event.prevent_default();
                focus(&button);
                open.set(false);
            }
        })
    };
    let toggle = {
        let open = props.open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <div ref={root} class={classes!("popover", props.class)} {onkeydown}>
            <button ref={button} type="button" class={props.trigger_class} onclick={toggle}
                aria-haspopup={props.kind} aria-expanded={is_open.to_string()} aria-label={props.label.clone()}>
                { props.trigger.clone() }
            </button>
            if is_open {
                <div class="popover-panel">{ props.children.clone() }</div>
            }
        </div>
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn focus(button: &NodeRef) {
    if let Some(button) = button.cast::<HtmlElement>() {
        // A button that is there takes the focus.
        let _ = button.focus();
    }
}

fn focus_is_lost_or_inside(button: &NodeRef) -> bool {
    let active = document().and_then(|document| document.active_element());
    let root = button.get().and_then(|button| button.parent_node());
    active.is_none_or(|active| {
        active.tag_name() == "BODY" || root.is_some_and(|root| root.contains(Some(&active)))
    })
}
