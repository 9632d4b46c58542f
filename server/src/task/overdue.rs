//! The scheduled job: what passed its deadline becomes overdue, once a deadline, however many processes run it. What a wrong clock made
//! overdue while its deadline is ahead is again what it was; when the deadline then passes, nobody is told or counted a second time.

use std::time::Duration;

use domain::{Action, Status, StatusKind};
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::change::{moved, put_status};
use super::save;
use crate::app::App;
use crate::db::Write;
use crate::db::columns::{TaskId, Timestamp};
use crate::db::newer::readable;
use crate::entity::{event, task};
use crate::error::{Error, Result};
use crate::log::{self, Event, Fact};

/// Tasks in one transaction: short, so that readers of the log are not held back.
const BATCH: u64 = 100;
/// Clocks of processes that work on one database may differ by so much, and none of them is wrong.
const SKEW: Duration = Duration::from_mins(1);

/// Records as overdue all that is due by now. Gives how many.
pub async fn expire_due(app: &App) -> Result<u64> {
    while bring_back_batch(app).await? > 0 {}
    let mut expired = 0_u64;
    loop {
        let now = app.clock.now();
        // Most runs find nothing, and need no transaction that writes to see it.
        if is_due_statement(app.db.backend(), now).into_tuple::<TaskId>().one(app.db.reads()).await?.is_none()
        {
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
    let rows = readable(due_statement(app.db.backend(), now), &*write).await?;
    let mut count = 0_u64;
    for row in rows {
        expire(&write, row, now).await?;
        count = count.saturating_add(1);
    }
    write.commit().await?;
    Ok(count)
}

/// The statement that finds whether anything is due. In an order, without which PostgreSQL reads all tasks to learn that none is.
pub fn is_due_statement(backend: DatabaseBackend, now: Timestamp) -> Select<task::Entity> {
    in_order(task::Entity::find().select_only().column(task::Column::Id).filter(due(backend, now))).limit(1)
}

fn in_order(due: Select<task::Entity>) -> Select<task::Entity> {
    due.order_by_asc(task::Column::Deadline).order_by_asc(task::Column::Id)
}

/// The statement that finds what is due; apart, so that tests can ask the database how it would run it.
pub fn due_statement(backend: DatabaseBackend, now: Timestamp) -> Select<task::Entity> {
    in_order(task::Entity::find().filter(due(backend, now)))
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
    // By a clock that was wrong it passed before.
    let event = if was_missed(write, before.id, deadline).await? {
        changed(before.status.0, next)
    } else {
        Event::TaskOverdue { deadline, was }
    };
    let after = moved(&before, Action::Expire, next, now);
    let row = save(write, before, after, now).await?;
    let fact = Fact { actor: None, task: Some(&row), subject: None, at: now };
    log::append(write, fact, event).await?;
    Ok(())
}

/// What the system itself made of a status, for which nobody is told.
fn changed(from: StatusKind, to: Status) -> Event {
    Event::TaskStatusChanged {
        from,
        to: to.kind(),
        to_before_overdue: to.before_overdue(),
        action: Action::Expire,
        reason: None,
    }
}

/// The statement that finds what is overdue while its deadline is ahead; apart, so that tests can ask the database how it would run it.
pub fn ahead_statement(now: Timestamp) -> Select<task::Entity> {
    task::Entity::find()
        .filter(task::Column::DeletedAt.is_null())
        .filter(Expr::cust("status = 'OVERDUE'"))
        .filter(task::Column::DeadlineKey.gt(now.plus(SKEW)))
        .order_by_asc(task::Column::DeadlineKey)
        .order_by_asc(task::Column::Id)
        .limit(BATCH)
}

async fn bring_back_batch(app: &App) -> Result<usize> {
    let now = app.clock.now();
    // Hardly ever is there one: no transaction that writes is needed to see it.
    let ahead = ahead_statement(now).select_only().column(task::Column::Id).limit(1);
    if ahead.into_tuple::<TaskId>().one(app.db.reads()).await?.is_none() {
        return Ok(0);
    }
    let write = app.db.write().await?;
    let rows = ahead_statement(now).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let rows = readable(rows, &*write).await?;
    let count = rows.len();
    for before in rows {
        let Some(next) = before.status().before_deadline() else {
            return Err(Error::internal("what is found is overdue"));
        };
        let event = changed(before.status.0, next);
        let mut after = before.clone();
        put_status(&mut after, next);
        after.deadline_missed = false;
        let row = save(&write, before, after, now).await?;
        log::append(&write, Fact { actor: None, task: Some(&row), subject: None, at: now }, event).await?;
    }
    write.commit().await?;
    Ok(count)
}

/// Whether it is on record that the task missed this deadline.
async fn was_missed(write: &Write, task: TaskId, deadline: Timestamp) -> Result<bool> {
    let missed = event::Entity::find()
        .filter(event::Column::TaskId.eq(task))
        .filter(event::Column::MissedDeadline.eq(deadline))
        .limit(1)
        .one(&**write)
        .await?;
    Ok(missed.is_some())
}

/// In words that match the partial index `tasks_to_expire`: literals, since a parameter cannot be proven to fit it. By what
/// cannot expire: asked for what can, SQLite reads all of that by the index of statuses, due or not. So what can is said behind a sign
/// that keeps it from that index (<https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_>), and to PostgreSQL
/// without it: of an expression it would expect next to no rows, and sort them.
fn due(backend: DatabaseBackend, now: Timestamp) -> Condition {
    // A status that only a later version knows is for that to end.
    let may_expire = match backend {
        DatabaseBackend::Postgres => "status IN ('NEW', 'IN_PROGRESS')",
        DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => "+status IN ('NEW', 'IN_PROGRESS')",
    };
    Condition::all()
        .add(task::Column::DeletedAt.is_null())
        .add(Expr::cust("status NOT IN ('IN_REVIEW', 'DONE', 'DEFERRED', 'OVERDUE')"))
        .add(Expr::cust(may_expire))
        .add(task::Column::Deadline.is_not_null())
        .add(task::Column::Deadline.lte(now))
}
