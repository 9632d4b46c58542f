//! What a person hears: first what they missed, from the database, then what happens, from the tail, with no gap and no
//! repeat between the two.

use std::sync::Arc;
use std::time::Duration;

use async_stream::try_stream;
use domain::Role;
use futures_util::Stream;
use tokio::time::Instant;

use super::cursor::{Cursor, Position};
use super::hub::{ConnectionHandle, Hub, Listener, Topic};
use super::read::{self, Entry, Replay, replay};
use super::visibility::{View, view, view_of_notifications};
use crate::db::Database;
use crate::db::columns::UserId;
use crate::error::Result;

/// Entries read at once while catching up.
const PAGE: u64 = 200;
/// Who is told to read afresh by what a later version wrote is not told so again for so long, while nothing else happens.
const REREAD: Duration = Duration::from_secs(10);
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
        let mut pace = Pace::default();
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
                        for entry in pace.take(&follow, Arc::new(entry), Instant::now()) {
                            yield Live::Entry(entry);
                        }
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
                        for entry in pace.take(&follow, Arc::new(entry), Instant::now()) {
                            yield Live::Entry(entry);
                        }
                    }
                }
            }
        }
        loop {
            let next = match pace.due() {
                None => listener.next().await,
                Some(due) => match tokio::time::timeout_at(due, listener.next()).await {
                    Ok(next) => next,
                    Err(_) => {
                        if let Some(entry) = pace.release(Instant::now()) {
                            yield Live::Entry(entry);
                        }
                        continue;
                    }
                },
            };
            let Some(entry) = next else { break };
            if entry.position() > position {
                position = entry.position();
                for entry in pace.take(&follow, entry, Instant::now()) {
                    yield Live::Entry(entry);
                }
            }
        }
    }
}

/// How often somebody is told to read afresh, by what a later version wrote. Many such entries on end are told once at their
/// beginning, once in so long, and once at their end: before whatever else follows, so that no cursor passes one that was not told.
#[derive(Debug, Default)]
struct Pace {
    told: Option<Instant>,
    held: Option<Arc<Entry>>,
}

impl Pace {
    /// What is to be told now that this has come.
    fn take(
        &mut self,
        follow: &Follow,
        entry: Arc<Entry>,
        now: Instant,
    ) -> impl Iterator<Item = Arc<Entry>> + use<> {
        let view = match follow.topic {
            Topic::Tasks => view(follow.user, follow.role, &entry),
            Topic::Notifications => view_of_notifications(follow.user, &entry),
        };
        let (before, told) = match view {
            None => (None, None),
            Some(View::Whole | View::Gone) => (self.release(now), Some(entry)),
            Some(View::Resync) if self.told.is_some_and(|told| now < told + REREAD) => {
                self.held = Some(entry);
                (None, None)
            }
            Some(View::Resync) => {
                self.told = Some(now);
                (None, Some(entry))
            }
        };
        before.into_iter().chain(told)
    }

    /// When what is held is to be told, if nothing else comes.
    fn due(&self) -> Option<Instant> {
        self.held.as_ref().and(self.told).map(|told| told + REREAD)
    }

    /// What is held, to be told now.
    fn release(&mut self, now: Instant) -> Option<Arc<Entry>> {
        let held = self.held.take();
        if held.is_some() {
            self.told = Some(now);
        }
        held
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
    let too_many = read::nth_after(db, cursor.position, MOST_REPLAYED).await?.is_some();
    Ok(if too_many { Start::Afresh } else { Start::After(cursor.position) })
}
