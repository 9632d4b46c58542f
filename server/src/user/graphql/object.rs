//! A person, and what of them is whose to see.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::policy::Capability;

use crate::auth::session;
use crate::db::columns::{SessionId, Timestamp};
use crate::entity::{session as session_row, user};
use crate::error::{Error, Refused, Result};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{Locale, Role, Theme};
use crate::graphql::ids;

/// A person.
#[derive(Clone, Debug)]
pub struct User {
    row: Arc<user::Model>,
    signed_in: Option<SessionId>,
}

/// Who looks at a person.
struct Onlooker {
    is_self: bool,
    manages: bool,
    session: SessionId,
}

impl User {
    /// The person of this row.
    pub fn new(row: Arc<user::Model>) -> Self {
        User { row, signed_in: None }
    }

    /// The person who signs in by this very request, over that session: they see themselves.
    pub fn signed_in(row: user::Model, session: SessionId) -> Self {
        User { row: Arc::new(row), signed_in: Some(session) }
    }

    fn onlooker(&self, ctx: &Context<'_>) -> Result<Onlooker> {
        if let Some(session) = self.signed_in {
            let manages = self.row.role.0.can(Capability::ManagePeople);
            return Ok(Onlooker { is_self: true, manages, session });
        }
        let viewer = ctx.viewer()?;
        let manages = viewer.role.can(Capability::ManagePeople);
        Ok(Onlooker { is_self: viewer.id == self.row.id, manages, session: viewer.session })
    }

    /// The onlooker, if they are let through.
    fn only(&self, ctx: &Context<'_>, may: impl FnOnce(&Onlooker) -> bool) -> Result<Onlooker> {
        let onlooker = self.onlooker(ctx)?;
        if may(&onlooker) { Ok(onlooker) } else { Err(Error::Refused(Refused::Forbidden)) }
    }
}

/// Lets pass the person themselves and who manages people.
fn manager_or_self(onlooker: &Onlooker) -> bool {
    onlooker.is_self || onlooker.manages
}

/// A person.
#[Object]
impl User {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        ids::encode(self.row.id)
    }

    /// The name as the person writes it; 1 to 100 characters.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What they are in the company.
    async fn role(&self) -> Role {
        self.row.role.0.into()
    }

    /// [ADMIN, self] The address to sign in by.
    async fn email(&self, ctx: &Context<'_>) -> Option<Result<&str>> {
        Some(self.only(ctx, manager_or_self).map(|_| self.row.email.as_str()))
    }

    /// [ADMIN] Whether they may sign in.
    async fn active(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        Some(self.only(ctx, |onlooker| onlooker.manages).map(|_| self.row.active))
    }

    /// [ADMIN, self] When they last asked for something, to within a few minutes; null if they never did.
    async fn last_seen_at(&self, ctx: &Context<'_>) -> Option<Result<Timestamp>> {
        match self.only(ctx, manager_or_self) {
            Ok(_) => self.row.last_seen_at.map(Ok),
            Err(refused) => Some(Err(refused)),
        }
    }

    /// [self] How they like the client.
    async fn profile(&self, ctx: &Context<'_>) -> Option<Result<Profile>> {
        Some(self.only(ctx, |onlooker| onlooker.is_self).map(|_| Profile::of(&self.row)))
    }

    /// [ADMIN, self] Where they are signed in, the session used last first.
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        Some(self.read_sessions(ctx).await)
    }

    /// When the account was made.
    async fn created_at(&self) -> Timestamp {
        self.row.created_at
    }
}

impl User {
    async fn read_sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        let onlooker = self.only(ctx, manager_or_self)?;
        let app = ctx.app();
        let rows = session::alive(&app.db, self.row.id, app.clock.now()).await?;
        Ok(rows.into_iter().map(|row| Session { current: row.id == onlooker.session, row }).collect())
    }
}

/// How a person likes the client.
#[derive(Clone, Debug, SimpleObject)]
pub struct Profile {
    /// The language; null for whatever the device speaks.
    locale: Option<Locale>,
    /// Light or dark.
    theme: Theme,
    /// Where days begin, by its IANA name.
    time_zone: String,
    /// Whether single keys act.
    shortcuts: bool,
}

impl Profile {
    fn of(row: &user::Model) -> Self {
        Profile {
            locale: row.locale.map(|locale| locale.0.into()),
            theme: row.theme.0.into(),
            time_zone: row.time_zone.clone(),
            shortcuts: row.shortcuts,
        }
    }
}

/// A sign-in on one device.
#[derive(Clone, Debug)]
pub struct Session {
    row: session_row::Model,
    current: bool,
}

impl Session {
    /// The sign-in of this row, as somebody sees it who asks over that session.
    pub fn new(row: session_row::Model, asking: SessionId) -> Self {
        Session { current: row.id == asking, row }
    }
}

/// A sign-in on one device.
#[Object]
impl Session {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        ids::encode(self.row.id)
    }

    /// When they signed in.
    async fn created_at(&self) -> Timestamp {
        self.row.created_at
    }

    /// When it was last used, to within a few minutes.
    async fn last_used_at(&self) -> Timestamp {
        self.row.last_used_at
    }

    /// When it ends at the latest; unused for 7 days, it ends earlier.
    async fn expires_at(&self) -> Timestamp {
        self.row.expires_at
    }

    /// What the device calls itself.
    async fn device(&self) -> &str {
        &self.row.device
    }

    /// The address that it was last refreshed from.
    async fn address(&self) -> &str {
        &self.row.address
    }

    /// Whether this request is made over it.
    async fn current(&self) -> bool {
        self.current
    }
}
