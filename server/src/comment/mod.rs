//! Commands on comments: load the facts, ask the domain, write once.

pub mod graphql;
pub mod query;

use domain::policy::{CommentOperation, Operation, Refusal, decide, decide_comment};
use domain::validate;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, NotSet, QuerySelect, Set};

use crate::app::App;
use crate::auth::Viewer;
use crate::db::Write;
use crate::db::columns::{CommentId, TaskId, Timestamp};
use crate::entity::{comment, task};
use crate::error::{Error, Faults, Result};
use crate::idempotency::{self, Request};
use crate::log::{self, Event, Fact};

/// A comment and the task that it is about.
pub type Commented = (comment::Model, task::Model);

/// Says something about a task.
pub async fn add(
    app: &App,
    viewer: &Viewer,
    task: Option<TaskId>,
    body: &str,
    idempotency_key: Option<&str>,
) -> Result<Commented> {
    match add_once(app, viewer, task, body, idempotency_key).await {
        Err(error) if idempotency::lost_race(&error) => {
            add_once(app, viewer, task, body, idempotency_key).await
        }
        added => added,
    }
}

async fn add_once(
    app: &App,
    viewer: &Viewer,
    task: Option<TaskId>,
    body: &str,
    idempotency_key: Option<&str>,
) -> Result<Commented> {
    let now = app.clock.now();
    let mut faults = Faults::default();
    let body = faults.check(validate::comment(body), ["body"]);
    if let Some(key) = idempotency_key {
        faults.check(validate::idempotency_key(key), ["idempotencyKey"]);
    }
    faults.finish()?;
    let write = app.db.write().await?;
    let task = about(&write, viewer, task, Operation::Comment, "taskId").await?;
    let request = idempotency_key
        .map(|key| Request::new(viewer.id, key, &["idempotencyKey"], &("comment", task.id, &body)))
        .transpose()?;
    if let Some(request) = &request
        && let Some(made) = request.made_before(&write, now).await?
    {
        let row = comment::Entity::find_by_id(CommentId(made)).one(&*write).await?;
        return Ok((row.ok_or(absent("taskId"))?, task));
    }
    let row = comment::ActiveModel {
        id: NotSet,
        task_id: Set(task.id),
        author_id: Set(viewer.id),
        body: Set(body),
        created_at: Set(now),
        edited_at: Set(None),
        deleted_at: Set(None),
    };
    let row = row.insert(&*write).await?;
    if let Some(request) = &request {
        request.remember(&write, row.id.0, now).await?;
    }
    tell(&write, viewer, &task, Event::CommentAdded { comment: row.id }, now).await?;
    write.commit().await?;
    Ok((row, task))
}

/// Changes what was said. The same text again is not told.
pub async fn update(app: &App, viewer: &Viewer, id: Option<CommentId>, body: &str) -> Result<Commented> {
    let now = app.clock.now();
    let mut faults = Faults::default();
    let body = faults.check(validate::comment(body), ["body"]);
    faults.finish()?;
    let write = app.db.write().await?;
    let (row, task) = own(&write, viewer, id, CommentOperation::Edit).await?;
    if row.body == body {
        return Ok((row, task));
    }
    let mut changed = row.into_active_model();
    changed.body = Set(body);
    changed.edited_at = Set(Some(now));
    let row = changed.update(&*write).await?;
    tell(&write, viewer, &task, Event::CommentEdited { comment: row.id }, now).await?;
    write.commit().await?;
    Ok((row, task))
}

/// Removes what was said.
pub async fn delete(app: &App, viewer: &Viewer, id: Option<CommentId>) -> Result<Commented> {
    let now = app.clock.now();
    let write = app.db.write().await?;
    let (row, task) = own(&write, viewer, id, CommentOperation::Delete).await?;
    let mut changed = row.into_active_model();
    changed.deleted_at = Set(Some(now));
    let row = changed.update(&*write).await?;
    tell(&write, viewer, &task, Event::CommentDeleted { comment: row.id }, now).await?;
    write.commit().await?;
    Ok((row, task))
}

/// The task, if this person may do that with it. Held until the end of the transaction, beside others who say something: it is
/// neither deleted nor given away meanwhile.
async fn about(
    write: &Write,
    viewer: &Viewer,
    id: Option<TaskId>,
    operation: Operation,
    field: &'static str,
) -> Result<task::Model> {
    let id = id.ok_or_else(|| absent(field))?;
    let row = task::Entity::find_by_id(id).lock_shared().one(&**write).await?.ok_or_else(|| absent(field))?;
    decide(row.actor(viewer.id, viewer.role), operation, row.facts())
        .map_err(|refusal| Error::refusal(refusal, [field]))?;
    Ok(row)
}

/// The comment, if this person may do that with it, and its task. The task is held first, as by everybody who holds both.
async fn own(
    write: &Write,
    viewer: &Viewer,
    id: Option<CommentId>,
    operation: CommentOperation,
) -> Result<Commented> {
    let id = id.ok_or_else(|| absent("id"))?;
    let of_task = comment::Entity::find_by_id(id).one(&**write).await?.map(|row| row.task_id);
    let task = about(write, viewer, of_task, Operation::See, "id").await?;
    let row = comment::Entity::find_by_id(id).lock_exclusive().one(&**write).await?;
    let row = row.filter(|row| row.deleted_at.is_none()).ok_or_else(|| absent("id"))?;
    decide_comment(viewer.role, row.author_id == viewer.id, operation)
        .map_err(|refusal| Error::refusal(refusal, ["id"]))?;
    Ok((row, task))
}

async fn tell(
    write: &Write,
    viewer: &Viewer,
    task: &task::Model,
    event: Event,
    now: Timestamp,
) -> Result<()> {
    let fact = Fact { actor: Some(viewer.id), task: Some(task), subject: None, at: now };
    log::append(write, fact, event).await?;
    Ok(())
}

fn absent(field: &'static str) -> Error {
    Error::refusal(Refusal::NotVisible, [field])
}
