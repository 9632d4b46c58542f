//! Fault 11: the search engine is down, slow, refuses, or takes a part of what it is given. The database answers in its place
//! within a second and says so; changes are made as ever; whatever was not taken is there when the engine is back.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::gateway::{Gateway, Way};
use super::{held, rounds};
use crate::search::kept::{indexed, kept};
use crate::world::{Person, World, elasticsearch, task};

const WITHIN: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_answers_within_a_second() {
    let gateway = Gateway::to(&elasticsearch()).await;
    let world = World::with_elasticsearch_at(&gateway.url).await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let admin = world.admin().await;
    let mut count = 1;
    anna.creates(task().for_(&petr)).await;
    world.indexed().await;
    assert!(!answers(&admin, 1).await.1);

    let mut slowest = Duration::ZERO;
    let again = (0..rounds()).flat_map(|_| [Way::Down, Way::Slow, Way::Refused, Way::Partly]);
    // Ten seconds pass before a request that is never answered is given up.
    for way in again.chain([Way::Silent]) {
        gateway.be(way);
        let cut = gateway.cut();
        for _ in 0..3 {
            let began = Instant::now();
            anna.creates(task().for_(&petr)).await;
            count += 1;
            assert!(began.elapsed() < WITHIN, "a change waits for no engine");
            if way != Way::Partly {
                let (took, degraded) = answers(&admin, count).await;
                assert!(degraded, "{way:?}");
                slowest = slowest.max(took);
                assert!(took < WITHIN, "{way:?}: {took:?}");
            }
        }
        let tried = async {
            while gateway.cut() == cut {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(Duration::from_secs(20), tried).await.expect("the fault was met");
        gateway.be(Way::Open);
        back(&world, &admin).await;
        assert_eq!(indexed(&world).await, kept(&world).await, "{way:?}: nothing is missing");
    }
    let figures = format!("the database answered within {} ms; difference afterwards 0", slowest.as_millis());
    held("11", &format!("{} rounds: down, slow, 429, partial bulk; silent", rounds()), None, &figures);
}

/// How long the answer took, and whether it was the database's.
async fn answers(admin: &Person, expected: i64) -> (Duration, bool) {
    let began = Instant::now();
    let answer = admin
        .asks("{ taskSearch(input: { text: \"отчёты\" }) { totalCount degraded } }", Value::Null)
        .await
        .ok();
    let took = began.elapsed();
    let degraded = answer["taskSearch"]["degraded"] == json!(true);
    if degraded {
        assert_eq!(answer["taskSearch"]["totalCount"], expected);
    }
    (took, degraded)
}

/// Returns once the engine answers again and has everything.
pub(super) async fn back(world: &World, admin: &Person) {
    let answered = async {
        world.indexed().await;
        loop {
            let answer = admin.asks("{ taskSearch(input: {}) { degraded } }", Value::Null).await.ok();
            if answer["taskSearch"]["degraded"] == json!(false) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), answered)
        .await
        .expect("the engine answers again by itself");
}
