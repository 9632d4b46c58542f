//! What the client knows: one normalised store, fed by answers and by events.
//!
//! Pure: no browser, no network, no clock. An older answer or event never overwrites a newer one; lists follow from the
//! tasks, so an event moves a task in and out of them without asking the server again.

mod entity;
mod filter;
mod forgetting;
mod inbox;
mod list;
mod live;
mod pending;
mod profile;
mod query;
mod scope;
mod talk;
#[cfg(test)]
mod tests;
mod whose;
#[cfg(test)]
pub use tests::test_task;

pub use entity::{Change, ChangeKind, Comment, FieldChange, Notification, Person, Task};
pub use filter::{Due, Filter, Happened, InTime};
pub use inbox::Inbox;
pub use list::{Ids, TaskList};
pub use live::Followed;
pub use pending::Patch;
pub use query::TaskQuery;
pub use scope::Scope;
pub use talk::Talk;
pub use whose::Whose;

use std::collections::HashMap;
use std::rc::Rc;

use crate::api::session::Viewer;
use crate::api::task::{TaskCard, TaskRow};
use crate::api::{Cursor, PersonFields, TaskId, Timestamp, UserId};
use forgetting::Recent;
use pending::Pending;
use profile::OwnProfile;

/// Whether changes reach this client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not there yet, for the first time.
    #[default]
    Starting,
    Online,
    /// Cut off; what is shown is as of the moment given.
    Lost {
        since: Timestamp,
    },
}

/// A task as the server has it and as it is shown, which differs while a change of it is under way.
#[derive(Debug)]
struct Entry {
    server: Rc<Task>,
    shown: Option<Rc<Task>>,
    /// The reading of the server that this task was last seen in, see [`Store::resync`].
    reading: u32,
    /// When it was taken in last, by [`Store::clock`].
    taken: u64,
}

/// Everything that is known.
#[derive(Debug, Default)]
pub struct Store {
    /// As they are shown: with what they have just chosen.
    pub viewer: Option<Rc<Viewer>>,
    pub connection: Connection,
    pub inbox: Inbox,
    /// Where each stream goes on.
    pub task_cursor: Option<Cursor>,
    pub notification_cursor: Option<Cursor>,
    /// How many tasks each list has that is counted.
    pub counts: HashMap<TaskQuery, i32>,
    /// Rises when everything has to be read afresh.
    reading: u32,
    rereading: live::Rereading,
    people: HashMap<UserId, Rc<Person>>,
    tasks: HashMap<TaskId, Entry>,
    /// The version at which a task disappeared: an answer that is not newer does not bring it back.
    gone: Recent<TaskId, i32>,
    /// Numbers that the server answered with nothing.
    missing: Recent<i32, ()>,
    lists: HashMap<TaskQuery, TaskList>,
    talks: HashMap<TaskId, Talk>,
    own: OwnProfile,
    pending: Vec<Pending>,
    patches_made: u64,
    /// Counts what was taken in: orders it by how long ago that was.
    clock: u64,
    /// How many tasks there may be before some are forgotten.
    forget_from: usize,
}

impl Store {
    /// Forgets everything: another person may sign in.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Which reading of the server this is; it rises when everything has to be read afresh.
    pub fn reading(&self) -> u32 {
        self.reading
    }

    pub fn person(&self, id: &UserId) -> Option<Rc<Person>> {
        self.people.get(id).cloned()
    }

    /// Everyone who was ever met, by name.
    pub fn known_people(&self) -> Vec<PersonFields> {
        let fields = |person: &Rc<Person>| PersonFields {
            id: person.id.clone(),
            name: person.name.clone(),
            role: person.role,
        };
        let mut known: Vec<PersonFields> = self.people.values().map(fields).collect();
        known.sort_by(|left, right| left.name.cmp(&right.name));
        known
    }

    /// The task as it is shown; `None` when it is unknown or gone.
    pub fn task(&self, id: &TaskId) -> Option<Rc<Task>> {
        self.tasks.get(id).and_then(|entry| entry.shown.clone())
    }

    /// The task of that number.
    pub fn task_by_number(&self, number: i32) -> Option<Rc<Task>> {
        self.tasks
            .values()
            .filter_map(|entry| entry.shown.clone())
            .find(|task| task.number == number && !task.is_deleted)
    }

    /// Whether the server has no task of that number for this viewer.
    pub fn is_missing(&self, number: i32) -> bool {
        self.missing.get(&number).is_some()
    }

