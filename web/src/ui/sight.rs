//! Asks for more when the end of what is shown comes near.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::prelude::*;

/// How far below what is visible the next page is asked for.
const AHEAD: &str = "600px";

/// Gives the place for the end of a list that scrolls within `scroller`. While it `waits`, `load` is called once the end is near; again
/// when the list has grown to another `length`.
#[hook]
pub fn use_sight(scroller: NodeRef, load: Callback<()>, waits: bool, length: usize) -> NodeRef {
    let end = use_node_ref();
    {
        let end = end.clone();
        use_effect_with((load, waits, length), move |(load, waits, _)| {
            let end = end.cast::<Element>().filter(|_| *waits);
            let watching = end.and_then(|end| watch(scroller.cast().as_ref(), &end, load.clone()));
            move || drop(watching)
        });
    }
    end
}

/// Watches an element until dropped.
struct Watching {
    observer: IntersectionObserver,
    _seen: Closure<dyn FnMut(Vec<IntersectionObserverEntry>)>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// `None` where the browser cannot.
fn watch(scroller: Option<&Element>, end: &Element, load: Callback<()>) -> Option<Watching> {
    let seen = Closure::<dyn FnMut(Vec<IntersectionObserverEntry>)>::new(
        move |entries: Vec<IntersectionObserverEntry>| {
            if entries.iter().any(IntersectionObserverEntry::is_intersecting) {
                load.emit(());
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin(AHEAD);
    options.set_root(scroller);
    let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok()?;
    observer.observe(end);
    Some(Watching { observer, _seen: seen })
}
