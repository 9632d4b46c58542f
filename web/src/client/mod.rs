//! What pages call: the state they watch, and a command for everything a person can do.
//!
//! Commands send an operation, take its answer into the store, and tell of what went wrong. How things look is not theirs.

mod bulk;
mod comments;
mod device;
mod hooks;
mod live;
mod notifications;
mod people;
mod place;
mod profile;
mod request;
mod saved;
mod search;
mod session;
mod shortcut;
mod statistics;
mod tabs;
pub mod tasks;
mod toast;

pub use bulk::{BulkChange, Progress};
pub use hooks::{Wording, use_client, use_counts, use_state_of, use_wording};
pub use people::AT_HAND;
pub use request::Trouble;
pub use saved::SavedList;
pub use shortcut::{Shortcut, ShortcutGroup, caps, use_shortcuts};
pub use statistics::Period;
pub use toast::{Toast, ToastAction};

use std::cell::{Cell, OnceCell, Ref, RefCell};
use std::rc::{Rc, Weak};

use futures_util::lock::Mutex;
use gloo_timers::callback::Timeout;

use crate::api::{Locale, Theme, Timestamp};
use crate::browser;
use crate::browser::document;
use crate::browser::zone::Zone;
use crate::store::{Store, TaskQuery};
use crate::text::{self, Messages};
use crate::transport::socket::Socket;
use crate::transport::token::TokenKeeper;
use device::Device;
use toast::Toasts;

/// Where the session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// The cookie is being asked whether it still holds.
    Restoring,
    /// The server was not reached, so nobody knows.
    Unreachable,
    SignedOut {
        /// It was there and ended by itself.
        ended: bool,
    },
    SignedIn,
}

/// How the client speaks and looks.
#[derive(Clone, PartialEq)]
pub struct Preferences {
    pub locale: Locale,
    pub theme: Theme,
    pub zone: Zone,
    /// Whether single keys act.
    pub shortcuts: bool,
}

/// Everything that pages watch.
pub struct State {
    pub store: Store,
    pub session: Session,
    device: Device,
    pub preferences: Preferences,
    pub toasts: Toasts,
    /// Changes of many tasks that are under way.
    pub bulk: Option<Progress>,
    /// The lists that the person saved.
    pub saved: Rc<Vec<SavedList>>,
    /// The present, as pages show it: it moves on by itself, see [`Client::tick`].
    pub now: Timestamp,
}

struct Watcher {
    number: u64,
    look: Rc<dyn Fn(&State)>,
}

struct Inner {
    state: RefCell<State>,
    watchers: RefCell<Vec<Watcher>>,
    watchers_made: Cell<u64>,
    tokens: TokenKeeper,
    socket: OnceCell<Rc<Socket>>,
    /// One way into a session at a time.
    entering: Mutex<()>,
    /// One change of a task at a time, so that each carries the version that the one before it made.
    task_changes: Mutex<()>,
    /// One change of the profile at a time, too.
    profile_changes: Mutex<()>,
    recount: RefCell<Option<Timeout>>,
    /// Lists that pages want counted, besides those of the side bar.
    counted: RefCell<Vec<TaskQuery>>,
    shortcuts: shortcut::Registry,
    places: RefCell<Vec<(String, i32)>>,
}

/// The one client of the page; clones are the same.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Ends a watch when dropped.
pub struct Watch {
    client: Weak<Inner>,
    number: u64,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(client) = self.client.upgrade() {
            client.watchers.borrow_mut().retain(|watcher| watcher.number != self.number);
        }
    }
}

impl Client {
    /// A client that speaks as this device was told last, or as its browser asks.
    pub fn new() -> Self {
        let device = Device::read();
        let Device { locale, theme } = device;
        let zone = Zone::named(&Zone::of_device());
        let preferences = Preferences { locale, theme, zone, shortcuts: true };
        document::set_language(locale);
        document::set_theme(theme);
        let state = State {
            store: Store::default(),
            session: Session::Restoring,
            device,
            preferences,
            toasts: Toasts::default(),
            bulk: None,
            saved: Rc::default(),
            now: browser::now(),
        };
        Self(Rc::new(Inner {
            state: RefCell::new(state),
            watchers: RefCell::default(),
            watchers_made: Cell::new(0),
            tokens: TokenKeeper::default(),
            socket: OnceCell::new(),
            entering: Mutex::new(()),
            task_changes: Mutex::new(()),
            profile_changes: Mutex::new(()),
            recount: RefCell::default(),
            counted: RefCell::default(),
            places: RefCell::default(),
            shortcuts: shortcut::Registry::default(),
        }))
    }

    /// Looks at the state. Not to be held across anything that changes it.
    pub fn state(&self) -> Ref<'_, State> {
        self.0.state.borrow()
    }

    pub fn words(&self) -> &'static Messages {
        text::messages(self.state().preferences.locale)
    }

    /// Moves the present on, for whatever says how near something is.
    pub fn tick(&self) {
        self.update(|state| state.now = browser::now());
    }

    /// Changes the state, then lets everyone look who watches.
    pub fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.0.state.borrow_mut());
        let looks: Vec<_> = self.0.watchers.borrow().iter().map(|watcher| watcher.look.clone()).collect();
        let state = self.0.state.borrow();
        for look in looks {
            look(&state);
        }
        outcome
    }

    /// Calls `look` after every change, until the watch is dropped.
    pub fn watch(&self, look: impl Fn(&State) + 'static) -> Watch {
        let number = self.0.watchers_made.get().wrapping_add(1);
        self.0.watchers_made.set(number);
        self.0.watchers.borrow_mut().push(Watcher { number, look: Rc::new(look) });
        Watch { client: Rc::downgrade(&self.0), number }
    }
}
