//! The log: everything is heard once and in the order of commits, whatever the writers do.

use std::sync::Arc;

use sea_orm::sqlx::{self, Connection, Executor};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use server::entity::event;
use server::log::{self, Cursor, Event, FieldChange, Position};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::world::{Live, Person, Scribe, World, both_databases, empty_postgres, seeded, task, written};

const WRITERS: usize = 8;

/// A person who listens, a scribe who writes of a task of theirs, and the place before anything the scribe writes.
async fn listener_and_scribe(world: &World) -> (Person, Scribe, String) {
    let (anna, petr) = world.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let scribe = Scribe::new(world, &anna, &set).await;
    let before = petr.live_cursor().await;
    (petr, scribe, before)
}

async fn hears(live: &mut Live, count: usize) -> Vec<String> {
    let mut heard = Vec::with_capacity(count);
    while heard.len() < count {
        heard.push(written(&live.next().await).to_owned());
    }
    heard
}

/// What scribes wrote, as the database has it.
async fn recorded(world: &World) -> Vec<String> {
    let rows = event::Entity::find()
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .all(world.app.db.reads())
        .await
        .unwrap();
    let text = |row: event::Model| {
        let Event::TaskUpdated { mut changes } = serde_json::from_str(&row.payload).unwrap() else {
            return None;
        };
        changes.pop().and_then(|change: FieldChange| change.to)
    };
    rows.into_iter().filter_map(text).collect()
}

