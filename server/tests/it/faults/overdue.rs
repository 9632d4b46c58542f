//! Fault 6: three processes run the overdue job at once, and one of them ends in the middle. Each missed deadline is recorded once.

use std::sync::Arc;
use std::time::Duration;

use domain::{EventKind, NotificationKind};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::db::columns::Stored;
use server::entity::{event, notification};
use server::task::overdue::expire_due;

use super::{held, rounds};
use crate::world::{World, moment, seeded, task};

const TASKS: usize = 300;
const DUE: &str = "2026-11-24T12:00:00.000Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_at_once_record_each_missed_deadline_once() {
    let mut rng = seeded();
    let seed = rng.get_seed();
    for _ in 0..rounds() {
        one_ends_in_the_middle(&mut rng).await;
    }
    let figures = format!("{TASKS} tasks each: 1 event a deadline, 2 notifications an event");
    held("6", &format!("{} rounds, 3 processes", rounds()), seed, &figures);
}

async fn one_ends_in_the_middle(rng: &mut fastrand::Rng) {
    let world = World::postgres().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    for number in 0..TASKS {
        anna.creates(task().for_(&petr).titled(&number.to_string()).due(DUE)).await;
    }
    let (second, third) = (world.another_process().await, world.another_process().await);
    world.pass(Duration::from_millis(moment(DUE).0.abs_diff(world.now().0)));

    let run = |world: &World| {
        let app = Arc::clone(&world.app);
        tokio::spawn(async move { expire_due(&app).await })
    };
    let killed = run(&third);
    let (one, two) = (run(&world), run(&second));
    for _ in 0..rng.usize(..200) {
        tokio::task::yield_now().await;
    }
    killed.abort();
    killed.await.ok();
    one.await.unwrap().unwrap();
    two.await.unwrap().unwrap();
    // What the one that ended had in hand is found by the next run.
    drop(third);
    let left = async {
        while overdue_events(&world).await < TASKS as u64 {
            expire_due(&world.app).await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), left).await.expect("everything due is recorded");

    assert_eq!(expire_due(&world.app).await.unwrap(), 0);
    assert_eq!(overdue_events(&world).await, TASKS as u64);
    let notices = notification::Entity::find()
        .filter(notification::Column::Kind.eq(Stored(NotificationKind::TaskOverdue)))
        .count(world.app.db.reads());
    assert_eq!(notices.await.unwrap(), 2 * TASKS as u64, "one for the creator and one for the assignee");
    let overdue = anna.asks("{ taskCounts(filters: [{ statuses: [OVERDUE] }]) }", Value::Null).await;
    assert_eq!(overdue.ok()["taskCounts"], json!([TASKS]));
}

async fn overdue_events(world: &World) -> u64 {
    event::Entity::find()
        .filter(event::Column::Kind.eq(Stored(EventKind::TaskOverdue)))
        .count(world.app.db.reads())
        .await
        .unwrap()
}
