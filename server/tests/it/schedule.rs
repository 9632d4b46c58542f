//! The jobs that run by themselves: each does its work when its time has come and not before, and once.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use server::db::columns::{TaskId, Timestamp};
use server::entity::{
    comment, event, idempotency_key, login_attempt, notification, refresh_token, session, task as row,
};
use server::graphql::ids;
use server::schedule::{self, Job};
use tokio_util::sync::CancellationToken;

use crate::world::{Person, World, both_databases, task};

const DAY: Duration = Duration::from_hours(24);

async fn runs(world: &World, job: Job) {
    job.run(&world.app).await.unwrap();
}

fn id(task: &Value) -> TaskId {
    ids::decode(&async_graphql::ID(task["id"].as_str().unwrap().into())).unwrap()
}

async fn deletes(by: &Person, task: &Value) {
    let delete = format!(
        "mutation {{ taskDelete(id: {}, version: 1) {{ deletedId userErrors {{ code field message }} }} }}",
        task["id"]
    );
    by.asks(&delete, Value::Null).await.done();
}

async fn comments_on(by: &Person, task: &Value) {
    let add = format!(
        "mutation {{ commentAdd(taskId: {}, body: \"Готово?\") {{ comment {{ id }} userErrors {{ code field message }} }} }}",
        task["id"]
    );
    by.asks(&add, Value::Null).await.done();
}

/// How many rows speak of the task: itself, its comments, its notifications, its events.
async fn left_of(world: &World, task: &Value) -> [u64; 4] {
    let (db, id) = (world.app.db.reads(), id(task));
    [
        row::Entity::find_by_id(id).count(db).await.unwrap(),
        comment::Entity::find().filter(comment::Column::TaskId.eq(id)).count(db).await.unwrap(),
        notification::Entity::find().filter(notification::Column::TaskId.eq(id)).count(db).await.unwrap(),
        event::Entity::find().filter(event::Column::TaskId.eq(id)).count(db).await.unwrap(),
    ]
}

