//! Changes of a task that is there: each is its own command, since they differ in who may, what is told and what is counted.

use domain::policy::{Operation, Refusal};
use domain::{Action, Code, Priority, Status, validate};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter, QuerySelect, Statement,
};

use super::{RESTORABLE, assignable, fact, last_deadline, locked, save};
use crate::app::App;
use crate::auth::Viewer;
use crate::db::Write;
use crate::db::columns::{Ranked, Stored, TaskId, Timestamp, UserId};
use crate::entity::task;
use crate::error::{Error, Faults, Result, UserErrorCode};
use crate::log::{self, Event, Fact, FieldChange};

/// Which task, as the person saw it; no id is the id of nothing.
#[derive(Clone, Copy, Debug)]
pub struct Edition {
    /// The task.
    pub id: Option<TaskId>,
    /// The version that was seen.
    pub version: i64,
}

/// Fields to be changed: `None` leaves one as it is; `Some(None)` would take it away, which none of them allows.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// See [`validate::title`].
    pub title: Option<Option<String>>,
    /// See [`validate::description`].
    pub description: Option<Option<String>>,
    /// How much it matters.
    pub priority: Option<Option<Priority>>,
    /// Whether handing in asks for a decision.
    pub requires_review: Option<Option<bool>>,
}

/// Changes title, description, priority or the need of review. What changes nothing is not told.
pub async fn update(app: &App, viewer: &Viewer, edition: Edition, changes: Changes) -> Result<task::Model> {
    let now = app.clock.now();
    let mut faults = Faults::default();
    let title = given(&mut faults, changes.title, "title")
        .map(|title| faults.check(validate::title(&title), ["input", "title"]));
    let description = given(&mut faults, changes.description, "description")
        .map(|text| faults.check(validate::description(&text), ["input", "description"]));
    let priority = given(&mut faults, changes.priority, "priority");
    let requires_review = given(&mut faults, changes.requires_review, "requiresReview");
    faults.finish()?;
    let write = app.db.write().await?;
    let before = locked(&write, viewer, edition.id, Operation::Edit, Some(edition.version)).await?;
    let mut after = before.clone();
    if let Some(title) = title {
        after.title_key = validate::fold(&title);
        after.title = title;
    }
    after.description = description.unwrap_or(after.description);
    after.priority = priority.map_or(after.priority, Ranked);
    after.requires_review = requires_review.unwrap_or(after.requires_review);
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    let row = save(&write, before, after, now).await?;
    log::append(&write, fact(viewer, &row, now), Event::TaskUpdated { changes }).await?;
    write.commit().await?;
    Ok(row)
}

/// The value that a field is to have; that it cannot be taken away is noted.
fn given<T>(faults: &mut Faults, value: Option<Option<T>>, field: &'static str) -> Option<T> {
    if matches!(value, Some(None)) {
        faults.add(UserErrorCode::Required, ["input", field]);
    }
    value.flatten()
}

fn differences(before: &task::Model, after: &task::Model) -> Vec<FieldChange> {
    let fields = [
        ("title", before.title.clone(), after.title.clone()),
        ("description", before.description.clone(), after.description.clone()),
        ("priority", before.priority.0.code().to_owned(), after.priority.0.code().to_owned()),
        ("requiresReview", before.requires_review.to_string(), after.requires_review.to_string()),
    ];
    fields
        .into_iter()
        .filter(|(_, from, to)| from != to)
        .map(|(field, from, to)| FieldChange { field: field.to_owned(), from: Some(from), to: Some(to) })
        .collect()
}

/// Sets, moves or takes away the deadline. What was overdue is again what it was.
pub async fn change_deadline(
    app: &App,
    viewer: &Viewer,
    edition: Edition,
    deadline: Option<Timestamp>,
) -> Result<task::Model> {
    let now = app.clock.now();
    let mut faults = Faults::default();
    if let Some(deadline) = &deadline {
        faults.check(validate::deadline(deadline, &now, &last_deadline(now)), ["deadline"]);
    }
    faults.finish()?;
    let write = app.db.write().await?;
    let before = locked(&write, viewer, edition.id, Operation::MoveDeadline, Some(edition.version)).await?;
    if before.deadline == deadline {
        return Err(Error::user(UserErrorCode::SameValue, ["deadline"]));
    }
    let mut after = before.clone();
    after.deadline = deadline;
    after.deadline_key = deadline.unwrap_or(Timestamp::NEVER);
    after.original_deadline = before.original_deadline.or(deadline);
    after.deadline_moves = before.deadline_moves.saturating_add(i64::from(before.deadline.is_some()));
    after.deadline_missed = false;
    put_status(&mut after, before.status().after_deadline_move());
    let from = before.deadline;
    let row = save(&write, before, after, now).await?;
    log::append(&write, fact(viewer, &row, now), Event::TaskDeadlineChanged { from, to: deadline }).await?;
    write.commit().await?;
    Ok(row)
}

