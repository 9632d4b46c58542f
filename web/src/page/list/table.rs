//! The rows of a list, in their groups. Of a long list only what is near the eye is in the page.
//!
//! What happens elsewhere never moves a row away from under the pointer: what leaves stays, grey, until the pointer has
//! gone, and what comes above is made up for by scrolling.

use std::ops::Range;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::*;

use super::groups::{Common, Group};
use super::names::group_name;
use super::part::{self, Seen, columns, extent, heading, is_collapsed_at_first, spacer, status_menu, tail};
use super::row::{self, Place};
use super::steady::Row;
use super::viewport::{Memory, find_row, look, measure, near_ends, settle, use_listeners};
use super::window::{self, Extent, Heights, Visible};
use crate::api::enums::TaskOrderField;
use crate::api::tasks::TaskOrder;
use crate::api::{TaskAction, TaskId, UserId};
use crate::browser::spawn;
use crate::client::{
    BulkChange, Shortcut, State, use_client, use_counts, use_shortcuts, use_state_of, use_wording,
};
use crate::page::reason::ReasonDialog;
use crate::route::Route;
use crate::store::{Person, Scope, Task, TaskQuery};
use crate::ui::{IconKind, empty, skeleton};
use crate::view::impl_view;

/// Until they are measured. Pixels.
const HEIGHTS: Heights = Heights { heading: 36, row: 36, tail: 48 };
/// A menu that would open lower than this above the edge opens upwards. Pixels.
const MENU: f64 = 220.0;

#[derive(PartialEq)]
pub struct Table {
    pub scope: Scope,
    pub groups: Rc<Vec<Group>>,
    pub order: TaskOrder,
    pub onsort: Callback<TaskOrderField>,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
    pub selected: UseStateHandle<Rc<Vec<TaskId>>>,
    /// The address of the list, under which it is remembered how far it was scrolled.
    pub link: AttrValue,
    /// What stands where there is nothing.
    pub empty: Html,
}

impl_view!(Table, use_table(self));

