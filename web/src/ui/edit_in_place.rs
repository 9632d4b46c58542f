//! A text that is changed where it stands. What was typed is never lost: not by a refusal, not by a change of somebody else.

use std::rc::Rc;

use crate::browser::spawn;
use domain::validate::Violation;
use futures_util::future::LocalBoxFuture;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::{error_line, field_error, violation_text};
use crate::api::UserErrorCode;
use crate::client::{Trouble, use_wording};
use crate::view::impl_view;

/// Saves a text that was typed over some version.
#[derive(Clone)]
pub struct Saved(pub Rc<dyn Fn(String, i32) -> Saving>);

type Saving = LocalBoxFuture<'static, Result<(), Trouble>>;

impl PartialEq for Saved {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Says whether a text may be saved, and as what.
#[derive(Clone, Copy)]
pub struct Check(pub fn(&str) -> Result<String, Violation>);

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

#[derive(PartialEq)]
pub struct EditInPlace {
    /// Also names the field in the server's errors.
    pub name: &'static str,
    pub label: AttrValue,
    pub edit_label: AttrValue,
    /// The text as it is now, and its version.
    pub value: AttrValue,
    pub version: i32,
    pub can_edit: bool,
    /// Enter makes a new line rather than saving.
    pub multiline: bool,
    pub check: Check,
    pub save: Saved,
    pub class: &'static str,
    /// How the text looks while it is not being changed.
    pub children: Html,
}

/// What is being typed.
#[derive(Clone, PartialEq)]
struct Draft {
    text: String,
    version: i32,
}

impl_view!(EditInPlace, use_edit_in_place(self));

#[hook]
fn use_edit_in_place(props: &EditInPlace) -> Html {
    let words = use_wording();
    let draft = use_state_eq(|| None::<Draft>);
    let trouble = use_state_eq(|| None::<Trouble>);
    let shows_theirs = use_state_eq(|| false);
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with(draft.is_some(), move |editing| {
            if *editing && let Some(input) = input.cast::<HtmlTextAreaElement>() {
                // An input that is there takes the focus.
                let _ = input.focus();
            }
        });
    }
    let start = {
        let (draft, trouble, value, version) =
            (draft.clone(), trouble.clone(), props.value.clone(), props.version);
        Callback::from(move |_: MouseEvent| {
            trouble.set(None);
            draft.set(Some(Draft { text: value.to_string(), version }));
        })
    };
    let Some(typed) = (*draft).clone() else {
        return html! {
            <div class={classes!("in-place", props.class)}>
                { props.children.clone() }
                if props.can_edit {
                    <button type="button" class="in-place-button" aria-label={props.edit_label.clone()} onclick={start} />
                }
            </div>
        };
    };

    let stop = {
        let (draft, trouble, shows_theirs) = (draft.clone(), trouble.clone(), shows_theirs.clone());
        Callback::from(move |()| {
            draft.set(None);
            trouble.set(None);
            shows_theirs.set(false);
        })
    };
    // Saving shows the text at once; a refusal brings what was typed back.
    let save = {
        let (draft, trouble, stop, saved) =
            (draft.clone(), trouble.clone(), stop.clone(), props.save.clone());
        let (check, unchanged) = (props.check, props.value.clone());
        Callback::from(move |typed: Draft| {
            let Ok(text) = (check.0)(&typed.text) else { return };
            stop.emit(());
            if text == *unchanged {
                return;
            }
            let (draft, trouble, saving) = (draft.clone(), trouble.clone(), saved.0(text, typed.version));
            spawn(async move {
                if let Err(refusal) = saving.await {
                    trouble.set(Some(refusal));
                    draft.set(Some(typed));
                }
            });
        })
    };
    let violation = (props.check.0)(&typed.text).err().map(|violation| violation_text(&words, violation));
    let is_stale = trouble.as_ref().is_some_and(|trouble| trouble.has(UserErrorCode::StaleVersion));
    let refusal = field_error((*trouble).as_ref(), props.name)
        .or_else(|| trouble.as_ref().filter(|_| !is_stale).map(|trouble| trouble.text(&words)));
    let error = violation.clone().or(refusal).map(AttrValue::from);
    let oninput = {
        let (draft, version) = (draft.clone(), typed.version);
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            draft.set(Some(Draft { text, version }));
        })
    };
    let onkeydown = {
        let (save, stop, typed, multiline) = (save.clone(), stop.clone(), typed.clone(), props.multiline);
        Callback::from(move |event: KeyboardEvent| {
            let saves = event.key() == "Enter" && (!multiline || event.ctrl_key() || event.meta_key());
            if saves && !event.is_composing() {
                event.prevent_default();
                save.emit(typed.clone());
            } else if event.key() == "Escape" {
                event.stop_propagation();
                stop.emit(());
            }
        })
    };
    let id = format!("edit-{}", props.name);
    let onsave = {
        let (save, typed, version) = (save.clone(), typed.clone(), props.version);
        // What was typed over an older version goes over the present one once the person has seen that it is another.
        Callback::from(move |_: MouseEvent| {
            let version = if is_stale { version } else { typed.version };
            save.emit(Draft { version, ..typed.clone() });
        })
    };
    let toggle_theirs = {
        let shows_theirs = shows_theirs.clone();
        Callback::from(move |_: MouseEvent| shows_theirs.set(!*shows_theirs))
    };
    html! {
        <div class={classes!("in-place", "editing", props.class)}>
            if is_stale {
                <div class="conflict" role="alert">
                    <span>{ words.task_changed }{"."}</span>
                    <button type="button" class="button small" aria-expanded={shows_theirs.to_string()} onclick={toggle_theirs}>{ words.show_new_version }</button>
                    if *shows_theirs { <blockquote class="theirs">{ props.value.clone() }</blockquote> }
                </div>
            }
            <label class="visually-hidden" for={id.clone()}>{ props.label.clone() }</label>
            <textarea ref={input} id={id.clone()} class="input textarea" value={typed.text.clone()} {oninput} {onkeydown}
                rows={if props.multiline { "8" } else { "2" }} aria-invalid={error.is_some().then_some("true")}
                aria-describedby={format!("{id}-error")} />
            { error_line(format!("{id}-error"), error) }
            <div class="in-place-actions">
                <button type="button" class="button primary small" disabled={violation.is_some()} onclick={onsave}>
                    { if is_stale { words.keep_mine } else { words.save } }
                </button>
                <button type="button" class="button small" onclick={stop.reform(|_: MouseEvent| ())}>{ words.cancel }</button>
                if props.multiline { <span class="muted small hide-narrow">{ words.unsaved_hint }</span> }
            </div>
        </div>
    }
}
