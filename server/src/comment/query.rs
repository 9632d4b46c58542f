//! Reads comments. Whether a person may see the task is asked before.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::app::App;
use crate::db::columns::{CommentId, TaskId};
use crate::db::page::{Page, PageRequest};
use crate::entity::comment;
use crate::error::Result;

/// The comment, unless it was removed.
pub async fn one(app: &App, id: CommentId) -> Result<Option<comment::Model>> {
    let row = comment::Entity::find_by_id(id).one(app.db.reads()).await?;
    Ok(row.filter(|row| row.deleted_at.is_none()))
}

/// A page of what was said about a task, oldest first.
pub async fn page(app: &App, task: TaskId, request: &PageRequest<CommentId>) -> Result<Page<comment::Model>> {
    let rows = page_statement(task, request).all(app.db.reads()).await?;
    Ok(Page::of(request, rows))
}

/// The statement behind [`page`]; apart, so that tests can ask the database how it would run it.
pub fn page_statement(task: TaskId, request: &PageRequest<CommentId>) -> Select<comment::Entity> {
    let mut select = comment::Entity::find()
        .filter(comment::Column::TaskId.eq(task))
        .filter(comment::Column::DeletedAt.is_null())
        .order_by_asc(comment::Column::Id)
        .limit(request.limit());
    if let Some(after) = request.after {
        select = select.filter(comment::Column::Id.gt(after));
    }
    select
}

/// How much was said about a task.
pub async fn count(app: &App, task: TaskId) -> Result<i64> {
    let count = comment::Entity::find()
        .filter(comment::Column::TaskId.eq(task))
        .filter(comment::Column::DeletedAt.is_null())
        .count(app.db.reads())
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}
