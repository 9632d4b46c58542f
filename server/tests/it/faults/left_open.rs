//! Fault 25: a transaction that somebody leaves open after it has written. In another database of the cluster it is nobody's business
//! here; in this one the log waits for it, and says for whom.

use std::time::{Duration, Instant};

use sea_orm::sqlx::{self, Connection, Executor};
use serde_json::Value;

use super::client::Client;
use super::held;
use super::process::{Place, Process, told_to_operators};
use crate::world::empty_postgres;

/// Pass figure: so soon it is said who holds the log back.
const SAID_WITHIN: Duration = Duration::from_secs(10);
/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);

async fn left_open(url: &str) -> sqlx::PgConnection {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    for statement in ["SET application_name = 'left open'", "BEGIN", "SELECT pg_current_xact_id()"] {
        connection.execute(statement).await.unwrap();
    }
    connection
}

/// What readiness says once it says that of the log.
async fn readiness(process: &Process, log: &Value) -> Value {
    let says_so = async {
        loop {
            let answer = told_to_operators(&process.url, "/health/ready").await;
            let said: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(said["status"], "ready", "lists and changes go on");
            if said["log"] == *log {
                return said;
            }
        }
    };
    tokio::time::timeout(PATIENCE, says_so).await.expect("readiness says how the log is")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_a_stranger_it_holds_nobody_back_and_by_one_of_ours_it_is_named() {
    let place = Place::postgres().await;
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let mut socket = petr.hears_tasks(&anna.live_cursor().await).await;

    let stranger = left_open(&empty_postgres().await).await;
    let written = Instant::now();
    let number = anna.creates("Мимо чужих", &petr).await.unwrap();
    assert_eq!(socket.next().await.unwrap()["task"]["number"], number);
    let heard = written.elapsed();
    assert!(heard < Duration::from_secs(2), "{heard:?}");

    let own = left_open(place.url()).await;
    let written = Instant::now();
    let number = anna.creates("За своими", &petr).await.unwrap();
    let said = readiness(&process, &"stalled".into()).await;
    let said_within = written.elapsed();
    assert!(said_within < SAID_WITHIN, "{said_within:?}");
    let transaction = &said["stall"]["transaction"];
    assert_eq!(transaction["application"], "left open", "{said}");
    assert!(transaction["pid"].is_i64() && transaction["database"].is_string(), "{said}");
    let metrics = told_to_operators(&process.url, "/metrics").await;
    let waited = metrics.lines().find_map(|line| line.strip_prefix("vekha_log_unsettled_seconds "));
    assert!(waited.unwrap().parse::<f64>().unwrap() >= 5.0, "{waited:?}");

    own.close().await.unwrap();
    assert_eq!(socket.next().await.unwrap()["task"]["number"], number);
    readiness(&process, &true.into()).await;
    stranger.close().await.unwrap();
    let figures = format!(
        "past a stranger in {} ms; one of ours named in {:.1} s, heard of once it had ended",
        heard.as_millis(),
        said_within.as_secs_f64()
    );
    held("25", "a transaction left open there and here", None, &figures);
}
