//! No work without a bound: what takes too long is given up together with its statements, one person leaves room for the others, and
//! errors are few (row 10 of the security requirements).

use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::{self, Connection};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::{Value, json};
use server::db::Location;
use server::graphql::present::{ERRORS, MESSAGE_BYTES};
use server::http::{AskingLimits, ExecutionLimits, Limits};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::export::{EXPORT, input as export_of};
use crate::served::{PATIENCE, Served, Setup, SignedIn};
use crate::world::{both_databases, fresh_postgres};

const SOON: Duration = Duration::from_millis(400);

/// A statement that would run for minutes.
fn endless(backend: DatabaseBackend) -> Statement {
    let text =
        "WITH RECURSIVE endless (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless WHERE n < 2000000000)
        SELECT count(*) AS n FROM endless";
    Statement::from_string(backend, text)
}

both_databases! {
    async fn what_is_given_up_ends_in_the_database_too(world: World) {
        let db = &world.app.db;
        let one = Statement::from_string(db.backend(), "SELECT 1 AS n");
        // As many as there are connections on SQLite, and more than that.
        for _ in 0..6 {
            let asks = db.reads().query_one_raw(endless(db.backend()));
            let given_up = timeout(SOON, db.lease(asks, Arc::new(Semaphore::new(1)))).await;
            assert!(given_up.is_err(), "it would take for ever");
        }
        let free = async {
            let asks = (0..12).map(|_| db.reads().query_one_raw(one.clone()));
            for answered in futures_util::future::join_all(asks).await {
                answered.unwrap().unwrap();
            }
        };
        timeout(PATIENCE, free).await.expect("connections are free again");
        if let Some(pool) = db.postgres_pool() {
            let ended = async {
                let running = "SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'active' AND query LIKE '%FROM endless%' AND pid <> pg_backend_pid()";
                while sqlx::query_scalar::<_, i64>(running).fetch_one(pool).await.unwrap() > 0 {}
            };
            timeout(PATIENCE, ended).await.expect("the statements end");
        }
    }

    async fn a_snapshot_that_is_given_up_gives_its_connection_back(world: World) {
        let db = &world.app.db;
        for _ in 0..6 {
            let asks = async {
                let snapshot = db.snapshot().await.unwrap();
                snapshot.query_one_raw(endless(db.backend())).await
            };
            let given_up = timeout(SOON, db.lease(asks, Arc::new(Semaphore::new(1)))).await;
            assert!(given_up.is_err(), "it would take for ever");
        }
        let again = async { db.snapshot().await.unwrap().end().await.unwrap() };
        timeout(PATIENCE, again).await.expect("connections are free again");
    }

    async fn a_request_has_so_many_statements_at_once(world: World) {
        let db = &world.app.db;
        let statements = Arc::new(Semaphore::new(1));
        let first = db.lease(db.reads().query_one_raw(endless(db.backend())), Arc::clone(&statements));
        let mut first = std::pin::pin!(first);
        assert!(timeout(SOON, first.as_mut()).await.is_err());
        let one = || db.reads().query_one_raw(Statement::from_string(db.backend(), "SELECT 1 AS n"));
        let second = db.lease(one(), statements);
        assert!(timeout(SOON, second).await.is_err(), "it waits for the first");
        timeout(PATIENCE, one()).await.expect("others do not").unwrap();
    }
}

async fn with(database: Option<Location>, execution: ExecutionLimits) -> Served {
    let limits = Limits { execution, ..Limits::default() };
    Served::with(Setup { limits, database, ..Setup::default() }).await
}

async fn task_of(server: &Served, person: &SignedIn) -> Value {
    let query = "mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { task { id version } userErrors { code } } }";
    let input = json!({ "title": "Отчёт", "assigneeId": person.id });
    let body = json!({ "query": query, "variables": { "input": input } });
    let answer: Value = server.posts(&body, Some(&person.token)).await.json().await.unwrap();
    answer["data"]["taskCreate"]["task"].clone()
}

