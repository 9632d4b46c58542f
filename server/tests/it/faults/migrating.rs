//! Fault 26: two processes start while the schema is being changed for long. Both wait, and come up once that is done.

use std::time::{Duration, Instant};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseBackend};

use super::process::{Place, Process};
use super::{held, rounds};

/// For how long somebody has what is needed to change the schema: a minute for the figures of the requirements.
fn long() -> Duration {
    Duration::from_secs(3 * u64::try_from(rounds()).unwrap())
}

async fn both_come_up(fault: &str, place: Place) {
    // Somebody who migrates has this until it is done.
    let db = place.database().await;
    let migrating = db.write().await.unwrap();
    if db.backend() == DatabaseBackend::Postgres {
        migrating.execute_unprepared("SET LOCAL idle_in_transaction_session_timeout = 0").await.unwrap();
        migrating
            .execute_unprepared("SELECT pg_advisory_xact_lock(hashtext('vekha.migrate'))")
            .await
            .unwrap();
    }
    let begun = Instant::now();
    let starting = [(), ()].map(|()| {
        let place = place.clone();
        tokio::spawn(async move { Process::start(&place).await })
    });
    let mut starting = futures_util::future::join_all(starting);
    tokio::time::timeout(long(), &mut starting).await.map(|_| ()).expect_err("they wait");
    migrating.commit().await.unwrap();
    let processes: Vec<Process> = starting.await.into_iter().map(Result::unwrap).collect();
    let up = begun.elapsed();
    let applied = Migrator::get_applied_migrations(db.reads()).await.unwrap().len();
    assert_eq!(applied, Migrator::migrations().len(), "each once");
    for process in processes {
        assert!(reqwest::get(format!("{}/health/ready", process.url)).await.unwrap().status().is_success());
    }
    let figures = format!("both up {:.1} s after the change began, applied once", up.as_secs_f64());
    held(fault, &format!("a change of {} s, two starters", long().as_secs()), None, &figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    both_come_up("26, SQLite", Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    both_come_up("26, PostgreSQL", Place::empty_postgres().await).await;
}
