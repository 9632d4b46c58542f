//! The rows of a list, in their groups: what of the store they watch, and which of them are in the page. Of a long list those are only
//! what is near the eye.
//!
//! What happens elsewhere never moves a row away from under the pointer: what leaves stays, grey, until the pointer has
//! gone, and what comes above is made up for by scrolling.

use std::ops::Range;
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::acts::Acts;
use super::drawing::Drawing;
use super::groups::{Common, Group};
use super::part::{self, Seen, extent, is_collapsed_at_first};
use super::steady::Row;
use super::viewport::{Memory, look, measure, near_ends, settle, use_listeners, use_rest};
use super::window::{self, Extent, Heights, Visible};
use crate::api::enums::TaskOrderField;
use crate::api::tasks::TaskOrder;
use crate::api::{TaskId, UserId};
use crate::browser::spawn;
use crate::client::{State, use_client, use_counts, use_shortcuts, use_state_of, use_wording};
use crate::store::{Person, Scope, Task, TaskQuery};
use crate::ui::portions::use_portions;
use crate::ui::screen::use_is_narrow;
use crate::view::impl_view;

/// So many rows are added to those that are drawn, until all are.
const PORTION: usize = 24;
/// Until they are measured. Pixels.
const HEIGHTS: Heights = Heights { heading: 36, row: 36, tail: 48 };
/// The same on a phone, where a row is a card.
const PHONE_HEIGHTS: Heights = Heights { row: 73, ..HEIGHTS };

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
    let redraw = use_force_update();
    let memory = use_mut_ref(Memory::default);
    let scroller = use_node_ref();
    let visible = use_state_eq(Visible::default);
    let is_narrow = use_is_narrow();
    let heights = use_state_eq(|| if is_narrow { PHONE_HEIGHTS } else { HEIGHTS });
    let toggled = use_state_eq(Vec::<Common>::new);
    let active = use_state_eq(|| None::<TaskId>);
    let acts = Acts {
        client: client.clone(),
        navigator: use_navigator(),
        scroller: scroller.clone(),
        memory: memory.clone(),
        opened: props.opened,
        selected: props.selected.clone(),
        active: active.clone(),
        menu: use_state_eq(|| None),
        returning: use_state_eq(|| None),
    };

    let seen = {
        let groups = props.groups.clone();
        use_state_of(move |state| {
            groups.iter().map(|group| Seen::of(state, &group.query)).collect::<Vec<_>>()
        })
    };
    let parts = part::parts(props, &seen, &toggled, &memory, &client, &scroller);
    let extents: Vec<Extent> = parts.iter().map(extent).collect();
    let rows: usize = extents.iter().map(|extent| extent.rows).sum();
    let is_long = rows > window::MOST;
    // Of the others all rows come: those in sight first, the rest a few at a time.
    let drawn = use_portions(props.link.clone(), if is_long { 0 } else { rows }, |_| 1, PORTION);
    let is_growing = !is_long && drawn < rows;
    let rests = use_rest(visible.top, window::MARGIN * heights.row, &redraw);
    let margin = match (is_long, is_growing) {
        (true, _) if rests => window::MARGIN,
        (true, _) => 0,
        (false, true) => window::MARGIN + drawn.saturating_sub(PORTION),
        (false, false) => rows,
    };
    let windows = window::windows(&extents, *heights, *visible, margin);
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

    {
        // What is no longer in the list is no longer selected.
        let (selected, groups, client) = (props.selected.clone(), props.groups.clone(), client.clone());
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
    use_shortcuts(words.lists.keys, acts.shortcuts(&words));

    Drawing {
        words: &words,
        table: props,
        seen: &seen,
        parts: &parts,
        pieces: &pieces,
        shown: &shown,
        names: &names,
        heights: *heights,
        is_long,
        is_growing,
        toggled: &toggled,
        acts: &acts,
        load: load.into(),
    }
    .draw()
}

/// A task with the person whom its row shows: of my own tasks I know who does them; who set them is what matters.
pub fn watched(state: &State, id: &TaskId, scope: Scope) -> Option<(Rc<Task>, Option<Rc<Person>>)> {
    let task = state.store.task(id)?;
    let is_mine = state.store.viewer.as_ref().is_some_and(|viewer| !viewer.role.supervises());
    let person = if scope == Scope::Mine || is_mine { &task.creator } else { &task.assignee };
    let person = person.as_ref().and_then(|id| state.store.person(id));
    Some((task, person))
}
