//! What runs beside requests and ends by itself: readiness names it, and the process serves as long as changes are heard of.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use server::parts::Pace;
use tokio_util::sync::CancellationToken;

use crate::served::{PATIENCE, Served};

async fn ends() {
    panic!("as a part may");
}

/// A part that ends whenever it is begun, under that name; what readiness says once it has.
async fn readiness_with(name: &'static str) -> (StatusCode, Value) {
    let served = Served::start().await;
    let (parts, stop) = (Arc::clone(&served.app.parts), CancellationToken::new());
    let stopped = stop.clone();
    let pace = Pace { pause: Duration::from_millis(10), steady: PATIENCE };
    let keeping = tokio::spawn(async move {
        parts.keep(name, pace, &stopped, ends).await;
    });
    let named = async {
        loop {
            let answer = served.get("/health/ready").await;
            let (status, said) = (answer.status(), answer.json::<Value>().await.unwrap());
            if said["ended"] == json!([name]) {
                return (status, said);
            }
        }
    };
    let named = tokio::time::timeout(PATIENCE, named).await.expect("it is named");
    stop.cancel();
    keeping.await.unwrap();
    named
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_requests_can_do_without_is_named() {
    let (status, said) = readiness_with("schedule").await;
    assert_eq!((status, &said["status"]), (StatusCode::OK, &json!("ready")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_one_that_reads_the_log_the_process_is_not_ready() {
    let (status, said) = readiness_with("log").await;
    assert_eq!((status, &said["log"]), (StatusCode::SERVICE_UNAVAILABLE, &json!(false)));
}
