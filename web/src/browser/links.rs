//! Links from page to page of the client, followed without loading it anew.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};
use yew_router::Routable;
use yew_router::history::{BrowserHistory, History};

use super::document::document;

/// Follows them until dropped. What leads elsewhere, is a file, or is opened in a tab of its own is left to the browser, so a
/// link is a plain `<a href={Route::Mine.to_path()}>`.
pub fn follow<R: Routable>() -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    let document = document()?;
    let listener = EventListener::new_with_options(&document, "click", options, |event| {
        let Some(event) = event.dyn_ref::<MouseEvent>() else { return };
        let with_key = event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key();
        if with_key || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link =
            target.and_then(|target| target.closest("a[href]:not([target], [download])").ok().flatten());
        let Some(address) = link.and_then(|link| link.get_attribute("href")) else { return };
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let is_page = R::recognize(path).is_some_and(|route| Some(route) != R::not_found_route());
        if is_page {
            event.prevent_default();
            BrowserHistory::new().push(&address);
        }
    });
    Some(listener)
}
