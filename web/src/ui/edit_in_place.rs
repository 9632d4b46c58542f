//! A text that is changed where it stands. What was typed is never lost: not by a refusal, not by a change of somebody else, not by
//! closing or loading the page.

use std::cell::Cell;
use std::rc::Rc;

use domain::validate::Violation;
use futures_util::future::LocalBoxFuture;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::formatting::{format_on_key, formatting_hint};
use super::{Dialog, IconKind, error_line, field_error, icon, prose, violation_text};
use crate::api::UserErrorCode;
use crate::browser::{document, spawn, storage};
use crate::client::{Trouble, Wording, use_client, use_wording};
use crate::view::{impl_view, view};

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
    pub label: &'static str,
    pub edit_label: &'static str,
    /// Under which what is typed is kept on the device.
    pub draft: AttrValue,
    /// The text as it is now, and its version.
    pub value: AttrValue,
    pub version: i32,
    pub can_edit: bool,
    /// Enter makes a new line rather than saving, and Markdown is shown.
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
    /// Tells whether the text under it is still the one that it was typed over.
    over: u32,
}

impl Draft {
    fn read(place: &str) -> Option<Self> {
        let kept = storage::read_draft(place)?;
        let (over, text) = kept.split_once('\n')?;
        Some(Self { text: text.to_owned(), over: over.parse().ok()? })
    }

    fn keep(&self, place: &str) {
        storage::keep_draft(place, Some(&[&self.over.to_string(), "\n", &self.text].concat()));
    }
}

/// A short name of a text (FNV-1a): whether it changed matters, not to whom it could be mistaken.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl_view!(EditInPlace, use_edit_in_place(self));

#[hook]
fn use_edit_in_place(props: &EditInPlace) -> Html {
    let client = use_client();
    let words = use_wording();
    let draft = use_state_eq(|| None::<Draft>);
    let left = use_state_eq(|| Draft::read(&props.draft));
    let trouble = use_state_eq(|| None::<Trouble>);
    let compares = use_state_eq(|| false);
    let input = use_node_ref();
    let button = use_node_ref();
    let was_editing = use_mut_ref(|| false);
    {
        let (input, button) = (input.clone(), button.clone());
        use_effect_with(draft.is_some(), move |editing| {
            let focused = if *editing { input } else { button };
            if *editing || was_editing.replace(false) {
                *was_editing.borrow_mut() = *editing;
                if let Some(focused) = focused.cast::<HtmlElement>() {
                    // What is there takes the focus.
                    let _ = focused.focus();
                }
            }
        });
    }
    // A refusal may come when this is no longer in the page.
    let is_there = use_memo((), |()| Cell::new(true));
    {
        let is_there = is_there.clone();
        use_effect_with((), move |()| move || is_there.set(false));
    }

    let open = {
        let (draft, trouble, left, value) =
            (draft.clone(), trouble.clone(), left.clone(), props.value.clone());
        Callback::from(move |restored: Option<Draft>| {
            trouble.set(None);
            left.set(None);
            let over = fingerprint(&value);
            draft.set(restored.or_else(|| Some(Draft { text: value.to_string(), over })));
        })
    };
    // What was typed stays on the device until it is saved or dropped.
    let close = {
        let (draft, trouble, compares, left) =
            (draft.clone(), trouble.clone(), compares.clone(), left.clone());
        let place = props.draft.clone();
        Callback::from(move |keeps: bool| {
            if !keeps {
                storage::keep_draft(&place, None);
            }
            left.set(Draft::read(&place).filter(|_| keeps));
            draft.set(None);
            trouble.set(None);
            compares.set(false);
        })
    };
    // Saving shows the text at once; a refusal brings what was typed back.
    let save = {
        let (draft, trouble, compares, left) =
            (draft.clone(), trouble.clone(), compares.clone(), left.clone());
        let (check, saved, close) = (props.check, props.save.clone(), close.clone());
        let (place, value, version) = (props.draft.clone(), props.value.clone(), props.version);
        Callback::from(move |typed: Draft| {
            let Ok(text) = (check.0)(&typed.text) else { return };
            if text == *value {
                return close.emit(false);
            }
            if typed.over != fingerprint(&value) {
                return compares.set(true);
            }
            typed.keep(&place);
            draft.set(None);
            trouble.set(None);
            compares.set(false);
            left.set(None);
            let (draft, trouble, saving) = (draft.clone(), trouble.clone(), saved.0(text, version));
            let (client, is_there, place) = (client.clone(), is_there.clone(), place.clone());
            spawn(async move {
                match saving.await {
                    Ok(()) => storage::keep_draft(&place, None),
                    Err(refusal) if is_there.get() => {
                        trouble.set(Some(refusal));
                        draft.set(Some(typed));
                    }
                    Err(refusal) => client.toast_trouble(&refusal, None),
                }
            });
        })
    };
    // Another field of the task was changed meanwhile: this text is as it was, so it is saved over the new version.
    let is_stale = trouble.as_ref().is_some_and(|trouble| trouble.has(UserErrorCode::StaleVersion));
    {
        let save = save.clone();
        let typed = (*draft).clone().filter(|_| is_stale);
        use_effect_with((typed.is_some(), props.version), move |_| {
            if let Some(typed) = typed {
                save.emit(typed);
            }
        });
    }

    let Some(typed) = (*draft).clone() else {
        return shown(props, &words, &button, open, close, left.as_ref());
    };
    let is_outdated = typed.over != fingerprint(&props.value);
    let violation = (props.check.0)(&typed.text).err().map(|violation| violation_text(&words, violation));
    let refusal = field_error((*trouble).as_ref(), props.name)
        .or_else(|| trouble.as_ref().filter(|_| !is_stale).map(|trouble| trouble.text(&words)));
    let error = violation.clone().or(refusal).map(AttrValue::from);
    let oninput = {
        let (draft, over, place) = (draft.clone(), typed.over, props.draft.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let typed = Draft { text, over };
            typed.keep(&place);
            draft.set(Some(typed));
        })
    };
    let onkeydown = {
        let (save, close, typed, multiline) = (save.clone(), close.clone(), typed.clone(), props.multiline);
        let is_changed = typed.text != *props.value;
        Callback::from(move |event: KeyboardEvent| {
            let saves = event.key() == "Enter" && (!multiline || event.ctrl_key() || event.meta_key());
            if saves && !event.is_composing() {
                event.prevent_default();
                save.emit(typed.clone());
            } else if event.key() == "Escape" {
                event.prevent_default();
                close.emit(is_changed);
            } else if multiline {
                format_on_key(&event);
            }
        })
    };
    let id = format!("edit-{}", props.name);
    let onsave = {
        let (save, typed) = (save.clone(), typed.clone());
        Callback::from(move |_: MouseEvent| save.emit(typed.clone()))
    };
    let keep_mine = {
        let (save, typed, over) = (save.clone(), typed.clone(), fingerprint(&props.value));
        Callback::from(move |_: MouseEvent| save.emit(Draft { over, ..typed.clone() }))
    };
    let compare = |to: bool| {
        let compares = compares.clone();
        Callback::from(move |()| compares.set(to))
    };
    html! {
        <div class={classes!("in-place", "editing", props.class)}>
            if is_outdated {
                <div class="conflict" role="alert">
                    <span>{ words.writing.conflict }{"."}</span>
                    <button type="button" class="button small" onclick={compare(true).reform(|_: MouseEvent| ())}>
                        { words.writing.show_theirs }
                    </button>
                </div>
            }
            <label class="visually-hidden" for={id.clone()}>{ props.label }</label>
            <textarea ref={input} id={id.clone()} class="input textarea" value={typed.text.clone()} {oninput} {onkeydown}
                rows={if props.multiline { "8" } else { "2" }} aria-invalid={error.is_some().then_some("true")}
                aria-describedby={format!("{id}-error")} />
            { error_line(format!("{id}-error"), error) }
            if props.multiline { { formatting_hint(&words) } }
            <div class="in-place-actions">
                <button type="button" class="button primary small" disabled={violation.is_some()} onclick={onsave}>{ words.save }</button>
                <button type="button" class="button small" onclick={close.reform(|_: MouseEvent| false)}>{ words.cancel }</button>
                if props.multiline { <span class="muted small hide-narrow">{ words.writing.keys }</span> }
            </div>
            if *compares && is_outdated {
                { conflict(props, &words, &typed.text, keep_mine, close.reform(|_: MouseEvent| true), compare(false)) }
            }
        </div>
    }
}

