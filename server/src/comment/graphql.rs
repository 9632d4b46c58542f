//! Comments in the contract.

use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject};
use domain::policy::{CommentOperation, decide_comment};

use super::{Commented, query};
use crate::app::App;
use crate::db::columns::{TaskId, Timestamp};
use crate::entity::comment;
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::ids;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::payload::{UserError, settle};
use crate::graphql::scalars::int;
use crate::task::graphql::Task;
use crate::user::graphql::User;
use crate::user::query::UserLoader;

/// Something said about a task.
#[derive(Clone, Debug)]
pub struct Comment(Arc<comment::Model>);

impl Comment {
    /// The comment of this row.
    pub fn new(row: comment::Model) -> Self {
        Comment(Arc::new(row))
    }
}

/// Something said about a task.
#[Object]
impl Comment {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        ids::encode(self.0.id)
    }

    /// 1 to 10,000 characters; Markdown without HTML.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Who said it.
    async fn author(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        let loader = ctx.data_unchecked::<DataLoader<UserLoader>>();
        Ok(loader.load_one(self.0.author_id).await?.map(User::new))
    }

    /// When.
    async fn created_at(&self) -> Timestamp {
        self.0.created_at
    }

    /// When it was last changed; null if it never was.
    async fn edited_at(&self) -> Option<Timestamp> {
        self.0.edited_at
    }

    /// What the viewer may do with it.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<CommentPermissions> {
        let viewer = ctx.viewer()?;
        let may = |operation| decide_comment(viewer.role, self.0.author_id == viewer.id, operation).is_ok();
        Ok(CommentPermissions { edit: may(CommentOperation::Edit), delete: may(CommentOperation::Delete) })
    }
}

/// What the viewer may do with a comment.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct CommentPermissions {
    /// Change its text.
    edit: bool,
    /// Remove it.
    delete: bool,
}

/// What was said about a task.
#[derive(Debug)]
pub struct CommentConnection {
    task: TaskId,
    edges: Vec<CommentEdge>,
    page_info: PageInfo,
}

/// A comment with its place.
#[derive(Clone, Debug, SimpleObject)]
pub struct CommentEdge {
    /// Its place.
    cursor: String,
    /// The comment.
    node: Comment,
}

impl CommentConnection {
    /// A page of what was said about the task.
    pub async fn of_task(app: &App, task: TaskId, arguments: PageArguments) -> Result<Self> {
        let request = arguments.request(20)?;
        let page = query::page(app, task, &request).await?.map(|row| (pages::cursor(&row.id), row));
        let page_info = pages::info(&page);
        let edges = page
            .rows
            .into_iter()
            .map(|(cursor, row)| CommentEdge { cursor, node: Comment::new(row) })
            .collect();
        Ok(CommentConnection { task, edges, page_info })
    }
}

/// What was said about a task, oldest first.
#[Object]
impl CommentConnection {
    /// The comments with their places.
    async fn edges(&self) -> &[CommentEdge] {
        &self.edges
    }

    /// The comments alone.
    async fn nodes(&self) -> Vec<Comment> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(query::count(ctx.app(), self.task).await?))
    }
}

/// Changes of comments.
#[derive(Clone, Copy, Debug, Default)]
pub struct CommentMutation;

/// Changes of comments.
#[Object]
impl CommentMutation {
    /// Says something about a task that the viewer sees; 1 to 10,000 characters.
    async fn comment_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task it is about.")] task_id: ID,
        #[graphql(
            desc = "1 to 10,000 characters; Markdown without HTML. Characters that turn text round are left out."
        )]
        body: String,
        #[graphql(desc = "Makes a repeated request one, for 24 hours; 1 to 64 visible ASCII characters.")]
        idempotency_key: Option<String>,
    ) -> Result<CommentPayload> {
        let task = ids::decode(&task_id);
        let added = super::add(ctx.app(), ctx.viewer()?, task, &body, idempotency_key.as_deref()).await;
        CommentPayload::of(ctx, added)
    }

    /// [its author]
    async fn comment_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment.")] id: ID,
        #[graphql(
            desc = "1 to 10,000 characters; Markdown without HTML. Characters that turn text round are left out."
        )]
        body: String,
    ) -> Result<CommentPayload> {
        let updated = super::update(ctx.app(), ctx.viewer()?, ids::decode(&id), &body).await;
        CommentPayload::of(ctx, updated)
    }

    /// [its author, ADMIN]
    async fn comment_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment.")] id: ID,
    ) -> Result<CommentPayload> {
        let deleted = super::delete(ctx.app(), ctx.viewer()?, ids::decode(&id)).await;
        CommentPayload::of(ctx, deleted)
    }
}

/// The comment and its task, or what can be mended.
#[derive(SimpleObject)]
pub struct CommentPayload {
    /// The comment after the change; null when it was removed.
    comment: Option<Comment>,
    /// The task that it is about.
    task: Option<Task>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl CommentPayload {
    fn of(ctx: &Context<'_>, result: Result<Commented>) -> Result<Self> {
        let (changed, user_errors) = settle(ctx, result)?;
        let (comment, task) = changed.unzip();
        Ok(CommentPayload {
            comment: comment.filter(|row| row.deleted_at.is_none()).map(Comment::new),
            task: task.map(Task::new),
            user_errors,
        })
    }
}
