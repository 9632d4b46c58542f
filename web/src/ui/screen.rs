//! How much room there is: whether the screen is a phone's, and how high an element has become.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// A phone's, as the style sheets have it.
const NARROW: &str = "(max-width: 639px)";

/// Whether the screen is as narrow as a phone's.
#[hook]
pub fn use_is_narrow() -> bool {
    let query = use_memo((), |()| web_sys::window()?.match_media(NARROW).ok()?);
    let is_narrow = use_state_eq(|| query.as_ref().as_ref().is_some_and(web_sys::MediaQueryList::matches));
    {
        let is_narrow = is_narrow.clone();
        use_effect_with((), move |()| {
            let listener = query.as_ref().clone().map(|query| {
                let target = query.clone();
                EventListener::new(&target, "change", move |_| is_narrow.set(query.matches()))
            });
            move || drop(listener)
        });
    }
    *is_narrow
}

/// The height of an element, in CSS pixels, while it is watched; 0 before it is known.
#[hook]
pub fn use_height(element: &NodeRef, watched: bool) -> i32 {
    let height = use_state_eq(|| 0);
    {
        let (element, height) = (element.clone(), height.clone());
        use_effect_with(watched, move |watched| {
            let watching = element.cast::<Element>().filter(|_| *watched).and_then(|element| {
                height.set(element.client_height());
                let watched = element.clone();
                let changed = Closure::<dyn FnMut()>::new(move || height.set(watched.client_height()));
                let observer = ResizeObserver::new(changed.as_ref().unchecked_ref()).ok()?;
                observer.observe(&element);
                Some((observer, changed))
            });
            move || {
                if let Some((observer, _changed)) = watching {
                    observer.disconnect();
                }
            }
        });
    }
    *height
}
