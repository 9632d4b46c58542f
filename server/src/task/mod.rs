//! Commands on tasks: load the facts, ask the domain, write once.

pub mod calendar;
mod change;
mod create;
pub mod graphql;
pub mod happened;
pub mod overdue;
pub mod purge;
pub mod query;

use std::time::Duration;

use domain::policy::{Operation, Refusal, decide};
use domain::validate::limit;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, QuerySelect};

use crate::auth::Viewer;
use crate::db::Write;
use crate::db::columns::{TaskId, Timestamp, UserId};
use crate::entity::{task, user};
use crate::error::{Error, Result, UserErrorCode};
use crate::log::Fact;

pub use change::{Changes, Edition, assign, change_deadline, delete, restore, transition, update};
pub use create::{NewTask, create};

/// How long a deleted task can be restored.
pub const RESTORABLE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The last moment that may be a deadline: nobody means one further ahead, and what reads moments reads years of four digits.
fn last_deadline(now: Timestamp) -> Timestamp {
    now.plus(Duration::from_hours(24 * limit::DEADLINE_DAYS))
}

/// The task, locked until the transaction ends, if this person may carry out the operation on it.
///
/// A version that is not the present one is told before a status that does not fit: who saw an old task learns that first.
async fn locked(
    write: &Write,
    viewer: &Viewer,
    id: Option<TaskId>,
    operation: Operation,
    version: Option<i64>,
) -> Result<task::Model> {
    let absent = || Error::refusal(Refusal::NotVisible, ["id"]);
    let id = id.ok_or_else(absent)?;
    let row = task::Entity::find_by_id(id).lock_exclusive().one(&**write).await?.ok_or_else(absent)?;
    let decision = decide(row.actor(viewer.id, viewer.role), operation, row.facts());
    if let Err(refusal @ (Refusal::NotVisible | Refusal::NotAllowed)) = decision {
        return Err(Error::refusal(refusal, ["id"]));
    }
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::user(UserErrorCode::StaleVersion, ["version"]));
    }
    decision.map_err(|refusal| Error::refusal(refusal, ["id"]))?;
    Ok(row)
}

/// Writes the columns in which `after` differs, as the next version.
async fn save(
    write: &Write,
    before: task::Model,
    mut after: task::Model,
    now: Timestamp,
) -> Result<task::Model> {
    after.version = before.version.saturating_add(1);
    after.updated_at = now;
    let wanted = after.into_active_model();
    let mut changed = before.into_active_model();
    for column in task::Column::iter() {
        if let Some(value) = wanted.get(column).into_value()
            && changed.get(column).into_value().as_ref() != Some(&value)
        {
            changed.set(column, value);
        }
    }
    Ok(changed.update(&**write).await?)
}

/// The person, if a task can be given to them. Held until the end of the transaction: nobody disables them meanwhile.
async fn assignable(write: &Write, id: Option<UserId>) -> Result<Option<UserId>> {
    let Some(id) = id else { return Ok(None) };
    let person = user::Entity::find_by_id(id).lock_shared().one(&**write).await?;
    Ok(person.filter(|person| person.active).map(|person| person.id))
}

fn fact<'a>(viewer: &Viewer, task: &'a task::Model, now: Timestamp) -> Fact<'a> {
    Fact { actor: Some(viewer.id), task: Some(task), subject: None, at: now }
}
