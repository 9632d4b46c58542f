//! Fault 1: kill -9 under writers. What was acknowledged is there, whole, and the process comes back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{EventKind, NotificationKind};
use parking_lot::Mutex;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use server::db::Database;
use server::db::columns::{Stored, TaskId};
use server::entity::{event, notification, task};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::client::{Client, position};
use super::process::{Place, Process};
use super::{held, rounds};
use crate::world::seeded;

const WRITERS: usize = 32;
/// Pass figure: from the start of the process to being ready.
const BACK: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    kills("1, SQLite", Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    kills("1, PostgreSQL", Place::postgres().await).await;
}

async fn kills(fault: &str, place: Place) {
    let mut rng = seeded();
    let (seed, rounds) = (rng.get_seed(), rounds());
    let mut process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let before = anna.live_cursor().await;
    let mut acknowledged = BTreeSet::new();
    let mut slowest = Duration::ZERO;

    for round in 0..rounds {
        let after = rng.usize(WRITERS..8 * WRITERS);
        acknowledged.extend(writes_until_killed(process, &anna, &petr, round, after).await);
        process = Process::start(&place).await;
        slowest = slowest.max(process.began_in);
        assert!(process.began_in < BACK, "back only after {:?}", process.began_in);
        is_whole(&place.database().await, &acknowledged).await;
    }

    // Who was away all the time hears of each once and in order.
    let mut socket = petr.at(&process.url).hears_tasks(&before).await;
    let (mut missing, mut last) = (acknowledged.clone(), None);
    while !missing.is_empty() {
        let heard = socket.next().await.unwrap();
        assert!(last < Some(position(&heard)));
        last = Some(position(&heard));
        missing.remove(&heard["task"]["number"].as_i64().unwrap());
    }
    let figures =
        format!("{} acknowledged, 0 lost, back within {} ms", acknowledged.len(), slowest.as_millis());
    held(fault, &format!("{rounds} kills, {WRITERS} writers"), seed, &figures);
}

/// Kills the process once so many writes are acknowledged. All that were.
async fn writes_until_killed(
    process: Process,
    anna: &Client,
    petr: &Client,
    round: usize,
    after: usize,
) -> Vec<i64> {
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    let count = watch::Sender::new(0_usize);
    let mut written = count.subscribe();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (anna, petr) = (anna.at(&process.url), petr.clone());
        let (acknowledged, count) = (Arc::clone(&acknowledged), count.clone());
        writers.spawn(async move {
            let mut number = 0;
            while let Ok(task) = anna.creates(&format!("{round}.{writer}.{number}"), &petr).await {
                acknowledged.lock().push(task);
                count.send_modify(|count| *count += 1);
                number += 1;
            }
        });
    }
    written.wait_for(|count| *count >= after).await.unwrap();
    process.kill().await;
    writers.join_all().await;
    Arc::into_inner(acknowledged).unwrap().into_inner()
}

/// What was acknowledged is there, and whatever is there is there with its event and its notification.
pub(super) async fn is_whole(db: &Database, acknowledged: &BTreeSet<i64>) {
    let reads = db.reads();
    if db.postgres_pool().is_none() {
        let check = Statement::from_string(reads.get_database_backend(), "PRAGMA integrity_check");
        let answer = reads.query_one_raw(check).await.unwrap().unwrap();
        assert_eq!(answer.try_get_by_index::<String>(0).unwrap(), "ok");
    }
    let ids = |ids: Vec<Option<TaskId>>| ids.into_iter().map(|id| id.unwrap().0).collect::<Vec<i64>>();
    let tasks = task::Entity::find()
        .select_only()
        .column(task::Column::Id)
        .order_by_asc(task::Column::Id)
        .into_tuple()
        .all(reads);
    let tasks = ids(tasks.await.unwrap());
    assert!(acknowledged.iter().all(|id| tasks.binary_search(id).is_ok()), "an acknowledged write is lost");
    let events = event::Entity::find()
        .select_only()
        .column(event::Column::TaskId)
        .filter(event::Column::Kind.eq(Stored(EventKind::TaskCreated)))
        .order_by_asc(event::Column::TaskId)
        .into_tuple()
        .all(reads);
    assert_eq!(ids(events.await.unwrap()), tasks, "each task has its event");
    let notices = notification::Entity::find()
        .select_only()
        .column(notification::Column::TaskId)
        .filter(notification::Column::Kind.eq(Stored(NotificationKind::TaskCreated)))
        .order_by_asc(notification::Column::TaskId)
        .into_tuple()
        .all(reads);
    assert_eq!(ids(notices.await.unwrap()), tasks, "each task has its notification");
}