/// The text as it is, a way to change it, and what of an earlier change was left.
fn shown(
    props: &EditInPlace,
    words: &Wording,
    button: &NodeRef,
    open: Callback<Option<Draft>>,
    close: Callback<bool>,
    left: Option<&Draft>,
) -> Html {
    if !props.can_edit {
        return html! { <div class={classes!("in-place", props.class)}>{ props.children.clone() }</div> };
    }
    let onclick = {
        let open = open.clone();
        // A press on the text opens it; one on a link in it, or the end of selecting some of it, does not.
        Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let on = target.and_then(|target| target.closest("a, button").ok().flatten());
            let opens = on.map_or_else(|| !document::has_selection(), |on| on.tag_name() == "BUTTON");
            if opens {
                open.emit(None);
            }
        })
    };
    let left = left.filter(|left| left.text != *props.value).cloned();
    html! {
        <>
            <div class={classes!("in-place", "can-edit", props.class)} {onclick}>
                { props.children.clone() }
                <button ref={button} type="button" id={format!("open-{}", props.name)} class="in-place-button"
                    aria-label={props.edit_label} title={props.edit_label}>{ icon(IconKind::Edit) }</button>
            </div>
            if let Some(left) = left {
                <div class="draft-left">
                    <span>{ words.writing.draft_kept }</span>
                    <button type="button" class="button small" onclick={open.reform(move |_: MouseEvent| Some(left.clone()))}>
                        { words.writing.restore_draft }
                    </button>
                    <button type="button" class="button small" aria-label={words.writing.drop_draft}
                        onclick={close.reform(|_: MouseEvent| false)}>
                        { words.delete }
                    </button>
                </div>
            }
        </>
    }
}

/// Somebody's text and one's own side by side. Neither is lost, whichever is chosen: one's own stays as a draft.
fn conflict(
    props: &EditInPlace,
    words: &Wording,
    mine: &str,
    keep_mine: Callback<MouseEvent>,
    show_theirs: Callback<MouseEvent>,
    onclose: Callback<()>,
) -> Html {
    let version = |name: &'static str, text: &str| {
        let text = if props.multiline {
            prose(words, text)
        } else {
            html! { <p>{ text.to_owned() }</p> }
        };
        html! { <section class="version"><h3>{ name }</h3>{ text }</section> }
    };
    view(Dialog {
        title: words.writing.conflict.into(),
        onclose,
        class: "conflict-dialog",
        children: html! {
            <>
                <p class="muted">{ words.writing.conflict_hint }</p>
                <div class="versions">
                    { version(words.writing.theirs, &props.value) }
                    { version(words.writing.mine, mine) }
                </div>
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={show_theirs}>{ words.writing.show_theirs }</button>
                    <button type="button" class="button primary" onclick={keep_mine}>{ words.writing.keep_mine }</button>
                </footer>
            </>
        },
    })
}
