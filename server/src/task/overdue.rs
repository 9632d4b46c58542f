//! The scheduled job: what passed its deadline becomes overdue, once a deadline, however many processes run it.

use domain::Action;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::change::moved;
use super::save;
use crate::app::App;
use crate::db::Write;
use crate::db::columns::{TaskId, Timestamp};
use crate::entity::{event, task};
use crate::error::{Error, Result};
use crate::log::{self, Event, Fact};

/// Tasks in one transaction: short, so that readers of the log are not held back.
const BATCH: u64 = 100;

/// Records as overdue all that is due by now. Gives how many.
pub async fn expire_due(app: &App) -> Result<u64> {
    let mut expired = 0_u64;
    loop {
        let now = app.clock.now();
        // Most runs find nothing, and need no transaction that writes to see it.
        if task::Entity::find().filter(due(now)).limit(1).one(app.db.reads()).await?.is_none() {
            return Ok(expired);
        }
        let count = expire_batch(app, now).await?;
        if count == 0 {
            return Ok(expired);
        }
        expired = expired.saturating_add(count);
    }
}

async fn expire_batch(app: &App, now: Timestamp) -> Result<u64> {
    let write = app.db.write().await?;
    let rows = due_statement(now).all(&*write).await?;
    let mut count = 0_u64;
    for row in rows {
        expire(&write, row, now).await?;
        count = count.saturating_add(1);
    }
    write.commit().await?;
    Ok(count)
}

/// The statement that finds what is due; apart, so that tests can ask the database how it would run it.
pub fn due_statement(now: Timestamp) -> Select<task::Entity> {
    task::Entity::find()
        .filter(due(now))
        .order_by_asc(task::Column::Deadline)
        .order_by_asc(task::Column::Id)
        .limit(BATCH)
        // Another process that runs the job has these in hand.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
}

async fn expire(write: &Write, before: task::Model, now: Timestamp) -> Result<()> {
    let (Some(deadline), Some(was)) = (before.deadline, before.status().pending()) else {
        return Err(Error::internal("what is due has a deadline and waits for its assignee"));
    };
    let Some(next) = before.status().after(Action::Expire, before.facts().transition) else {
        return Err(Error::internal("what is due can expire"));
    };
    let after = moved(&before, Action::Expire, next, now);
    let row = save(write, before, after, now).await?;
    let fact = Fact { actor: None, task: Some(&row), subject: None, at: now };
    log::append(write, fact, Event::TaskOverdue { deadline, was }).await?;
    Ok(())
}

/// Whether it is on record that the task missed this deadline.
pub(super) async fn was_missed(write: &Write, task: TaskId, deadline: Option<Timestamp>) -> Result<bool> {
    let missed = event::Entity::find()
        .filter(event::Column::TaskId.eq(task))
        .filter(event::Column::MissedDeadline.eq(deadline))
        .limit(1)
        .one(&**write)
        .await?;
    Ok(missed.is_some())
}

/// In words that match the partial index `tasks_to_expire`: literals, since a parameter cannot be proven to fit it. By what
/// cannot expire: asked for what can, SQLite reads all of that by the index of statuses, due or not.
fn due(now: Timestamp) -> Condition {
    Condition::all()
        .add(task::Column::DeletedAt.is_null())
        .add(Expr::cust("status NOT IN ('IN_REVIEW', 'DONE', 'DEFERRED', 'OVERDUE')"))
        .add(task::Column::Deadline.is_not_null())
        .add(task::Column::Deadline.lte(now))
}
