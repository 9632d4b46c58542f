//! Several tabs of one browser: what is chosen or ended in one holds in all.

use gloo_events::EventListener;

use super::device::{locale_of, theme_of};
use super::{Client, Session};
use crate::api::UserId;
use crate::api::session::ProfileUpdateInput;
use crate::browser::storage::{self, Kept};
use crate::browser::{self, spawn};

/// What [`Kept::Session`] starts with when somebody signed in; their id follows.
const SIGNED_IN: &str = "in ";

impl Client {
    /// Goes along with what the other tabs do, until dropped.
    pub fn follow_tabs(&self) -> Option<EventListener> {
        let client = self.clone();
        storage::follow(move |what, value| client.hear(what, value.as_deref()))
    }

    /// Whether somebody signed in on this device last, and did not sign out.
    pub fn was_signed_in(&self) -> bool {
        storage::read(Kept::Session).is_some_and(|value| value.starts_with(SIGNED_IN))
    }

    fn hear(&self, what: Kept, value: Option<&str>) {
        match what {
            Kept::Language => {
                let chosen = ProfileUpdateInput { locale: locale_of(value), ..ProfileUpdateInput::default() };
                self.update(|state| state.hear_device(&chosen));
            }
            Kept::Theme => {
                let theme = Some(theme_of(value));
                let chosen = ProfileUpdateInput { theme, ..ProfileUpdateInput::default() };
                self.update(|state| state.hear_device(&chosen));
            }
            Kept::Session => match value.and_then(|value| value.strip_prefix(SIGNED_IN)) {
                Some(who) => self.hear_sign_in(who.split(' ').next().unwrap_or_default()),
                None => {
                    if self.state().session == Session::SignedIn {
                        self.end_session(false);
                    }
                }
            },
            Kept::Draft | Kept::Notify | Kept::Recent => {}
        }
    }

    /// The cookie is theirs now: whoever else was signed in here no longer is.
    fn hear_sign_in(&self, who: &str) {
        let is_same = self.state().store.viewer.as_ref().is_some_and(|viewer| viewer.id.as_str() == who);
        if is_same && self.state().session == Session::SignedIn {
            return;
        }
        if self.state().session == Session::SignedIn {
            self.end_session(false);
        }
        let client = self.clone();
        spawn(async move { client.restore().await });
    }

    /// Tells the other tabs that this person signed in here, or with `None` that whoever was signed in has left.
    pub(super) fn tell_tabs(&self, signed_in: Option<&UserId>) {
        // A value that is new each time: tabs hear of changes alone.
        let now = browser::now().timestamp_millis().to_string();
        let value = match signed_in {
            Some(id) => [SIGNED_IN, id.as_str(), " ", &now].concat(),
            None => ["out ", &now].concat(),
        };
        storage::keep(Kept::Session, Some(&value));
    }
}
