//! What a request brings with it, as resolvers reach it.

use std::sync::Arc;

use async_graphql::Context;

use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::Locale;
use crate::error::{Error, Refused, Result};
use crate::log::hub::ConnectionHandle;

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
