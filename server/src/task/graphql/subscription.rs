//! What happens to tasks, as it happens.

use std::sync::Arc;

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};

use super::event::TaskEvent;
use crate::error::Result;
use crate::graphql::context::{ContextExt, connection};
use crate::graphql::scalars::Cursor;
use crate::log::hub::Topic;
use crate::log::{Follow, follow};

/// Live tasks.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaskSubscription;

/// Live tasks.
#[Subscription]
impl TaskSubscription {
    /// What happens to the tasks that the viewer may see, in order. With `after`, first all that happened since, then what
    /// happens, with no gap and no repeat. The permission is checked for every event when it is delivered.
    async fn task_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "First all that happened after this place.")] after: Option<Cursor>,
    ) -> Result<impl Stream<Item = Result<TaskEvent>> + use<>> {
        let viewer = ctx.viewer()?;
        let (user, role) = (viewer.id, viewer.role);
        let after = after.map(|cursor| cursor.0);
        let app = Arc::clone(ctx.app());
        let wanted = Follow { user, role, topic: Topic::Tasks, after, connection: connection(ctx)? };
        let live = follow(app.db.clone(), Arc::clone(&app.hub), wanted);
        Ok(live.filter_map(move |heard| {
            let event = heard.map(|live| TaskEvent::heard(&app, user, role, live)).transpose();
            std::future::ready(event)
        }))
    }
}
