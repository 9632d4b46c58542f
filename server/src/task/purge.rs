//! The scheduled job that ends what was deleted: tasks go for good, with their comments and notifications, once they cannot
//! be restored any more. Their events stay: the log is not rewritten.

use sea_orm::sea_query::{LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::RESTORABLE;
use crate::app::App;
use crate::db::columns::{TaskId, Timestamp};
use crate::entity::{comment, event, notification, task};
use crate::error::Result;

/// Tasks in one transaction: short, so that readers of the log and other writers are not held back.
const BATCH: u64 = 100;

/// Removes tasks that were deleted longer ago than they can be restored. Gives how many.
pub async fn purge_deleted(app: &App) -> Result<u64> {
    let deleted_by = app.clock.now().minus(RESTORABLE);
    let mut purged = 0_u64;
    loop {
        let count = purge_batch(app, deleted_by).await?;
        if count == 0 {
            return Ok(purged);
        }
        purged = purged.saturating_add(count);
    }
}

/// The statement that finds what can go; apart, so that tests can ask the database how it would run it.
pub fn old_statement(deleted_by: Timestamp) -> Select<task::Entity> {
    task::Entity::find()
        .select_only()
        .column(task::Column::Id)
        .filter(task::Column::DeletedAt.lte(deleted_by))
        .order_by_asc(task::Column::DeletedAt)
        .order_by_asc(task::Column::Id)
        .limit(BATCH)
}

async fn purge_batch(app: &App, deleted_by: Timestamp) -> Result<u64> {
    let old = old_statement(deleted_by);
    // Most runs find nothing, and need no transaction that writes to see it.
    if old.clone().limit(1).into_tuple::<TaskId>().one(app.db.reads()).await?.is_none() {
        return Ok(0);
    }
    let write = app.db.write().await?;
    let tasks: Vec<TaskId> = old
        // Another process that purges, or a person who restores, has these in hand.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(&*write)
        .await?;
    let events = Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(event::Column::TaskId.is_in(tasks.iter().copied()))
        .to_owned();
    notification::Entity::delete_many()
        .filter(notification::Column::EventId.in_subquery(events))
        .exec(&*write)
        .await?;
    comment::Entity::delete_many()
        .filter(comment::Column::TaskId.is_in(tasks.iter().copied()))
        .exec(&*write)
        .await?;
    let deleted = task::Entity::delete_many().filter(task::Column::Id.is_in(tasks)).exec(&*write).await?;
    write.commit().await?;
    Ok(deleted.rows_affected)
}
