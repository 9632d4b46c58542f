//! Fault 12: the search engine comes back after tasks were changed without it, or has lost its index. It catches up, or the index
//! is built anew behind its alias, without help.

use std::time::Duration;

use server::log::consumer;

use super::engine_down::back;
use super::gateway::{Gateway, Way};
use super::{held, rounds};
use crate::search::kept::{indexed, kept};
use crate::world::{Person, World, elasticsearch, task};

const TASKS: usize = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn elasticsearch_catches_up_and_is_built_anew() {
    let gateway = Gateway::to(&elasticsearch()).await;
    let world = World::with_elasticsearch_at(&gateway.url).await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let admin = world.admin().await;
    changes(&anna, &petr).await;
    world.indexed().await;
    for _ in 0..rounds() {
        gateway.be(Way::Down);
        changes(&anna, &petr).await;
        gateway.be(Way::Open);
        back(&world, &admin).await;
        assert_eq!(indexed(&world).await, kept(&world).await);

        delete_index(&world).await;
        changes(&anna, &petr).await;
        rebuilt(&world).await;
        back(&world, &admin).await;
        assert_eq!(indexed(&world).await, kept(&world).await);
    }
    held("12", &format!("{} rounds: back, index deleted", rounds()), None, "difference to the database 0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_index_inside_is_built_anew() {
    let world = World::with_tantivy().await;
    let (anna, petr) = world.supervisor_and_manager().await;
    let admin = world.admin().await;
    changes(&anna, &petr).await;
    world.indexed().await;
    for _ in 0..rounds() {
        let name = world.app.search.engine().consumer().await.unwrap();
        let folder = &world.app.config.data_dir;
        std::fs::rename(folder.join("search"), folder.join(&name)).unwrap();
        changes(&anna, &petr).await;
        // A new index has a keeper of a new name.
        assert_ne!(world.app.search.engine().consumer().await.unwrap(), name);
        back(&world, &admin).await;
        assert_eq!(indexed(&world).await, kept(&world).await);
    }
    held("12", &format!("{} rounds: embedded index deleted", rounds()), None, "difference to the database 0");
}

async fn changes(anna: &Person, petr: &Person) {
    for number in 0..TASKS {
        let set = anna.creates(task().for_(petr)).await;
        if number % 4 == 0 {
            anna.deletes(&set).await.done();
        }
    }
}

/// Takes the index away from under its alias.
async fn delete_index(world: &World) {
    let server = elasticsearch();
    let pattern = format!("{server}/{}-*", world.app.config.elasticsearch_index);
    let answer = reqwest::Client::new().delete(pattern).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

/// Returns once there is an index again that has a place in the log.
async fn rebuilt(world: &World) {
    let engine = world.app.search.engine();
    let again = async {
        while engine.standing().await.unwrap().is_none() {}
        let name = engine.consumer().await.unwrap();
        while consumer::place(&world.app.db, &name, world.app.hub.epoch()).await.unwrap().is_none() {}
    };
    tokio::time::timeout(Duration::from_secs(60), again).await.expect("it is built anew");
}
