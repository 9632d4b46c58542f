//! The document around the client: title, language, theme, focus, clipboard.

use std::cell::RefCell;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, Element, Event, HtmlDialogElement, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition,
};

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

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // It is refused while the page is being left, which is as good.
        let _ = window.location().reload();
    }
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
    focus_on(document().and_then(|document| document.get_element_by_id(id)));
}

/// Moves the focus to the first element that a selector finds.
pub fn focus_first(selector: &str) {
    focus_on(document().and_then(|document| document.query_selector(selector).ok().flatten()));
}

fn focus_on(element: Option<Element>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Focusing what is there does not fail; what cannot be focused is left alone.
        let _ = element.focus();
    }
}

/// Whether some text of the page is selected.
pub fn has_selection() -> bool {
    let selection = web_sys::window().and_then(|window| window.get_selection().ok().flatten());
    selection.is_some_and(|selection| !selection.is_collapsed())
}

/// Presses the first element of that selector, as a pointer would, or moves the focus to it. Gives whether it is there.
pub fn press(selector: &str, focus_alone: bool) -> bool {
    let element = find(selector);
    if let Some(element) = &element {
        // Focusing what is there does not fail.
        let _ = element.focus();
        if !focus_alone {
            element.click();
        }
    }
    element.is_some()
}

fn find(selector: &str) -> Option<HtmlElement> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// The link to that path on the page under a panel, brought into sight.
pub fn reveal_link(path: &str) -> Option<HtmlElement> {
    let link = find(&["#content a[href=\"", path, "\"]"].concat())?;
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    link.scroll_into_view_with_scroll_into_view_options(&options);
    Some(link)
}

/// The paths of the tasks before and after that one on the page under a panel, in the order in which they are shown.
pub fn neighbours(path: &str) -> (Option<String>, Option<String>) {
    let links =
        document().and_then(|document| document.query_selector_all("#content a[href^=\"/tasks/\"]").ok());
    let Some(links) = links else { return (None, None) };
    let mut before = None;
    let mut is_found = false;
    for index in 0..links.length() {
        let link = links.item(index).and_then(|link| link.dyn_into::<Element>().ok());
        let Some(other) = link.and_then(|link| link.get_attribute("href")) else { continue };
        if other == path {
            is_found = true;
        } else if is_found {
            return (before, Some(other));
        } else {
            before = Some(other);
        }
    }
    (before.filter(|_| is_found), None)
}

/// Whether nothing has the focus, or only what is inside the element of that id.
pub fn is_focus_free_or_inside(id: &str) -> bool {
    let Some(document) = document() else { return false };
    let root = document.get_element_by_id(id);
    document.active_element().is_none_or(|active| {
        active.tag_name() == "BODY" || root.is_some_and(|root| root.contains(Some(&active)))
    })
}

/// The number of the task whose link, or whose row, has the focus.
pub fn focused_task() -> Option<i32> {
    const LINK: &str = "a[href^='/tasks/']";
    let active = document()?.active_element()?;
    let link = match active.closest(LINK).ok().flatten() {
        Some(link) => link,
        None => {
            active.closest("main li, main [role=row]").ok().flatten()?.query_selector(LINK).ok().flatten()?
        }
    };
    link.get_attribute("href")?.rsplit('/').next()?.parse().ok()
}

/// Scrolls as little as it takes to show the element of that id.
pub fn reveal(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
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

/// Scrolls to the element of that id, where there is one.
pub fn bring_in_sight(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Shows the overlay that a broken page is left under, over any dialog that is open; its button has the focus.
pub fn show_crash() {
    let overlay = document().and_then(|document| document.get_element_by_id("crash"));
    if let Some(overlay) = overlay.and_then(|overlay| overlay.dyn_into::<HtmlDialogElement>().ok()) {
        // Refused only when it is shown already: what is broken breaks again.
        let _ = overlay.show_modal();
    }
}

/// Copies a text. Gives whether the browser did.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

thread_local! {
    /// What was after # in the address, for a page that is drawn again.
    static LINK: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The value of a parameter after # in the address, which browsers send to no server. It is taken out of the address, so that a secret does
/// not stay in the history.
pub fn link_parameter(name: &str) -> Option<String> {
    let window = web_sys::window()?;
    let fragment = window.location().hash().ok()?;
    let parameter = |fragment: &str| {
        let parameters = web_sys::UrlSearchParams::new_with_str(fragment.trim_start_matches('#')).ok()?;
        parameters.get(name).filter(|value| !value.is_empty())
    };
    let Some(value) = parameter(&fragment) else { return LINK.with_borrow(|kept| parameter(kept)) };
    LINK.set(fragment);
    if let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) {
        // Refused, it stays as it is.
        let _ = history.replace_state_with_url(&history.state().unwrap_or_default(), "", Some(&path));
    }
    Some(value)
}

/// The address of a path of this site.
pub fn absolute(path: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    format!("{}{path}", origin.unwrap_or_default())
}

/// Has the browser save what is at that address, as if a link to it had been pressed.
pub fn download(url: &str) {
    let link = document().and_then(|document| document.create_element("a").ok());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) else { return };
    // Attributes of a fresh element are never refused.
    let _ = link.set_attribute("href", url);
    let _ = link.set_attribute("download", "");
    link.click();
}
