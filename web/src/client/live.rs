//! The live side: the socket's wishes carried out, and what it brings taken into the store.

use std::rc::Rc;

use gloo_timers::callback::Timeout;

use super::request::write;
use super::{Client, Inner};
use crate::api::live::{LiveVariables, Notifications, TaskEvents};
use crate::api::session::WhoAmI;
use crate::browser;
use crate::browser::spawn;
use crate::store::{Connection, Followed};
use crate::transport::protocol::{Effect, Input, SubscriptionId};
use crate::transport::socket::Socket;
use crate::transport::{RequestError, http};

const TASKS: SubscriptionId = "tasks";
const NOTIFICATIONS: SubscriptionId = "notifications";

/// Events come in bursts; the counts are asked for once after one. Milliseconds.
const BURST: u32 = 250;

impl Client {
    pub(super) fn socket(&self) -> &Rc<Socket> {
        self.0.socket.get_or_init(|| {
            let client = Rc::downgrade(&self.0);
            Socket::new(move |effect| {
                if let Some(client) = client.upgrade() {
                    Client::from(client).carry_out(effect);
                }
            })
        })
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::FetchToken { renew } => self.fetch_token(renew),
            Effect::Initialise => {
                if let Some(token) = self.0.tokens.current(browser::now()) {
                    self.socket().initialise(&token);
                }
            }
            Effect::SubscribeAll => self.subscribe(),
            Effect::Deliver { id, payload } => self.take_delivery(&id, &payload),
            Effect::ShowOnline => self.update(|state| state.store.connection = Connection::Online),
            Effect::ShowLost => self.show_lost(),
            Effect::SignOut => self.end_session(true),
            Effect::Connect | Effect::Disconnect | Effect::Ping | Effect::Pong => {}
            Effect::SetTimer { .. } | Effect::ClearTimer => {}
        }
    }

    fn fetch_token(&self, renew: bool) {
        let client = self.clone();
        spawn(async move {
            let token = if renew { client.renew_token().await } else { client.token().await };
            client.socket().handle(match token {
                Ok(_) => Input::TokenReady,
                Err(RequestError::SignedOut) => Input::TokenRefused,
                Err(error) => Input::TokenDelayed(error.wait().saturating_mul(1_000)),
            });
        });
    }

    fn subscribe(&self) {
        let (tasks, notifications) = self.state().store.cursors();
        let tasks = write::<TaskEvents, _>(&LiveVariables { after: tasks });
        let after = LiveVariables { after: notifications };
        let notifications = write::<Notifications, _>(&after);
        if let (Ok(tasks), Ok(notifications)) = (tasks, notifications) {
            self.socket().subscribe(TASKS, &tasks);
            self.socket().subscribe(NOTIFICATIONS, &notifications);
        }
    }

    fn show_lost(&self) {
        let now = browser::now();
        self.update(|state| {
            if !matches!(state.store.connection, Connection::Lost { .. }) {
                state.store.connection = Connection::Lost { since: now };
            }
        });
    }

    fn take_delivery(&self, id: &str, payload: &str) {
        let followed = if id == TASKS {
            let answer = http::read::<TaskEvents>(payload);
            answer.ok().map(|event| self.update(|state| state.store.take_task_event(event.task_events.flat)))
        } else {
            let answer = http::read::<Notifications>(payload);
            answer.ok().map(|event| {
                let event = event.notification_received.flat;
                let arrived = event.notification.as_ref().map(|notification| notification.id.clone());
                let followed = self.update(|state| state.store.take_notification_event(event));
                if let Some(id) = arrived {
                    self.announce(&id);
                }
                followed
            })
        };
        match followed {
            // What cannot be read may have mattered: rather read everything afresh than show what is not so.
            None | Some(Followed::Reread) => self.reread_soon(),
            Some(Followed::Nothing) => {}
            Some(Followed::Recount) => self.recount(),
            Some(Followed::RereadInbox) => self.reread_inbox(),
            Some(Followed::RereadViewer) => {
                let client = self.clone();
                spawn(async move {
                    if let Ok(WhoAmI { viewer: Some(viewer) }) = client.query(()).await {
                        client.set_viewer(viewer);
                    }
                    client.reread();
                });
            }
        }
    }

    /// Reads everything afresh, now or as soon as that may be again.
    fn reread_soon(&self) {
        let Some(wait) = self.update(|state| state.store.may_reread(browser::now())) else { return };
        let client = self.clone();
        let begin = move || {
            client.update(|state| state.store.begin_reread(browser::now()));
            client.reread();
        };
        if wait == 0 {
            begin();
        } else {
            Timeout::new(wait, begin).forget();
        }
    }

    /// Lists and panels see for themselves that they are doubted; the rest is asked for here.
    fn reread(&self) {
        self.recount();
        self.reread_inbox();
    }

    fn reread_inbox(&self) {
        let client = self.clone();
        spawn(async move { client.load_notifications(true).await });
    }

    /// Asks for the counts beside the lists, once for a burst of events.
    pub(super) fn recount(&self) {
        self.recount_in(BURST);
    }

    /// The same, once for all that asks while a page is drawn.
    pub(super) fn count_at_once(&self) {
        self.recount_in(0);
    }

    fn recount_in(&self, milliseconds: u32) {
        let client = self.clone();
        let timer = Timeout::new(milliseconds, move || spawn(async move { client.load_counts().await }));
        *self.0.recount.borrow_mut() = Some(timer);
    }
}

impl From<Rc<Inner>> for Client {
    fn from(inner: Rc<Inner>) -> Self {
        Self(inner)
    }
}
