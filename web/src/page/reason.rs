//! Why work is returned: asked in the same words wherever it can be.

use domain::validate;
use yew::prelude::*;

use crate::client::use_wording;
use crate::ui::{FormDialog, TextArea, form_dialog, violation_text};
use crate::view::{impl_view, view};

#[derive(Clone, PartialEq)]
pub struct ReasonDialog {
    /// What was sent is under way.
    pub busy: bool,
    /// Why the server did not take it.
    pub refusal: Option<AttrValue>,
    pub onsubmit: Callback<String>,
    pub onclose: Callback<()>,
}

impl_view!(ReasonDialog, use_reason_dialog(self));

#[hook]
fn use_reason_dialog(props: &ReasonDialog) -> Html {
    let words = use_wording();
    let reason = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let read = validate::reason(&reason);
    let violation = read.clone().err().filter(|_| *tried).map(|violation| violation_text(&words, violation));
    let error = violation.map(AttrValue::from).or_else(|| props.refusal.clone());
    let onsubmit = {
        let (tried, busy, onsubmit) = (tried.clone(), props.busy, props.onsubmit.clone());
        Callback::from(move |()| {
            tried.set(true);
            if let (Ok(reason), false) = (&read, busy) {
                onsubmit.emit(reason.clone());
            }
        })
    };
    let field = view(TextArea {
        error,
        focused: true,
        rows: 4,
        ..TextArea::new("return-reason", words.return_reason, reason)
    });
    form_dialog(
        &words,
        FormDialog {
            busy: props.busy,
            ..FormDialog::new(words.return_title, field, words.return_submit, onsubmit, props.onclose.clone())
        },
    )
}
