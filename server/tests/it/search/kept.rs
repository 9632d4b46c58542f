//! How the index is kept: found soon after it is written, built anew when it has to be, by one process at a time.

use std::time::{Duration, Instant};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use server::db::columns::TaskId;
use server::entity::task as row;
use server::search::engine::Question;
use server::search::relevance::Words;
use server::search::{self, find};

use crate::world::{Person, World, both_engines, task};

/// A text is found so soon after it is written, in 99 of 100 cases, on a busy machine too; the goal on a quiet one is 500 ms. Found by
/// polling alone it would take longer.
const FRESH: Duration = Duration::from_secs(1);
const TRIED: usize = 200;

async fn tasks(anna: &Person, petr: &Person, count: usize) {
    for number in 0..count {
        anna.creates(task().for_(petr).titled(&format!("Отчёт {number}"))).await;
    }
}

/// The tasks that the engine finds without words.
pub(crate) async fn indexed(world: &World) -> Vec<TaskId> {
    let question = Question { limit: 10_000, ..Question::default() };
    let found = world.app.search.engine().search(&question).await.unwrap();
    let mut ids: Vec<TaskId> = found.places.into_iter().map(|place| place.id).collect();
    assert_eq!(u64::try_from(ids.len()).unwrap(), found.total);
    ids.sort();
    ids
}

/// The tasks that there are.
pub(crate) async fn kept(world: &World) -> Vec<TaskId> {
    let there = row::Entity::find().filter(row::Column::DeletedAt.is_null()).order_by_asc(row::Column::Id);
    there.all(world.app.db.reads()).await.unwrap().into_iter().map(|row| row.id).collect()
}

both_engines! {
    async fn freshness_of_what_was_written(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        tasks(&anna, &petr, 1).await;
        world.indexed().await;
        let mut took = Vec::new();
        for number in 0..TRIED {
            let title = format!("Свежее{number}");
            anna.creates(task().for_(&petr).titled(&title)).await;
            let written = Instant::now();
            let question = Question { words: Words::parse(&format!("{title} ")), limit: 1, ..Question::default() };
            while world.app.search.engine().search(&question).await.unwrap().total == 0 {}
            took.push(written.elapsed());
        }
        took.sort();
        let (half, most) = (took[TRIED / 2], took[TRIED * 99 / 100 - 1]);
        println!("committed to found, {TRIED} times: p50 {half:?}, p99 {most:?}");
        assert!(most <= FRESH, "p99 {most:?}");
    }

    async fn an_index_is_found_again_and_built_anew_when_asked(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        tasks(&anna, &petr, 20).await;
        world.indexed().await;
        assert_eq!(indexed(&world).await, kept(&world).await);

        search::rebuild(&world.app).await.unwrap();
        world.indexed().await;
        assert_eq!(indexed(&world).await, kept(&world).await);

        let world = world.restarted().await;
        tasks(&anna.at(&world), &petr, 3).await;
        world.indexed().await;
        assert_eq!(indexed(&world).await.len(), 23);
    }

    async fn without_a_process_the_command_builds_it(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        tasks(&anna, &petr, 5).await;
        let app = std::sync::Arc::clone(&world.app);
        world.stopped().await;
        search::rebuild(&app).await.unwrap();
        let found = app.search.engine().search(&Question { limit: 1, ..Question::default() }).await.unwrap();
        assert_eq!(found.total, 5);
    }

    async fn in_another_life_of_the_log_it_is_built_anew(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        tasks(&anna, &petr, 5).await;
        world.indexed().await;
        let write = world.app.db.write().await.unwrap();
        server::log::rotate_epoch(&write).await.unwrap();
        write.commit().await.unwrap();

        let world = world.restarted().await;
        world.indexed().await;
        assert_eq!(indexed(&world).await, kept(&world).await);
        let standing = world.app.search.engine().standing().await.unwrap().unwrap();
        assert_eq!(standing.epoch, world.app.hub.epoch());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_writes_and_the_other_takes_over() {
    let one = World::grown().await;
    let (anna, petr) = one.supervisor_and_manager().await;
    tasks(&anna, &petr, 3).await;
    one.indexed().await;
    let two = one.another_searching_process().await;
    tasks(&anna.at(&two), &petr, 3).await;
    one.indexed().await;
    assert_eq!(indexed(&two).await, kept(&one).await, "found by both, whichever process wrote it");

    one.stopped().await;
    tasks(&anna.at(&two), &petr, 3).await;
    two.indexed().await;
    assert_eq!(indexed(&two).await.len(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_with_an_index_inside_have_one_each() {
    let one = World::with_tantivy().await;
    let (anna, petr) = one.supervisor_and_manager().await;
    tasks(&anna, &petr, 3).await;
    let two = one.another_searching_process().await;
    tasks(&anna.at(&two), &petr, 3).await;
    one.indexed().await;
    two.indexed().await;
    assert_eq!(indexed(&one).await, indexed(&two).await);
    let asked = search::TaskSearch { text: "отчет".to_owned(), ..Default::default() };
    assert_eq!(find(&two.app, &asked, None, 10).await.unwrap().found.total, 6);
}
