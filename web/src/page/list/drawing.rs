//! How a table is drawn: its columns, the groups with those of their rows that are in the page, and what stands where there are none.

use std::ops::Range;
use std::rc::Rc;

use yew::prelude::*;

use super::acts::Acts;
use super::groups::Common;
use super::names::group_name;
use super::part::{Part, Seen, columns, extent, heading, spacer, tail};
use super::row::{ListRow, StatusMenu};
use super::steady::Row;
use super::table::{Table, watched};
use super::window::Heights;
use crate::api::{TaskAction, TaskId, UserId};
use crate::client::Wording;
use crate::page::reason::ReasonDialog;
use crate::store::{Person, Task, TaskQuery};
use crate::ui::{IconKind, empty, skeleton};
use crate::view::view_keyed;

/// All that it takes.
pub struct Drawing<'a> {
    pub words: &'a Wording,
    pub table: &'a Table,
    /// Of each group, what is watched.
    pub seen: &'a [Seen],
    /// The groups in which there is something.
    pub parts: &'a [Part<'a>],
    /// Of each of these, the rows that are in the page.
    pub pieces: &'a [Vec<Range<usize>>],
    /// The tasks of those rows, one after the other.
    pub shown: &'a [(Rc<Task>, Option<Rc<Person>>)],
    /// The people after whom groups are called.
    pub names: &'a [Rc<Person>],
    pub heights: Heights,
    /// Not all rows are in the page.
    pub is_long: bool,
    /// More of them are about to be.
    pub is_growing: bool,
    pub toggled: &'a UseStateHandle<Vec<Common>>,
    pub acts: &'a Acts,
    pub load: Callback<TaskQuery>,
}

