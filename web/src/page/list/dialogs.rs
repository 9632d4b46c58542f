//! The small questions of lists: what to call a saved one, why work is returned, when it is due.

use domain::validate;
use yew::prelude::*;

use crate::api::Timestamp;
use crate::client::use_wording;
use crate::ui::{DeadlineFields, DeadlineText, Dialog, TextArea, TextField, violation_text};
use crate::view::{impl_view, view};

fn form(
    title: &'static str,
    submit: &'static str,
    cancel: &'static str,
    onsubmit: Callback<SubmitEvent>,
    onclose: &Callback<()>,
    fields: Html,
) -> Html {
    view(Dialog {
        title: title.into(),
        onclose: onclose.clone(),
        class: "",
        children: html! {
            <form {onsubmit} novalidate={true} class="form">
                { fields }
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={onclose.reform(|_: MouseEvent| ())}>{ cancel }</button>
                    <button type="submit" class="button primary">{ submit }</button>
                </footer>
            </form>
        },
    })
}

#[derive(PartialEq)]
pub struct NameDialog {
    pub title: &'static str,
    /// What it is called now.
    pub name: String,
    pub onsubmit: Callback<String>,
    pub onclose: Callback<()>,
}

impl_view!(NameDialog, use_name_dialog(self));

/// Asks what a saved list is called.
#[hook]
fn use_name_dialog(props: &NameDialog) -> Html {
    let words = use_wording();
    let name = use_state_eq(|| props.name.clone());
    let tried = use_state_eq(|| false);
    let is_missing = name.trim().is_empty();
    let onsubmit = {
        let (name, tried) = (name.clone(), tried.clone());
        let (onsubmit, onclose) = (props.onsubmit.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if !is_missing {
                onclose.emit(());
                onsubmit.emit((*name).clone());
            }
        })
    };
    let error = (is_missing && *tried).then(|| AttrValue::from(words.required));
    let fields = view(TextField {
        hint: Some(words.lists.save_hint),
        error,
        focused: true,
        ..TextField::new("list-name", words.lists.save_name, name)
    });
    form(props.title, words.save, words.cancel, onsubmit, &props.onclose, fields)
}

#[derive(PartialEq)]
pub struct ReasonDialog {
    pub onsubmit: Callback<String>,
    pub onclose: Callback<()>,
}

impl_view!(ReasonDialog, use_reason_dialog(self));

/// Asks what is to be mended in work that is returned.
#[hook]
fn use_reason_dialog(props: &ReasonDialog) -> Html {
    let words = use_wording();
    let reason = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let read = validate::reason(&reason);
    let error: Option<AttrValue> =
        read.clone().err().filter(|_| *tried).map(|violation| violation_text(&words, violation).into());
    let onsubmit = {
        let tried = tried.clone();
        let (onsubmit, onclose) = (props.onsubmit.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if let Ok(reason) = &read {
                onclose.emit(());
                onsubmit.emit(reason.clone());
            }
        })
    };
    let fields = view(TextArea {
        error,
        focused: true,
        rows: 4,
        ..TextArea::new("return-reason", words.return_reason, reason)
    });
    form(words.return_title, words.return_submit, words.cancel, onsubmit, &props.onclose, fields)
}

#[derive(PartialEq)]
pub struct DateDialog {
    pub onsubmit: Callback<Timestamp>,
    pub onclose: Callback<()>,
}

impl_view!(DateDialog, use_date_dialog(self));

/// Asks for a deadline.
#[hook]
fn use_date_dialog(props: &DateDialog) -> Html {
    let words = use_wording();
    let value = use_state_eq(DeadlineText::default);
    let tried = use_state_eq(|| false);
    let read = value.read(&words).and_then(|deadline| deadline.ok_or(words.required));
    let error = read.err().filter(|_| *tried).map(AttrValue::from);
    let onsubmit = {
        let tried = tried.clone();
        let (onsubmit, onclose) = (props.onsubmit.clone(), props.onclose.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            tried.set(true);
            if let Ok(deadline) = read {
                onclose.emit(());
                onsubmit.emit(deadline);
            }
        })
    };
    let fields = view(DeadlineFields { id: "many-deadline", value, error });
    form(words.deadline, words.set_deadline, words.cancel, onsubmit, &props.onclose, fields)
}
