//! Reads the log from a place: for the tailer, for a person who was away, for the history of a task. Changes nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::policy::Capability;
use domain::{Code, EventKind, Role};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, Set,
};

use super::cursor::Position;
use super::event::Event;
use crate::clock::Random;
use crate::db::columns::{CommentId, EventId, Stored, TaskId, UserId};
use crate::db::{Database, Write};
use crate::entity::{comment, event, log_epoch, notification, task, user};
use crate::error::{Error, Result};

/// An event with what is needed to show it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The row.
    pub row: event::Model,
    /// What happened.
    pub event: Event,
    /// The task as it is now; `None` where the event is about none, or it is gone for good.
    pub task: Option<Arc<task::Model>>,
    /// The comment as it is now; `None` where the event is about none, or it was removed.
    pub comment: Option<comment::Model>,
    /// Who was told.
    pub notifications: Vec<notification::Model>,
    /// The people around the events read with this one.
    pub people: Arc<HashMap<UserId, Arc<user::Model>>>,
}

impl Entry {
    /// Its place in the log.
    pub fn position(&self) -> Position {
        Position::from(&self.row)
    }
}

/// Whose past is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Events of the tasks that the person may see.
    Tasks(UserId, Role),
    /// Notifications of the person.
    Notifications(UserId),
}

/// The entries after a place that no transaction still open can come before, oldest first.
pub(super) async fn settled_after(db: &Database, after: Position, limit: u64) -> Result<Vec<Entry>> {
    let rows = event::Entity::find()
        .filter(beyond(after))
        .filter(settled(db))
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .limit(limit)
        .all(db.reads())
        .await?;
    entries(db, rows).await
}

/// Whether something is committed after a place that cannot be read yet, since a transaction still open may come before
/// it. Nobody says when that one ends: it may be rolled back.
pub(super) async fn is_unsettled(db: &Database, after: Position) -> Result<bool> {
    if db.backend() != DatabaseBackend::Postgres {
        return Ok(false);
    }
    Ok(event::Entity::find().filter(beyond(after)).limit(1).one(db.reads()).await?.is_some())
}

/// The last settled place.
pub async fn end(db: &Database) -> Result<Position> {
    let row = event::Entity::find()
        .filter(settled(db))
        .order_by_desc(event::Column::Xid)
        .order_by_desc(event::Column::Id)
        .one(db.reads())
        .await?;
    Ok(row.as_ref().map(Position::from).unwrap_or_default())
}

/// A person's past between two places, the first excluded and the last included, oldest first. What they may see of each
/// entry is [`super::view`]'s to say.
pub async fn replay(
    db: &Database,
    replay: Replay,
    after: Position,
    until: Position,
    limit: u64,
) -> Result<Vec<Entry>> {
    let audience = match replay {
        Replay::Tasks(user, role) => Condition::any()
            .add_option(role.can(Capability::SeeAllTasks).then(|| SimpleExpr::from(Expr::val(1).eq(1))))
            .add(event::Column::AssigneeId.eq(user))
            .add(event::Column::CreatorId.eq(user))
            .add(event::Column::PreviousAssigneeId.eq(user))
            .add(event::Column::SubjectId.eq(user))
            .add(
                event::Column::TaskId.in_subquery(
                    Query::select()
                        .column(task::Column::Id)
                        .from(task::Entity)
                        .and_where(task::Column::AssigneeId.eq(user))
                        .and_where(task::Column::DeletedAt.is_null())
                        .to_owned(),
                ),
            ),
        Replay::Notifications(user) => Condition::any()
            .add(
                event::Column::Id.in_subquery(
                    Query::select()
                        .column(notification::Column::EventId)
                        .from(notification::Entity)
                        .and_where(notification::Column::RecipientId.eq(user))
                        .to_owned(),
                ),
            )
            .add(
                event::Column::Kind
                    .eq(Stored(EventKind::NotificationsRead))
                    .and(event::Column::SubjectId.eq(user)),
            ),
    };
    let rows = event::Entity::find()
        .filter(beyond(after))
        .filter(place().lte(value(until)))
        .filter(audience)
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .limit(limit)
        .all(db.reads())
        .await?;
    entries(db, rows).await
}

/// The changes of a task before a place, newest first.
pub async fn history(
    db: &Database,
    task: TaskId,
    before: Option<Position>,
    limit: u64,
) -> Result<Vec<Entry>> {
    let rows = history_statement(task, before, limit).all(db.reads()).await?;
    entries(db, rows).await
}

/// The statement behind [`history`]; apart, so that tests can ask the database how it would run it.
pub fn history_statement(task: TaskId, before: Option<Position>, limit: u64) -> Select<event::Entity> {
    // In words that match the partial index `events_in_history`: a parameter cannot be proven to fit it.
    let shown: Vec<String> = EventKind::shown_in_history().map(|kind| format!("'{}'", kind.code())).collect();
    let mut query = event::Entity::find()
        .filter(event::Column::TaskId.eq(task))
        .filter(Expr::cust(format!("kind IN ({})", shown.join(", "))))
        .order_by_desc(event::Column::Xid)
        .order_by_desc(event::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(place().lt(value(before)));
    }
    query
}