impl Drawing<'_> {
    pub fn draw(&self) -> Html {
        let Self { words, table, acts, .. } = self;
        let groups = self.groups();
        let selected = &table.selected;
        let total: Option<i32> = self.table.groups.iter().zip(self.seen).map(|(_, seen)| seen.count).sum();
        let rows_known = total.map_or(-1, |total| total.saturating_add(1));
        let loaded: usize = self.parts.iter().map(|part| part.seen.ids.len()).sum();
        let all_selected = if selected.is_empty() {
            "false"
        } else if selected.len() >= loaded {
            "true"
        } else {
            "mixed"
        };
        let class = classes!(
            "list-scroll",
            self.is_long.then_some("long"),
            (!selected.is_empty()).then_some("selecting")
        );
        let stop_returning = {
            let returning = acts.returning.clone();
            Callback::from(move |()| returning.set(None))
        };
        html! {
            <div ref={acts.scroller.clone()} {class}>
                { self.instead() }
                // What stands below the tasks would be pushed away by those that are still coming.
                if !groups.is_empty() && !self.is_waiting() {
                    <div role="table" class="tasks" aria-label={words.open_tasks} aria-rowcount={rows_known.to_string()}
                        onclick={acts.onclick()} onkeydown={acts.onkeydown()} onfocusin={acts.onfocusin()}>
                        if self.has_rows() { { columns(words, table, all_selected) } }
                        { for groups }
                    </div>
                }
                if acts.returning.is_some() { { ReasonDialog { busy: false, refusal: None, onsubmit: acts.onreason(), onclose: stop_returning } } }
            </div>
        }
    }

    fn groups(&self) -> Vec<Html> {
        let act = self.acts.onact();
        let reached = (*self.acts.active).clone();
        let reached = reached.or_else(|| self.acts.memory.borrow().members().next().cloned());
        let mut tasks = self.shown.iter();
        let mut index = 1;
        let mut groups = Vec::with_capacity(self.parts.len());
        for (at, (part, pieces)) in self.parts.iter().zip(self.pieces).enumerate() {
            let name = group_name(self.words, &part.group.common, |id| self.name_of(id));
            let heading = if part.has_heading {
                index += 1;
                heading(part, &name, index, self.toggled)
            } else {
                Html::default()
            };
            let mut rows = vec![];
            let mut drawn = 0;
            for piece in pieces {
                rows.push(spacer(piece.start.saturating_sub(drawn) * self.heights.row, drawn));
                drawn = piece.end;
                for row in piece.clone() {
                    let drawn = match part.rows.get(row) {
                        Some(Row::Member(_)) => tasks.next().map(|shown| {
                            let is_active = reached.as_ref() == Some(&shown.0.id);
                            self.member(shown, index + row + 1, is_active, &act)
                        }),
                        Some(Row::Left(task)) => Some(self.left(task, index + row + 1)),
                        None => None,
                    };
                    rows.extend(drawn.map(|row| view_keyed(row.key(), row)));
                }
            }
            let all = if part.is_expanded { part.rows.len() } else { 0 };
            let below = all.saturating_sub(drawn) * self.heights.row;
            rows.push(spacer(below + extent(part).gap(self.heights), usize::MAX));
            index += all;
            if !part.has_heading && part.rows.len() == 0 {
                continue;
            }
            let query = part.group.query.clone();
            let again = self.load.reform(move |_: MouseEvent| query.clone());
            groups.push(html! {
                <div key={at} role="rowgroup" class="rows" aria-label={name} aria-busy={(part.is_expanded && (self.is_growing || part.seen.is_loading)).to_string()}>
                    { heading }<div class="row-list">{ for rows }</div>{ tail(self.words, part, at, again) }
                </div>
            });
        }
        groups
    }

    fn name_of(&self, id: &UserId) -> String {
        let person = self.names.iter().find(|person| person.id == *id);
        person.map_or_else(|| self.words.lists.unknown_person.to_owned(), |person| person.name.clone())
    }

    fn member(
        &self,
        (task, person): &(Rc<Task>, Option<Rc<Person>>),
        index: usize,
        is_active: bool,
        act: &Callback<(TaskId, TaskAction)>,
    ) -> ListRow {
        let menu = self.acts.menu.as_ref().filter(|(id, _)| *id == task.id);
        ListRow {
            words: self.words.clone(),
            task: task.clone(),
            person: person.clone(),
            index,
            is_open: self.table.opened == Some(task.number),
            is_selected: self.table.selected.binary_search(&task.id).is_ok(),
            is_active,
            has_left: false,
            menu: menu.map(|(_, side)| StatusMenu { side: *side, act: act.clone() }),
        }
    }

    /// A row that stays only until the pointer has gone.
    fn left(&self, task: Rc<Task>, index: usize) -> ListRow {
        let person =
            watched(&self.acts.client.state(), &task.id, self.table.scope).and_then(|(_, person)| person);
        ListRow {
            words: self.words.clone(),
            task,
            person,
            index,
            is_open: false,
            is_selected: false,
            is_active: false,
            has_left: true,
            menu: None,
        }
    }

    fn has_rows(&self) -> bool {
        self.parts.iter().any(|part| part.rows.len() > 0 && part.group.common != Common::Done)
    }

    /// What stands before the groups while there is nothing in them but what is done: that it is coming, that it did not come, or that there
    /// is nothing.
    fn instead(&self) -> Html {
        let alone = self.parts.first().filter(|part| part.group.common == Common::All);
        if let Some(part) = alone.filter(|part| !part.seen.is_read && part.seen.has_failed) {
            let query = part.group.query.clone();
            let again = self.load.reform(move |_: MouseEvent| query.clone());
            let next =
                html! { <button type="button" class="button" onclick={again}>{ self.words.retry }</button> };
            return empty(IconKind::Offline, self.words.unreachable.into(), None, next);
        }
        if self.has_rows() {
            return Html::default();
        }
        if self.is_waiting() {
            return skeleton(self.words, 8);
        }
        let is_empty = match alone {
            Some(part) => part.seen.is_read && !part.seen.has_more,
            None => self.parts.iter().all(|part| part.group.common == Common::Done),
        };
        if is_empty { self.table.empty.clone() } else { Html::default() }
    }

    /// Whether there is nothing yet but what is done, and the rest is coming.
    fn is_waiting(&self) -> bool {
        if self.has_rows() {
            return false;
        }
        match self.parts.first().filter(|part| part.group.common == Common::All) {
            Some(part) => !part.seen.is_read && !part.seen.has_failed,
            None => {
                let mut groups = self.table.groups.iter().zip(self.seen);
                groups.any(|(group, seen)| group.common != Common::Done && seen.count.is_none())
            }
        }
    }
}
