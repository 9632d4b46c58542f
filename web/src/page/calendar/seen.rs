//! What is due, as the store's lists have it: read whole, and read again whenever it is doubted.

use std::rc::Rc;

use yew::prelude::*;

use super::scene::Due;
use crate::browser::spawn;
use crate::client::{State, use_client, use_state_of};
use crate::store::{Task, TaskQuery};

/// What of a list is drawn.
#[derive(Clone, PartialEq)]
pub struct Seen {
    pub due: Vec<Due>,
    pub is_read: bool,
    pub is_whole: bool,
    pub has_failed: bool,
    needs_reading: bool,
}

fn see(state: &State, query: Option<&TaskQuery>) -> Seen {
    let store = &state.store;
    let list = query.and_then(|query| store.list(query));
    let due = |task: Rc<Task>| {
        let assignee = task.assignee.as_ref().and_then(|id| store.person(id));
        Due { task, assignee }
    };
    Seen {
        due: list.into_iter().flat_map(|list| list.ids()).filter_map(|id| store.task(id)).map(due).collect(),
        is_read: list.is_some_and(|list| list.is_read()),
        is_whole: list.is_some_and(|list| list.is_read() && !list.has_more()),
        has_failed: list.is_some_and(|list| list.has_failed()),
        needs_reading: query.is_some()
            && list.is_none_or(|list| {
                list.needs_reading() || (list.has_more() && !list.is_loading() && !list.has_failed())
            }),
    }
}

/// The whole list, and what reads it again.
#[hook]
pub fn use_whole_list(query: Option<TaskQuery>) -> (Seen, Callback<()>) {
    let client = use_client();
    let seen = {
        let query = query.clone();
        use_state_of(move |state| see(state, query.as_ref()))
    };
    let load = use_callback(query, move |(), query| {
        if let Some(query) = query.clone() {
            let client = client.clone();
            spawn(async move { client.load_whole(query).await });
        }
    });
    use_effect_with((load.clone(), seen.needs_reading), |(load, needs_reading)| {
        if *needs_reading {
            load.emit(());
        }
    });
    (seen, load)
}
