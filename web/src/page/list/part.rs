//! The parts that a table is drawn of: groups with their headings, columns, what stands below the rows.

use std::cell::RefCell;

use yew::prelude::*;

use super::groups::{Common, Group};
use super::row::{self, group_mark};
use super::steady::Rows;
use super::table::Table;
use super::viewport::{Memory, anchor};
use super::window::Extent;
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::{TaskId, TaskStatus};
use crate::client::tasks::PAGE;
use crate::client::{Client, State, Wording};
use crate::store::{Ids, Scope, TaskQuery};
use crate::ui::{IconKind, icon};

/// What of a group is watched.
#[derive(Clone, Default, PartialEq)]
pub struct Seen {
    pub ids: Ids,
    pub count: Option<i32>,
    pub is_read: bool,
    pub is_loading: bool,
    pub has_failed: bool,
    pub has_more: bool,
    pub needs_reading: bool,
}

impl Seen {
    pub fn of(state: &State, query: &TaskQuery) -> Self {
        let count = state.store.counts.get(query).copied();
        match state.store.list(query) {
            Some(list) => Self {
                ids: list.shared_ids(),
                count,
                is_read: list.is_read(),
                is_loading: list.is_loading(),
                has_failed: list.has_failed(),
                has_more: list.has_more(),
                needs_reading: list.needs_reading(),
            },
            None => Self { count, needs_reading: true, ..Self::default() },
        }
    }
}

/// A group as it is drawn.
pub struct Part<'a> {
    pub group: &'a Group,
    pub seen: &'a Seen,
    pub rows: Rows,
    pub has_heading: bool,
    pub is_expanded: bool,
}

pub fn is_collapsed_at_first(common: &Common) -> bool {
    matches!(common, Common::Done | Common::Status(TaskStatus::Done))
}

/// The groups as they are drawn now: those in which there is something, and the whole list where there is but that.
pub fn parts<'a>(
    props: &'a Table,
    seen: &'a [Seen],
    toggled: &[Common],
    memory: &RefCell<Memory>,
    client: &Client,
    scroller: &NodeRef,
) -> Vec<Part<'a>> {
    let mut memory = memory.borrow_mut();
    let mut is_changed = false;
    let mut parts = vec![];
    for (group, seen) in props.groups.iter().zip(seen) {
        let is_alone = group.common == Common::All;
        if !is_alone && seen.ids.is_empty() && seen.count.is_none_or(|count| count == 0) {
            continue;
        }
        let before = memory.drawn.iter().position(|(query, _)| *query == group.query);
        let rows = match before.and_then(|at| Some((memory.drawn.get(at)?, memory.windows.get(at)?))) {
            Some(((_, rows), _)) if rows.ids == seen.ids && memory.is_pointed => rows.clone(),
            Some(((_, rows), window)) => {
                is_changed |= rows.ids != seen.ids;
                if memory.is_pointed {
                    let was = |id: &TaskId| memory.tasks.iter().find(|task| task.id == *id).cloned();
                    let known = |id: &TaskId| client.state().store.task(id).or_else(|| was(id));
                    rows.hold(seen.ids.clone(), window.clone(), known)
                } else {
                    Rows::of(seen.ids.clone())
                }
            }
            None => Rows::of(seen.ids.clone()),
        };
        parts.push(Part {
            group,
            seen,
            rows,
            has_heading: !is_alone,
            is_expanded: is_collapsed_at_first(&group.common) == toggled.contains(&group.common),
        });
    }
    if is_changed && memory.anchor.is_none() {
        memory.anchor = anchor(scroller, memory.pointed.as_ref());
    }
    parts
}

pub fn extent(part: &Part) -> Extent {
    let seen = part.seen;
    let is_awaited = part.has_heading && part.is_expanded && !seen.is_read;
    let count = seen.count.filter(|_| is_awaited && !seen.has_failed).map(|count| count.min(PAGE));
    Extent {
        has_heading: part.has_heading,
        rows: if part.is_expanded { part.rows.len() } else { 0 },
        has_tail: part.is_expanded && (seen.has_more || is_awaited),
        awaited: count.and_then(|count| usize::try_from(count).ok()).unwrap_or(0),
    }
}

