//! A transaction that writes lasts or leaves nothing, whatever fails in it; and whether writing is possible is known.

use std::time::Duration;

use sea_orm::{ConnectionTrait, EntityTrait};
use server::db::{Database, try_to_write};
use server::entity::task::Entity;

use crate::world::{World, both_databases, task};

const PATIENCE: Duration = Duration::from_secs(20);

async fn times(world: &World) -> i64 {
    let times = sea_orm::Statement::from_string(world.app.db.backend(), "SELECT times FROM write_trial");
    world.app.db.reads().query_one_raw(times).await.unwrap().unwrap().try_get("", "times").unwrap()
}

both_databases! {
    async fn after_a_statement_that_failed_none_runs_and_none_lasts(world: World) {
        let write = world.app.db.write().await.unwrap();
        let one = "UPDATE write_trial SET times = times + 1";
        write.execute_unprepared(one).await.unwrap();
        let failed = write.execute_unprepared("INSERT INTO write_trial (id, times) VALUES (1, 0)").await.unwrap_err();
        assert_eq!(write.execute_unprepared(one).await.unwrap_err(), failed);
        assert_eq!(write.commit().await.unwrap_err(), failed, "whatever was made of the failure");
        assert_eq!(times(&world).await, 0);

        let write = world.app.db.write().await.unwrap();
        write.execute_unprepared(one).await.unwrap();
        write.commit().await.unwrap();
        assert_eq!(times(&world).await, 1);
        assert!(!world.app.db.writable().is_refused(), "what was asked wrong says nothing of the database");
    }

    async fn an_attempt_to_write_is_heard_by_nobody(world: World) {
        let commits = world.app.db.commits();
        try_to_write(&world.app.db, PATIENCE).await;
        assert_eq!(times(&world).await, 1);
        assert!(!commits.has_changed().unwrap());
        assert!(!world.app.db.writable().is_refused());
    }
}

/// How many pages the file may have, for the connection that writes now; at the least as many as it has.
async fn set_room(world: &World, pages: i32) {
    let write = world.app.db.write().await.unwrap();
    write.execute_unprepared(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
    write.commit().await.unwrap();
}

/// After some errors SQLite rolls the whole transaction back by itself, and the driver goes on to count it. The next is a savepoint, which
/// one more failure leaves open: here by triggers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_after_a_transaction_that_sqlite_ended_is_kept() {
    let world = World::sqlite().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let write = world.app.db.write().await.unwrap();
    for (title, what) in [("ends", "ROLLBACK"), ("fails", "ABORT")] {
        let trigger = format!(
            "CREATE TRIGGER {title} BEFORE INSERT ON tasks WHEN NEW.title = '{title}' BEGIN SELECT RAISE({what}, '{title}'); END"
        );
        write.execute_unprepared(&trigger).await.unwrap();
    }
    write.commit().await.unwrap();
    let mut kept = Vec::new();
    for _ in 0..3 {
        for title in ["ends", "fails"] {
            let refused = anna.tries_to_create(task().for_(&petr).with("title", title.into())).await;
            assert_eq!(refused.codes(), ["INTERNAL"], "{refused:?}");
        }
        kept.push(anna.creates(task().for_(&petr)).await["number"].as_i64().unwrap());
    }
    // By another program too, and once this one is gone.
    let other = Database::connect(&world.location).await.unwrap();
    let write =
        tokio::time::timeout(PATIENCE, other.write()).await.expect("nobody holds the database").unwrap();
    let found = Entity::find().all(&*write).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id.0).collect::<Vec<_>>(), kept);
}

/// SQLite rolls back by itself when there is no more room for a page: here by a bound that is the connection's own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_after_a_full_database_is_kept_or_refused() {
    let world = World::sqlite().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let long = || task().for_(&petr).with("description", "я".repeat(20_000).into());
    let mut kept = Vec::new();
    for _ in 0..3 {
        for _ in 0..2 {
            set_room(&world, 1).await;
            let refused = anna.tries_to_create(long()).await;
            assert_eq!(refused.codes(), ["UNAVAILABLE"], "{refused:?}");
            assert!(world.app.db.writable().is_refused());
        }
        set_room(&world, i32::MAX).await;
        kept.push(anna.creates(long()).await["number"].as_i64().unwrap());
        assert!(!world.app.db.writable().is_refused());
    }
    // By another program too, and once this one is gone.
    let other = Database::connect(&world.location).await.unwrap();
    let write =
        tokio::time::timeout(PATIENCE, other.write()).await.expect("nobody holds the database").unwrap();
    let found = Entity::find().all(&*write).await.unwrap();
    assert_eq!(found.iter().map(|row| row.id.0).collect::<Vec<_>>(), kept);
}
