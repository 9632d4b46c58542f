//! One query of a list: its rows, read page by page as they come into view.

use std::rc::Rc;

use crate::browser::spawn;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::prelude::*;

use super::row::Row;
use crate::client::{use_client, use_state_of, use_wording};
use crate::store::{Scope, Task, TaskQuery};
use crate::ui::{IconKind, empty, skeleton};
use crate::view::{impl_view, view_keyed};

/// How far below what is visible the next page is asked for.
const AHEAD: &str = "600px";

#[derive(PartialEq)]
pub struct Section {
    pub query: TaskQuery,
    pub label: AttrValue,
    pub scope: Scope,
    pub opened: Option<i32>,
    pub empty_title: AttrValue,
    pub empty_hint: Option<AttrValue>,
    /// What to do next where there is nothing.
    pub children: Html,
}

/// What of a list its section draws.
#[derive(Clone, PartialEq)]
struct Seen {
    tasks: Vec<Rc<Task>>,
    is_read: bool,
    is_loading: bool,
    has_failed: bool,
    has_more: bool,
    needs_reading: bool,
}

impl_view!(Section, use_section(self));

#[hook]
fn use_section(props: &Section) -> Html {
    let client = use_client();
    let words = use_wording();
    let query = props.query.clone();
    let seen = use_state_of(move |state| {
        let list = state.store.list(&query);
        Seen {
            tasks: list
                .into_iter()
                .flat_map(|list| list.ids())
                .filter_map(|id| state.store.task(id))
                .collect(),
            is_read: list.is_some_and(|list| list.is_read()),
            is_loading: list.is_some_and(|list| list.is_loading()),
            has_failed: list.is_some_and(|list| list.has_failed()),
            has_more: list.is_some_and(|list| list.has_more()),
            needs_reading: list.is_none_or(|list| list.needs_reading()),
        }
    });
    let load = {
        let client = client.clone();
        use_callback(props.query.clone(), move |(), query| {
            let (client, query) = (client.clone(), query.clone());
            spawn(async move { client.load_page(query).await });
        })
    };
    use_effect_with((load.clone(), seen.needs_reading), |(load, needs_reading)| {
        if *needs_reading {
            load.emit(());
        }
    });
    let end = use_node_ref();
    {
        let end = end.clone();
        let waits = seen.has_more && !seen.is_loading && !seen.has_failed;
        use_effect_with((load.clone(), waits, seen.tasks.len()), move |(load, waits, _)| {
            let observer = end.cast::<Element>().filter(|_| *waits).and_then(|end| watch(&end, load.clone()));
            move || drop(observer)
        });
    }
    if !seen.is_read {
        return if seen.has_failed {
            html! {
                { empty(IconKind::Offline, words.unreachable.into(), None, html! {
                    <button type="button" class="button" onclick={load.reform(|_: MouseEvent| ())}>{ words.retry }</button>
                }) }
            }
        } else {
            html! { { skeleton(&words, 8) } }
        };
    }
    if seen.tasks.is_empty() && !seen.has_more {
        return html! {
            { empty(IconKind::Check, props.empty_title.clone(), props.empty_hint.clone(), html! {
                { props.children.clone() }
            }) }
        };
    }
    let rows = seen.tasks.iter().map(|task| {
        let is_open = props.opened == Some(task.number);
        view_keyed(task.id.as_str(), Row { task: task.clone(), is_open, scope: props.scope })
    });
    html! {
        <>
            <ul class="rows" aria-label={props.label.clone()} aria-busy={seen.is_loading.to_string()}>{ for rows }</ul>
            if seen.has_more {
                <div ref={end} class="more">
                    if seen.has_failed {
                        <button type="button" class="button" onclick={load.reform(|_: MouseEvent| ())}>{ words.retry }</button>
                    } else {
                        <button type="button" class="button ghost" onclick={load.reform(|_: MouseEvent| ())}>{ words.show_more }</button>
                    }
                </div>
            }
        </>
    }
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

/// Calls `load` when the element comes near what is visible. `None` where the browser cannot: the button remains.
fn watch(element: &Element, load: Callback<()>) -> Option<Watching> {
    let seen = Closure::<dyn FnMut(Vec<IntersectionObserverEntry>)>::new(
        move |entries: Vec<IntersectionObserverEntry>| {
            if entries.iter().any(IntersectionObserverEntry::is_intersecting) {
                load.emit(());
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin(AHEAD);
    let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options).ok()?;
    observer.observe(element);
    Some(Watching { observer, _seen: seen })
}