/// Writers who begin, hold, commit and roll back as chance has it. Gives how many events are on record in the end.
async fn writes_at_random(scribes: Vec<Scribe>, rounds: usize, rng: &mut fastrand::Rng) -> usize {
    let together = Arc::new(Barrier::new(scribes.len()));
    let mut writers = JoinSet::new();
    for (number, scribe) in scribes.into_iter().enumerate() {
        let (mut rng, together) = (rng.fork(), Arc::clone(&together));
        writers.spawn(async move {
            together.wait().await;
            let mut committed = 0;
            for round in 0..rounds {
                let write = scribe.begins().await;
                let events = rng.usize(1..4);
                for event in 0..events {
                    scribe.puts(&write, &format!("{number}.{round}.{event}")).await;
                    // Others begin and end meanwhile.
                    for _ in 0..rng.usize(..20) {
                        tokio::task::yield_now().await;
                    }
                }
                if rng.u8(..8) == 0 {
                    drop(write);
                } else {
                    write.commit().await.unwrap();
                    committed += events;
                }
            }
            committed
        });
    }
    writers.join_all().await.into_iter().sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_began_first_and_commits_last_is_heard_first() {
    let world = World::postgres().await;
    let (petr, scribe, before) = listener_and_scribe(&world).await;
    let mut live = petr.hears_tasks(Some(&before)).await;
    let settled = log::end(&world.app.db).await.unwrap();

    let early = scribe.begins().await;
    scribe.puts(&early, "early").await;
    for text in ["later 1", "later 2", "later 3"] {
        scribe.writes(text).await;
    }
    assert_eq!(log::end(&world.app.db).await.unwrap(), settled, "nothing passes a transaction that is open");
    assert_eq!(world.app.hub.position(), settled);
    early.commit().await.unwrap();

    assert_eq!(hears(&mut live, 4).await, ["early", "later 1", "later 2", "later 3"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_is_rolled_back_holds_nobody_back() {
    let world = World::postgres().await;
    let (petr, scribe, before) = listener_and_scribe(&world).await;
    let mut live = petr.hears_tasks(Some(&before)).await;

    let given_up = scribe.begins().await;
    scribe.puts(&given_up, "given up").await;
    scribe.writes("kept").await;
    drop(given_up);

    assert_eq!(hears(&mut live, 1).await, ["kept"]);
}

/// A transaction in another database of the same cluster, which has written and goes on.
async fn stranger(statement: &str) -> sqlx::PgConnection {
    let mut stranger = sqlx::PgConnection::connect(&empty_postgres().await).await.unwrap();
    stranger.execute("BEGIN").await.unwrap();
    stranger.execute(sqlx::AssertSqlSafe(statement)).await.unwrap();
    stranger
}

/// Fault 25: the log does not wait for strangers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_in_another_database_holds_nobody_back() {
    let world = World::postgres().await;
    let (petr, scribe, before) = listener_and_scribe(&world).await;
    let mut live = petr.hears_tasks(Some(&before)).await;

    let stranger = stranger("CREATE TABLE something (id INT)").await;
    scribe.writes("past a stranger").await;
    assert_eq!(hears(&mut live, 1).await, ["past a stranger"]);

    // One of our own is waited for all the same.
    let early = scribe.begins().await;
    scribe.puts(&early, "early").await;
    scribe.writes("later").await;
    let settled = log::end(&world.app.db).await.unwrap();
    assert_eq!(settled, world.app.hub.position(), "nothing passes one that is open here");
    early.commit().await.unwrap();
    assert_eq!(hears(&mut live, 2).await, ["early", "later"]);
    stranger.close().await.unwrap();
}

/// Strangers come and go while many write: none of ours is passed over for being taken for one of theirs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_many_write_among_strangers_is_heard_once_and_in_order() {
    let world = World::postgres().await;
    let mut rng = seeded();
    let (petr, scribe, before) = listener_and_scribe(&world).await;
    let mut live = petr.hears_tasks(Some(&before)).await;
    let left_open = stranger("SELECT pg_current_xact_id()").await;
    let mut strangers = JoinSet::new();
    for _ in 0..4 {
        strangers.spawn(async {
            let mut stranger = stranger("SELECT pg_current_xact_id()").await;
            loop {
                stranger.execute("COMMIT").await.unwrap();
                stranger.execute("BEGIN").await.unwrap();
                stranger.execute("SELECT pg_current_xact_id()").await.unwrap();
            }
        });
    }

    let total = writes_at_random(vec![scribe; WRITERS], 60, &mut rng).await;

    assert_eq!(hears(&mut live, total).await, recorded(&world).await);
    strangers.shutdown().await;
    left_open.close().await.unwrap();
}

both_databases! {
    async fn what_many_writers_commit_is_heard_once_and_in_order(world: World) {
        let mut rng = seeded();
        let (petr, scribe, before) = listener_and_scribe(&world).await;
        let mut live = petr.hears_tasks(Some(&before)).await;

        let total = writes_at_random(vec![scribe; WRITERS], 20, &mut rng).await;

        let heard = hears(&mut live, total).await;
        assert_eq!(heard, recorded(&world).await);
    }

    async fn who_joins_while_others_write_hears_all_once_and_in_order(world: World) {
        let mut rng = seeded();
        let (petr, scribe, before) = listener_and_scribe(&world).await;
        let mut reader = rng.fork();
        let writing = tokio::spawn(async move { writes_at_random(vec![scribe; WRITERS], 20, &mut rng).await });

        let (mut heard, mut after) = (Vec::new(), before);
        while !writing.is_finished() {
            let mut live = petr.hears_tasks(Some(&after)).await;
            for _ in 0..reader.usize(1..10) {
                let Some(event) = live.next_until(&writing).await else { break };
                heard.push(written(&event).to_owned());
                event["cursor"].as_str().unwrap().clone_into(&mut after);
            }
        }
        let total = writing.await.unwrap();
        let mut live = petr.hears_tasks(Some(&after)).await;
        heard.extend(hears(&mut live, total - heard.len()).await);
        assert_eq!(heard, recorded(&world).await);
    }

    async fn a_cursor_of_another_life_of_the_log_is_answered_once_with_resync(world: World) {
        let (petr, scribe, before) = listener_and_scribe(&world).await;
        let other = Cursor { epoch: "another".to_owned(), ..Cursor::decode(&before).unwrap() };
        scribe.writes("missed").await;
        petr.live_cursor().await;
        let mut live = petr.hears_tasks(Some(&other.encode())).await;

        let resync = live.next().await;
        assert_eq!(resync["__typename"], "Resync");
        scribe.writes("after").await;
        assert_eq!(hears(&mut live, 1).await, ["after"]);

        // Its cursor is one of this life.
        let mut live = petr.hears_tasks(resync["cursor"].as_str()).await;
        assert_eq!(hears(&mut live, 1).await, ["after"]);
    }

    async fn a_rotated_epoch_is_another_life(world: World) {
        let (petr, _, before) = listener_and_scribe(&world).await;
        let write = world.app.db.write().await.unwrap();
        log::rotate_epoch(&write).await.unwrap();
        write.commit().await.unwrap();

        let restarted = world.another_process().await;
        let mut live = petr.at(&restarted).hears_tasks(Some(&before)).await;
        assert_eq!(live.next().await["__typename"], "Resync");
    }

    async fn a_cursor_ahead_of_the_log_is_answered_with_resync(world: World) {
        let (petr, scribe, before) = listener_and_scribe(&world).await;
        let known = Cursor::decode(&before).unwrap();
        let ahead = Position { xid: known.position.xid + 1_000_000, id: known.position.id + 1_000_000 };
        let mut live = petr.hears_tasks(Some(&Cursor { position: ahead, ..known }.encode())).await;

        assert_eq!(live.next().await["__typename"], "Resync");
        scribe.writes("after").await;
        assert_eq!(hears(&mut live, 1).await, ["after"]);
    }

    async fn who_missed_more_than_is_replayed_reads_afresh(world: World) {
        let (petr, scribe, before) = listener_and_scribe(&world).await;
        scribe.writes("one").await;
        // As many more, by one statement. The number of a transaction is its own.
        let columns = "at, kind, actor_id, task_id, creator_id, assignee_id, payload";
        let copy = format!(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {})
             INSERT INTO events ({columns}) SELECT {columns} FROM number,
             (SELECT * FROM events WHERE kind = 'TASK_UPDATED' LIMIT 1) AS template",
            log::MOST_REPLAYED - 1
        );
        world.app.db.write().await.unwrap().commit_after(&copy).await;
        let mut live = petr.hears_tasks(Some(&before)).await;
        assert_eq!(live.next().await["__typename"], "TaskUpdated", "so many are told");

        scribe.writes("one too many").await;
        petr.live_cursor().await;
        let mut live = petr.hears_tasks(Some(&before)).await;
        assert_eq!(live.next().await["__typename"], "Resync");
    }
}

/// Runs a statement in the transaction and commits.
trait CommitAfter {
    async fn commit_after(self, statement: &str);
}

impl CommitAfter for server::db::Write {
    async fn commit_after(self, statement: &str) {
        self.execute_unprepared(statement).await.unwrap();
        self.commit().await.unwrap();
    }
}
