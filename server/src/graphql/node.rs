//! Any node by its opaque id: what the viewer may not see is as absent as what is not there.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object};
use domain::validate::limit;

use super::context::ContextExt;
use super::ids::{self, NodeKey};
use crate::app::App;
use crate::auth::{self, Viewer};
use crate::comment;
use crate::comment::graphql::Comment;
use crate::db::columns::{CommentId, NotificationId, SessionId, TaskId, UserId};
use crate::error::{Error, Refused, Result};
use crate::notification::graphql::Notification;
use crate::task;
use crate::task::graphql::Task;
use crate::user;
use crate::user::graphql::{Session, User};

/// Something with an id.
#[derive(Clone, Debug, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id."))]
pub enum Node {
    Task(Task),
    Comment(Comment),
    Notification(Notification),
    User(User),
    Session(Session),
}

/// Questions about nodes.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeQuery;

/// Questions about nodes.
#[Object]
impl NodeQuery {
    /// What has this id; null if there is nothing, or nothing that the viewer may see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Node>> {
        find(ctx.app(), ctx.viewer()?, &id).await
    }

    /// The same for several: at most 100 ids, answered in their order.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let viewer = ctx.viewer()?;
        if ids.len() > limit::IDS {
            return Err(Error::Refused(Refused::BadInput("at most 100 ids")));
        }
        // Tasks, which lists are made of, in one statement; the rest is asked for rarely and one by one.
        let wanted: Vec<TaskId> = ids.iter().filter_map(ids::decode).collect();
        let rows = task::query::some(ctx.app(), viewer, wanted).await?;
        let tasks = Task::many(ctx.app(), rows.into_iter().map(Arc::new).collect()).await?;
        let tasks: HashMap<TaskId, Task> = tasks.into_iter().map(|task| (task.row.id, task)).collect();
        let mut nodes = Vec::with_capacity(ids.len());
        for id in &ids {
            nodes.push(match ids::decode::<TaskId>(id) {
                Some(task) => tasks.get(&task).cloned().map(Node::Task),
                None => find(ctx.app(), viewer, id).await?,
            });
        }
        Ok(nodes)
    }
}

async fn find(app: &App, viewer: &Viewer, id: &ID) -> Result<Option<Node>> {
    let Some((name, number)) = ids::split(id) else { return Ok(None) };
    if name == TaskId::TYPE {
        return Ok(task::query::one(app, viewer, TaskId(number)).await?.map(Task::new).map(Node::Task));
    }
    if name == CommentId::TYPE {
        let Some(row) = comment::query::one(app, CommentId(number)).await? else { return Ok(None) };
        let seen = task::query::one(app, viewer, row.task_id).await?.is_some();
        return Ok(seen.then(|| Node::Comment(Comment::new(row))));
    }
    if name == NotificationId::TYPE {
        return Ok(Notification::find(app, viewer, NotificationId(number)).await?.map(Node::Notification));
    }
    if name == UserId::TYPE {
        let row = user::query::one(app, viewer, UserId(number)).await?;
        return Ok(row.map(Arc::new).map(User::new).map(Node::User));
    }
    if name == SessionId::TYPE {
        let row = auth::session::visible(app, viewer, SessionId(number)).await?;
        return Ok(row.map(|row| Node::Session(Session::new(row, viewer.session))));
    }
    Ok(None)
}