/// What somebody does who never finishes: all that reads or writes tasks waits.
async fn holds_tasks(url: &str) -> sqlx::PgConnection {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
    sqlx::query("LOCK TABLE tasks IN ACCESS EXCLUSIVE MODE").execute(&mut connection).await.unwrap();
    connection
}

async fn waiting(connection: &mut sqlx::PgConnection) -> i64 {
    let waiting = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'";
    sqlx::query_scalar(waiting).fetch_one(connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_deadline_the_client_is_told_and_nothing_is_left_running() {
    let url = fresh_postgres().await;
    let execution = ExecutionLimits { deadline: Duration::from_secs(1), ..ExecutionLimits::default() };
    let server = with(Some(Location::Postgres { url: url.clone(), connections: 4 }), execution).await;
    let anna = server.registers("Анна").await;
    let task = task_of(&server, &anna).await;

    let held = holds_tasks(&url).await;
    let list = json!({ "query": "{ tasks(first: 50) { nodes { title } } }" });
    let change = json!({ "query": format!(
        "mutation {{ taskUpdate(input: {{ id: {}, version: {}, title: \"Другое\" }}) {{ task {{ title }} }} }}", task["id"], task["version"]
    ) });
    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.subscribes("1", list["query"].as_str().unwrap()).await;
    let (read, written, heard) = tokio::join!(
        server.posts(&list, Some(&anna.token)),
        server.posts(&change, Some(&anna.token)),
        socket.hears_type("error"),
    );
    for answer in [read, written] {
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], 1);
        assert_eq!(answer.get("data"), None);
    }
    assert_eq!(heard["payload"][0]["extensions"]["code"], "UNAVAILABLE");
    let mut watching = sqlx::PgConnection::connect(&url).await.unwrap();
    let ended = async { while waiting(&mut watching).await > 0 {} };
    // By itself a statement ends later than this.
    timeout(PATIENCE, ended).await.expect("its statements are given up, too");

    held.close().await.unwrap();
    let title = format!("{{ node(id: {}) {{ ... on Task {{ title }} }} }}", task["id"]);
    let after = server.asks(&title, Some(&anna.token)).await;
    assert_eq!(after["data"]["node"]["title"], "Отчёт", "the change was rolled back whole: {after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_person_waits_for_themselves_and_the_others_go_on() {
    let url = fresh_postgres().await;
    let person = AskingLimits { at_once: 2, waiting: 2, statements: 1 };
    let execution = ExecutionLimits { person, deadline: PATIENCE, ..ExecutionLimits::default() };
    let server = with(Some(Location::Postgres { url: url.clone(), connections: 4 }), execution).await;
    let anna = server.registers("Анна").await;
    let petr = server.registers("Пётр").await;
    task_of(&server, &anna).await;

    let held = holds_tasks(&url).await;
    let list = json!({ "query": "{ a: tasks(first: 5) { nodes { id } } b: tasks(first: 5) { nodes { id } } c: tasks { nodes { id } } }" });
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..5 {
        let (client, url, body) = (server.client.clone(), server.url("/graphql"), list.clone());
        let token = anna.token.clone();
        asked.spawn(async move { client.post(url).bearer_auth(token).json(&body).send().await.unwrap() });
    }
    // The fifth is told at once; the others wait for the lock or for their turn.
    let refused = timeout(PATIENCE, asked.join_next()).await.unwrap().unwrap().unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RATE_LIMITED");
    assert_eq!(refused["errors"][0]["extensions"]["retryAfter"], 1);
    // Over a socket they are the same person.
    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.subscribes("1", "{ viewer { id } }").await;
    let refused = socket.hears_type("error").await;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "RATE_LIMITED");

    for token in [Some(&petr.token), None] {
        let answer = server.asks("{ viewer { id } server { version } }", token.map(String::as_str)).await;
        assert!(answer.get("errors").is_none(), "{answer}");
    }
    assert!(server.get("/health/ready").await.status().is_success());

    held.close().await.unwrap();
    while let Some(answered) = asked.join_next().await {
        let answer: Value = answered.unwrap().json().await.unwrap();
        assert!(answer.get("errors").is_none(), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_many_tables_made_leaves_room_for_the_others() {
    let url = fresh_postgres().await;
    let person = AskingLimits { statements: 1, ..ExecutionLimits::default().person };
    let execution = ExecutionLimits { person, deadline: PATIENCE, ..ExecutionLimits::default() };
    // More than the jobs of the process have, which wait as well.
    let server = with(Some(Location::Postgres { url: url.clone(), connections: 8 }), execution).await;
    let (anna, petr) = (server.registers("Анна").await, server.registers("Пётр").await);
    task_of(&server, &anna).await;
    let mut addresses = Vec::new();
    for _ in 0..12 {
        let asked = json!({ "query": EXPORT, "variables": export_of(&json!({})) });
        let answer: Value = server.posts(&asked, Some(&anna.token)).await.json().await.unwrap();
        addresses.push(answer["data"]["statisticsExport"]["url"].as_str().unwrap().to_owned());
    }

    let held = holds_tasks(&url).await;
    let mut tables = Vec::new();
    for address in addresses {
        let table = server.client.get(address).bearer_auth(&anna.token).send().await.unwrap();
        assert_eq!(table.status(), 200);
        tables.push(AbortOnDropHandle::new(tokio::spawn(table.text())));
    }
    let mut watching = sqlx::PgConnection::connect(&url).await.unwrap();
    // The jobs of the process wait as well, but join nothing.
    let pages = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock' AND query LIKE '%JOIN%'";
    let mut pages = async || sqlx::query_scalar::<_, i64>(pages).fetch_one(&mut watching).await.unwrap();
    let under_way = async { while pages().await < 1 {} };
    timeout(PATIENCE, under_way).await.expect("one waits for the lock");
    for _ in 0..5 {
        let answer = server.asks("{ viewer { id } server { version } }", Some(&petr.token)).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        assert_eq!(pages().await, 1, "and the others for that one");
    }
    held.close().await.unwrap();
}

#[tokio::test]
async fn errors_of_validation_are_few() {
    let server = Served::start().await;
    let unknown = format!("{{ {} }}", (0..390).map(|index| format!("nothing{index} ")).collect::<String>());
    let arguments: String = (0..390).map(|index| format!("nothing{index}: 1 ")).collect();
    let arguments = format!("{{ server({arguments}) {{ version }} }}");
    let long = "x".repeat(8_000);
    let undefined = format!("query {long} {{ {} }}", "task(number: $n) { id } ".repeat(150));
    let unused = format!("{{ server {{ version }} }} fragment F on Query {{ {} }}", "nothing ".repeat(900));
    for query in [unknown, arguments, undefined, unused] {
        let answer = server.posts(&json!({ "query": query }), None).await;
        assert_eq!(answer.status(), 400);
        let text = answer.text().await.unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap();
        let errors = answer["errors"].as_array().unwrap();
        assert!(errors.len() <= ERRORS, "{} errors", errors.len());
        assert!(errors.iter().all(|error| error["message"].as_str().unwrap().len() <= MESSAGE_BYTES));
        assert!(text.len() < 32 * 1024, "{} bytes are answered by {}", query.len(), text.len());
        if errors.len() == ERRORS {
            assert!(errors[ERRORS - 1]["extensions"]["leftOut"].as_u64().unwrap() > 0);
        }
    }
}

#[tokio::test]
async fn errors_of_execution_are_few() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let task = task_of(&server, &anna).await;
    let ids: Vec<&Value> = vec![&task["id"]; 100];
    let fields: String = (0..10)
        .map(|index| {
            format!(
                "a{index}: nodes(ids: $ids) {{ ... on Task {{ comments(first: 0) {{ nodes {{ id }} }} }} }} "
            )
        })
        .collect();
    let body = json!({ "query": format!("query ($ids: [ID!]!) {{ {fields} }}"), "variables": { "ids": &ids[..50] } });
    let answer = server.posts(&body, Some(&anna.token)).await;
    let text = answer.text().await.unwrap();
    let answer: Value = serde_json::from_str(&text).unwrap();
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), ERRORS, "{}", errors[0]);
    assert_eq!(errors[ERRORS - 1]["extensions"]["leftOut"], 450);
    assert!(text.len() < 64 * 1024, "{}", text.len());
}
