//! Fault 4: a role is taken away in the middle of a stream of events. Nothing forbidden is heard once it is in force.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Role;
use serde_json::{Value, json};
use server::http::{self, Limits};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::client::{Client, Ended};
use super::{held, rounds};
use crate::world::{Scribe, World};

const WRITERS: usize = 4;
const EVENTS_A_TRANSACTION: usize = 3;
/// Events heard before the role is taken away.
const HEARD: usize = 200;

/// What gathered in a second without hints comes at once. It may be more than a machine of two cores takes while it runs all of
/// this: such a client is dropped, and comes back.
const TOO_SLOW: Ended = Ended::Closed(1013);

/// A process that is reached over the network.
struct Served {
    url: String,
    stop: CancellationToken,
}

impl Served {
    async fn new(world: &World) -> Served {
        let mut config = world.app.config.clone();
        let listener = http::bind(&mut config).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let serving = http::serve(
            listener,
            Arc::clone(&world.app),
            world.schema.clone(),
            Limits::default(),
            stop.clone(),
        );
        tokio::spawn(serving);
        Served { url, stop }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_hints() {
    let one = World::postgres().await;
    let other = one.another_process().await;
    revokes("4, with hints", &one, &other, Duration::from_millis(500)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_hints() {
    let one = World::postgres().await;
    let other = one.another_process_without_hints().await;
    revokes("4, without hints", &one, &other, Duration::from_secs(2)).await;
}

/// Roles are changed at one process, events are heard at the other.
async fn revokes(fault: &str, one: &World, other: &World, within: Duration) {
    let (here, there) = (Served::new(one).await, Served::new(other).await);
    let olga = Client::register(&here.url, "olga").await;
    let boss = Client::register(&there.url, "boss").await;
    let anna = one.person("Анна", Role::Supervisor).await;
    let petr = one.person("Пётр", Role::Manager).await;
    let foreign = anna.creates(crate::world::task().for_(&petr)).await;
    let scribe = Scribe::new(one, &anna, &foreign).await;
    let (mut slowest, mut late, mut dropped) = (Duration::ZERO, 0, 0);
    let (mut total, begun) = (0, Instant::now());

    for _ in 0..rounds() {
        gives_role(&olga, &boss, "SUPERVISOR").await;
        anna.at(other).live_cursor().await;
        let before = boss.live_cursor().await;
        let mut socket = boss.hears_tasks(&before).await;
        let stop = CancellationToken::new();
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            let (scribe, stop) = (scribe.clone(), stop.clone());
            writers.spawn(async move {
                let mut written = 0_usize;
                while !stop.is_cancelled() {
                    let write = scribe.begins().await;
                    for _ in 0..EVENTS_A_TRANSACTION {
                        scribe.puts(&write, "чужое").await;
                    }
                    write.commit().await.unwrap();
                    written += EVENTS_A_TRANSACTION;
                }
                written
            });
        }
        let mut heard = 0;
        while heard < HEARD {
            match socket.next().await {
                Ok(event) => {
                    assert_eq!(event["__typename"], "TaskUpdated");
                    heard += 1;
                }
                Err(TOO_SLOW) => {
                    dropped += 1;
                    socket = boss.hears_tasks(&before).await;
                }
                Err(ended) => panic!("{ended:?}"),
            }
        }

        gives_role(&olga, &boss, "MANAGER").await;
        let revoked = Instant::now();
        let ended = loop {
            match socket.next().await {
                Ok(_) if revoked.elapsed() > within => late += 1,
                Ok(_) => {}
                Err(ended) => break ended,
            }
        };
        slowest = slowest.max(revoked.elapsed());
        match ended {
            Ended::Closed(4403) => {}
            TOO_SLOW => dropped += 1,
            Ended::Closed(_) | Ended::Gone => panic!("{ended:?}"),
        }

        // Who comes back hears that it is to be read afresh, and then what is theirs alone.
        let mut socket = boss.hears_tasks(&before).await;
        let mut first = socket.next().await;
        while first == Err(Ended::Closed(4403)) {
            // It came back before that process had read of the change.
            socket = boss.hears_tasks(&before).await;
            first = socket.next().await;
        }
        assert_eq!(first.unwrap()["__typename"], "Resync");
        olga.creates("своё", &boss).await.unwrap();
        let heard = socket.next().await.unwrap();
        assert_eq!((&heard["__typename"], &heard["task"]["title"]), (&"TaskCreated".into(), &"своё".into()));
        stop.cancel();
        total += writers.join_all().await.into_iter().sum::<usize>();
    }
    assert_eq!(late, 0);
    assert!(slowest <= within, "closed only after {slowest:?}");
    let rate = total as f64 / begun.elapsed().as_secs_f64();
    let figures = format!(
        "{late} forbidden after {} ms, closed within {} ms, {dropped} of them as too slow",
        within.as_millis(),
        slowest.as_millis()
    );
    held(fault, &format!("{} revocations, {rate:.0} events/s", rounds()), None, &figures);
}

async fn gives_role(by: &Client, person: &Client, role: &str) {
    let change = format!(
        "mutation ($id: ID!) {{ userRoleChange(id: $id, role: {role}) {{ userErrors {{ code }} }} }}"
    );
    let payload: Value = by.changes(&change, json!({ "id": person.id })).await.unwrap();
    assert_eq!(payload["userErrors"], json!([]));
}
