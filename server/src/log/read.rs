//! Reads the log from a place: for the tailer, for a person who was away, for the history of a task. Changes nothing.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use domain::policy::Capability;
use domain::{Code, EventKind, Role};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DbErr, EntityTrait,
    FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select, Set,
};

use super::cursor::Position;
use super::event::Event;
use super::settled::settled;
use crate::clock::Random;
use crate::db::columns::{CommentId, EventId, TaskId, UserId};
use crate::db::newer::{Readable, readable};
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
    /// The task as it is now; `None` where the event is about none, it is gone for good, or only a later version can read it.
    pub task: Option<Arc<task::Model>>,
    /// Whether the task is there and only a later version can read it.
    pub is_newer: bool,
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
    entries(db, settled_statement(db.backend(), after, limit).all(db.reads()).await?).await
}

/// The statement that reads on in the log; apart, so that tests can ask the database how it would run it.
pub fn settled_statement(backend: DatabaseBackend, after: Position, limit: u64) -> Select<event::Entity> {
    event::Entity::find()
        .filter(beyond(backend, after))
        .filter(settled(backend))
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .limit(limit)
}

/// Whether something is committed after a place that cannot be read yet, since a transaction still open may come before
/// it. Nobody says when that one ends: it may be rolled back.
pub(super) async fn is_unsettled(db: &Database, after: Position) -> Result<bool> {
    if db.backend() != DatabaseBackend::Postgres {
        return Ok(false);
    }
    Ok(nth_after(db, after, 0).await?.is_some())
}

/// The place in the log that comes after that many others which follow a place, settled or not.
pub(super) async fn nth_after(db: &Database, after: Position, others: u64) -> Result<Option<Position>> {
    Ok(nth_statement(db.backend(), after, others).into_model().one(db.reads()).await?)
}

/// The statement behind [`nth_after`]; apart, so that tests can ask the database how it would run it.
pub fn nth_statement(backend: DatabaseBackend, after: Position, others: u64) -> Select<event::Entity> {
    event::Entity::find()
        .select_only()
        .columns([event::Column::Xid, event::Column::Id])
        .filter(beyond(backend, after))
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .offset(others)
        .limit(1)
}

/// The last settled place.
pub async fn end(db: &Database) -> Result<Position> {
    let end: Option<Position> = end_statement(db.backend()).into_model().one(db.reads()).await?;
    Ok(end.unwrap_or_default())
}

/// The statement behind [`end`]; apart, so that tests can ask the database how it would run it.
pub fn end_statement(backend: DatabaseBackend) -> Select<event::Entity> {
    event::Entity::find()
        .select_only()
        .columns([event::Column::Xid, event::Column::Id])
        .filter(settled(backend))
        .order_by_desc(event::Column::Xid)
        .order_by_desc(event::Column::Id)
        .limit(1)
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
    entries(db, replay_statement(db.backend(), replay, after, until, limit).all(db.reads()).await?).await
}

/// The statement behind [`replay`]; apart, so that tests can ask the database how it would run it.
pub fn replay_statement(
    backend: DatabaseBackend,
    replay: Replay,
    after: Position,
    until: Position,
    limit: u64,
) -> Select<event::Entity> {
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
            // What was read, and what only a later version understands: which of the others that is, payloads tell.
            .add(event::Column::SubjectId.eq(user)),
    };
    event::Entity::find()
        .filter(beyond(backend, after))
        .filter(up_to(backend, until))
        .filter(audience)
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .limit(limit)
}

/// The changes of a task before a place, newest first.
pub async fn history(
    db: &Database,
    task: TaskId,
    before: Option<Position>,
    limit: u64,
) -> Result<Vec<Entry>> {
    let rows = history_statement(db.backend(), task, before, limit).all(db.reads()).await?;
    entries(db, rows).await
}

