//! A dialog that asks for something: fields, a way out, and one button that sends them.

use yew::prelude::*;

use super::{Dialog, send_on_key};
use crate::client::Wording;
use crate::view::view;

pub struct FormDialog {
    pub title: AttrValue,
    pub fields: Html,
    /// What the button that sends is called.
    pub submit: &'static str,
    /// What was sent is under way.
    pub busy: bool,
    /// What is asked cannot be taken back.
    pub dangerous: bool,
    pub onsubmit: Callback<()>,
    pub onclose: Callback<()>,
}

impl FormDialog {
    pub fn new(
        title: impl Into<AttrValue>,
        fields: Html,
        submit: &'static str,
        onsubmit: Callback<()>,
        onclose: Callback<()>,
    ) -> Self {
        Self { title: title.into(), fields, submit, busy: false, dangerous: false, onsubmit, onclose }
    }
}

pub fn form_dialog(words: &Wording, dialog: FormDialog) -> Html {
    let onsubmit = dialog.onsubmit.reform(|event: SubmitEvent| event.prevent_default());
    let weight = if dialog.dangerous { "danger" } else { "primary" };
    let class = classes!("button", weight, dialog.busy.then_some("busy"));
    view(Dialog {
        title: dialog.title,
        onclose: dialog.onclose.clone(),
        class: "",
        children: html! {
            <form {onsubmit} onkeydown={send_on_key} novalidate={true} class="form">
                { dialog.fields }
                <footer class="dialog-foot">
                    <button type="button" class="button" onclick={dialog.onclose.reform(|_: MouseEvent| ())}>{ words.cancel }</button>
                    <button type="submit" {class} aria-disabled={dialog.busy.to_string()}>{ dialog.submit }</button>
                </footer>
            </form>
        },
    })
}
