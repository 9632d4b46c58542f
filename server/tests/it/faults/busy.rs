//! Fault 7: many writers and readers on SQLite. None of them is told that the database is busy.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::client::Client;
use super::process::{Place, Process};
use super::{held, rounds};

const WRITERS: usize = 16;
const READERS: usize = 4;
const A_ROUND: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixteen_writers_never_meet_a_busy_database() {
    let lasts = A_ROUND * u32::try_from(rounds()).unwrap();
    let place = Place::sqlite();
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let until = Instant::now() + lasts;

    // Whatever the server says against a request fails it: see `Client::asks`.
    let (mut writers, mut readers) = (JoinSet::new(), JoinSet::new());
    for writer in 0..WRITERS {
        let (anna, petr) = (anna.clone(), petr.clone());
        writers.spawn(async move {
            let mut written = 0_usize;
            let mut slowest = Duration::ZERO;
            while Instant::now() < until {
                let begun = Instant::now();
                let number = anna.creates(&format!("{writer}.{written}"), &petr).await.unwrap();
                slowest = slowest.max(begun.elapsed());
                let task = petr.asks("query ($number: Int!) { task(number: $number) { id } }", json!({ "number": number }));
                let id = task.await.unwrap()["task"]["id"].clone();
                let start = "mutation ($id: ID!) { taskTransition(id: $id, version: 1, action: START) { userErrors { code } } }";
                petr.changes(start, json!({ "id": id })).await.unwrap();
                written += 2;
            }
            (written, slowest)
        });
    }
    for _ in 0..READERS {
        let petr = petr.clone();
        readers.spawn(async move {
            let mut read = 0_usize;
            while Instant::now() < until {
                let list = "{ tasks(first: 50) { totalCount nodes { id title } } notifications(first: 20) { unreadCount } }";
                petr.asks(list, Value::Null).await.unwrap();
                read += 1;
            }
            read
        });
    }
    let (mut written, mut slowest) = (0, Duration::ZERO);
    for (count, time) in writers.join_all().await {
        written += count;
        slowest = slowest.max(time);
    }
    let read: usize = readers.join_all().await.into_iter().sum();
    let tried = format!("{WRITERS} writers, {} s", lasts.as_secs());
    let figures =
        format!("{written} writes, {read} lists, 0 refused, slowest write {} ms", slowest.as_millis());
    held("7", &tried, None, &figures);
}
