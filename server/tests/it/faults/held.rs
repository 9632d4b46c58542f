//! Fault 21: another program holds the database. Readiness tells within a bound, and all goes on once it lets go.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sea_orm::ConnectionTrait;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{Connection, Executor};

use super::client::Client;
use super::killed::is_whole;
use super::process::{Place, Process};
use super::{held as told, rounds};

/// Pass figure: from when it is held, nobody asking for a change, until readiness says so.
const WITHIN: Duration = Duration::from_secs(12);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_another_program() {
    let place = Place::sqlite();
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let mut kept = BTreeSet::from([anna.creates("before", &petr).await.unwrap()]);
    let file = format!("sqlite://{}", place.file("vekha.sqlite").display());
    let mut other = SqliteConnection::connect(&file).await.unwrap();

    let begun = Instant::now();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    anna.is_writable(false).await;
    let noticed = begun.elapsed();
    assert!(noticed < WITHIN, "only after {noticed:?}");
    other.execute("ROLLBACK").await.unwrap();
    anna.is_writable(true).await;
    assert!(kept.insert(anna.tries_to_create("after", &petr).await.done("after")));
    process.kill().await;
    drop(Process::start(&place).await);
    is_whole(&place.database().await, &kept).await;
    told(
        "21, held by another program",
        "once",
        None,
        &format!("readiness tells after {} ms; {} acknowledged, 0 lost", noticed.as_millis(), kept.len()),
    );
}

/// The proof that a connection stands outside any transaction costs a write next to nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_is_as_quick() {
    let writes = 100 * rounds();
    let place = Place::sqlite();
    drop(Process::start(&place).await);
    let db = place.database().await;
    let begun = Instant::now();
    for _ in 0..writes {
        let write = db.write().await.unwrap();
        write.execute_unprepared("UPDATE write_trial SET times = times + 1").await.unwrap();
        write.commit().await.unwrap();
    }
    let each = begun.elapsed() / u32::try_from(writes).unwrap();
    told("21, what it costs", &format!("{writes} writes"), None, &format!("{} us each", each.as_micros()));
}
