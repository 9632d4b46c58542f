//! Notifications: read by those they are for. They are written by [`crate::log::append`] alone.

pub mod graphql;
pub mod query;

use domain::validate::limit;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::NotificationId;
use crate::entity::notification;
use crate::error::Result;
use crate::log::{self, Event, Fact, Position};

/// Marks notifications of this person as read. Ids of nothing, of others' and of those read already change nothing.
pub async fn read(app: &App, viewer: &Viewer, ids: Vec<NotificationId>) -> Result<()> {
    mark(app, viewer, Condition::all().add(notification::Column::Id.is_in(ids))).await
}

/// Marks as read all that this person was told up to a place in the log, and nothing that came after.
pub async fn read_all(app: &App, viewer: &Viewer, until: Position) -> Result<()> {
    let told = log::of_event_up_to(app.db.backend(), notification::Column::EventId, until);
    mark(app, viewer, Condition::all().add(told)).await
}

/// Of a few the log says which they were, of many up to which one: an event is not as large as what is left to read.
async fn mark(app: &App, viewer: &Viewer, which: Condition) -> Result<()> {
    let now = app.clock.now();
    let write = app.db.write().await?;
    let unread = Condition::all()
        .add(notification::Column::RecipientId.eq(viewer.id))
        .add(notification::Column::ReadAt.is_null())
        .add(which);
    let named = u64::try_from(limit::IDS).unwrap_or(u64::MAX);
    let mut ids = notification::Entity::find()
        .select_only()
        .column(notification::Column::Id)
        .filter(unread.clone())
        .order_by_desc(notification::Column::Id)
        .limit(named.saturating_add(1))
        .lock_exclusive()
        .into_tuple::<NotificationId>()
        .all(&*write)
        .await?;
    let Some(newest) = ids.first().copied() else { return Ok(()) };
    let (which, until) = if ids.len() > limit::IDS {
        ids.clear();
        (unread.add(notification::Column::Id.lte(newest)), Some(newest))
    } else {
        ids.reverse();
        (Condition::all().add(notification::Column::Id.is_in(ids.iter().copied())), None)
    };
    notification::Entity::update_many()
        .col_expr(notification::Column::ReadAt, Expr::val(now))
        .filter(which)
        .exec(&*write)
        .await?;
    let fact = Fact { actor: Some(viewer.id), task: None, subject: Some(viewer.id), at: now };
    log::append(&write, fact, Event::NotificationsRead { ids, until }).await?;
    write.commit().await?;
    Ok(())
}
