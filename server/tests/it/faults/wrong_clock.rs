//! Fault 23: the machine's clock is a day ahead for seconds, or an hour back, under the real binary: nobody is kept out, nothing stays overdue,
//! nothing is told twice.

use std::time::Duration;

use serde_json::{Value, json};

use super::client::Client;
use super::held;
use super::process::{Place, Process};

/// Longer than anything should take, the schedule's noticing that its alarm is quiet among it.
const PATIENCE: Duration = Duration::from_secs(90);
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
const AN_HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_ahead_for_seconds() {
    let (place, faults) = Place::sqlite().with_faults();
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let create = "mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { task { id createdAt } userErrors { code message } } }";
    let first = json!({ "title": "Первая", "assigneeId": anna.id });
    let now = anna.changes(create, json!({ "input": first })).await.unwrap()["task"]["createdAt"].clone();
    let deadline = chrono::DateTime::parse_from_rfc3339(now.as_str().unwrap()).unwrap() + A_DAY / 2;
    let input = json!({ "title": "Отчёт", "assigneeId": petr.id, "deadline": deadline.to_rfc3339_opts(chrono::SecondsFormat::Secs, true) });
    let task = anna.changes(create, json!({ "input": input })).await.unwrap()["task"]["id"].clone();

    faults.set_clock_ahead(A_DAY);
    let ahead = anna.signs_in("anna").await;
    becomes(&ahead, &task, "OVERDUE").await;
    faults.set_clock_ahead(Duration::ZERO);

    let back = anna.tries_to_sign_in("anna").await.done("nobody is kept out");
    becomes(&back, &task, "NEW").await;
    let told = "{ notifications(first: 50) { nodes { kind } } }";
    let told = petr.signs_in("petr").await.asks(told, Value::Null).await.unwrap();
    let kinds = told["notifications"]["nodes"].as_array().unwrap().clone();
    assert_eq!(kinds.iter().filter(|node| node["kind"] == "TASK_OVERDUE").count(), 1);
    assert_eq!(kinds.len(), 2, "{kinds:?}");

    faults.set_clock_back(AN_HOUR);
    let earlier = anna.signs_in("anna").await;
    assert_eq!(earlier.viewer().await, anna.id);
    faults.set_clock_ahead(Duration::ZERO);
    assert_eq!(anna.signs_in("anna").await.viewer().await, anna.id);
    held("23, a day ahead, an hour back", "once", None, "0 kept out, 0 overdue before time, 0 told twice");
}

/// Waits until the schedule has made that of the task.
async fn becomes(person: &Client, task: &Value, status: &str) {
    let waits = async {
        loop {
            let query = "query ($id: ID!) { node(id: $id) { ... on Task { status } } }";
            let seen = person.asks(query, json!({ "id": task })).await.unwrap();
            if seen["node"]["status"] == status {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, waits).await.unwrap_or_else(|_| panic!("it becomes {status}"));
}
