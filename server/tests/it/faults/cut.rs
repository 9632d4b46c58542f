//! Fault 3: a client whose connection is cut again and again, over three processes. It hears everything, once, in order.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use server::db::columns::Stored;
use server::entity::event;
use server::log::Position;
use tokio::task::JoinSet;

use super::client::{Client, position};
use super::process::{Place, Process};
use super::{held, rounds};
use crate::world::seeded;

const CUTS_A_ROUND: usize = 10;
const EVENTS_A_ROUND: usize = 500;
const WRITERS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_is_cut_hears_everything_once_and_in_order() {
    let mut rng = seeded();
    let (seed, rounds) = (rng.get_seed(), rounds());
    let (cuts, events) = (CUTS_A_ROUND * rounds, EVENTS_A_ROUND * rounds);
    let place = Place::postgres().await;
    let mut processes = Vec::new();
    for _ in 0..3 {
        processes.push(Process::start(&place).await);
    }
    let anna = Client::register(&processes[0].url, "anna").await;
    let petr = Client::register(&processes[0].url, "petr").await;
    let mut after = anna.live_cursor().await;

    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (anna, petr) = (anna.at(&processes[writer % 3].url), petr.clone());
        writers.spawn(async move {
            for number in 0..events / WRITERS {
                anna.creates(&format!("{writer}.{number}"), &petr).await.unwrap();
            }
        });
    }

    let mut heard: Vec<Position> = Vec::with_capacity(events);
    for cut in 0..=cuts {
        let mut socket = petr.at(&processes[rng.usize(..3)].url).hears_tasks(&after).await;
        let left = events - heard.len();
        // The last connection is not cut; the others take about as much each, some nothing.
        let takes = if cut == cuts { left } else { rng.usize(..2 * EVENTS_A_ROUND / CUTS_A_ROUND).min(left) };
        for _ in 0..takes {
            let event = socket.next().await.unwrap();
            assert_eq!(event["__typename"], "TaskCreated");
            heard.push(position(&event));
            event["cursor"].as_str().unwrap().clone_into(&mut after);
        }
    }
    writers.join_all().await;

    let db = place.database().await;
    let written = event::Entity::find()
        .filter(event::Column::Kind.eq(Stored(domain::EventKind::TaskCreated)))
        .order_by_asc(event::Column::Xid)
        .order_by_asc(event::Column::Id)
        .all(db.reads())
        .await
        .unwrap();
    let written: Vec<Position> = written.iter().map(Position::from).collect();
    assert_eq!(written.len(), events);
    assert!(heard == written, "heard otherwise than written");
    held(
        "3",
        &format!("{cuts} cuts, 3 processes"),
        seed,
        &format!("{events} events, 0 lost, 0 twice, in order"),
    );
}
