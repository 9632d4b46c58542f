//! Fault 10: the log comes twice into the search index. Nothing changes.

use domain::Role;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use server::entity::{consumer, event};
use server::search::engine::{Found, Question};
use server::search::relevance::Words;

use super::held;
use crate::world::{World, both_engines, task};

const TASKS: usize = 60;

both_engines! {
    async fn the_log_twice_is_as_once(world: World) {
        let anna = world.supervisor().await;
        let petr = world.person("Пётр Иванов", Role::Manager).await;
        let mut set = Vec::new();
        for number in 0..TASKS {
            set.push(anna.creates(task().for_(&petr).titled(&format!("Отчёт {number}"))).await);
        }
        for (number, task) in set.iter().enumerate() {
            match number % 3 {
                0 => drop(anna.edits(task, &format!("title: \"Смета {number}\"")).await.done()),
                1 => drop(anna.deletes(task).await.done()),
                _ => drop(petr.moves(task, "START").await.done()),
            }
        }
        world.indexed().await;
        let before = seen(&world).await;
        assert_eq!(before.iter().map(|found| found.total).collect::<Vec<_>>(), [40, 20, 20]);

        let world = replayed(replayed(world).await).await;
        assert_eq!(seen(&world).await, before);
        held("10", &format!("{TASKS} tasks, the log twice"), None, "no change");
    }
}

async fn seen(world: &World) -> Vec<Found> {
    let mut seen = Vec::new();
    for words in ["", "отчёт", "смета"] {
        let question = Question { words: Words::parse(words), limit: 1_000, ..Question::default() };
        seen.push(world.app.search.engine().search(&question).await.unwrap());
    }
    seen
}

/// The same company after the keeper of its index has read the log once more from the first entry on.
async fn replayed(world: World) -> World {
    let name = world.app.search.engine().consumer().await.unwrap();
    let db = world.app.db.clone();
    let stopped = world.stopped().await;
    let first = event::Entity::find().order_by_asc(event::Column::Id).one(db.reads()).await.unwrap().unwrap();
    let write = db.write().await.unwrap();
    consumer::Entity::update_many()
        .col_expr(consumer::Column::PositionId, Expr::val(first.id.0))
        .filter(consumer::Column::Name.eq(name))
        .exec(&*write)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let world = stopped.starts().await;
    world.indexed().await;
    world
}