/// Gives the task to another person, in the status that it has.
pub async fn assign(
    app: &App,
    viewer: &Viewer,
    edition: Edition,
    assignee: Option<UserId>,
) -> Result<task::Model> {
    let now = app.clock.now();
    let write = app.db.write().await?;
    let before = locked(&write, viewer, edition.id, Operation::Assign, Some(edition.version)).await?;
    let to = assignable(&write, assignee).await?;
    let to = to.ok_or(Error::user(UserErrorCode::NotFound, ["assigneeId"]))?;
    let from = before.assignee_id;
    if from == to {
        return Err(Error::user(UserErrorCode::SameValue, ["assigneeId"]));
    }
    let mut after = before.clone();
    after.assignee_id = to;
    let row = save(&write, before, after, now).await?;
    log::append(&write, fact(viewer, &row, now), Event::TaskAssigned { from, to }).await?;
    write.commit().await?;
    Ok(row)
}

/// Moves the task to the status that the action leads to. Returning asks for a reason; other actions may have one.
pub async fn transition(
    app: &App,
    viewer: &Viewer,
    edition: Edition,
    action: Action,
    reason: Option<&str>,
) -> Result<task::Model> {
    let now = app.clock.now();
    let mut faults = Faults::default();
    let reason = match (action, reason) {
        (Action::Return, reason) => {
            Some(faults.check(validate::reason(reason.unwrap_or_default()), ["reason"]))
        }
        (_, Some(reason)) if !reason.trim().is_empty() => {
            Some(faults.check(validate::reason(reason), ["reason"]))
        }
        (_, _) => None,
    };
    faults.finish()?;
    let write = app.db.write().await?;
    let before =
        locked(&write, viewer, edition.id, Operation::Transition(action), Some(edition.version)).await?;
    let next = before.status().after(action, before.facts().transition);
    let next = next.ok_or(Error::user(UserErrorCode::WrongStatus, ["id"]))?;
    let from = before.status.0;
    let after = moved(&before, action, next, now);
    let row = save(&write, before, after, now).await?;
    let changed = Event::TaskStatusChanged {
        from,
        to: row.status.0,
        to_before_overdue: next.before_overdue(),
        action,
        reason,
    };
    log::append(&write, fact(viewer, &row, now), changed).await?;
    if next == Status::Done && !others_open(&write, &row).await? {
        // Nobody's own action: whoever completed the last one is told as well.
        let fact = Fact { actor: None, task: Some(&row), subject: None, at: now };
        log::append(&write, fact, Event::AllTasksCompleted).await?;
    }
    write.commit().await?;
    Ok(row)
}

/// The row after the action, with the moments that it marks.
pub(super) fn moved(before: &task::Model, action: Action, next: Status, now: Timestamp) -> task::Model {
    let mut after = before.clone();
    put_status(&mut after, next);
    match action {
        Action::Start => after.started_at = before.started_at.or(Some(now)),
        Action::Submit => after.submitted_at = Some(now),
        Action::Return => after.returns = before.returns.saturating_add(1),
        Action::Expire => after.deadline_missed = true,
        Action::Accept | Action::Pause | Action::Defer | Action::Resume | Action::Reopen => {}
    }
    after.completed_at = (next == Status::Done).then_some(now);
    after
}

pub(super) fn put_status(row: &mut task::Model, status: Status) {
    row.status = Stored(status.kind());
    row.status_before_overdue = status.before_overdue().map(Stored);
}

/// Whether anything else that this creator set for this assignee is open. Of two that complete the last two at once, the
/// second waits here and then sees what the first did.
async fn others_open(write: &Write, row: &task::Model) -> Result<bool> {
    if write.get_database_backend() == DatabaseBackend::Postgres {
        let pair = format!("vekha.pair.{}.{}", row.creator_id, row.assignee_id);
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        write
            .execute_raw(Statement::from_sql_and_values(DatabaseBackend::Postgres, lock, [pair.into()]))
            .await?;
    }
    let open = task::Entity::find()
        .filter(task::Column::CreatorId.eq(row.creator_id))
        .filter(task::Column::AssigneeId.eq(row.assignee_id))
        .filter(task::Column::DeletedAt.is_null())
        .filter(Expr::cust("status <> 'DONE'"))
        .limit(1)
        .one(&**write)
        .await?;
    Ok(open.is_some())
}

/// Takes the task out of every list. Gives until when it can be restored.
pub async fn delete(app: &App, viewer: &Viewer, edition: Edition) -> Result<(task::Model, Timestamp)> {
    let now = app.clock.now();
    let write = app.db.write().await?;
    let before = locked(&write, viewer, edition.id, Operation::Delete, Some(edition.version)).await?;
    let mut after = before.clone();
    after.deleted_at = Some(now);
    let row = save(&write, before, after, now).await?;
    log::append(&write, fact(viewer, &row, now), Event::TaskDeleted).await?;
    write.commit().await?;
    Ok((row, now.plus(RESTORABLE)))
}

/// Brings a deleted task back as it was.
pub async fn restore(app: &App, viewer: &Viewer, id: Option<TaskId>) -> Result<task::Model> {
    let now = app.clock.now();
    let write = app.db.write().await?;
    let before = locked(&write, viewer, id, Operation::Restore, None).await?;
    if before.deleted_at.is_some_and(|at| at.plus(RESTORABLE) <= now) {
        return Err(Error::refusal(Refusal::NotVisible, ["id"]));
    }
    let mut after = before.clone();
    after.deleted_at = None;
    let row = save(&write, before, after, now).await?;
    log::append(&write, fact(viewer, &row, now), Event::TaskRestored).await?;
    write.commit().await?;
    Ok(row)
}
