//! The document around the client: title, language, theme, focus, clipboard.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, HtmlElement};

use crate::api::{Locale, Theme};
use crate::text;

/// The document of this page.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Where the client draws: emptied of what stood there while it was loading.
pub fn app_root() -> Option<Element> {
    let root = document()?.get_element_by_id("app")?;
    root.set_inner_html("");
    Some(root)
}

pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

pub fn set_language(locale: Locale) {
    set_root("lang", Some(text::tag(locale)));
}

pub fn set_theme(theme: Theme) {
    set_root(
        "data-theme",
        match theme {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        },
    );
}

fn set_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        // Both names are valid, which is all that can go wrong.
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// The language that the browser asks for: Russian unless it asks for another first.
pub fn preferred_language() -> Locale {
    let language = web_sys::window().and_then(|window| window.navigator().language());
    match language {
        Some(language) if !language.to_lowercase().starts_with("ru") => Locale::En,
        Some(_) | None => Locale::Ru,
    }
}

/// Moves the focus to the element of that id.
pub fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Focusing what is there does not fail; what cannot be focused is left alone.
        let _ = element.focus();
    }
}

/// Whether a dialog is open over the page.
pub fn has_dialog() -> bool {
    document()
        .is_some_and(|document| document.query_selector("dialog[open]").is_ok_and(|open| open.is_some()))
}

/// Calls `press` for every key, after whatever has the focus, until dropped.
pub fn on_key(press: impl Fn(&Event) + 'static) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(document()?.as_ref(), "keydown", options, move |event| press(event)))
}

/// Shows the overlay that a broken page is left under.
pub fn show_crash() {
    if let Some(document) = document() {
        if let Some(overlay) = document.get_element_by_id("crash") {
            let _ = overlay.remove_attribute("hidden");
        }
        focus("crash-reload");
    }
}

/// Copies a text. Gives whether the browser did.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// The value of a parameter after # in the address, which browsers send to no server.
pub fn link_parameter(name: &str) -> Option<String> {
    let fragment = web_sys::window()?.location().hash().ok()?;
    let parameters = web_sys::UrlSearchParams::new_with_str(fragment.trim_start_matches('#')).ok()?;
    parameters.get(name).filter(|value| !value.is_empty())
}

/// The address of a path of this site.
pub fn absolute(path: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    format!("{}{path}", origin.unwrap_or_default())
}
