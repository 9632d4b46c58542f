//! Who is signed in, what the sign-in page needs, and the list of people.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, InputObject, Object, SimpleObject};
use domain::policy::Capability;
use domain::validate::limit;

use super::invitation::{InvitationConnection, InvitationState};
use super::object::User;
use crate::app::App;
use crate::auth::{self, Viewer};
use crate::company;
use crate::db::columns::Timestamp;
use crate::entity::user;
use crate::error::{Error, Refused, Result};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::Role;
use crate::graphql::guard::Can;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::scalars::int;
use crate::user::query::{self, Filter, Key, UserLoader};

/// Questions about people.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserQuery;

/// Questions about people.
#[Object]
impl UserQuery {
    /// [public] Who is signed in; null when nobody is.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(viewer) = &ctx.asker().viewer else { return Ok(None) };
        let row = ctx.data_unchecked::<DataLoader<UserLoader>>().load_one(viewer.id).await?;
        Ok(row.map(User::new))
    }

    /// [public] What the sign-in page needs: whether registration is open, whether the first account is still to be made, the
    /// version.
    async fn server(&self, ctx: &Context<'_>) -> Result<Server> {
        let app = ctx.app();
        let first_account = !auth::has_account(app.db.reads()).await?;
        Ok(Server {
            version: env!("CARGO_PKG_VERSION"),
            registration_open: first_account
                || company::is_registration_open(&app.config, app.db.reads()).await?,
            first_account,
            now: app.clock.now(),
        })
    }

    /// [ADMIN, SUPERVISOR] By name; to supervisors, those to whom a task can be given. Managers need nobody's list but see the people of their tasks. `first`: 1 to 100.
    #[graphql(guard = "Can(Capability::ListPeople)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which people.")] filter: Option<UserFilter>,
        #[graphql(default_with = "Some(50)", desc = "That many from the start, 1 to 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "People after this place.")] after: Option<String>,
    ) -> Result<UserConnection> {
        let filter = filter.unwrap_or_default().check(ctx.viewer()?)?;
        let arguments = PageArguments::forward(first.unwrap_or(50), after);
        UserConnection::read(ctx.app(), ctx.viewer()?, filter, arguments).await
    }

    /// [ADMIN] Invitations, whoever made them, newest first. Their links are shown once, when they are made. `first`: 1 to 100.
    #[graphql(guard = "Can(Capability::ManagePeople)")]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Those of this state alone.")] state: Option<InvitationState>,
        #[graphql(default_with = "Some(50)", desc = "That many from the start, 1 to 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Invitations after this place.")] after: Option<String>,
    ) -> Result<InvitationConnection> {
        let arguments = PageArguments::forward(first.unwrap_or(50), after);
        InvitationConnection::read(ctx.app(), state.map(Into::into), arguments).await
    }
}

/// What the sign-in page needs.
#[derive(Clone, Debug, SimpleObject)]
pub struct Server {
    /// The version of the server.
    version: &'static str,
    /// Whether somebody without an invitation may register.
    registration_open: bool,
    /// Whether nobody has an account yet: who registers next is the administrator.
    first_account: bool,
    /// The server's clock.
    now: Timestamp,
}

/// Which people.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UserFilter {
    /// Part of the name, case and ё/е folded, at most 200 characters; for administrators, of the address too.
    text: Option<String>,
    /// Any of these; at most 100.
    roles: Option<Vec<Role>>,
    /// [ADMIN] Whether they may sign in. Everyone else is shown those who may, whatever they ask for, and false is FORBIDDEN.
    active: Option<bool>,
}

impl UserFilter {
    fn check(self, viewer: &Viewer) -> Result<Filter> {
        if self.active == Some(false) {
            viewer.require(Capability::ManagePeople)?;
        }
        let too_long = self.text.as_ref().is_some_and(|text| text.chars().count() > limit::FILTER_TEXT);
        let too_many = self.roles.as_ref().is_some_and(|roles| roles.len() > limit::IDS);
        if too_long || too_many {
            return Err(Error::Refused(Refused::BadInput("at most 200 characters of text and 100 roles")));
        }
        Ok(Filter {
            text: self.text,
            roles: self.roles.map(|roles| roles.into_iter().map(Into::into).collect()),
            active: self.active,
        })
    }
}

/// People by name.
#[derive(Debug)]
pub struct UserConnection {
    filter: Filter,
    edges: Vec<UserEdge>,
    page_info: PageInfo,
}

/// A person with their place in the list.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserEdge {
    /// Their place.
    cursor: String,
    /// The person.
    node: User,
}

impl UserConnection {
    async fn read(app: &App, viewer: &Viewer, filter: Filter, arguments: PageArguments) -> Result<Self> {
        let request = arguments.request(50)?;
        let page = query::page(app, viewer, &filter, &request).await?;
        let page = page.map(|row: Arc<user::Model>| (pages::cursor(&Key::from(&*row)), row));
        let page_info = pages::info(&page);
        let edges =
            page.rows.into_iter().map(|(cursor, row)| UserEdge { cursor, node: User::new(row) }).collect();
        Ok(UserConnection { filter, edges, page_info })
    }
}

/// People by name.
#[Object]
impl UserConnection {
    /// The people with their places.
    async fn edges(&self) -> &[UserEdge] {
        &self.edges
    }

    /// The people alone.
    async fn nodes(&self) -> Vec<User> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(query::count(ctx.app(), ctx.viewer()?, &self.filter).await?))
    }
}