/// The statement behind [`history`]; apart, so that tests can ask the database how it would run it.
pub fn history_statement(
    backend: DatabaseBackend,
    task: TaskId,
    before: Option<Position>,
    limit: u64,
) -> Select<event::Entity> {
    // In words that match the partial index `events_in_history`: a parameter cannot be proven to fit it.
    let shown: Vec<String> = EventKind::shown_in_history().map(|kind| format!("'{}'", kind.code())).collect();
    let mut query = event::Entity::find()
        .filter(event::Column::TaskId.eq(task))
        .filter(Expr::cust(format!("kind IN ({})", shown.join(", "))))
        .order_by_desc(event::Column::Xid)
        .order_by_desc(event::Column::Id)
        .limit(limit);
    if let Some(before) = before {
        query = query.filter(compared(backend, before, |place, value| place.lt(value)));
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

/// Rows of others that name an event up to and including a place. On SQLite the event's key says where it stands: to list all the
/// keys up to there would be to read the log.
pub fn of_event_up_to(backend: DatabaseBackend, column: impl ColumnTrait, until: Position) -> SimpleExpr {
    if backend == DatabaseBackend::Sqlite {
        return column.lte(until.id);
    }
    let events = Query::select()
        .column(event::Column::Id)
        .from(event::Entity)
        .and_where(up_to(backend, until))
        .to_owned();
    column.in_subquery(events)
}

fn up_to(backend: DatabaseBackend, position: Position) -> SimpleExpr {
    compared(backend, position, |place, value| place.lte(value))
}

pub(super) fn beyond(backend: DatabaseBackend, position: Position) -> SimpleExpr {
    compared(backend, position, |place, value| place.gt(value))
}

/// Events on one side of a place. On SQLite, where all have the same `xid`, by the other column alone: of a row value SQLite uses
/// the first column to find a place in an index, and would walk the whole log from there.
fn compared(
    backend: DatabaseBackend,
    position: Position,
    compare: impl Fn(SimpleExpr, SimpleExpr) -> SimpleExpr,
) -> SimpleExpr {
    let column = |column: event::Column| Expr::col((event::Entity, column));
    match backend {
        DatabaseBackend::Sqlite => {
            column(event::Column::Xid).eq(0).and(compare(column(event::Column::Id), Expr::val(position.id)))
        }
        DatabaseBackend::Postgres | DatabaseBackend::MySql | _ => compare(
            Expr::tuple([column(event::Column::Xid), column(event::Column::Id)]),
            Expr::tuple([Expr::val(position.xid), Expr::val(position.id)]),
        ),
    }
}

/// Adds to each row what is needed to show it: one statement for each kind of thing, whatever the number of rows.
async fn entries(db: &Database, rows: Vec<event::Model>) -> Result<Vec<Entry>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let task_ids: BTreeSet<TaskId> = rows.iter().filter_map(|row| row.task_id).collect();
    let (tasks, newer) = load_tasks(db.reads(), task_ids).await?;
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
    let entry = |row: event::Model| Entry {
        event: Event::read(&row.payload),
        task: row.task_id.and_then(|id| tasks.get(&id).cloned()),
        is_newer: row.task_id.is_some_and(|id| newer.contains(&id)),
        comment: row.comment_id.and_then(|id| comments.get(&id).cloned()),
        notifications: notifications.remove(&row.id).unwrap_or_default(),
        people: Arc::clone(&people),
        row,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// A task, and which, where only a later version can read it.
struct Loaded {
    id: TaskId,
    row: Readable<task::Model>,
}

impl FromQueryResult for Loaded {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Loaded { id: result.try_get(prefix, "id")?, row: Readable::from_query_result(result, prefix)? })
    }
}

/// The tasks, and those that only a later version can read.
async fn load_tasks<C: ConnectionTrait>(
    db: &C,
    ids: BTreeSet<TaskId>,
) -> Result<(HashMap<TaskId, Arc<task::Model>>, HashSet<TaskId>)> {
    let (mut tasks, mut newer) = (HashMap::new(), HashSet::new());
    if ids.is_empty() {
        return Ok((tasks, newer));
    }
    let found = task::Entity::find().filter(task::Column::Id.is_in(ids)).into_model::<Loaded>();
    for Loaded { id, row } in found.all(db).await? {
        match row {
            Readable::Row(row) => _ = tasks.insert(id, Arc::new(row)),
            Readable::Newer => _ = newer.insert(id),
        }
    }
    Ok((tasks, newer))
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
    let rows = readable(user::Entity::find().filter(user::Column::Id.is_in(ids)), db).await?;
    Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
}
