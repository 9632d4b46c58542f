//! A company for benches: the real binary over a database that was filled by few statements.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use sea_orm::sqlx::{self, Connection, Executor};
use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::{Value, json};
use server::db::{Database, Location};
use tempfile::TempDir;

const PASSWORD: &str = "a long enough password";
/// One key, whose bytes are not alike: such a one is refused.
const SECRETS: &str = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

/// Milliseconds of 1 January 2026 in UTC, and of a day.
const JANUARY: i64 = 1_767_225_600_000;
const DAY: i64 = 86_400_000;

/// A process that ends with what holds it.
pub(crate) struct Killed(pub(crate) Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The access token of an account.
pub(crate) async fn sign_in(client: &reqwest::Client, url: &str, email: &str) -> String {
    let login = json!({ "query": format!("mutation {{ login(input: {{ email: {email:?}, password: {PASSWORD:?}, delivery: BODY }}) {{
        accessToken userErrors {{ code }} }} }}") });
    let session = asks(client, url, &login, "").await;
    session["login"]["accessToken"].as_str().unwrap().to_owned()
}

/// The address of a database that has nothing in it.
pub(crate) async fn fresh(server: &str, name: &str) -> String {
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    connection.close().await.unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(name);
    url.into()
}

/// The binary, over that database.
fn vekha(folder: &TempDir, location: &Location) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vekha"));
    command.env("VEKHA_DATA_DIR", folder.path()).env("VEKHA_LOG", "error").stdout(Stdio::piped());
    if let Location::Postgres { url, .. } = location {
        command.env("VEKHA_DATABASE_URL", url).env("VEKHA_SECRETS", SECRETS);
    }
    command
}

/// Makes an account, and brings the schema up to date as well.
pub(crate) fn account(folder: &TempDir, location: &Location, role: &str, email: &str) {
    let mut vekha = vekha(folder, location);
    vekha.args([
        "user",
        "create",
        "--role",
        role,
        "--name",
        "Ольга Смирнова",
        "--email",
        email,
        "--password-stdin",
    ]);
    let mut child = vekha.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

/// Starts the binary. Where it is.
pub(crate) fn start(folder: &TempDir, location: &Location) -> (String, Killed) {
    let mut child = vekha(folder, location).arg("serve").env("VEKHA_LISTEN", "127.0.0.1:0").spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (line.trim().strip_prefix("Vekha: ").unwrap().to_owned(), Killed(child))
}

/// The data of an answer, which came without errors.
pub(crate) async fn asks(client: &reqwest::Client, url: &str, body: &Value, token: &str) -> Value {
    let request = client.post(format!("{url}/graphql")).json(body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

/// A year of tasks of fifty people, in the order in which they were set: nine of ten done, a tenth returned once, a fifth moved once.
pub(crate) async fn fill(location: &Location, tasks: i64) {
    let db = Database::connect(location).await.unwrap();
    let postgres = db.backend() == DatabaseBackend::Postgres;
    let (yes, no) = if postgres { ("TRUE", "FALSE") } else { ("1", "0") };
    let numbers = |rows: i64| {
        if postgres {
            (String::new(), format!("generate_series(1::bigint, {rows}) AS numbers(n)"))
        } else {
            let numbers = "SELECT 1 UNION ALL SELECT n + 1 FROM numbers";
            (format!("WITH RECURSIVE numbers(n) AS ({numbers} LIMIT {rows})"), "numbers".to_owned())
        }
    };
    let (with, from) = numbers(50);
    let people = format!(
        "INSERT INTO users (name, name_key, email, password_hash, role, active, theme, time_zone, shortcuts, created_at)
         {with} SELECT 'Иван Иванов ' || n, 'иван иванов ' || n, 'u' || n, '', 'MANAGER', {yes}, 'SYSTEM', 'UTC', {yes}, 1 FROM {from}"
    );
    let (with, from) = numbers(tasks);
    let created = format!("({JANUARY} + n * 360 * {DAY} / {tasks} + n * 7919 % 3600000)");
    let handed_in = format!("({created} + n * 104729 % (5 * {DAY}))");
    let done = |moment: &str| format!("CASE n % 10 WHEN 0 THEN NULL ELSE {moment} END");
    let rows = format!(
        "INSERT INTO tasks (title, title_key, description, status, status_before_overdue, priority, requires_review, deadline,
            deadline_key, original_deadline, deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at,
            submitted_at, completed_at, version)
         {with} SELECT 'Подготовить отчёт для «Северный ветер» № ' || n, 'подготовить отчет ' || n,
            'Проверить данные в карточке клиента, согласовать с бухгалтерией, приложить документы.',
            CASE n % 10 WHEN 0 THEN 'DEFERRED' ELSE 'DONE' END, NULL, 1, {yes}, {created} + 3 * {DAY}, {created} + 3 * {DAY},
            {created} + 2 * {DAY}, {no}, CASE n % 5 WHEN 0 THEN 1 ELSE 0 END, CASE n % 10 WHEN 1 THEN 1 ELSE 0 END, 1, 2 + n % 50,
            {created}, {created}, {}, {}, 1 FROM {from}",
        done(&handed_in),
        done(&format!("{handed_in} + 3600000 + n * 15485863 % {DAY}")),
    );
    let events = |measure: &str, at: &str, which: &str| {
        format!(
            "INSERT INTO events (at, kind, task_id, creator_id, assignee_id, measure, payload)
             SELECT {at}, 'TASK_STATUS_CHANGED', id, creator_id, assignee_id, '{measure}', '{{\"kind\":\"TASK_DELETED\"}}' FROM tasks WHERE {which}"
        )
    };
    let write = db.write().await.unwrap();
    if postgres {
        write.execute_unprepared("SET LOCAL statement_timeout = 0").await.unwrap();
    }
    for statement in [
        people,
        rows,
        events("HANDED_IN", "created_at + 3600000", "returns = 1"),
        events("RETURNED", "created_at + 7200000 + id * 7919 % 3600000", "returns = 1"),
        events("DEADLINE_MOVED", "created_at + 7200000", "deadline_moves = 1"),
        events("HANDED_IN", "submitted_at", "status = 'DONE'"),
        events("ACCEPTED", "completed_at", "status = 'DONE'"),
    ] {
        write.execute_unprepared(&statement).await.unwrap();
    }
    write.commit().await.unwrap();
    if postgres {
        // It does this by itself from time to time.
        db.reads().unhurried().execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
    db.close().await.unwrap();
}
