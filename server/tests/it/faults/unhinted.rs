//! Fault 2: kill -9 between commit and hint. Whoever listens elsewhere, or comes back, hears of it all the same.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::client::{Client, Socket};
use super::process::{Place, Process};
use super::{held, rounds};
use crate::world::seeded;

/// Pass figure.
const WITHIN: Duration = Duration::from_millis(1_500);
const WRITERS: usize = 8;

async fn hears_all(socket: &mut Socket, mut missing: BTreeSet<i64>) {
    while !missing.is_empty() {
        missing.remove(&socket.next().await.unwrap()["task"]["number"].as_i64().unwrap());
    }
}

/// Writes until the process is killed, which happens at the acknowledgement of one of the writes: its hint is under way or not
/// sent at all. All that were acknowledged.
async fn writes_until_killed(process: Process, anna: &Client, petr: &Client, writes: usize) -> BTreeSet<i64> {
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        let (anna, petr) = (anna.at(&process.url), petr.clone());
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            for _ in 0..writes {
                match anna.creates("Акт", &petr).await {
                    Ok(number) => acknowledged.push(number),
                    Err(_) => break,
                }
            }
            acknowledged
        });
    }
    let mut acknowledged: BTreeSet<i64> = writers.join_next().await.unwrap().unwrap().into_iter().collect();
    process.kill().await;
    acknowledged.extend(writers.join_all().await.into_iter().flatten());
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_process_tells_it() {
    let mut rng = seeded();
    let (seed, rounds) = (rng.get_seed(), rounds());
    let place = Place::postgres().await;
    let other = Process::start(&place).await;
    let anna = Client::register(&other.url, "anna").await;
    let petr = Client::register(&other.url, "petr").await;
    let mut socket = petr.hears_tasks(&anna.live_cursor().await).await;
    let mut slowest = Duration::ZERO;

    for _ in 0..rounds {
        let process = Process::start(&place).await;
        let acknowledged = writes_until_killed(process, &anna, &petr, rng.usize(1..6)).await;
        let killed = Instant::now();
        hears_all(&mut socket, acknowledged).await;
        slowest = slowest.max(killed.elapsed());
        assert!(slowest < WITHIN, "{slowest:?}");
    }
    let figures = format!("0 lost, heard within {} ms of the kill", slowest.as_millis());
    held("2, another process", &format!("{rounds} kills"), seed, &figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_start_tells_it() {
    let mut rng = seeded();
    let (seed, rounds) = (rng.get_seed(), rounds());
    let place = Place::sqlite();
    let mut process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let mut slowest = Duration::ZERO;

    for _ in 0..rounds {
        let before = anna.at(&process.url).live_cursor().await;
        let acknowledged = writes_until_killed(process, &anna, &petr, rng.usize(1..6)).await;
        process = Process::start(&place).await;
        let connected = Instant::now();
        let mut socket = petr.at(&process.url).hears_tasks(&before).await;
        hears_all(&mut socket, acknowledged).await;
        slowest = slowest.max(connected.elapsed());
        assert!(slowest < WITHIN, "{slowest:?}");
    }
    let figures = format!("0 lost, heard within {} ms of the reconnect", slowest.as_millis());
    held("2, the next start", &format!("{rounds} kills"), seed, &figures);
}
