//! What passes its deadline becomes overdue: once a deadline, whoever runs the job and however often.

use std::time::Duration;

use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::Value;
use server::db::columns::{Stored, TaskId};
use server::entity::event;
use server::graphql::ids;
use server::task::overdue::expire_due;

use crate::world::{Person, World, both_databases, moment, task};

const DUE: &str = "2026-11-24T12:00:00.000Z";
const EXTENDED: &str = "2026-11-25T12:00:00.000Z";

fn id(task: &Value) -> TaskId {
    ids::decode(&async_graphql::ID(task["id"].as_str().unwrap().into())).unwrap()
}

/// How many times it is on record that the task missed a deadline.
async fn misses(world: &World, task: &Value) -> u64 {
    event::Entity::find()
        .filter(event::Column::TaskId.eq(id(task)))
        .filter(event::Column::Kind.eq(Stored(domain::EventKind::TaskOverdue)))
        .count(world.app.db.reads())
        .await
        .unwrap()
}

async fn runs_at(world: &World, now: &str) -> u64 {
    let ahead = moment(now).0 - world.now().0;
    world.pass(Duration::from_millis(u64::try_from(ahead).unwrap()));
    expire_due(&world.app).await.unwrap()
}

/// Sets a task that is due, without review where it is said, and takes it through these actions of its assignee and creator.
async fn taken_through(anna: &Person, petr: &Person, actions: &[(&Person, &str)]) -> Value {
    let set = anna.creates(task().for_(petr).due(DUE)).await;
    for (person, action) in actions {
        person.moves_because(&set, action, (*action == "RETURN").then_some("Не то")).await.done();
    }
    set
}