#[hook]
fn use_table(props: &Table) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let redraw = use_force_update();
    let memory = use_mut_ref(Memory::default);
    let scroller = use_node_ref();
    let visible = use_state_eq(Visible::default);
    let heights = use_state_eq(|| HEIGHTS);
    let toggled = use_state_eq(Vec::<Common>::new);
    let active = use_state_eq(|| None::<TaskId>);
    let menu = use_state_eq(|| None::<(TaskId, bool)>);
    let returning = use_state_eq(|| None::<TaskId>);

    let seen = {
        let groups = props.groups.clone();
        use_state_of(move |state| {
            groups.iter().map(|group| Seen::of(state, &group.query)).collect::<Vec<_>>()
        })
    };
    let parts = part::parts(props, &seen, &toggled, &memory, &client, &scroller);
    let extents: Vec<Extent> = parts.iter().map(extent).collect();
    let windows = window::windows(&extents, *heights, *visible);
    let pieces: Vec<Vec<Range<usize>>> = parts
        .iter()
        .zip(&windows)
        .map(|(part, window)| {
            // The row with the focus stays in the page.
            let kept = active.as_ref().filter(|_| *window != (0..part.rows.len()));
            let kept = kept.and_then(|id| part.rows.place(id));
            if part.is_expanded { window::pieces(window.clone(), kept) } else { vec![] }
        })
        .collect();
    let shown = {
        let members = parts.iter().zip(&pieces).flat_map(|(part, pieces)| {
            pieces.iter().flat_map(|piece| piece.clone().filter_map(|row| part.rows.get(row)))
        });
        let wanted: Vec<TaskId> = members
            .filter_map(|row| match row {
                Row::Member(id) => Some(id),
                Row::Left(_) => None,
            })
            .collect();
        let scope = props.scope;
        use_state_of(move |state| {
            wanted.iter().filter_map(|id| watched(state, id, scope)).collect::<Vec<_>>()
        })
    };
    {
        let mut memory = memory.borrow_mut();
        memory.drawn = parts
            .iter()
            .filter(|part| part.is_expanded)
            .map(|part| (part.group.query.clone(), part.rows.clone()))
            .collect();
        memory.windows = parts
            .iter()
            .zip(&windows)
            .filter(|(part, _)| part.is_expanded)
            .map(|(_, window)| window.clone())
            .collect();
        memory.tasks = shown.iter().map(|(task, _)| task.clone()).collect();
    }

    let names = {
        let people: Vec<UserId> = props
            .groups
            .iter()
            .filter_map(|group| match &group.common {
                Common::Assignee(id) => Some(id.clone()),
                Common::All | Common::Done | Common::Status(_) | Common::Due(_) => None,
            })
            .collect();
        use_state_of(move |state| people.iter().filter_map(|id| state.store.person(id)).collect::<Vec<_>>())
    };
    let name_of = |id: &UserId| {
        let person = names.iter().find(|person| person.id == *id);
        person.map_or_else(|| words.lists.unknown_person.to_owned(), |person| person.name.clone())
    };

    let load = {
        let client = client.clone();
        move |query: TaskQuery| {
            let client = client.clone();
            spawn(async move { client.load_page(query).await });
        }
    };
    {
        // What is open and not yet read; of groups, those in which there is something.
        let wanted: Vec<TaskQuery> = props
            .groups
            .iter()
            .zip(&seen)
            .filter(|(group, seen)| {
                let is_expanded = is_collapsed_at_first(&group.common) == toggled.contains(&group.common);
                let is_alone = group.common == Common::All;
                seen.needs_reading && is_expanded && (is_alone || seen.count.is_some_and(|count| count > 0))
            })
            .map(|(group, _)| group.query.clone())
            .collect();
        let load = load.clone();
        use_effect_with(wanted, move |wanted| wanted.iter().cloned().for_each(load));
    }
    {
        let queries: Vec<TaskQuery> = props
            .groups
            .iter()
            .filter(|group| group.common != Common::All || props.groups.len() > 1)
            .map(|group| group.query.clone())
            .collect();
        // Seen with the groups, as they arrive.
        use_counts(queries);
    }
    use_listeners(&scroller, &memory, &visible, &redraw, &client, &props.link);
    {
        let (scroller, memory, client) = (scroller.clone(), memory.clone(), client.clone());
        let (link, active, heights) = (props.link.clone(), active.clone(), heights.clone());
        let loads: Vec<TaskQuery> = parts.iter().map(|part| part.group.query.clone()).collect();
        let (load, visible) = (load.clone(), visible.clone());
        use_effect(move || {
            let Some(scroller) = scroller.cast::<HtmlElement>() else { return };
            settle(&scroller, &memory, &client, &link, &active);
            measure(&scroller, &heights);
            visible.set(look(&scroller));
            for wanted in near_ends(&scroller).into_iter().filter_map(|index| loads.get(index)) {
                load(wanted.clone());
            }
        });
    }

    let selected = &props.selected;
    {
        // What is no longer in the list is no longer selected.
        let (selected, groups, client) = (selected.clone(), props.groups.clone(), client.clone());
        use_effect(move || {
            let is_there = |id: &TaskId| {
                let task = client.state().store.task(id);
                task.is_some_and(|task| groups.iter().any(|group| group.query.matches(&task)))
            };
            if !selected.iter().all(is_there) {
                selected.set(Rc::new(selected.iter().filter(|id| is_there(id)).cloned().collect()));
            }
        });
    }
    let toggle = {
        let (selected, memory) = (selected.clone(), memory.clone());
        move |id: &TaskId, is_range: bool| {
            let range = if is_range { memory.borrow().range(id) } else { vec![id.clone()] };
            memory.borrow_mut().range_from = Some(id.clone());
            let mut chosen = (**selected).clone();
            let is_chosen = chosen.binary_search(id).is_ok();
            for id in range {
                match (chosen.binary_search(&id), is_chosen && !is_range) {
                    (Ok(place), true) => {
                        chosen.remove(place);
                    }
                    (Err(place), false) => chosen.insert(place, id),
                    (Ok(_), false) | (Err(_), true) => {}
                }
            }
            selected.set(Rc::new(chosen));
        }
    };
    let open = {
        let (client, navigator) = (client.clone(), navigator.clone());
        let is_open = props.opened.is_some();
        move |id: &TaskId| {
            let number = client.state().store.task(id).map(|task| task.number);
            if let (Some(number), Some(navigator)) = (number, &navigator) {
                let route = Route::Task { number };
                if is_open { navigator.replace(&route) } else { navigator.push(&route) }
            }
        }
    };
    let go = {
        let (memory, active, client, opened, open) =
            (memory.clone(), active.clone(), client.clone(), props.opened, open.clone());
        move |forward: bool| {
            let opened = opened.and_then(|number| client.state().store.task_by_number(number));
            let from = opened.as_ref().map(|task| task.id.clone()).or_else(|| (*active).clone());
            let Some(next) = memory.borrow().step(from.as_ref(), forward) else { return };
            if opened.is_some() {
                open(&next);
            } else {
                memory.borrow_mut().wants_focus = true;
            }
            active.set(Some(next));
        }
    };
    let offer_status = {
        let (menu, scroller, active) = (menu.clone(), scroller.clone(), active.clone());
        move |id: TaskId| {
            let row = find_row(&scroller, &id);
            if menu.as_ref().is_some_and(|(open, _)| *open == id) {
                // It is there already, closed.
                let button = row.and_then(|row| row.query_selector("button.status-button").ok().flatten());
                button.and_then(|it| it.dyn_into::<HtmlElement>().ok()).iter().for_each(HtmlElement::click);
                return;
            }
            let edge = scroller.cast::<Element>().map_or(0.0, |it| it.get_bounding_client_rect().bottom());
            let is_low = row.is_some_and(|row| row.get_bounding_client_rect().bottom() > edge - MENU);
            active.set(Some(id.clone()));
            menu.set(Some((id, is_low)));
        }
    };
    {
        let step = |forward: bool| {
            let go = go.clone();
            Callback::from(move |()| go(forward))
        };
        let here = {
            let (memory, active) = (memory.clone(), active.clone());
            move || memory.borrow().pointed.clone().or_else(|| (*active).clone())
        };
        let with_here = |act: Rc<dyn Fn(TaskId)>| {
            let here = here.clone();
            Callback::from(move |()| here().into_iter().for_each(|id| act(id)))
        };
        let (toggle, offer_status, open) = (toggle.clone(), offer_status.clone(), open.clone());
        let keys = &words.lists;
        use_shortcuts(
            keys.keys,
            vec![
                Shortcut::new("KeyJ", keys.key_next, step(true)),
                Shortcut::new("KeyK", keys.key_previous, step(false)),
                Shortcut::new("Enter", keys.key_open, with_here(Rc::new(move |id| open(&id)))),
                Shortcut::new("KeyX", keys.key_select, with_here(Rc::new(move |id| toggle(&id, false)))),
                Shortcut::new("KeyS", keys.key_status, with_here(Rc::new(offer_status))),
            ],
        );
    }
    let onkeydown = {
        let (go, selected) = (go.clone(), selected.clone());
        Callback::from(move |event: KeyboardEvent| {
            let forward = match event.key().as_str() {
                "ArrowDown" => true,
                "ArrowUp" => false,
                "Escape" if !selected.is_empty() => {
                    selected.set(Rc::default());
                    return;
                }
                _ => return,
            };
            if !event.default_prevented() && !event.shift_key() && !event.ctrl_key() && !event.meta_key() {
                event.prevent_default();
                go(forward);
            }
        })
    };
    let onclick = {
        let (toggle, offer_status) = (toggle.clone(), offer_status);
        let (selected, memory) = (selected.clone(), memory.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(target) = event.target_dyn_into::<Element>() else { return };
            let closest = |selector| target.closest(selector).ok().flatten();
            let id = closest("[data-task]").and_then(|row| row.get_attribute("data-task"));
            let id = id.map(|id| TaskId::from(id.as_str()));
            let what = closest("[data-do]").and_then(|it| it.get_attribute("data-do"));
            match (what.as_deref(), id) {
                (Some("all"), _) => {
                    let mut all: Vec<TaskId> = memory.borrow().members().cloned().collect();
                    all.sort();
                    let is_all = !all.is_empty() && selected.len() >= all.len();
                    selected.set(Rc::new(if is_all { vec![] } else { all }));
                }
                (Some("select"), Some(id)) => toggle(&id, event.shift_key()),
                (Some("status"), Some(id)) => offer_status(id),
                (_, _) => {}
            }
        })
    };
    let onfocusin = {
        let active = active.clone();
        Callback::from(move |event: FocusEvent| {
            let row =
                event.target_dyn_into::<Element>().and_then(|it| it.closest("[data-task]").ok().flatten());
            let id = row.and_then(|row| row.get_attribute("data-task")).map(|id| TaskId::from(id.as_str()));
            if id.is_some() {
                active.set(id);
            }
        })
    };
    let act = {
        let (client, returning, menu, memory) =
            (client.clone(), returning.clone(), menu.clone(), memory.clone());
        Callback::from(move |(id, action): (TaskId, TaskAction)| {
            // The menu goes, and the focus that was in it comes back to the row.
            menu.set(None);
            memory.borrow_mut().wants_focus = true;
            if action == TaskAction::Return {
                returning.set(Some(id));
            } else {
                client.change_all(&[id], &BulkChange::Act { action, reason: None });
            }
        })
    };
    let return_with = {
        let client = client.clone();
        let returning = returning.clone();
        Callback::from(move |reason: String| {
            if let Some(id) = &*returning {
                client.change_all(
                    std::slice::from_ref(id),
                    &BulkChange::Act { action: TaskAction::Return, reason: Some(reason) },
                );
                returning.set(None);
            }
        })
    };
    let stop_returning = {
        let returning = returning.clone();
        Callback::from(move |()| returning.set(None))
    };

    let mut tasks = shown.iter();
    let first_member = memory.borrow().members().next().cloned();
    let reached = (*active).clone().or(first_member);
    let mut index = 1;
    let mut groups = Vec::with_capacity(parts.len());
    let mut loaded = 0;
    for (at, (part, pieces)) in parts.iter().zip(&pieces).enumerate() {
        let name = group_name(&words, &part.group.common, name_of);
        let heading = if part.has_heading {
            index += 1;
            heading(part, &name, index, &toggled)
        } else {
            Html::default()
        };
        loaded += part.seen.ids.len();
        let mut rows = vec![];
        let mut drawn = 0;
        for piece in pieces {
            rows.push(spacer(piece.start.saturating_sub(drawn) * heights.row, drawn));
            drawn = piece.end;
            for row in piece.clone() {
                let place = |task: &Rc<Task>, person: Option<&Person>| {
                    let is_active = reached.as_ref() == Some(&task.id);
                    let menu =
                        menu.as_ref().filter(|(id, _)| *id == task.id && !task.available_actions.is_empty());
                    let menu = menu.map(|(_, is_low)| status_menu(&words, task, *is_low, &act));
                    row::row(
                        &words,
                        Place {
                            task,
                            person,
                            index: index + row + 1,
                            is_open: props.opened == Some(task.number),
                            is_selected: selected.binary_search(&task.id).is_ok(),
                            is_active,
                            has_left: false,
                            menu,
                        },
                    )
                };
                match part.rows.get(row) {
                    Some(Row::Member(_)) => {
                        if let Some((task, person)) = tasks.next() {
                            rows.push(place(task, person.as_deref()));
                        }
                    }
                    Some(Row::Left(task)) => rows.push(row::row(
                        &words,
                        Place {
                            task: &task,
                            person: watched(&client.state(), &task.id, props.scope)
                                .and_then(|(_, person)| person)
                                .as_deref(),
                            index: index + row + 1,
                            is_open: false,
                            is_selected: false,
                            is_active: false,
                            has_left: true,
                            menu: None,
                        },
                    )),
                    None => {}
                }
            }
        }
        let all = if part.is_expanded { part.rows.len() } else { 0 };
        rows.push(spacer(all.saturating_sub(drawn) * heights.row, usize::MAX));
        index += all;
        let again = {
            let (load, query) = (load.clone(), part.group.query.clone());
            Callback::from(move |_: MouseEvent| load(query.clone()))
        };
        if !part.has_heading && part.rows.len() == 0 {
            continue;
        }
        groups.push(html! {
            <div key={at} role="rowgroup" class="rows" aria-label={name} aria-busy={(part.seen.is_loading && part.is_expanded).to_string()}>
                { heading }<div class="row-list">{ for rows }</div>{ tail(&words, part, at, again) }
            </div>
        });
    }
    let alone = parts.first().filter(|part| part.group.common == Common::All);
    let has_rows = parts.iter().any(|part| part.rows.len() > 0 && part.group.common != Common::Done);
    let is_waiting = !has_rows
        && match alone {
            Some(part) => !part.seen.is_read && !part.seen.has_failed,
            None => props
                .groups
                .iter()
                .zip(&seen)
                .any(|(group, seen)| group.common != Common::Done && seen.count.is_none()),
        };
    let has_failed = alone.is_some_and(|part| !part.seen.is_read && part.seen.has_failed);
    let is_empty = !has_rows
        && match alone {
            Some(part) => part.seen.is_read && !part.seen.has_more,
            None => parts.iter().all(|part| part.group.common == Common::Done),
        };
    let before = if has_failed {
        let (load, query) = (load.clone(), alone.map(|part| part.group.query.clone()));
        let again = Callback::from(move |_: MouseEvent| query.iter().cloned().for_each(&load));
        empty(
            IconKind::Offline,
            words.unreachable.into(),
            None,
            html! {
                <button type="button" class="button" onclick={again}>{ words.retry }</button>
            },
        )
    } else if is_waiting {
        skeleton(&words, 8)
    } else if is_empty {
        props.empty.clone()
    } else {
        Html::default()
    };
    let total: Option<i32> = props.groups.iter().zip(&seen).map(|(_, seen)| seen.count).sum();
    let rows_known = total.map_or(-1, |total| total.saturating_add(1));
    let is_long = extents.iter().map(|extent| extent.rows).sum::<usize>() > window::MOST;
    let all_selected = if selected.is_empty() {
        "false"
    } else if selected.len() >= loaded {
        "true"
    } else {
        "mixed"
    };
    html! {
        <div ref={scroller} class={classes!("list-scroll", is_long.then_some("long"), (!selected.is_empty()).then_some("selecting"))}>
            { before }
            if !groups.is_empty() {
                <div role="table" class="tasks" aria-label={words.open_tasks} aria-rowcount={rows_known.to_string()} {onclick} {onkeydown} {onfocusin}>
                    if has_rows { { columns(&words, props, all_selected) } }
                    { for groups }
                </div>
            }
            if returning.is_some() { { ReasonDialog { busy: false, refusal: None, onsubmit: return_with, onclose: stop_returning } } }
        </div>
    }
}

/// A task with the person whom its row shows: of my own tasks I know who does them; who set them is what matters.
fn watched(state: &State, id: &TaskId, scope: Scope) -> Option<(Rc<Task>, Option<Rc<Person>>)> {
    let task = state.store.task(id)?;
    let is_mine = state.store.viewer.as_ref().is_some_and(|viewer| !viewer.role.supervises());
    let person = if scope == Scope::Mine || is_mine { &task.creator } else { &task.assignee };
    let person = person.as_ref().and_then(|id| state.store.person(id));
    Some((task, person))
}
