//! Readers of the log with a memory: one process works, another takes over, and nothing is done by one who lost the right.

use std::time::Duration;

use sea_orm::EntityTrait;
use server::entity::consumer as row;
use server::log::consumer::{self, Lease};
use server::log::{Position, rotate_epoch};

use crate::world::{Scribe, World, both_databases, task};

const TERM: Duration = Duration::from_secs(30);
const NAME: &str = "search";

async fn acquire(world: &World, holder: &str) -> Option<Lease> {
    consumer::acquire(&world.app.db, NAME, holder, world.app.hub.epoch(), world.now(), TERM).await.unwrap()
}

async fn advance(world: &World, lease: &mut Lease, position: Position) -> bool {
    let epoch = world.app.hub.epoch();
    consumer::advance(&world.app.db, lease, position, epoch, world.now(), TERM).await.unwrap()
}

async fn stored(world: &World) -> Position {
    let row = row::Entity::find_by_id(NAME).one(world.app.db.reads()).await.unwrap().unwrap();
    Position { xid: row.position_xid, id: row.position_id }
}

/// Reads and stores its place until there is nothing left; what was read.
async fn works(world: &World, lease: &mut Lease, page: u64) -> Vec<Position> {
    let mut read = Vec::new();
    loop {
        let entries = consumer::pending(&world.app.db, lease, page).await.unwrap();
        let Some(last) = entries.last().map(|entry| entry.position()) else { return read };
        read.extend(entries.iter().map(|entry| entry.position()));
        assert!(advance(world, lease, last).await);
    }
}

/// A log with something in it, all of it settled.
async fn logged(world: &World, events: usize) {
    let (anna, petr) = world.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let scribe = Scribe::new(world, &anna, &set).await;
    for number in 1..events {
        scribe.writes(&number.to_string()).await;
    }
    anna.live_cursor().await;
}

both_databases! {
    async fn of_two_one_holds_the_lease_until_it_runs_out(world: World) {
        let lease = acquire(&world, "one").await.expect("it is free");
        assert_eq!(lease.position, Position::default());
        assert_eq!(acquire(&world, "two").await, None);
        assert_eq!(acquire(&world, "one").await, Some(lease), "the holder prolongs it");

        world.pass(TERM - Duration::from_millis(1));
        assert_eq!(acquire(&world, "two").await, None);
        world.pass(Duration::from_millis(1));
        assert!(acquire(&world, "two").await.is_some());
        assert_eq!(acquire(&world, "one").await, None);
    }

    async fn of_many_at_once_one_takes_it(world: World) {
        let takers = futures_util::future::join_all((0..8).map(|number| {
            let (db, epoch, now) = (world.app.db.clone(), world.app.hub.epoch().to_owned(), world.now());
            async move {
                consumer::acquire(&db, NAME, &number.to_string(), &epoch, now, TERM).await.unwrap()
            }
        }));
        assert_eq!(takers.await.into_iter().flatten().count(), 1);
    }

    async fn the_next_holder_goes_on_where_the_last_one_was(world: World) {
        logged(&world, 10).await;
        let mut one = acquire(&world, "one").await.unwrap();
        let begun = consumer::pending(&world.app.db, &one, 4).await.unwrap();
        let place = begun.last().unwrap().position();
        assert!(advance(&world, &mut one, place).await);

        consumer::release(&world.app.db, one, world.now()).await.unwrap();
        let mut two = acquire(&world, "two").await.expect("it was given up");
        assert_eq!(two.position, place);
        let read = works(&world, &mut two, 4).await;
        assert_eq!(read.len(), 6);
        assert!(read.is_sorted() && read[0] > place);
    }

    async fn working_prolongs_the_lease(world: World) {
        logged(&world, 2).await;
        let mut one = acquire(&world, "one").await.unwrap();
        world.pass(TERM - Duration::from_millis(1));
        works(&world, &mut one, 10).await;
        world.pass(TERM - Duration::from_millis(1));
        assert_eq!(acquire(&world, "two").await, None);
    }

    async fn who_lost_the_lease_stores_nothing(world: World) {
        logged(&world, 5).await;
        let mut one = acquire(&world, "one").await.unwrap();
        let slow = consumer::pending(&world.app.db, &one, 3).await.unwrap().pop().unwrap().position();
        world.pass(TERM);
        let mut two = acquire(&world, "two").await.unwrap();
        works(&world, &mut two, 10).await;
        let place = stored(&world).await;

        assert!(!advance(&world, &mut one, slow).await);
        assert_eq!(one.position, Position::default());
        assert_eq!(stored(&world).await, place);
        consumer::release(&world.app.db, one, world.now()).await.unwrap();
        assert_eq!(acquire(&world, "three").await, None, "it gives up nothing that is not its own");
    }

    async fn in_another_life_of_the_log_it_begins_anew(world: World) {
        logged(&world, 5).await;
        let mut one = acquire(&world, "one").await.unwrap();
        let all = works(&world, &mut one, 2).await;
        let write = world.app.db.write().await.unwrap();
        rotate_epoch(&write).await.unwrap();
        write.commit().await.unwrap();

        let restarted = world.another_process().await;
        let mut one = acquire(&restarted, "one").await.unwrap();
        assert_eq!(one.position, Position::default());
        assert_eq!(works(&restarted, &mut one, 2).await, all);
        assert_eq!(acquire(&restarted, "one").await.unwrap().position, *all.last().unwrap());
    }

    async fn what_is_read_twice_is_the_same(world: World) {
        logged(&world, 20).await;
        let mut lease = acquire(&world, "one").await.unwrap();
        let place = |lease: &Lease| lease.position;
        let begin = place(&lease);
        let first = works(&world, &mut lease, 7).await;
        assert!(advance(&world, &mut lease, begin).await);
        assert_eq!(works(&world, &mut lease, 3).await, first);
        assert_eq!(first.len(), 20);
    }
}
