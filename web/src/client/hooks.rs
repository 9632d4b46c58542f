//! How components come by the client and what of its state they watch.

use std::cell::RefCell;

use chrono::NaiveDateTime;
use yew::prelude::*;

use super::{Client, Preferences, State};
use crate::api::Timestamp;
use crate::store::{Task, TaskQuery};
use crate::text::date::{self, DeadlineBadge};
use crate::text::{Messages, messages};

/// The client of this page.
#[hook]
#[expect(clippy::expect_used, reason = "every component stands below the provider in `App`")]
pub fn use_client() -> Client {
    use_context::<Client>().expect("a client around every component")
}

/// A part of the state. The component is drawn again when that part differs, and for nothing else.
#[hook]
pub fn use_state_of<T, F>(select: F) -> T
where
    T: PartialEq + Clone + 'static,
    F: Fn(&State) -> T + 'static,
{
    let client = use_client();
    let seen = select(&client.state());
    let last = RefCell::new(seen.clone());
    use_watch(Box::new(move |state| {
        let now = select(state);
        let differs = now != *last.borrow();
        last.replace(now);
        differs
    }));
    seen
}

/// Says whether what a component watches differs from what it saw last.
type Differs = Box<dyn Fn(&State) -> bool>;

/// Draws the component again when `differs` says so. Apart from [`use_state_of`], so that it is compiled once.
#[hook]
fn use_watch(differs: Differs) {
    let client = use_client();
    let redraw = use_force_update();
    let watched = use_mut_ref(|| None::<Differs>);
    watched.replace(Some(differs));
    use_effect_with(client, move |client| {
        let look = move |state: &State| {
            if watched.borrow().as_ref().is_some_and(|differs| differs(state)) {
                redraw.force_update();
            }
        };
        // Something may have changed between drawing and watching.
        look(&client.state());
        let watch = client.watch(look);
        move || drop(watch)
    });
}

/// How many tasks each of these lists has, kept up to date while the component is there. `None` until the server has said so.
#[hook]
pub fn use_counts(queries: Vec<TaskQuery>) -> Vec<Option<i32>> {
    let client = use_client();
    use_effect_with((client, queries.clone()), |(client, queries)| {
        client.start_counting(queries);
        let (client, queries) = (client.clone(), queries.clone());
        move || client.stop_counting(&queries)
    });
    use_state_of(move |state| queries.iter().map(|query| state.store.counts.get(query).copied()).collect())
}

/// Words and dates as the person reads them.
#[derive(Clone, PartialEq)]
pub struct Wording {
    pub preferences: Preferences,
    pub now: Timestamp,
}

impl std::ops::Deref for Wording {
    type Target = Messages;

    fn deref(&self) -> &Messages {
        messages(self.preferences.locale)
    }
}

/// The language and the zone of whoever looks.
#[hook]
pub fn use_wording() -> Wording {
    let (preferences, now) = use_state_of(|state| (state.preferences.clone(), state.now));
    Wording { preferences, now }
}

impl Client {
    /// Words and dates, outside of what is drawn.
    pub fn wording(&self) -> Wording {
        let state = self.state();
        Wording { preferences: state.preferences.clone(), now: crate::browser::now() }
    }
}

impl Wording {
    /// What the person's clock shows at that moment.
    pub fn local(&self, moment: Timestamp) -> NaiveDateTime {
        self.preferences.zone.local(moment)
    }

    /// What it shows now.
    pub fn local_now(&self) -> NaiveDateTime {
        self.local(self.now)
    }

    /// As short as it can be said.
    pub fn moment(&self, moment: Timestamp) -> String {
        date::moment(self, self.local(moment), self.local_now())
    }

    /// The same on whatever day it is read.
    pub fn exact(&self, moment: Timestamp) -> String {
        date::exact(self, self.local(moment))
    }

    /// A deadline that is being set.
    pub fn due(&self, moment: Timestamp) -> String {
        date::due(self, self.local(moment), self.local_now())
    }

    pub fn clock(&self, moment: Timestamp) -> String {
        date::clock(self.local(moment))
    }

    /// A deadline, with the time of day where it has to be precise.
    pub fn deadline(&self, moment: Timestamp, precise: bool) -> String {
        date::deadline(self, self.local(moment), self.local_now().date(), precise)
    }

    /// A day and a month.
    pub fn day(&self, moment: Timestamp) -> String {
        date::short_day(self, self.local(moment).date(), self.local_now().date())
    }

    pub fn deadline_badge(&self, task: &Task) -> DeadlineBadge {
        let deadline = task.deadline.map(|deadline| self.local(deadline));
        date::deadline_badge(self, deadline, task.status, self.local_now())
    }
}
