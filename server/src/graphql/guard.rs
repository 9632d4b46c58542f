//! Role guards of root fields.

use async_graphql::{Context, Guard};
use domain::policy::Capability;

use super::context::ContextExt;

/// Lets pass who has the capability; refuses who is not signed in or lacks it.
pub struct Can(pub Capability);

impl Guard for Can {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        Ok(ctx.viewer()?.require(self.0)?)
    }
}
