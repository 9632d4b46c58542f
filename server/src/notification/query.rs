//! Reads notifications of one person.

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::app::App;
use crate::db::columns::{NotificationId, UserId};
use crate::db::page::{Page, PageRequest};
use crate::entity::notification;
use crate::error::Result;

/// The notification, if it is this person's.
pub async fn one(app: &App, recipient: UserId, id: NotificationId) -> Result<Option<notification::Model>> {
    let row = notification::Entity::find_by_id(id).one(app.db.reads()).await?;
    Ok(row.filter(|row| row.recipient_id == recipient))
}

/// A page of what this person was told, newest first.
pub async fn page(
    app: &App,
    recipient: UserId,
    unread_only: bool,
    request: &PageRequest<NotificationId>,
) -> Result<Page<notification::Model>> {
    let rows = page_statement(recipient, unread_only, request).all(app.db.reads()).await?;
    Ok(Page::of(request, rows))
}

/// The statement behind [`page`]; apart, so that tests can ask the database how it would run it.
pub fn page_statement(
    recipient: UserId,
    unread_only: bool,
    request: &PageRequest<NotificationId>,
) -> Select<notification::Entity> {
    let mut select = notification::Entity::find()
        .filter(notification::Column::RecipientId.eq(recipient))
        .order_by_desc(notification::Column::Id)
        .limit(request.limit());
    if unread_only {
        select = select.filter(notification::Column::ReadAt.is_null());
    }
    if let Some(after) = request.after {
        select = select.filter(notification::Column::Id.lt(after));
    }
    select
}

/// How much this person has not read.
pub async fn unread(app: &App, recipient: UserId) -> Result<i64> {
    let count = notification::Entity::find()
        .filter(notification::Column::RecipientId.eq(recipient))
        .filter(notification::Column::ReadAt.is_null())
        .count(app.db.reads())
        .await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}
