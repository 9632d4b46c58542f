//! Who listens in this process, and what reaches them: an index by person, so that an event costs its recipients and not
//! all connections. Buffers little: who does not keep up is dropped, since the log has it all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use domain::Role;
use domain::policy::Capability;
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};

use super::cursor::Position;
use super::event::Event;
use super::read::Entry;
use super::settled::OpenTransaction;
use super::visibility::{view, view_of_notifications};
use crate::db::columns::{SessionId, UserId};

/// Entries that wait for one subscriber, at the most. Several pages of the tailer, so that a burst drops nobody who keeps up;
/// shared by all who wait for them.
pub const BUFFER: usize = 1_024;

/// What a subscriber listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// What happens to tasks that the person may see.
    Tasks,
    /// What the person is told.
    Notifications,
}

/// Why a connection is closed from within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    /// The session ended, or the person is disabled.
    SessionEnded,
    /// The person's role changed: what they may see is to be decided anew.
    RoleChanged,
    /// It did not keep up.
    TooSlow,
    /// The process is going down.
    Drain,
}

/// The listeners of this process.
#[derive(Debug)]
pub struct Hub {
    epoch: String,
    state: Mutex<State>,
    reached: watch::Sender<Position>,
    next: AtomicU64,
    followed: AtomicBool,
    stall: Mutex<Option<Stall>>,
}

/// Events wait that cannot be passed on yet: a transaction is open that may still add one before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stall {
    /// For how long they have waited.
    pub waited: Duration,
    /// The transaction, as far as it is known.
    pub open: Option<OpenTransaction>,
}

#[derive(Debug, Default)]
struct State {
    /// How far the tailer came; what is after it has reached nobody yet.
    position: Position,
    subscribers: HashMap<UserId, Vec<Subscriber>>,
    /// Those among the subscribers' people who see all tasks.
    see_all: HashSet<UserId>,
    connections: HashMap<UserId, Vec<Registered>>,
    draining: bool,
}

#[derive(Debug)]
struct Subscriber {
    id: u64,
    role: Role,
    topic: Topic,
    sender: mpsc::Sender<Arc<Entry>>,
    connection: Arc<watch::Sender<Option<Closing>>>,
}

#[derive(Debug)]
struct Registered {
    id: u64,
    session: SessionId,
    closing: Arc<watch::Sender<Option<Closing>>>,
}

impl Hub {
    /// A hub of that life of the log, from that place on.
    pub fn new(epoch: String, position: Position) -> Arc<Self> {
        Arc::new(Hub {
            epoch,
            state: Mutex::new(State { position, ..State::default() }),
            reached: watch::Sender::new(position),
            next: AtomicU64::new(1),
            followed: AtomicBool::new(false),
            stall: Mutex::default(),
        })
    }

    /// Which life of the log this process follows.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// How far the log has been read: whoever reads a list now sees all that came before.
    pub fn position(&self) -> Position {
        self.state.lock().position
    }

    /// Whether the tailer runs and its last reading of the log succeeded.
    pub fn is_followed(&self) -> bool {
        self.followed.load(Ordering::Relaxed)
    }

    pub(super) fn set_followed(&self, followed: bool) {
        self.followed.store(followed, Ordering::Relaxed);
    }

    /// What holds the log back, where something has done so for long.
    pub fn stall(&self) -> Option<Stall> {
        self.stall.lock().clone()
    }

    pub(super) fn set_stall(&self, stall: Option<Stall>) {
        *self.stall.lock() = stall;
    }

    /// Connections open now.
    pub fn connections(&self) -> usize {
        self.state.lock().connections.values().map(Vec::len).sum()
    }

    /// Registers a connection of this person; `None` if they have `most` already, or the process is going down. Register
    /// first and look up the person's role after: a change in between then closes the connection.
    pub fn connect(self: &Arc<Self>, user: UserId, session: SessionId, most: usize) -> Option<Connection> {
        let mut state = self.state.lock();
        if state.draining {
            return None;
        }
        let registered = state.connections.entry(user).or_default();
        if registered.len() >= most {
            return None;
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let closing = Arc::new(watch::Sender::new(None));
        registered.push(Registered { id, session, closing: Arc::clone(&closing) });
        Some(Connection { hub: Arc::clone(self), user, id, closing })
    }

    /// Passes on what the tailer read, in order.
    pub(super) fn publish(&self, entries: Vec<Entry>) {
        let mut state = self.state.lock();
        for entry in entries {
            state.position = entry.position();
            state.close_connections(&entry);
            state.route(&Arc::new(entry));
        }
        self.reached.send_replace(state.position);
    }

    /// Waits until the log has been read up to that place.
    pub async fn reaches(&self, position: Position) {
        // The sender lives as long as the hub, so that waiting cannot fail.
        let _ = self.reached.subscribe().wait_for(|reached| *reached >= position).await;
    }

    /// Returns once something is published that comes after this place.
    pub async fn passes(&self, position: Position) {
        let _ = self.reached.subscribe().wait_for(|reached| *reached > position).await;
    }

    /// Asks every connection to close, and lets no new one in.
    pub fn drain(&self) {
        let mut state = self.state.lock();
        state.draining = true;
        for registered in state.connections.values().flatten() {
            registered.closing.send_replace(Some(Closing::Drain));
        }
    }
}

impl State {
    fn close_connections(&self, entry: &Entry) {
        let Some(user) = entry.row.subject_id else { return };
        let Some(registered) = self.connections.get(&user) else { return };
        let closing = |registered: &Registered| match &entry.event {
            Event::RoleChanged { .. } => Some(Closing::RoleChanged),
            // It may have taken something away from the person: they come back as who they are now.
            Event::Unknown => Some(Closing::RoleChanged),
            Event::UserActiveChanged { active: false } => Some(Closing::SessionEnded),
            Event::SessionsEnded { sessions } => {
                sessions.contains(&registered.session).then_some(Closing::SessionEnded)
            }
            Event::UserActiveChanged { active: true }
            | Event::TaskCreated
            | Event::TaskUpdated { .. }
            | Event::TaskStatusChanged { .. }
            | Event::TaskDeadlineChanged { .. }
            | Event::TaskOverdue { .. }
            | Event::TaskAssigned { .. }
            | Event::TaskDeleted
            | Event::TaskRestored
            | Event::CommentAdded { .. }
            | Event::CommentEdited { .. }
            | Event::CommentDeleted { .. }
            | Event::AllTasksCompleted
            | Event::UserRegistered { .. }
            | Event::CompanyUpdated { .. }
            | Event::UserUpdated
            | Event::EmailChanged { .. }
            | Event::NotificationsRead { .. } => None,
        };
        for registered in registered {
            if let Some(closing) = closing(registered) {
                registered.closing.send_replace(Some(closing));
            }
        }
    }