    /// Remembers that the server has no task of that number for this viewer.
    pub fn set_missing(&mut self, number: i32) {
        if let Some(id) = self.task_by_number(number).map(|task| task.id.clone()) {
            self.remove_task(&id);
        }
        self.missing.insert(number, ());
    }

    pub fn take_person(&mut self, person: &PersonFields) {
        let known = Person { id: person.id.clone(), name: person.name.clone(), role: person.role };
        if self.people.get(&known.id).is_none_or(|old| **old != known) {
            self.people.insert(known.id.clone(), Rc::new(known));
        }
    }

    /// Takes a task in from an answer that leaves out the description.
    pub fn take_row(&mut self, row: TaskRow) {
        self.take_people([&row.creator, &row.assignee]);
        self.take_task(Task::from_row(row));
    }

    /// Takes a whole task in.
    pub fn take_card(&mut self, card: TaskCard) {
        self.take_people([&card.creator, &card.assignee]);
        self.take_task(Task::from_card(card));
    }

    /// Takes in a task of a list of what was deleted: it is in no other, and has no panel.
    fn take_deleted(&mut self, row: TaskRow) {
        self.take_people([&row.creator, &row.assignee]);
        self.readmit(&row.id);
        let number = row.number;
        self.take_task(Task { is_deleted: true, ..Task::from_row(row) });
        self.missing.insert(number, ());
    }

    fn take_people(&mut self, people: [&Option<PersonFields>; 2]) {
        for person in people.into_iter().flatten() {
            self.take_person(person);
        }
    }

    /// The one place where a task enters: only if nothing newer is known.
    fn take_task(&mut self, mut task: Task) {
        if self.gone.get(&task.id).is_some_and(|version| task.version <= *version) {
            return;
        }
        if let Some(known) = self.tasks.get(&task.id) {
            if known.server.version > task.version {
                return;
            }
            if task.description.is_none() && known.server.version == task.version {
                task.description.clone_from(&known.server.description);
            }
        }
        self.gone.remove(&task.id);
        self.missing.remove(&task.number);
        let id = task.id.clone();
        self.clock = self.clock.wrapping_add(1);
        match self.tasks.get_mut(&id) {
            // It stands where it belongs already.
            Some(known) if known.reading == self.reading && *known.server == task => known.taken = self.clock,
            Some(known) => {
                known.taken = self.clock;
                if *known.server != task {
                    known.server = Rc::new(task);
                }
                known.reading = self.reading;
                self.show(&id);
            }
            None => {
                let server = Rc::new(task);
                let entry = Entry { shown: None, server, reading: self.reading, taken: self.clock };
                self.tasks.insert(id.clone(), entry);
                self.show(&id);
            }
        }
    }

    /// Takes a task away: deleted, or no longer this viewer's to see.
    pub fn remove_task(&mut self, id: &TaskId) {
        if let Some(entry) = self.tasks.remove(id) {
            self.gone.insert(id.clone(), entry.server.version);
            self.missing.insert(entry.server.number, ());
        }
        self.talks.remove(id);
        for (query, list) in &mut self.lists {
            list.remove(id);
            if query.deleted {
                list.doubt();
            }
        }
    }

    /// The version that the server is known to have; 0 for what is unknown.
    pub fn version(&self, id: &TaskId) -> i32 {
        self.tasks.get(id).map_or(0, |entry| entry.server.version)
    }

    /// Takes in a task that was deleted and is back.
    pub fn take_restored(&mut self, card: TaskCard) {
        self.readmit(&card.id);
        self.take_card(card);
    }

    /// A task that was taken away is back, at whatever version.
    fn readmit(&mut self, id: &TaskId) {
        self.gone.remove(id);
    }

    /// Works out what is shown of a task and puts it where it belongs in every list.
    fn show(&mut self, id: &TaskId) {
        let Some(entry) = self.tasks.get_mut(id) else { return };
        entry.shown = pending::apply(&self.pending, &entry.server);
        let shown = entry.shown.clone();
        for (query, list) in &mut self.lists {
            list.place(query, id, shown.as_ref(), &self.tasks);
        }
    }

    /// The log before some place is gone: what is known is doubted, and shown until it has been read afresh.
    pub fn resync(&mut self) {
        self.reading = self.reading.wrapping_add(1);
        self.missing.clear();
        for list in self.lists.values_mut() {
            list.doubt();
        }
        for talk in self.talks.values_mut() {
            talk.doubt();
        }
    }
}
