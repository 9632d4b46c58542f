//! The board: tasks in columns by deadline or by status, live. A card is moved by dragging it, from its menu, or with the keys; what a
//! column does with it is one and the same, see [`outcome`].

mod ask;
mod bar;
mod card;
mod column;
mod cursor;
mod keys;
mod moving;
mod outcome;
mod shown;
mod stack;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use crate::api::TaskId;
use crate::browser::document;
use crate::client::{Client, use_client, use_counts, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::store::{Task, TaskQuery, Whose};
use crate::ui::screen::use_is_narrow;
use crate::ui::{DragRules, Dragged, Placement, Verdict, use_drag};
use crate::view::{impl_view, view, view_keyed};
use bar::Bar;
use column::{Bounds, Column};
use keys::{Carried, use_keys};
use moving::{Mover, verdict, weigh};
use outcome::beginning;
use shown::Shown;
use stack::Stack;

#[derive(Clone, PartialEq)]
pub struct BoardPage {
    /// What stands after `?` in the address.
    pub query: AttrValue,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
}

impl_view!(BoardPage, use_board_page(self));

#[hook]
fn use_board_page(props: &BoardPage) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let shown = Shown::read(&props.query);
    let columns = shown.view.columns();

    let today = words.local_now().date();
    let zone = words.preferences.zone.clone();
    let bounds = *use_memo((today, zone), |(today, zone)| Bounds::of(*today, &|local| zone.moment(local)));
    let tasks = viewer.as_ref().map(|viewer| shown.whose.query(&viewer.id)).unwrap_or_default();
    let queries: Vec<TaskQuery> = columns.iter().map(|column| column.query(&tasks, bounds)).collect();
    let counts = use_counts(queries.clone());

    let ask = use_state_eq(|| None);
    let active = use_state_eq(|| None::<TaskId>);
    let at = use_state_eq(|| 0_usize);
    let row = use_node_ref();
    let is_narrow = use_is_narrow();
    {
        // A phone shows one column: at first the first that has something in it, of an empty board the first for which a task can be set.
        let now = words.local_now();
        let first = counts.iter().all(Option::is_some).then(|| {
            let filled = counts.iter().position(|count| *count > Some(0));
            filled.or_else(|| columns.iter().position(|column| beginning(*column, now).is_some()))
        });
        let row = row.clone();
        use_effect_with((shown.clone(), first.is_some()), move |_| {
            if let Some(Some(index)) = first.filter(|_| is_narrow) {
                bring_into_view(&row, index);
            }
        });
    }
    let mover = Mover { client: client.clone(), ask: ask.setter() };

    let dragged = use_state_eq(|| None::<Dragged>);
    let root = use_drag(DragRules {
        verdict: {
            let (client, words) = (client.clone(), words.clone());
            Callback::from(move |placement: Placement| {
                let Some((task, column)) = placed(&client, columns, &placement) else {
                    return Verdict::Refuses(AttrValue::default());
                };
                // The column itself says it in words.
                match verdict(&words, &task, weigh(&words, &task, column)) {
                    Verdict::Takes(_) => Verdict::Takes(None),
                    Verdict::Here => Verdict::Here,
                    Verdict::Refuses(_) => Verdict::Refuses(AttrValue::default()),
                }
            })
        },
        drop: {
            let (client, words, mover) = (client.clone(), words.clone(), mover.clone());
            Callback::from(move |placement: Placement| {
                if let Some((task, column)) = placed(&client, columns, &placement) {
                    mover.put(&words, &task, column);
                }
            })
        },
        carry: {
            let dragged = dragged.setter();
            Callback::from(move |now| dragged.set(now))
        },
    });
    use_effect_with((*at, counts.len()), |_| document::reveal(bar::HERE));
    let keys = use_keys(&row, columns, &mover, &active);

    let in_hand = keys.carried.clone().or_else(|| {
        let dragged = dragged.as_ref()?;
        let task = client.state().store.task(&TaskId::from(dragged.item.as_str()))?;
        let over = dragged.over.as_ref();
        let over = over.and_then(|over| columns.iter().position(|column| column.key() == over.as_str()));
        Some(Carried { task, over })
    });
    let stack = |(index, column): (usize, &Column)| {
        let hint = in_hand.as_ref().map(|hand| {
            (verdict(&words, &hand.task, weigh(&words, &hand.task, *column)), hand.over == Some(index))
        });
        view_keyed(
            column.key(),
            Stack {
                column: *column,
                board: shown.view,
                query: queries.get(index).cloned().unwrap_or_default(),
                opened: props.opened,
                count: counts.get(index).copied().flatten(),
                hint,
                active: (*active).clone(),
                carried: keys.carried.as_ref().map(|carried| carried.task.id.clone()),
                shows_creator: matches!(shown.whose, Whose::Mine | Whose::Person(_))
                    || viewer.as_ref().is_some_and(|viewer| !viewer.role.supervises()),
                mover: mover.clone(),
                onmoved: keys.onmoved.clone(),
                moved: keys.moved.as_ref().filter(|(_, to)| to == column).map(|(task, _)| task.clone()),
            },
        )
    };
    let onshow = Callback::from(move |shown: Shown| {
        if let Some(navigator) = &navigator {
            Address { route: Route::Board, query: shown.write().into() }.open(navigator);
        }
    });
    let onscroll = {
        let (row, at) = (row.clone(), at.clone());
        Callback::from(move |_: Event| at.set(in_view(&row)))
    };
    let go = {
        let row = row.clone();
        Callback::from(move |index| bring_into_view(&row, index))
    };
    let onfocusin = {
        let (active, moved) = (active.clone(), keys.moved.clone());
        Callback::from(move |event: FocusEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(id) = target.and_then(|target| card_around(&target)) {
                if moved.as_ref().is_some_and(|(moved, _)| *moved != id) {
                    moved.set(None);
                }
                active.set(Some(id));
            }
        })
    };
    let onclose = {
        let ask = ask.clone();
        Callback::from(move |()| ask.set(None))
    };
    html! {
        <div class="board" ref={root}>
            { view(Bar { shown: shown.clone(), onshow }) }
            { bar::tabs(&words, columns, &counts, *at, &go) }
            <div ref={row} class="stacks" role="group" aria-label={words.board.board} aria-describedby="board-hint"
                onkeydown={keys.onkeydown} onfocusout={keys.onfocusout} {onfocusin} {onscroll}>
                { for columns.iter().enumerate().map(stack) }
            </div>
            <p id="board-hint" hidden={true}>{ words.board.card_hint }</p>
            <div role="status" class="visually-hidden">{ keys.said }</div>
            if let Some(ask) = &*ask { { ask::dialog(&client, ask, onclose) } }
        </div>
    }
}

