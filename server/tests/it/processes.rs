//! Several processes on one PostgreSQL: what one writes is heard at the others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::sqlx::{self, PgPool, Row};
use server::log::exchange_hints;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::world::{Scribe, World, task, written};

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_writes_is_heard_at_the_other() {
    let one = World::postgres().await;
    let other = one.another_process().await;
    let (anna, petr) = one.supervisor_and_manager().await;
    let mut live = petr.at(&other).hears_tasks(None).await;
    let mut bell = petr.at(&other).hears_notifications(None).await;

    let set = anna.creates(task().for_(&petr)).await;

    assert_eq!(live.next().await["task"]["id"], set["id"]);
    assert_eq!(bell.next().await["unreadCount"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_tell_one_story() {
    let one = World::postgres().await;
    let other = one.another_process().await;
    let (anna, petr) = one.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let here = Scribe::new(&one, &anna, &set).await;
    let there = here.at(&other);
    let before = petr.live_cursor().await;
    let mut heard_here = petr.hears_tasks(Some(&before)).await;
    let mut heard_there = petr.at(&other).hears_tasks(Some(&before)).await;

    let writers = [here, there].map(|scribe| {
        tokio::spawn(async move {
            for number in 0..50 {
                scribe.writes(&number.to_string()).await;
            }
        })
    });
    for writer in writers {
        writer.await.unwrap();
    }

    for _ in 0..100 {
        let (here, there) = (heard_here.next().await, heard_there.next().await);
        assert_eq!((written(&here), &here["cursor"]), (written(&there), &there["cursor"]));
    }
}

/// Fault 14, short: the pass figure is 1.5 s.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_hints_it_is_found_by_polling() {
    let one = World::postgres().await;
    let deaf = one.another_process_without_hints().await;
    let (anna, petr) = one.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let scribe = Scribe::new(&one, &anna, &set).await;
    petr.at(&deaf).live_cursor().await;
    let mut live = petr.at(&deaf).hears_tasks(None).await;

    for number in 0..3 {
        scribe.writes(&number.to_string()).await;
        let committed = Instant::now();
        assert_eq!(written(&live.next().await), number.to_string());
        let took = committed.elapsed();
        assert!(took < Duration::from_millis(1_500), "{took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_for_hints_is_made_again() {
    let one = World::postgres().await;
    let other = one.another_process_without_hints().await;
    let (hints, stop) = (Arc::new(Notify::new()), CancellationToken::new());
    let listening = tokio::spawn(exchange_hints(other.app.db.clone(), Arc::clone(&hints), stop.clone()));
    let (anna, petr) = one.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let scribe = Scribe::new(&one, &anna, &set).await;

    let pool = one.app.db.postgres_pool().unwrap();
    // Both processes listen.
    let first = listeners(pool, |pids| pids.len() == 2).await;
    sqlx::query("SELECT pg_terminate_backend(pid) FROM unnest($1) AS pid")
        .bind(&first)
        .execute(pool)
        .await
        .unwrap();
    listeners(pool, |pids| pids.len() == 2 && pids.iter().all(|pid| !first.contains(pid))).await;
    scribe.writes("after").await;

    tokio::time::timeout(PATIENCE, hints.notified()).await.expect("a hint comes again");
    stop.cancel();
    listening.await.unwrap();
}

/// The connections that listen for hints, once they are as wanted.
async fn listeners(pool: &PgPool, wanted: impl Fn(&[i32]) -> bool) -> Vec<i32> {
    let find =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'";
    let search = async {
        loop {
            let rows = sqlx::query(find).fetch_all(pool).await.unwrap();
            let pids: Vec<i32> = rows.iter().map(|row| row.get(0)).collect();
            if wanted(&pids) {
                return pids;
            }
        }
    };
    tokio::time::timeout(PATIENCE, search).await.expect("processes listen for hints")
}