both_databases! {
    async fn what_waits_for_its_assignee_becomes_overdue_at_its_deadline(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let new = taken_through(&anna, &petr, &[]).await;
        let started = taken_through(&anna, &petr, &[(&petr, "START")]).await;
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;

        assert_eq!(runs_at(&world, "2026-11-24T11:59:59.999Z").await, 0);
        assert_eq!(runs_at(&world, DUE).await, 2);
        assert_eq!(runs_at(&world, "2026-11-24T12:00:10.000Z").await, 0);

        for (set, was) in [(&new, "NEW"), (&started, "IN_PROGRESS")] {
            let heard = live.next().await;
            assert_eq!((&heard["__typename"], &heard["task"]["id"]), (&"TaskOverdue".into(), &set["id"]));
            assert_eq!((&heard["deadline"], &heard["actor"]), (&DUE.into(), &Value::Null));
            let seen = petr.sees(set).await;
            assert_eq!((&seen["status"], &seen["statusBeforeOverdue"]), (&"OVERDUE".into(), &was.into()));
            assert_eq!(misses(&world, set).await, 1);
        }
        for person in [&anna, &petr] {
            let told = person.told().await;
            assert_eq!(told.iter().filter(|kind| *kind == "TASK_OVERDUE").count(), 2, "{told:?}");
        }
    }

    async fn what_is_handed_in_put_aside_done_or_deleted_does_not(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let in_review = taken_through(&anna, &petr, &[(&petr, "SUBMIT")]).await;
        let done = taken_through(&anna, &petr, &[(&petr, "SUBMIT"), (&anna, "ACCEPT")]).await;
        let unreviewed = anna.creates(task().for_(&petr).due(DUE).without_review()).await;
        petr.moves(&unreviewed, "SUBMIT").await.done();
        let deferred = taken_through(&anna, &petr, &[(&anna, "DEFER")]).await;
        let deleted = taken_through(&anna, &petr, &[]).await;
        let delete = format!(
            "mutation {{ taskDelete(id: {}, version: 1) {{ deletedId userErrors {{ code field message }} }} }}",
            deleted["id"]
        );
        anna.asks(&delete, Value::Null).await.done();
        let without = anna.creates(task().for_(&petr)).await;

        assert_eq!(runs_at(&world, EXTENDED).await, 0);
        for (set, status) in [(&in_review, "IN_REVIEW"), (&done, "DONE"), (&unreviewed, "DONE"), (&deferred, "DEFERRED"), (&without, "NEW")] {
            assert_eq!(anna.sees(set).await["status"], status);
        }
    }

    async fn an_extended_deadline_brings_back_what_the_task_was_and_can_be_missed_again(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = taken_through(&anna, &petr, &[(&petr, "START")]).await;
        assert_eq!(runs_at(&world, DUE).await, 1);

        anna.moves_deadline(&set, Some(EXTENDED)).await.done();
        let seen = petr.sees(&set).await;
        assert_eq!((&seen["status"], &seen["statusBeforeOverdue"]), (&"IN_PROGRESS".into(), &Value::Null));
        assert_eq!(misses(&world, &set).await, 1);

        assert_eq!(runs_at(&world, EXTENDED).await, 1);
        assert_eq!(petr.sees(&set).await["status"], "OVERDUE");
        assert_eq!(misses(&world, &set).await, 2);
    }

    async fn a_deadline_taken_away_brings_back_what_the_task_was(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = taken_through(&anna, &petr, &[]).await;
        assert_eq!(runs_at(&world, DUE).await, 1);

        anna.moves_deadline(&set, None).await.done();
        assert_eq!(petr.sees(&set).await["status"], "NEW");
        assert_eq!(runs_at(&world, EXTENDED).await, 0);
    }

    async fn what_comes_back_after_a_missed_deadline_is_overdue_without_another_event(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let returned = taken_through(&anna, &petr, &[]).await;
        let reopened = taken_through(&anna, &petr, &[]).await;
        let resumed = taken_through(&anna, &petr, &[]).await;
        assert_eq!(runs_at(&world, DUE).await, 3);

        petr.moves(&returned, "SUBMIT").await.done();
        anna.moves_because(&returned, "RETURN", Some("Нет приложения")).await.done();
        petr.moves(&reopened, "SUBMIT").await.done();
        anna.moves(&reopened, "ACCEPT").await.done();
        anna.moves(&reopened, "REOPEN").await.done();
        anna.moves(&resumed, "DEFER").await.done();
        anna.moves(&resumed, "RESUME").await.done();

        for (set, was) in [(&returned, "IN_PROGRESS"), (&reopened, "IN_PROGRESS"), (&resumed, "NEW")] {
            let seen = anna.sees(set).await;
            assert_eq!((&seen["status"], &seen["statusBeforeOverdue"]), (&"OVERDUE".into(), &was.into()));
        }
        assert_eq!(runs_at(&world, EXTENDED).await, 0);
        for set in [&returned, &reopened, &resumed] {
            assert_eq!(misses(&world, set).await, 1);
        }
    }

    async fn what_passes_its_deadline_elsewhere_is_missed_when_it_comes_back(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let in_review = taken_through(&anna, &petr, &[(&petr, "SUBMIT")]).await;
        let deferred = taken_through(&anna, &petr, &[(&anna, "DEFER")]).await;
        assert_eq!(runs_at(&world, DUE).await, 0);

        anna.moves_because(&in_review, "RETURN", Some("Не то")).await.done();
        anna.moves(&deferred, "RESUME").await.done();

        assert_eq!(runs_at(&world, "2026-11-24T12:00:10.000Z").await, 2);
        for set in [&in_review, &deferred] {
            assert_eq!(misses(&world, set).await, 1);
        }
    }

    async fn a_moment_is_the_same_in_every_time_zone(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        // The same moment, as three clocks on walls show it; one of them on another day.
        let zones = ["2026-11-24T12:00:00Z", "2026-11-24T22:00:00+10:00", "2026-11-24T00:00:00-12:00"];
        for deadline in zones {
            let set = anna.creates(task().for_(&petr).due(deadline)).await;
            assert_eq!(set["deadline"], DUE);
        }
        assert_eq!(runs_at(&world, "2026-11-24T11:59:59.999Z").await, 0);
        assert_eq!(runs_at(&world, DUE).await, 3);
    }

    async fn the_hours_that_clocks_skip_or_repeat_are_hours_like_others(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        // Berlin goes from 02:00 to 03:00 on 28 March 2027 and from 03:00 to 02:00 on 31 October; 29 February 2028 exists.
        let moments = [
            ["2027-03-28T02:59:00+02:00", "2027-03-28T00:59:00.000Z"],
            ["2027-03-28T03:01:00+02:00", "2027-03-28T01:01:00.000Z"],
            ["2027-10-31T02:30:00+02:00", "2027-10-31T00:30:00.000Z"],
            ["2027-10-31T02:30:00+01:00", "2027-10-31T01:30:00.000Z"],
            ["2028-02-29T12:00:00+01:00", "2028-02-29T11:00:00.000Z"],
        ];
        for [deadline, _] in moments {
            anna.creates(task().for_(&petr).due(deadline)).await;
        }
        for [_, moment] in moments {
            assert_eq!(runs_at(&world, moment).await, 1, "{moment}");
        }
    }

    async fn a_deadline_that_another_clock_saw_pass_is_missed_once(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = taken_through(&anna, &petr, &[]).await;
        let ahead = world.another_process_at(moment("2026-11-24T13:00:00.000Z")).await;
        assert_eq!(expire_due(&ahead.app).await.unwrap(), 1);

        anna.moves_deadline(&set, Some(EXTENDED)).await.done();
        anna.moves_deadline(&set, Some(DUE)).await.done();
        assert_eq!(petr.sees(&set).await["status"], "NEW");
        assert_eq!(runs_at(&world, DUE).await, 1);
        assert_eq!(petr.sees(&set).await["status"], "OVERDUE");
        assert_eq!(misses(&world, &set).await, 1);
        anna.moves_deadline(&set, Some(EXTENDED)).await.done();
        assert_eq!(runs_at(&world, EXTENDED).await, 1);
        assert_eq!(misses(&world, &set).await, 2);
    }
}
