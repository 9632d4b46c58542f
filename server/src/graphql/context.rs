//! What a request brings with it, as resolvers reach it.

use std::fmt::Arguments;
use std::sync::Arc;

use async_graphql::Context;

use crate::app::App;
use crate::auth::{Viewer, Visitor};
use crate::db::columns::{Locale, UserId};
use crate::error::{Error, Refused, Result};
use crate::log::hub::ConnectionHandle;
use crate::security::{Kind, Outcome, SecurityEvent};

/// Who asks, and from where. `http` puts one into every request.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The person, if somebody is signed in.
    pub viewer: Option<Viewer>,
    /// The language to answer in.
    pub locale: Locale,
    /// The address of the peer.
    pub address: String,
    /// What the device calls itself.
    pub device: String,
    /// The refresh token of the browser's cookie.
    pub refresh_cookie: Option<String>,
}

impl Asker {
    /// From where they ask.
    pub fn visitor(&self) -> Visitor {
        Visitor { address: self.address.clone(), device: self.device.clone() }
    }

    /// Writes down what came of a command that an administrator has to be able to trace.
    pub fn notes<T>(&self, kind: Kind, result: &Result<T>, subject: Option<UserId>, detail: Arguments<'_>) {
        let Some(outcome) = Outcome::of(result) else { return };
        let detail = Some(detail.to_string()).filter(|detail| !detail.is_empty());
        SecurityEvent { subject, detail, ..self.event(kind, outcome) }.write();
    }

    /// A line of who asks.
    pub fn event(&self, kind: Kind, outcome: Outcome) -> SecurityEvent<'_> {
        SecurityEvent {
            person: self.viewer.as_ref().map(|viewer| viewer.id),
            session: self.viewer.as_ref().map(|viewer| viewer.session),
            ..SecurityEvent::new(kind, outcome, &self.address)
        }
    }
}

/// Access to what a request brings with it.
pub trait ContextExt {
    /// The process.
    fn app(&self) -> &Arc<App>;
    /// Who asks, and from where.
    fn asker(&self) -> &Asker;
    /// The person who asks; refused when nobody is signed in.
    fn viewer(&self) -> Result<&Viewer>;
}

impl ContextExt for Context<'_> {
    fn app(&self) -> &Arc<App> {
        self.data_unchecked()
    }

    fn asker(&self) -> &Asker {
        self.data_unchecked()
    }

    fn viewer(&self) -> Result<&Viewer> {
        self.asker().viewer.as_ref().ok_or(Error::Refused(Refused::Unauthenticated))
    }
}

/// What a subscription is connected by. Over HTTP, where nothing is live, there is none.
pub fn connection(ctx: &Context<'_>) -> Result<ConnectionHandle> {
    let handle = ctx.data_opt::<ConnectionHandle>().cloned();
    handle.ok_or(Error::Refused(Refused::BadInput("subscriptions are served over WebSocket")))
}