/// What holds the place of rows that are not in the page. Drawn with its height, not given it afterwards: between a long drawing and its
/// effects the browser may paint, and a list that is too low for a moment has lost how far it was scrolled.
pub fn spacer(height: usize, key: usize) -> Html {
    // A property, set by script: the policy allows no style in attributes.
    html! { <div key={format!("spacer {key}")} class="spacer" ~style={format!("height:{height}px")} hidden={height == 0} /> }
}

pub fn heading(part: &Part, name: &AttrValue, index: usize, toggled: &UseStateHandle<Vec<Common>>) -> Html {
    let onclick = {
        let (toggled, common) = (toggled.clone(), part.group.common.clone());
        Callback::from(move |_: MouseEvent| {
            let mut now = (*toggled).clone();
            match now.iter().position(|known| *known == common) {
                Some(place) => {
                    now.remove(place);
                }
                None => now.push(common.clone()),
            }
            toggled.set(now);
        })
    };
    let count = part.seen.count.map(|count| html! { <span class="count">{ count }</span> });
    html! {
        <div key="heading" role="row" class="group" aria-rowindex={index.to_string()}>
            <span role="rowheader">
                <button type="button" class="group-toggle" aria-expanded={part.is_expanded.to_string()} {onclick}>
                    { icon(IconKind::ChevronDown) }{ group_mark(&part.group.common, name) }{ name }{ count.unwrap_or_default() }
                </button>
            </span>
        </div>
    }
}

/// Below the rows of a group: that more is coming, or that it did not come.
pub fn tail(words: &Wording, part: &Part, at: usize, again: Callback<MouseEvent>) -> Html {
    if !part.is_expanded {
        return Html::default();
    }
    let seen = part.seen;
    if seen.has_failed && (seen.is_read || part.has_heading) {
        return html! {
            <div role="row" class="more"><span role="cell"><button type="button" class="button" onclick={again}>{ words.retry }</button></span></div>
        };
    }
    if seen.has_more || (part.has_heading && !seen.is_read) {
        let more = (seen.has_more && !seen.is_loading).then(|| at.to_string());
        return html! {
            <div role="row" class="more" data-more={more}>
                <span role="cell"><span class="visually-hidden">{ words.lists.loading_more }</span><span class="more-dots" aria-hidden="true" /></span>
            </div>
        };
    }
    Html::default()
}

pub fn columns(words: &Wording, props: &Table, all_selected: &'static str) -> Html {
    let column = |name: &'static str, field: Option<TaskOrderField>, class: &'static str| {
        let Some(field) = field else { return html! { <span role="columnheader" {class}>{ name }</span> } };
        let sort = match (props.order.field == field, props.order.direction) {
            (false, _) => "none",
            (true, Direction::Asc) => "ascending",
            (true, Direction::Desc) => "descending",
        };
        let onclick = props.onsort.reform(move |_: MouseEvent| field);
        html! {
            <span role="columnheader" {class} aria-sort={sort}>
                <button type="button" class="sort" {onclick}>{ name }{ icon(IconKind::Sort) }</button>
            </span>
        }
    };
    let person = if props.scope == Scope::Mine { words.creator } else { words.assignee };
    html! {
        <div role="rowgroup" class="columns-group">
            <div role="row" class="columns" aria-rowindex="1">
                <span role="columnheader" class="check-cell">{ row::check("all", words.lists.select_all.to_owned(), all_selected, true) }</span>
                { column(words.title, Some(TaskOrderField::Title), "") }
                { column(words.status, None, "status") }
                { column(words.deadline, Some(TaskOrderField::Deadline), "deadline") }
                { column(person, None, "person-cell") }
                { column(words.priority, Some(TaskOrderField::Priority), "priority-cell") }
            </div>
        </div>
    }
}