    fn route(&mut self, entry: &Arc<Entry>) {
        for user in self.candidates(entry) {
            let Some(subscribers) = self.subscribers.get_mut(&user) else { continue };
            subscribers.retain(|subscriber| {
                if subscriber.connection.borrow().is_some() {
                    return false;
                }
                let concerned = match subscriber.topic {
                    Topic::Tasks => view(user, subscriber.role, entry).is_some(),
                    Topic::Notifications => view_of_notifications(user, entry).is_some(),
                };
                if !concerned {
                    return true;
                }
                match subscriber.sender.try_send(Arc::clone(entry)) {
                    Ok(()) => true,
                    Err(mpsc::error::TrySendError::Full(_)) => {
                        subscriber.connection.send_replace(Some(Closing::TooSlow));
                        false
                    }
                    Err(mpsc::error::TrySendError::Closed(_)) => false,
                }
            });
        }
    }

    /// People whom the entry may concern: those who see everything, and those it names.
    fn candidates(&self, entry: &Entry) -> HashSet<UserId> {
        let row = &entry.row;
        let mut users = self.see_all.clone();
        users.extend(
            [row.actor_id, row.creator_id, row.assignee_id, row.previous_assignee_id, row.subject_id]
                .into_iter()
                .flatten(),
        );
        users.extend(entry.task.iter().map(|task| task.assignee_id));
        users.extend(entry.notifications.iter().map(|notification| notification.recipient_id));
        users
    }

    fn forget_subscriber(&mut self, user: UserId, id: u64) {
        if let Some(subscribers) = self.subscribers.get_mut(&user) {
            subscribers.retain(|subscriber| subscriber.id != id);
            if subscribers.is_empty() {
                self.subscribers.remove(&user);
                self.see_all.remove(&user);
            }
        }
    }
}

/// An open connection of a person; dropped, it is forgotten.
#[derive(Debug)]
pub struct Connection {
    hub: Arc<Hub>,
    user: UserId,
    id: u64,
    closing: Arc<watch::Sender<Option<Closing>>>,
}

impl Connection {
    /// Becomes `Some` when the connection is to be closed.
    pub fn closing(&self) -> watch::Receiver<Option<Closing>> {
        self.closing.subscribe()
    }

    /// What lets a subscription made over this connection join the hub.
    pub fn handle(&self) -> ConnectionHandle {
        ConnectionHandle { closing: Arc::clone(&self.closing) }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Whatever still listens over it is told that nobody is there.
        self.closing.send_if_modified(|closing| closing.replace(Closing::SessionEnded).is_none());
        let mut state = self.hub.state.lock();
        if let Some(registered) = state.connections.get_mut(&self.user) {
            registered.retain(|registered| registered.id != self.id);
            if registered.is_empty() {
                state.connections.remove(&self.user);
            }
        }
    }
}

/// The connection that a subscription runs over.
#[derive(Clone, Debug)]
pub struct ConnectionHandle {
    closing: Arc<watch::Sender<Option<Closing>>>,
}

/// A place at the tail of the log: what it receives follows `position` with no gap.
#[derive(Debug)]
pub struct Listener {
    /// The last place that is *not* received here: read up to it from the database.
    pub position: Position,
    hub: Arc<Hub>,
    user: UserId,
    id: u64,
    receiver: mpsc::Receiver<Arc<Entry>>,
}

impl Listener {
    /// Joins the tail.
    pub fn join(
        hub: &Arc<Hub>,
        user: UserId,
        role: Role,
        topic: Topic,
        connection: &ConnectionHandle,
    ) -> Self {
        let (sender, receiver) = mpsc::channel(BUFFER);
        let id = hub.next.fetch_add(1, Ordering::Relaxed);
        let mut state = hub.state.lock();
        if role.can(Capability::SeeAllTasks) {
            state.see_all.insert(user);
        }
        let subscriber = Subscriber { id, role, topic, sender, connection: Arc::clone(&connection.closing) };
        state.subscribers.entry(user).or_default().push(subscriber);
        Listener { position: state.position, hub: Arc::clone(hub), user, id, receiver }
    }

    /// The next entry; `None` when the connection is being closed.
    pub async fn next(&mut self) -> Option<Arc<Entry>> {
        self.receiver.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.hub.state.lock().forget_subscriber(self.user, self.id);
    }
}
