//! A clock that was wrong for a moment: what it wrote down binds nobody once it is right again. Ahead by a day, and back by an hour.

use std::time::Duration;

use sea_orm::{
    ActiveModelTrait, ActiveValue::Unchanged, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set,
};
use serde_json::Value;
use server::auth::Viewer;
use server::clock::Clock;
use server::db::columns::{Locale, Stored, Timestamp};
use server::entity::{event, idempotency_key, session};
use server::log::consumer;
use server::schedule::Job;
use server::task::overdue::expire_due;

use crate::device::{Device, PASSWORD, minutes, registered};
use crate::world::{BEGINNING, Person, World, both_databases, moment, task};

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
const AN_HOUR: Duration = Duration::from_secs(60 * 60);
/// A deadline that is ahead, and passed for a clock that is a day ahead.
const DUE: &str = "2026-11-24T21:00:00.000Z";

/// Sets the clock, to any moment.
fn clock_shows(world: &World, now: Timestamp) {
    let Clock::Set(clock) = &world.app.clock else { panic!("the clock of a world stands") };
    clock.store(now.0, std::sync::atomic::Ordering::SeqCst);
}

async fn told_of_overdue(person: &Person) -> usize {
    person.told().await.iter().filter(|kind| kind.starts_with("TASK_OVERDUE")).count()
}

/// How many events say that a deadline was missed, and how many that the system itself changed a status.
async fn on_record(world: &World, kind: domain::EventKind) -> u64 {
    event::Entity::find()
        .filter(event::Column::Kind.eq(Stored(kind)))
        .filter(event::Column::ActorId.is_null())
        .count(world.app.db.reads())
        .await
        .unwrap()
}

async fn overdue_ever(anna: &Person) -> Value {
    let asked =
        r#"{ statistics(from: "2026-11-01", to: "2026-11-30", timeZone: "UTC") { byDay { overdue } } }"#;
    let days = anna.asks(asked, Value::Null).await.ok()["statistics"]["byDay"].clone();
    days.as_array().unwrap().iter().map(|day| day["overdue"].as_i64().unwrap()).sum::<i64>().into()
}

