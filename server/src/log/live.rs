//! What a person hears: first what they missed, from the database, then what happens, from the tail, with no gap and no
//! repeat between the two.

use std::sync::Arc;

use async_stream::try_stream;
use domain::Role;
use futures_util::Stream;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::cursor::{Cursor, Position};
use super::hub::{ConnectionHandle, Hub, Listener, Topic};
use super::read::{self, Entry, Replay, beyond, replay};
use crate::db::Database;
use crate::db::columns::UserId;
use crate::entity::event;
use crate::error::Result;

/// Entries read at once while catching up.
const PAGE: u64 = 200;
/// Who missed more is told to read afresh: that is quicker for both.
pub const MOST_REPLAYED: u64 = 10_000;

/// Who listens, to what, from where.
#[derive(Clone, Debug)]
pub struct Follow {
    /// The person.
    pub user: UserId,
    /// Their role; a change closes the connection.
    pub role: Role,
    /// What they listen to.
    pub topic: Topic,
    /// The last place they know of; none for what happens from now on.
    pub after: Option<Cursor>,
    /// What they are connected by.
    pub connection: ConnectionHandle,
}

/// What is heard.
#[derive(Clone, Debug)]
pub enum Live {
    /// Something happened.
    Entry(Arc<Entry>),
    /// What was missed cannot be told: read afresh, then go on from here.
    Resync(Position),
}

/// Listens. Ends when the connection closes.
pub fn follow(db: Database, hub: Arc<Hub>, follow: Follow) -> impl Stream<Item = Result<Live>> + Send {
    try_stream! {
        let join = || Listener::join(&hub, follow.user, follow.role, follow.topic, &follow.connection);
        let audience = match follow.topic {
            Topic::Tasks => Replay::Tasks(follow.user, follow.role),
            Topic::Notifications => Replay::Notifications(follow.user),
        };
        let mut position;
        let mut listener;
        match replayable(&db, &hub, follow.after.as_ref()).await? {
            Start::Now => {
                listener = join();
                position = listener.position;
            }
            Start::Afresh => {
                listener = join();
                position = listener.position;
                yield Live::Resync(position);
            }
            Start::After(from) => {
                position = from;
                // Most of it before joining, so that the tail need not wait in the listener's buffer meanwhile.
                loop {
                    let until = hub.position();
                    let missed = replay(&db, audience, position, until, PAGE).await?;
                    let done = u64::try_from(missed.len()).unwrap_or(u64::MAX) < PAGE;
                    position = missed.last().map_or(position, Entry::position);
                    for entry in missed {
                        yield Live::Entry(Arc::new(entry));
                    }
                    if done {
                        position = position.max(until);
                        break;
                    }
                }
                listener = join();
                while position < listener.position {
                    let missed = replay(&db, audience, position, listener.position, PAGE).await?;
                    position = missed.last().map_or(listener.position, Entry::position);
                    for entry in missed {
                        yield Live::Entry(Arc::new(entry));
                    }
                }
            }
        }
        while let Some(entry) = listener.next().await {
            if entry.position() > position {
                position = entry.position();
                yield Live::Entry(entry);
            }
        }
    }
}

enum Start {
    Now,
    After(Position),
    Afresh,
}

/// Whether what happened after the cursor can be told.
async fn replayable(db: &Database, hub: &Hub, after: Option<&Cursor>) -> Result<Start> {
    let Some(cursor) = after else { return Ok(Start::Now) };
    if cursor.epoch != hub.epoch() {
        return Ok(Start::Afresh);
    }
    // Another process may have read further than this one; but nobody has read what is not written.
    if cursor.position > hub.position() && cursor.position > read::end(db).await? {
        return Ok(Start::Afresh);
    }
    let too_many = event::Entity::find()
        .filter(beyond(cursor.position))
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .offset(MOST_REPLAYED)
        .limit(1)
        .one(db.reads())
        .await?;
    Ok(if too_many.is_some() { Start::Afresh } else { Start::After(cursor.position) })
}