/// The task and the column that a placement names.
fn placed(client: &Client, columns: &[Column], placement: &Placement) -> Option<(Rc<Task>, Column)> {
    let task = client.state().store.task(&TaskId::from(placement.item.as_str()))?;
    let column = columns.iter().find(|column| column.key() == placement.target.as_str())?;
    Some((task, *column))
}

/// The task of the card around an element.
fn card_around(element: &Element) -> Option<TaskId> {
    let card = element.closest("[data-drag]").ok()??;
    card.get_attribute("data-drag").map(|id| TaskId::from(id.as_str()))
}

/// Which column stands at the left edge of what is visible.
fn in_view(row: &NodeRef) -> usize {
    let Some(row) = row.cast::<HtmlElement>() else { return 0 };
    let width = row.scroll_width().checked_div(i32::try_from(row.child_element_count()).unwrap_or(1));
    let width = width.filter(|width| *width > 0).unwrap_or(1);
    usize::try_from(row.scroll_left().saturating_add(width / 2) / width).unwrap_or(0)
}

fn bring_into_view(row: &NodeRef, index: usize) {
    let Some(row) = row.cast::<HtmlElement>() else { return };
    let column = u32::try_from(index).ok().and_then(|index| row.children().item(index));
    if let Some(column) = column.and_then(|column| column.dyn_into::<HtmlElement>().ok()) {
        let room = row.client_width().saturating_sub(column.offset_width()) / 2;
        row.set_scroll_left(column.offset_left().saturating_sub(room));
    }
}
