//! Changes of tasks.

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::policy::Capability;

use super::input::{TaskCreateInput, TaskUpdateInput};
use super::object::Task;
use crate::db::columns::{TaskId, Timestamp};
use crate::entity::task;
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{TaskAction, TaskPriority};
use crate::graphql::guard::Can;
use crate::graphql::ids;
use crate::graphql::payload::{UserError, settle, wants_current};
use crate::task::{self as commands, Changes, Edition, NewTask, query};

/// Changes of tasks.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaskMutation;

/// Changes of tasks.
#[Object]
impl TaskMutation {
    /// [ADMIN, SUPERVISOR] Sets a task.
    #[graphql(guard = "Can(Capability::CreateTasks)")]
    async fn task_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task to be set.")] input: TaskCreateInput,
    ) -> Result<TaskPayload> {
        let new = NewTask {
            title: input.title,
            description: input.description.unwrap_or_default(),
            assignee: ids::decode(&input.assignee_id),
            deadline: input.deadline,
            priority: input.priority.unwrap_or(TaskPriority::Normal).into(),
            requires_review: input.requires_review.unwrap_or(true),
            idempotency_key: input.idempotency_key,
        };
        let created = commands::create(ctx.app(), ctx.viewer()?, new).await;
        TaskPayload::of(ctx, None, created).await
    }

    /// [ADMIN, its creator] Title, description, priority, whether it needs review.
    #[graphql(guard = "Can(Capability::CreateTasks)")]
    async fn task_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The task and its fields to be changed.")] input: TaskUpdateInput,
    ) -> Result<TaskPayload> {
        let edition = edition(&input.id, input.version);
        let changes = Changes {
            title: input.title.into(),
            description: input.description.into(),
            priority: input.priority.map_value(Into::into).into(),
            requires_review: input.requires_review.into(),
        };
        let updated = commands::update(ctx.app(), ctx.viewer()?, edition, changes).await;
        TaskPayload::of(ctx, edition.id, updated).await
    }

    /// [ADMIN, its creator] null takes the deadline away.
    #[graphql(guard = "Can(Capability::CreateTasks)")]
    async fn task_deadline_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] id: ID,
        #[graphql(desc = "The version that was seen.")] version: i32,
        #[graphql(desc = "After the present moment, at most a hundred years; null takes it away.")] deadline: Option<Timestamp>,
    ) -> Result<TaskPayload> {
        let edition = edition(&id, version);
        let changed = commands::change_deadline(ctx.app(), ctx.viewer()?, edition, deadline).await;
        TaskPayload::of(ctx, edition.id, changed).await
    }

    /// [ADMIN, its creator] Gives it to another person.
    #[graphql(guard = "Can(Capability::CreateTasks)")]
    async fn task_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] id: ID,
        #[graphql(desc = "The version that was seen.")] version: i32,
        #[graphql(desc = "Whose it is to be: an active person.")] assignee_id: ID,
    ) -> Result<TaskPayload> {
        let edition = edition(&id, version);
        let assigned = commands::assign(ctx.app(), ctx.viewer()?, edition, ids::decode(&assignee_id)).await;
        TaskPayload::of(ctx, edition.id, assigned).await
    }

    /// Who may do what follows from the transition table. `reason` (1 to 1,000 characters) is required to RETURN.
    async fn task_transition(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] id: ID,
        #[graphql(desc = "The version that was seen.")] version: i32,
        #[graphql(desc = "What is done.")] action: TaskAction,
        #[graphql(desc = "1 to 1,000 characters; required to RETURN.")] reason: Option<String>,
    ) -> Result<TaskPayload> {
        let edition = edition(&id, version);
        let moved =
            commands::transition(ctx.app(), ctx.viewer()?, edition, action.into(), reason.as_deref()).await;
        TaskPayload::of(ctx, edition.id, moved).await
    }

    /// [ADMIN, its creator] Kept for 30 days, so that it can be restored; gone from every list at once.
    #[graphql(guard = "Can(Capability::CreateTasks)")]
    async fn task_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] id: ID,
        #[graphql(desc = "The version that was seen.")] version: i32,
    ) -> Result<TaskDeletePayload> {
        let deleted = commands::delete(ctx.app(), ctx.viewer()?, edition(&id, version)).await;
        let (deleted, user_errors) = settle(ctx, deleted)?;
        Ok(TaskDeletePayload {
            deleted_id: deleted.as_ref().map(|(row, _)| ids::encode(row.id)),
            restorable_until: deleted.map(|(_, until)| until),
            user_errors,
        })
    }

    /// [ADMIN, its creator] Brings a deleted task back as it was.
    #[graphql(guard = "Can(Capability::CreateTasks)")]
    async fn task_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which task.")] id: ID,
    ) -> Result<TaskPayload> {
        let id = ids::decode(&id);
        let restored = commands::restore(ctx.app(), ctx.viewer()?, id).await;
        TaskPayload::of(ctx, id, restored).await
    }
}

fn edition(id: &ID, version: i32) -> Edition {
    Edition { id: ids::decode(id), version: i64::from(version) }
}

/// The changed task, or what can be mended.
#[derive(SimpleObject)]
pub struct TaskPayload {
    /// The task after the change; on STALE_VERSION and WRONG_STATUS, the current one.
    task: Option<Task>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}

impl TaskPayload {
    async fn of(ctx: &Context<'_>, id: Option<TaskId>, result: Result<task::Model>) -> Result<Self> {
        let current = match id {
            Some(id) if wants_current(&result) => query::one(ctx.app(), ctx.viewer()?, id).await?,
            Some(_) | None => None,
        };
        let (changed, user_errors) = settle(ctx, result)?;
        Ok(TaskPayload { task: changed.or(current).map(Task::new), user_errors })
    }
}

/// The deleted task's id, or what can be mended.
#[derive(SimpleObject)]
pub struct TaskDeletePayload {
    /// Which task is gone.
    deleted_id: Option<ID>,
    /// Until when it can be restored.
    restorable_until: Option<Timestamp>,
    /// What can be mended.
    user_errors: Vec<UserError>,
}