both_databases! {
    async fn ahead_a_right_sign_in_keeps_nobody_out(world: World) {
        registered(&world, "olga").await;
        let now = world.now();
        for ahead in [A_DAY, minutes(10)] {
            clock_shows(&world, now.plus(ahead));
            Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.done();
            clock_shows(&world, now);
            Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.done();
        }
    }

    async fn ahead_wrong_sign_ins_make_nobody_wait_longer_than_the_longest(world: World) {
        registered(&world, "olga").await;
        let now = world.now();
        clock_shows(&world, now.plus(A_DAY));
        for _ in 0..6 {
            Device::of(&world).logs_in("olga@example.ru", "not this one at all").await;
        }
        clock_shows(&world, now);
        Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.done();

        // Back by an hour, and right again: the waits are those of any time.
        clock_shows(&world, now.minus(AN_HOUR));
        for _ in 0..4 {
            Device::of(&world).logs_in("olga@example.ru", "not this one at all").await;
        }
        clock_shows(&world, now);
        Device::of(&world).logs_in("olga@example.ru", PASSWORD).await.done();
    }

    async fn ahead_what_became_overdue_is_again_what_it_was(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let new = anna.creates(task().for_(&petr).due(DUE)).await;
        let started = anna.creates(task().for_(&petr).due(DUE)).await;
        petr.moves(&started, "START").await.done();
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;
        let now = world.now();
        clock_shows(&world, now.plus(A_DAY));
        assert_eq!(expire_due(&world.app).await.unwrap(), 2);
        for _ in 0..2 {
            assert_eq!(live.next().await["__typename"], "TaskOverdue");
        }

        clock_shows(&world, now);
        let mut heard = petr.hears_tasks(Some(&petr.live_cursor().await)).await;
        for _ in 0..3 {
            assert_eq!(expire_due(&world.app).await.unwrap(), 0);
        }
        for _ in 0..2 {
            let heard = heard.next().await;
            assert_eq!((&heard["__typename"], &heard["from"]), (&"TaskStatusChanged".into(), &"OVERDUE".into()));
            assert_eq!(heard["actor"], Value::Null);
        }
        for (set, status) in [(&new, "NEW"), (&started, "IN_PROGRESS")] {
            assert_eq!(petr.sees(set).await["status"], status);
        }
        assert_eq!(on_record(&world, domain::EventKind::TaskStatusChanged).await, 2);

        // When the deadline does pass they are overdue, of which everybody was told.
        clock_shows(&world, moment(DUE));
        assert_eq!(expire_due(&world.app).await.unwrap(), 2);
        assert_eq!(expire_due(&world.app).await.unwrap(), 0);
        for set in [&new, &started] {
            assert_eq!(petr.sees(set).await["status"], "OVERDUE");
        }
        for person in [&anna, &petr] {
            assert_eq!(told_of_overdue(person).await, 2, "nothing is told twice");
        }
        assert_eq!(on_record(&world, domain::EventKind::TaskOverdue).await, 2);
        assert_eq!(overdue_ever(&anna).await, 2, "nor counted twice");
    }

    async fn back_by_an_hour_nothing_is_told_twice(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr).due(DUE)).await;
        clock_shows(&world, moment(DUE));
        assert_eq!(expire_due(&world.app).await.unwrap(), 1);
        for now in [moment(DUE).minus(AN_HOUR), moment(DUE), moment(DUE).minus(AN_HOUR), moment(DUE)] {
            clock_shows(&world, now);
            expire_due(&world.app).await.unwrap();
        }
        assert_eq!(petr.sees(&set).await["status"], "OVERDUE");
        for person in [&anna, &petr] {
            assert_eq!(told_of_overdue(person).await, 1);
        }
        // Clocks that differ by less than a minute are all right.
        clock_shows(&world, moment(DUE).minus(Duration::from_secs(59)));
        expire_due(&world.app).await.unwrap();
        assert_eq!(petr.sees(&set).await["status"], "OVERDUE");
    }

    async fn ahead_the_own_deadline_can_be_set_again(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr).due(DUE)).await;
        let now = world.now();
        clock_shows(&world, now.plus(A_DAY));
        assert_eq!(expire_due(&world.app).await.unwrap(), 1);
        clock_shows(&world, now);
        anna.moves_deadline(&set, Some("2026-11-27T12:00:00.000Z")).await.done();
        anna.moves_deadline(&set, Some(DUE)).await.done();
        assert_eq!(petr.sees(&set).await["status"], "NEW");
        clock_shows(&world, moment(DUE));
        assert_eq!(expire_due(&world.app).await.unwrap(), 1);
        assert_eq!(told_of_overdue(&petr).await, 1);
    }

    async fn ahead_a_lease_is_nobodys(world: World) {
        let term = Duration::from_secs(15);
        let acquire = async |holder: &'static str| {
            let epoch = world.app.hub.epoch();
            consumer::acquire(&world.app.db, "search", holder, epoch, world.now(), term).await.unwrap()
        };
        let now = world.now();
        clock_shows(&world, now.plus(A_DAY));
        assert!(acquire("one").await.is_some());
        clock_shows(&world, now);
        assert!(acquire("two").await.is_some(), "whoever holds it may have died");
        assert!(acquire("one").await.is_none());
        // Back, and right again: a lease that has run out is free.
        clock_shows(&world, now.minus(AN_HOUR));
        assert!(acquire("three").await.is_some());
        clock_shows(&world, now);
        assert!(acquire("four").await.is_some());
    }

    async fn ahead_a_key_is_kept_no_longer_than_any(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let keyed = task().for_(&petr).with("idempotencyKey", "a-key-of-a-year-ahead".into());
        let now = world.now();
        clock_shows(&world, now.plus(365 * A_DAY));
        let first = anna.creates(keyed.clone()).await;
        clock_shows(&world, now);
        let again = anna.creates(keyed.clone()).await;
        assert_ne!(first["id"], again["id"]);
        assert_eq!(anna.creates(keyed).await["id"], again["id"]);

        clock_shows(&world, now.plus(365 * A_DAY));
        anna.creates(task().for_(&petr).with("idempotencyKey", "another".into())).await;
        clock_shows(&world, now);
        Job::ForgetRequests.run(&world.app).await.unwrap();
        assert_eq!(idempotency_key::Entity::find().count(world.app.db.reads()).await.unwrap(), 1);
    }

    async fn ahead_a_session_is_used_when_it_is_used(world: World) {
        let olga = registered(&world, "olga").await;
        let seen = async |at: Timestamp| {
            let waits = async {
                loop {
                    let row = session::Entity::find().one(world.app.db.reads()).await.unwrap().unwrap();
                    if row.last_used_at == at {
                        return;
                    }
                }
            };
            tokio::time::timeout(Duration::from_secs(20), waits).await.expect("it is written down");
        };
        let now = world.now();
        let row = session::Entity::find().one(world.app.db.reads()).await.unwrap().unwrap();
        for wrong in [now.plus(365 * A_DAY), now.minus(AN_HOUR)] {
            let write = world.app.db.write().await.unwrap();
            let used = session::ActiveModel {
                id: Unchanged(row.id),
                last_used_at: Set(wrong),
                ..Default::default()
            };
            used.update(&*write).await.unwrap();
            write.commit().await.unwrap();
            Viewer::by_access_token(&world.app, olga.access.as_deref().unwrap(), Locale::En).await.unwrap();
            seen(now).await;
        }
        assert_eq!(now, moment(BEGINNING));
    }
}