/// The entries of these events, by their ids.
pub async fn of_ids(db: &Database, ids: &[EventId]) -> Result<HashMap<EventId, Entry>> {
    let rows =
        event::Entity::find().filter(event::Column::Id.is_in(ids.iter().copied())).all(db.reads()).await?;
    Ok(entries(db, rows).await?.into_iter().map(|entry| (entry.row.id, entry)).collect())
}

/// Which life of the log this is; begun when there is none yet.
pub async fn epoch(db: &Database) -> Result<String> {
    if let Some(row) = log_epoch::Entity::find_by_id(1).one(db.reads()).await? {
        return Ok(row.epoch);
    }
    let write = db.write().await?;
    let fresh = log_epoch::ActiveModel { id: Set(1), epoch: Set(new_epoch()?) };
    let first = sea_orm::sea_query::OnConflict::column(log_epoch::Column::Id).do_nothing().to_owned();
    log_epoch::Entity::insert(fresh).on_conflict(first).exec_without_returning(&*write).await?;
    let row = log_epoch::Entity::find_by_id(1).one(&*write).await?;
    write.commit().await?;
    row.map(|row| row.epoch).ok_or(Error::internal("the log has no epoch"))
}

/// Begins another life of the log: cursors from before are answered with `Resync`.
pub async fn rotate_epoch(write: &Write) -> Result<()> {
    let fresh = log_epoch::ActiveModel { id: Set(1), epoch: Set(new_epoch()?) };
    fresh.update(&**write).await?;
    Ok(())
}

fn new_epoch() -> Result<String> {
    Ok(Random.token()?.chars().filter(char::is_ascii_alphanumeric).take(12).collect())
}

/// Rows that no transaction still open can come before. On PostgreSQL every open transaction has a number at or above the
/// snapshot's lower bound; SQLite has one writer, so what is seen is settled.
fn settled(db: &Database) -> Condition {
    if db.backend() == DatabaseBackend::Postgres {
        Condition::all().add(Expr::cust("xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))
    } else {
        Condition::all()
    }
}

fn place() -> SimpleExpr {
    Expr::tuple([Expr::col(event::Column::Xid), Expr::col(event::Column::Id)])
}

fn value(position: Position) -> SimpleExpr {
    Expr::tuple([Expr::val(position.xid), Expr::val(position.id)])
}

/// Events up to and including a place, for statements of others.
pub fn up_to(position: Position) -> SimpleExpr {
    place().lte(value(position))
}

pub(super) fn beyond(position: Position) -> SimpleExpr {
    place().gt(value(position))
}

/// Adds to each row what is needed to show it: one statement for each kind of thing, whatever the number of rows.
async fn entries(db: &Database, rows: Vec<event::Model>) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let task_ids: BTreeSet<TaskId> = rows.iter().filter_map(|row| row.task_id).collect();
    let tasks = load_tasks(db.reads(), task_ids).await?;
    let comment_ids: BTreeSet<CommentId> = rows.iter().filter_map(|row| row.comment_id).collect();
    let comments = load_comments(db.reads(), comment_ids).await?;
    let mut notifications: HashMap<EventId, Vec<notification::Model>> = HashMap::new();
    let told = notification::Entity::find()
        .filter(notification::Column::EventId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(notification::Column::Id)
        .all(db.reads())
        .await?;
    for notification in told {
        notifications.entry(notification.event_id).or_default().push(notification);
    }
    let around = rows.iter().flat_map(|row| {
        [row.actor_id, row.creator_id, row.assignee_id, row.previous_assignee_id, row.subject_id]
            .into_iter()
            .flatten()
    });
    let around = around.chain(tasks.values().flat_map(|task| [task.creator_id, task.assignee_id]));
    let people = Arc::new(load_people(db.reads(), around.collect()).await?);
    rows.into_iter()
        .map(|row| {
            let event = serde_json::from_str(&row.payload).map_err(|error| {
                Error::unexpected(
                    anyhow::Error::new(error).context(format!("event {} cannot be read", row.id)),
                )
            })?;
            Ok(Entry {
                event,
                task: row.task_id.and_then(|id| tasks.get(&id).cloned()),
                comment: row.comment_id.and_then(|id| comments.get(&id).cloned()),
                notifications: notifications.remove(&row.id).unwrap_or_default(),
                people: Arc::clone(&people),
                row,
            })
        })
        .collect()
}

async fn load_tasks<C: ConnectionTrait>(
    db: &C,
    ids: BTreeSet<TaskId>,
) -> Result<HashMap<TaskId, Arc<task::Model>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = task::Entity::find().filter(task::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
}

async fn load_comments<C: ConnectionTrait>(
    db: &C,
    ids: BTreeSet<CommentId>,
) -> Result<HashMap<CommentId, comment::Model>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let there = comment::Entity::find()
        .filter(comment::Column::Id.is_in(ids))
        .filter(comment::Column::DeletedAt.is_null());
    Ok(there.all(db).await?.into_iter().map(|row| (row.id, row)).collect())
}

async fn load_people<C: ConnectionTrait>(
    db: &C,
    ids: BTreeSet<UserId>,
) -> Result<HashMap<UserId, Arc<user::Model>>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
}