both_databases! {
    async fn a_deleted_task_goes_for_good_after_thirty_days_and_its_events_stay(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let deleted = anna.creates(task().for_(&petr)).await;
        let kept = anna.creates(task().for_(&petr)).await;
        for set in [&deleted, &kept] {
            comments_on(&petr, set).await;
        }
        deletes(&anna, &deleted).await;

        world.pass(30 * DAY - Duration::from_millis(1));
        runs(&world, Job::PurgeTasks).await;
        assert_eq!(left_of(&world, &deleted).await, [1, 1, 3, 3]);

        world.pass(Duration::from_millis(1));
        for _ in 0..2 {
            runs(&world, Job::PurgeTasks).await;
            assert_eq!(left_of(&world, &deleted).await, [0, 0, 0, 3]);
            assert_eq!(left_of(&world, &kept).await, [1, 1, 2, 2]);
        }
        assert_eq!(anna.sees(&deleted).await, Value::Null);
        let restore = anna.changes("taskRestore", &format!("id: {}", deleted["id"])).await;
        assert_eq!(restore.mend(), ["NOT_FOUND at id"]);
    }

    async fn who_was_away_while_a_task_went_for_good_hears_that_it_is_gone(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let before = petr.live_cursor().await;
        anna.moves_deadline(&set, Some("2026-12-01T12:00:00Z")).await.done();
        let delete = format!(
            "mutation {{ taskDelete(id: {}, version: 2) {{ deletedId userErrors {{ code field message }} }} }}",
            set["id"]
        );
        anna.asks(&delete, Value::Null).await.done();
        world.pass(30 * DAY);
        runs(&world, Job::PurgeTasks).await;

        let mut live = petr.hears_tasks(Some(&before)).await;
        let heard = live.next().await;
        assert_eq!((&heard["__typename"], &heard["taskId"]), (&"TaskDeleted".into(), &set["id"]));
    }

    async fn more_than_one_transaction_takes_are_purged_by_one_run(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for _ in 0..120 {
            let set = anna.creates(task().for_(&petr)).await;
            deletes(&anna, &set).await;
        }
        world.pass(30 * DAY);
        runs(&world, Job::PurgeTasks).await;
        assert_eq!(row::Entity::find().count(world.app.db.reads()).await.unwrap(), 0);
    }

    async fn an_idempotency_key_is_forgotten_after_a_day(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let keyed = task().for_(&petr).with("idempotencyKey", json!("0123456789abcdef"));
        let first = anna.creates(keyed.clone()).await;
        let count = || idempotency_key::Entity::find().count(world.app.db.reads());

        world.pass(DAY - Duration::from_millis(1));
        runs(&world, Job::ForgetRequests).await;
        assert_eq!(count().await.unwrap(), 1);
        assert_eq!(anna.creates(keyed.clone()).await["id"], first["id"]);

        world.pass(Duration::from_millis(1));
        runs(&world, Job::ForgetRequests).await;
        assert_eq!(count().await.unwrap(), 0);
        assert_ne!(anna.creates(keyed).await["id"], first["id"]);
    }

    async fn counts_of_failed_sign_ins_and_tokens_of_ended_sessions_are_forgotten(world: World) {
        let petr = world.manager().await;
        let anna = world.supervisor().await;
        let write = world.app.db.write().await.unwrap();
        let attempt = login_attempt::ActiveModel {
            subject: Set("account:1".to_owned()),
            failures: Set(3),
            last_at: Set(world.now()),
            blocked_until: Set(Timestamp(0)),
        };
        attempt.insert(&*write).await.unwrap();
        for person in [&petr, &anna] {
            let token = refresh_token::ActiveModel {
                session_id: Set(person.session),
                token_hash: Set(person.id().into_bytes()),
                issued_at: Set(world.now()),
                expires_at: Set(world.now().plus(7 * DAY)),
                ..Default::default()
            };
            token.insert(&*write).await.unwrap();
        }
        session::Entity::update_many()
            .set(session::ActiveModel { ended_at: Set(Some(world.now())), ..Default::default() })
            .filter(session::Column::Id.eq(petr.session))
            .exec(&*write)
            .await
            .unwrap();
        write.commit().await.unwrap();

        world.pass(DAY);
        runs(&world, Job::ForgetSignIns).await;
        let db = world.app.db.reads();
        assert_eq!(login_attempt::Entity::find().count(db).await.unwrap(), 1);
        let left = refresh_token::Entity::find().all(db).await.unwrap();
        assert_eq!(left.iter().map(|token| token.session_id).collect::<Vec<_>>(), [anna.session]);

        world.pass(Duration::from_millis(1));
        runs(&world, Job::ForgetSignIns).await;
        assert_eq!(login_attempt::Entity::find().count(db).await.unwrap(), 0);
    }

    async fn the_schedule_runs_its_jobs_until_it_is_stopped(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr).due("2026-11-24T12:00:00Z")).await;
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;
        world.pass(DAY);
        let stop = CancellationToken::new();
        let running = tokio::spawn(schedule::run(Arc::clone(&world.app), stop.clone()));

        // By the clock of the machine it is at most ten seconds.
        assert_eq!(live.next().await["__typename"], "TaskOverdue");
        stop.cancel();
        running.await.unwrap();
    }
}

/// In UTC there is no hour that is skipped or comes twice: the moments of a job are the same distance apart all year.
#[test]
fn no_job_is_skipped_or_repeated_when_clocks_change() {
    use chrono::{TimeZone, Utc};
    for (job, apart) in [
        (Job::ExpireTasks, 10),
        (Job::PurgeTasks, 3_600),
        (Job::ForgetRequests, 3_600),
        (Job::ForgetSignIns, 3_600),
    ] {
        let cron = croner::parser::CronParser::builder()
            .seconds(croner::parser::Seconds::Required)
            .dom_and_dow(true)
            .build()
            .parse(job.cron())
            .unwrap();
        // Around both changes of Berlin's clocks, and of a leap day.
        for (year, month, day) in [(2027, 3, 27), (2027, 10, 30), (2028, 2, 28)] {
            let from = Utc.with_ymd_and_hms(year, month, day, 12, 0, 0).unwrap();
            let moments: Vec<_> = cron.iter_after(from).take(48 * 3_600 / apart).collect();
            for pair in moments.windows(2) {
                assert_eq!((pair[1] - pair[0]).num_seconds(), apart as i64, "{job:?} at {}", pair[0]);
            }
        }
    }
}
