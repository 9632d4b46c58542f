//! Inputs with their label, hint and error, tied together for whoever does not see them.

use domain::validate::Violation;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{IconKind, icon};
use crate::client::{Trouble, Wording, use_wording};
use crate::view::impl_view;

/// What is wrong with an input, in words.
pub fn violation_text(words: &Wording, violation: Violation) -> String {
    let number = |limit: usize| i64::try_from(limit).unwrap_or(i64::MAX);
    match violation {
        Violation::Required => words.required.to_owned(),
        Violation::TooShort(least) => (words.too_short)(number(least)),
        Violation::TooLong(most) => (words.too_long)(number(most)),
        Violation::Invalid => words.invalid.to_owned(),
        Violation::InThePast => words.in_the_past.to_owned(),
        Violation::TooFarAhead => words.too_far_ahead.to_owned(),
    }
}

/// What the server said of one input.
pub fn field_error(trouble: Option<&Trouble>, name: &str) -> Option<String> {
    match trouble {
        Some(Trouble::Mend(errors)) => {
            errors.iter().find(|error| error.concerns(name)).map(|error| error.message.clone())
        }
        Some(Trouble::Request(_)) | None => None,
    }
}

/// What is wrong with an input. Always in the page, so that a screen reader hears when something appears in it.
pub fn error_line(id: String, error: Option<AttrValue>) -> Html {
    html! { <div {id} class="field-error" aria-live="polite">{ error }</div> }
}

fn described_by(id: &str, hint: bool) -> String {
    if hint { format!("{id}-hint {id}-error") } else { format!("{id}-error") }
}

#[derive(PartialEq)]
pub struct TextField {
    pub id: &'static str,
    pub label: &'static str,
    pub value: UseStateHandle<String>,
    pub error: Option<AttrValue>,
    pub hint: Option<&'static str>,
    pub kind: &'static str,
    pub autocomplete: Option<&'static str>,
    pub placeholder: Option<&'static str>,
    pub focused: bool,
}

impl TextField {
    /// A plain one; what it has besides is given in addition: `TextField { error, ..TextField::new(..) }`.
    pub fn new(id: &'static str, label: &'static str, value: UseStateHandle<String>) -> Self {
        let (error, hint, autocomplete, placeholder) = (None, None, None, None);
        Self { id, label, value, error, hint, kind: "text", autocomplete, placeholder, focused: false }
    }
}

impl_view!(TextField, use_text_field(self));

#[hook]
fn use_text_field(props: &TextField) -> Html {
    let value = props.value.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        value.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    let node = use_focus(props.focused);
    let id = props.id;
    html! {
        <div class="field">
            <label for={id}>{ props.label }</label>
            <input ref={node} {id} autofocus={props.focused} class="input" type={props.kind} value={(*props.value).clone()} {oninput}
                autocomplete={props.autocomplete} placeholder={props.placeholder}
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(id, props.hint.is_some())} />
            if let Some(hint) = props.hint { <div id={format!("{id}-hint")} class="field-hint">{ hint }</div> }
            { error_line(format!("{id}-error"), props.error.clone()) }
        </div>
    }
}

#[derive(PartialEq)]
pub struct PasswordField {
    pub id: &'static str,
    pub label: &'static str,
    pub value: UseStateHandle<String>,
    pub error: Option<AttrValue>,
    pub hint: Option<&'static str>,
    pub autocomplete: Option<&'static str>,
}

impl_view!(PasswordField, use_password_field(self));

#[hook]
fn use_password_field(props: &PasswordField) -> Html {
    let words = use_wording();
    let shown = use_state_eq(|| false);
    let value = props.value.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        value.set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let id = props.id;
    html! {
        <div class="field">
            <label for={id}>{ props.label }</label>
            <div class="password">
                <input {id} class="input" type={if *shown { "text" } else { "password" }} {oninput}
                    value={(*props.value).clone()} autocomplete={props.autocomplete} spellcheck="false"
                    autocapitalize="off" aria-invalid={props.error.is_some().then_some("true")}
                    aria-describedby={described_by(id, props.hint.is_some())} />
                <button type="button" class="icon-button" onclick={toggle} aria-pressed={shown.to_string()}
                    aria-label={if *shown { words.hide_password } else { words.show_password }}>
                    { icon(if *shown { IconKind::EyeClosed } else { IconKind::Eye }) }
                </button>
            </div>
            if let Some(hint) = props.hint { <div id={format!("{id}-hint")} class="field-hint">{ hint }</div> }
            { error_line(format!("{id}-error"), props.error.clone()) }
        </div>
    }
}

#[derive(PartialEq)]
pub struct TextArea {
    pub id: &'static str,
    pub label: &'static str,
    pub value: UseStateHandle<String>,
    pub error: Option<AttrValue>,
    pub placeholder: Option<&'static str>,
    pub rows: u32,
    pub focused: bool,
    /// The label is for screen readers alone.
    pub label_hidden: bool,
}

impl TextArea {
    /// A plain one of three rows; what it has besides is given in addition: `TextArea { error, ..TextArea::new(..) }`.
    pub fn new(id: &'static str, label: &'static str, value: UseStateHandle<String>) -> Self {
        Self {
            id,
            label,
            value,
            error: None,
            placeholder: None,
            rows: 3,
            focused: false,
            label_hidden: false,
        }
    }
}

impl_view!(TextArea, use_text_area(self));

#[hook]
fn use_text_area(props: &TextArea) -> Html {
    let value = props.value.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        value.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
    });
    let node = use_focus(props.focused);
    let id = props.id;
    html! {
        <div class="field">
            <label for={id} class={classes!(props.label_hidden.then_some("visually-hidden"))}>{ props.label }</label>
            <textarea ref={node} {id} autofocus={props.focused} class="input textarea" rows={props.rows.to_string()} {oninput}
                value={(*props.value).clone()} placeholder={props.placeholder}
                aria-invalid={props.error.is_some().then_some("true")} aria-describedby={format!("{id}-error")} />
            { error_line(format!("{id}-error"), props.error.clone()) }
        </div>
    }
}

/// Takes the focus once, when drawn first. In a dialog, which moves the focus when it opens, `autofocus` says where to.
#[hook]
fn use_focus(wanted: bool) -> NodeRef {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if wanted && let Some(element) = node.cast::<web_sys::HtmlElement>() {
                // An input that is there takes the focus.
                let _ = element.focus();
            }
        });
    }
    node
}
