//! Invitations in the contract.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::object::User;
use crate::app::App;
use crate::db::columns::{InvitationId, Timestamp, UserId};
use crate::entity::invitation as row;
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Role;
use crate::graphql::ids;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::payload::{UserError, settle};
use crate::graphql::scalars::int;
use crate::user::invitation;
use crate::user::query::UserLoader;

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "row::State")]
pub enum InvitationState {
    /// It lets one person in.
    Open,
    /// Somebody registered by it.
    Used,
    /// Its seven days are over.
    Expired,
    /// It was taken back, or whoever made it may not invite any more.
    Revoked,
}

/// A link by which one person may register. The link itself is shown once, when it is made.
#[derive(Clone, Debug)]
pub struct Invitation {
    row: Arc<row::Model>,
}

/// A link by which one person may register. The link itself is shown once, when it is made.
#[Object]
impl Invitation {
    /// Opaque id.
    async fn id(&self) -> ID {
        ids::encode(self.row.id)
    }

    /// What who registers by it becomes.
    async fn role(&self) -> Role {
        self.row.role.0.into()
    }

    /// Who made it.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        person(ctx, self.row.created_by).await
    }

    /// When it was made.
    async fn created_at(&self) -> Timestamp {
        self.row.created_at
    }

    /// From then on it is of no use.
    async fn expires_at(&self) -> Timestamp {
        self.row.expires_at
    }

    /// What became of it.
    async fn state(&self, ctx: &Context<'_>) -> InvitationState {
        self.row.state(ctx.app().clock.now()).into()
    }

    /// Who registered by it.
    async fn used_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        match self.row.used_by {
            Some(id) => person(ctx, id).await,
            None => Ok(None),
        }
    }
}

async fn person(ctx: &Context<'_>, id: UserId) -> Result<Option<User>> {
    let row = ctx.data_unchecked::<DataLoader<UserLoader>>().load_one(id).await?;
    Ok(row.map(User::new))
}

/// Invitations, newest first.
#[derive(Debug)]
pub struct InvitationConnection {
    state: Option<row::State>,
    edges: Vec<InvitationEdge>,
    page_info: PageInfo,
}

/// An invitation with its place in the list.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitationEdge {
    /// Its place.
    cursor: String,
    /// The invitation.
    node: Invitation,
}

impl InvitationConnection {
    pub(super) async fn read(app: &App, state: Option<row::State>, arguments: PageArguments) -> Result<Self> {
        let request = arguments.request::<InvitationId>(50)?;
        let page = invitation::page(app, state, &request).await?;
        let page = page.map(|row| (pages::cursor(&row.id), row));
        let page_info = pages::info(&page);
        let edge = |(cursor, row)| InvitationEdge { cursor, node: Invitation { row: Arc::new(row) } };
        Ok(InvitationConnection { state, edges: page.rows.into_iter().map(edge).collect(), page_info })
    }
}

/// Invitations, newest first.
#[Object]
impl InvitationConnection {
    /// The invitations with their places.
    async fn edges(&self) -> &[InvitationEdge] {
        &self.edges
    }

    /// The invitations alone.
    async fn nodes(&self) -> Vec<Invitation> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(invitation::count(ctx.app(), self.state).await?))
    }
}

/// The invitation after the change, or what can be mended.
#[derive(Clone, Debug, SimpleObject)]
pub struct InvitationPayload {
    /// The invitation after the change.
    invitation: Option<Invitation>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl InvitationPayload {
    /// The payload of a command's result.
    pub(super) fn of(ctx: &Context<'_>, result: Result<row::Model>) -> Result<Self> {
        let (row, user_errors) = settle(ctx, result)?;
        Ok(InvitationPayload { invitation: row.map(|row| Invitation { row: Arc::new(row) }), user_errors })
    }
}
