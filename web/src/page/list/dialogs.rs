//! The small questions of lists: what to call a saved one, and when several tasks are due.

use yew::prelude::*;

use crate::api::Timestamp;
use crate::client::use_wording;
use crate::ui::{DeadlineFields, DeadlineText, FormDialog, TextField, form_dialog};
use crate::view::{impl_view, view};

#[derive(Clone, PartialEq)]
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
        Callback::from(move |()| {
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
    form_dialog(&words, FormDialog::new(props.title, fields, words.save, onsubmit, props.onclose.clone()))
}

#[derive(Clone, PartialEq)]
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
        Callback::from(move |()| {
            tried.set(true);
            if let Ok(deadline) = read {
                onclose.emit(());
                onsubmit.emit(deadline);
            }
        })
    };
    let fields = view(DeadlineFields { id: "many-deadline", value, error });
    form_dialog(
        &words,
        FormDialog::new(words.deadline, fields, words.set_deadline, onsubmit, props.onclose.clone()),
    )
}
