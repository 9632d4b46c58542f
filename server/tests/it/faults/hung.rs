//! Fault 28: the database hangs in the middle of executions: connections stay open, and nothing comes back. Clients are told at the
//! deadline; once the database is there again, so are all connections.

use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{self, Connection};
use serde_json::{Value, json};
use server::db::Location;
use server::http::{ExecutionLimits, Limits};

use super::{held, rounds};
use crate::served::{PATIENCE, Served, Setup};
use crate::wire::Wire;
use crate::world::fresh_postgres;

const DEADLINE: Duration = Duration::from_secs(2);
/// A debug build on two busy cores may be late by so much.
const SLACK: Duration = Duration::from_secs(3);
const CONNECTIONS: u32 = 5;

/// Asked over a connection of its own: a transaction sees the same activity to its end.
async fn waiting(connection: &mut sqlx::PgConnection) -> i64 {
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'";
    sqlx::query_scalar(waiting).fetch_one(connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_hangs_costs_no_connection() {
    let url = fresh_postgres().await;
    let target: PgConnectOptions = url.parse().unwrap();
    let wire = Wire::lay(0, target.clone()).await;
    let (user, database) = (target.get_username(), target.get_database().unwrap());
    let through = format!("postgres://{user}@127.0.0.1:{}/{database}", wire.port);
    let execution = ExecutionLimits { deadline: DEADLINE, ..ExecutionLimits::default() };
    let server = Served::with(Setup {
        limits: Limits { execution, ..Limits::default() },
        database: Some(Location::Postgres { url: through, connections: CONNECTIONS }),
        ..Setup::default()
    })
    .await;
    let people = [server.registers("Анна").await, server.registers("Пётр").await];
    let list = json!({ "query": "{ tasks(first: 50) { nodes { title } } }" });
    let mut watching = sqlx::PgConnection::connect(&url).await.unwrap();
    let (mut slowest, mut healed) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..rounds() {
        // In the middle: both wait for a lock when the wire stops carrying.
        let mut held = sqlx::PgConnection::connect(&url).await.unwrap();
        sqlx::query("BEGIN").execute(&mut held).await.unwrap();
        sqlx::query("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE").execute(&mut held).await.unwrap();
        let began = Instant::now();
        let asked = people.each_ref().map(|person| server.posts(&list, Some(&person.token)));
        let hangs = async {
            let both = async { while waiting(&mut watching).await < 2 {} };
            tokio::time::timeout(PATIENCE, both).await.expect("both wait");
            wire.hang();
        };
        let [one, other] = asked;
        let (one, other, ()) = tokio::join!(one, other, hangs);
        slowest = slowest.max(began.elapsed());
        for answer in [one, other] {
            assert_eq!(answer.status(), 503);
            let answer: Value = answer.json().await.unwrap();
            assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        }
        assert!(slowest < DEADLINE + SLACK, "{slowest:?}");
        assert!(server.get("/health/live").await.status().is_success());
        // More than there are connections: each takes what the pool still has, and gives it back or throws it away.
        for _ in 0..2 {
            let asked = (0..4).flat_map(|_| &people).map(|person| server.posts(&list, Some(&person.token)));
            for answer in futures_util::future::join_all(asked).await {
                assert_eq!(answer.status(), 503);
            }
        }

        held.close().await.unwrap();
        let mended = Instant::now();
        wire.carry_on();
        let heals = async {
            while !server.posts(&list, Some(&people[0].token)).await.status().is_success()
                || !server.get("/health/ready").await.status().is_success()
            {}
        };
        tokio::time::timeout(Duration::from_secs(10), heals).await.expect("healed within 10 s");
        healed = healed.max(mended.elapsed());
        // As many at once as there are connections, and none of them stuck.
        let asked = (0..4).flat_map(|_| &people).map(|person| server.posts(&list, Some(&person.token)));
        for answer in futures_util::future::join_all(asked).await {
            assert_eq!(answer.status(), 200);
        }
    }
    let figures = format!(
        "UNAVAILABLE after at most {} ms of {}; healed within {} ms",
        slowest.as_millis(),
        DEADLINE.as_millis(),
        healed.as_millis()
    );
    held("28", &format!("{} rounds, {CONNECTIONS} connections", rounds()), None, &figures);
}
