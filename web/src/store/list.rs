//! Lists of tasks: which tasks belong, in which order, and how far the list has been read.
//!
//! A list holds ids in its order up to where it was read (its edge). A task that starts to match is placed before the edge, or left
//! to the page that will bring it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Deref;
use std::rc::Rc;

use super::{Entry, Store, Task, TaskQuery};
use crate::api::TaskId;
use crate::api::tasks::TaskConnection;

/// How far a list has been read.
#[derive(Clone, Debug, Default, PartialEq)]
enum Edge {
    /// Not at all.
    #[default]
    Unread,
    /// To this task as it was then; there is more after the cursor.
    At { last: Rc<Task>, cursor: String },
    /// To the end.
    End,
}

/// Ids in the order of a list. Compared by whether they are the very same, so that thousands cost nothing to watch.
#[derive(Clone, Debug, Default)]
pub struct Ids(Rc<Vec<TaskId>>);

impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Ids {
    type Target = [TaskId];

    fn deref(&self) -> &[TaskId] {
        &self.0
    }
}

impl FromIterator<TaskId> for Ids {
    fn from_iter<T: IntoIterator<Item = TaskId>>(ids: T) -> Self {
        Self(Rc::new(ids.into_iter().collect()))
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskList {
    ids: Ids,
    edge: Edge,
    loading: bool,
    failed: bool,
    /// Shown, but to be read afresh.
    doubted: bool,
    /// Which tasks the server said are in it, where it alone can say.
    told: Vec<TaskId>,
    /// When a page of it was asked for last, by the store's clock.
    pub(super) asked: u64,
}

impl TaskList {
    pub fn ids(&self) -> &[TaskId] {
        &self.ids
    }

    /// The same, to be kept and compared.
    pub fn shared_ids(&self) -> Ids {
        self.ids.clone()
    }

    pub fn is_loading(&self) -> bool {
        self.loading
    }

    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Whether anything has been read yet.
    pub fn is_read(&self) -> bool {
        self.edge != Edge::Unread
    }

    pub fn has_more(&self) -> bool {
        matches!(self.edge, Edge::At { .. })
    }

    /// Whether the list has to be read from its beginning.
    pub fn needs_reading(&self) -> bool {
        !self.loading && (self.doubted || (self.edge == Edge::Unread && !self.failed))
    }

    /// Where the next page starts; `None` for the beginning.
    pub fn next_page(&self) -> Option<String> {
        match &self.edge {
            Edge::At { cursor, .. } if !self.doubted => Some(cursor.clone()),
            Edge::At { .. } | Edge::Unread | Edge::End => None,
        }
    }

    pub(super) fn remove(&mut self, id: &TaskId) {
        if let Some(place) = self.ids.iter().position(|known| known == id) {
            Rc::make_mut(&mut self.ids.0).remove(place);
        }
    }

    pub(super) fn doubt(&mut self) {
        self.doubted = true;
        // The answer under way was asked before: it is not taken.
        self.loading = false;
    }

    /// Whether the task is in it, as far as can be said here.
    fn holds(&self, query: &TaskQuery, task: &Task) -> bool {
        query.matches(task) && (!query.asks_the_log() || self.told.contains(&task.id))
    }

    fn reaches(&self, query: &TaskQuery, task: &Task) -> bool {
        match &self.edge {
            Edge::Unread => false,
            Edge::At { last, .. } => query.compare(task, last) != Ordering::Greater,
            Edge::End => true,
        }
    }

    /// Puts one task where it belongs, or takes it out.
    pub(super) fn place(
        &mut self,
        query: &TaskQuery,
        id: &TaskId,
        task: Option<&Rc<Task>>,
        tasks: &HashMap<TaskId, Entry>,
    ) {
        let Some(task) = task.filter(|task| self.holds(query, task) && self.reaches(query, task)) else {
            self.remove(id);
            return;
        };
        // Most changes leave a task where it is.
        let known = self.ids.iter().position(|known| known == id);
        if let Some(known) = known {
            let other = |place: Option<usize>| {
                let entry = tasks.get(self.ids.get(place?)?)?;
                entry.shown.as_deref()
            };
            let follows = other(known.checked_sub(1)).is_none_or(|left| query.compare(left, task).is_lt());
            let precedes = other(known.checked_add(1)).is_none_or(|right| query.compare(task, right).is_lt());
            if follows && precedes {
                return;
            }
        }
        self.remove(id);
        let place = self.ids.partition_point(|other| {
            let other = tasks.get(other).and_then(|entry| entry.shown.as_deref());
            other.is_some_and(|other| query.compare(other, task) == Ordering::Less)
        });
        Rc::make_mut(&mut self.ids.0).insert(place, id.clone());
    }
}

impl Store {
    pub fn list(&self, query: &TaskQuery) -> Option<&TaskList> {
        self.lists.get(query)
    }

    /// Notes that a page is being asked for. Gives where it starts, or `None` if nothing is to be asked.
    pub fn start_page(&mut self, query: &TaskQuery) -> Option<Option<String>> {
        self.clock = self.clock.wrapping_add(1);
        let list = self.lists.entry(query.clone()).or_default();
        list.asked = self.clock;
        if list.loading || (list.edge == Edge::End && !list.doubted) {
            return None;
        }
        list.loading = true;
        list.failed = false;
        Some(list.next_page())
    }

    pub fn fail_page(&mut self, query: &TaskQuery, reading: u32) {
        if reading == self.reading
            && let Some(list) = self.lists.get_mut(query)
        {
            list.loading = false;
            list.failed = true;
        }
    }

    /// Takes a page in. `reading` is the one during which it was asked for: an answer of an older one is dropped.
    pub fn take_page(&mut self, query: &TaskQuery, reading: u32, page: TaskConnection) {
        if reading != self.reading {
            return;
        }
        if self.task_cursor.is_none() {
            self.task_cursor = Some(page.live_cursor);
        }
        let told: Vec<TaskId> = page.nodes.iter().map(|row| row.id.clone()).collect();
        let last = page.nodes.last().cloned().map(|row| Rc::new(Task::from_row(row)));
        for row in page.nodes {
            if query.deleted {
                self.take_deleted(row);
            } else {
                self.take_row(row);
            }
        }
        let list = self.lists.entry(query.clone()).or_default();
        if list.doubted || list.edge == Edge::Unread {
            list.told.clear();
        }
        if query.asks_the_log() {
            list.told.extend(told);
        }
        list.loading = false;
        list.doubted = false;
        list.edge = match (page.page_info.has_next_page, last, page.page_info.end_cursor) {
            (true, Some(last), Some(cursor)) => Edge::At { last, cursor },
            (true | false, _, _) => Edge::End,
        };
        // Events may have run ahead of this answer, so the list is worked out from the tasks, not from the page.
        let mut members: Vec<&Rc<Task>> = self
            .tasks
            .values()
            .filter(|entry| entry.reading == self.reading)
            .filter_map(|entry| entry.shown.as_ref())
            .filter(|task| list.holds(query, task) && list.reaches(query, task))
            .collect();
        members.sort_by(|left, right| query.compare(left, right));
        let ids: Ids = members.into_iter().map(|task| task.id.clone()).collect();
        if *list.ids != *ids {
            list.ids = ids;
        }
        self.forget();
    }
}
