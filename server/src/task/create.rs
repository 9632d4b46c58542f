//! Sets a task, once however often the request is repeated.

use domain::policy::Capability;
use domain::{Code, Priority, StatusKind, validate};
use sea_orm::{ActiveModelTrait, EntityTrait, NotSet, Set};

use super::{assignable, fact, last_deadline};
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::{Ranked, Stored, TaskId, Timestamp, UserId};
use crate::entity::task;
use crate::error::{Error, Faults, Result, UserErrorCode};
use crate::idempotency::{self, Request};
use crate::log::{self, Event};

/// A task to be set.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// See [`validate::title`].
    pub title: String,
    /// See [`validate::description`].
    pub description: String,
    /// Who is to carry it out; `None` is nobody that exists.
    pub assignee: Option<UserId>,
    /// When it is due.
    pub deadline: Option<Timestamp>,
    /// How much it matters.
    pub priority: Priority,
    /// Whether handing in asks for a decision.
    pub requires_review: bool,
    /// Makes a repeated request one.
    pub idempotency_key: Option<String>,
}

/// Sets a task.
pub async fn create(app: &App, viewer: &Viewer, new: NewTask) -> Result<task::Model> {
    viewer.require(Capability::CreateTasks)?;
    match create_once(app, viewer, &new).await {
        Err(error) if idempotency::lost_race(&error) => create_once(app, viewer, &new).await,
        created => created,
    }
}

async fn create_once(app: &App, viewer: &Viewer, new: &NewTask) -> Result<task::Model> {
    let now = app.clock.now();
    let mut faults = Faults::default();
    let key = new.idempotency_key.as_deref();
    let key = key.filter(|key| faults.passes(validate::idempotency_key(key), ["input", "idempotencyKey"]));
    let title = faults.check(validate::title(&new.title), ["input", "title"]);
    let description = faults.check(validate::description(&new.description), ["input", "description"]);
    if let Some(deadline) = &new.deadline {
        faults.check(validate::deadline(deadline, &now, &last_deadline(now)), ["input", "deadline"]);
    }
    let write = app.db.write().await?;
    let request = key.map(|key| request(viewer, new, key)).transpose()?;
    // Before the faults: a request is answered again even when its deadline has passed meanwhile.
    if let Some(request) = &request
        && let Some(made) = request.made_before(&write, now).await?
    {
        let row = task::Entity::find_by_id(TaskId(made)).one(&*write).await?;
        return row.ok_or(Error::user(UserErrorCode::NotFound, ["input", "idempotencyKey"]));
    }
    let Some(assignee_id) = assignable(&write, new.assignee).await? else {
        faults.add(UserErrorCode::NotFound, ["input", "assigneeId"]);
        return Err(faults.into());
    };
    faults.finish()?;
    let row = task::ActiveModel {
        id: NotSet,
        title_key: Set(validate::fold(&title)),
        title: Set(title),
        description: Set(description),
        status: Set(Stored(StatusKind::New)),
        status_before_overdue: Set(None),
        priority: Set(Ranked(new.priority)),
        requires_review: Set(new.requires_review),
        deadline: Set(new.deadline),
        deadline_key: Set(new.deadline.unwrap_or(Timestamp::NEVER)),
        original_deadline: Set(new.deadline),
        deadline_missed: Set(false),
        deadline_moves: Set(0),
        returns: Set(0),
        creator_id: Set(viewer.id),
        assignee_id: Set(assignee_id),
        created_at: Set(now),
        updated_at: Set(now),
        started_at: Set(None),
        submitted_at: Set(None),
        completed_at: Set(None),
        deleted_at: Set(None),
        version: Set(1),
    };
    let row = row.insert(&*write).await?;
    if let Some(request) = &request {
        request.remember(&write, row.id.0, now).await?;
    }
    log::append(&write, fact(viewer, &row, now), Event::TaskCreated).await?;
    write.commit().await?;
    Ok(row)
}

fn request(viewer: &Viewer, new: &NewTask, key: &str) -> Result<Request> {
    let NewTask { title, description, assignee, deadline, priority, requires_review, idempotency_key: _ } =
        new;
    let body = ("task", title, description, assignee, deadline, priority.code(), requires_review);
    Request::new(viewer.id, key, &["input", "idempotencyKey"], &body)
}
