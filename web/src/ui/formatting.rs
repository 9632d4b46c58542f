//! What keys do in whatever text is being written: Ctrl+B, Ctrl+I and Ctrl+K format, Ctrl+Enter sends.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlFormElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::client::Wording;
use crate::text::markdown::typing::{Format, format};

/// Formats what is selected where the key asks for it.
pub fn format_on_key(event: &KeyboardEvent) {
    let held = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
    let Some(how) = Format::of_key(&event.code()).filter(|_| held) else { return };
    let input = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(input) = input else { return };
    event.prevent_default();
    let selection = (input.selection_start(), input.selection_end());
    let (Ok(Some(from)), Ok(Some(to))) = selection else { return };
    let done = format(&input.value(), (from, to), how);
    let document = web_sys::window().and_then(|window| window.document());
    let Some(document) = document.and_then(|document| document.dyn_into::<HtmlDocument>().ok()) else {
        return;
    };
    // Typed by the browser rather than set, so that its own undo knows of it. A place that is there can be selected.
    let _ = input.set_selection_range(done.range.0, done.range.1);
    let _ = document.exec_command_with_show_ui_and_value("insertText", false, &done.text);
    let _ = input.set_selection_range(done.selection.0, done.selection.1);
}

/// What Markdown there is; shown while a text is written.
pub fn formatting_hint(words: &Wording) -> Html {
    html! { <p class="formatting-hint" aria-hidden="true">{ words.writing.formatting }</p> }
}

/// Sends the form in which Ctrl+Enter is pressed.
pub fn send_on_key(event: KeyboardEvent) {
    let sends = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok()).filter(|_| sends);
    let form = target.and_then(|target| target.closest("form").ok().flatten());
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        event.prevent_default();
        // Fails only where the form is not in the page.
        let _ = form.request_submit();
    }
}
