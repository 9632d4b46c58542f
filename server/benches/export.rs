//! `cargo xtask bench export`: statistics and their export, asked of the real binary on SQLite and, where an address is given, on
//! PostgreSQL. Prints how long the figures of a year take, and time, bytes and memory of the export: of a tenth of the tasks and of all,
//! since the memory must not follow their number.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench that meets the unexpected is to fail, and says what it measured"
)]

mod arguments;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sea_orm::sqlx::{self, Connection, Executor};
use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::{Value, json};
use server::db::{Database, Location};
use tempfile::TempDir;

use arguments::Arguments;

const EMAIL: &str = "olga@example.com";
const PASSWORD: &str = "a long enough password";

/// Milliseconds of 1 January 2026 in UTC, and of a day.
const JANUARY: i64 = 1_767_225_600_000;
const DAY: i64 = 86_400_000;

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// By so much may the memory of the server grow through an export, in kB, however many its rows are: buffers of the databases' drivers.
const SLACK: u64 = 16_384;
/// Between two questions whether the search index is built.
const PAUSE: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() {
    let Some(Arguments { tasks, postgres, .. }) = Arguments::of_bench() else { return };
    let tasks = i64::from(tasks);
    for server in std::iter::once(None).chain(postgres.as_ref().map(Some)) {
        println!("\n{}", if server.is_some() { "PostgreSQL" } else { "SQLite" });
        for tasks in [tasks / 10, tasks] {
            let grown = measure(server, tasks).await;
            assert!(grown <= SLACK, "an export of {tasks} rows takes {grown} kB of memory");
        }
    }
}

/// How much more memory a server takes for exporting so many tasks, in kB.
async fn measure(server: Option<&String>, tasks: i64) -> u64 {
    let folder = TempDir::new().unwrap();
    let location = match server {
        Some(server) => Location::Postgres { url: fresh(server, tasks).await, connections: 3 },
        None => Location::Sqlite(folder.path().join("vekha.sqlite")),
    };
    administrator(&folder, &location);
    let begun = Instant::now();
    fill(&location, tasks).await;
    println!("{tasks} tasks with their events written in {:.1} s", begun.elapsed().as_secs_f64());
    let client = reqwest::Client::new();
    {
        // Beside what is measured nothing is built, and no memory is left from building.
        let (url, _process) = start(&folder, &location);
        let token = sign_in(&client, &url).await;
        indexed(&client, &url, &token).await;
    }
    let (url, process) = start(&folder, &location);
    let token = sign_in(&client, &url).await;
    figures(&client, &url, &token).await;
    let before = forget_peak(&process);
    export(&client, &url, &token, tasks).await;
    let after = peak(&process);
    println!("memory of the server: {before} kB before the export, at most {after} kB during it");
    after - before
}

async fn sign_in(client: &reqwest::Client, url: &str) -> String {
    let login = json!({ "query": format!("mutation {{ login(input: {{ email: {EMAIL:?}, password: {PASSWORD:?}, delivery: BODY }}) {{
        accessToken userErrors {{ code }} }} }}") });
    let session = asks(client, url, &login, "").await;
    session["login"]["accessToken"].as_str().unwrap().to_owned()
}

/// Waits until the search index is built.
async fn indexed(client: &reqwest::Client, url: &str, token: &str) {
    let search = json!({ "query": "{ taskSearch(input: { text: \"отчёт\" }, first: 1) { degraded } }" });
    while asks(client, url, &search, token).await["taskSearch"]["degraded"] == true {
        tokio::time::sleep(PAUSE).await;
    }
}

async fn figures(client: &reqwest::Client, url: &str, token: &str) {
    let figures = json!({ "query": "{ statistics(from: \"2026-01-01\", to: \"2026-12-31\", timeZone: \"Europe/Berlin\") {
        created completed onTime late onTimeByOriginalDeadline overdueNow returned deadlineMoves medianCompletionSeconds
        medianReviewSeconds byStatus { status count } byDay { date created completed overdue }
        byAssignee { open completed medianCompletionSeconds } } }" });
    for _ in 0..3 {
        let begun = Instant::now();
        let found = asks(client, url, &figures, token).await;
        let milliseconds = begun.elapsed().as_millis();
        let figures = &found["statistics"];
        println!(
            "statistics of a year: {milliseconds} ms ({} completed, {} returned)",
            figures["completed"], figures["returned"]
        );
    }
}

async fn export(client: &reqwest::Client, url: &str, token: &str, tasks: i64) {
    let offer = json!({ "query": "mutation { statisticsExport(input: { from: \"2026-01-01\", to: \"2026-12-31\",
        timeZone: \"Europe/Berlin\" }) { url } }" });
    let offered = asks(client, url, &offer, token).await;
    let address = offered["statisticsExport"]["url"].as_str().unwrap();
    let begun = Instant::now();
    let mut answer = client.get(address).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let (mut bytes, mut lines) = (0, 0);
    while let Some(piece) = answer.chunk().await.unwrap() {
        bytes += piece.len();
        lines += piece.iter().filter(|byte| **byte == b'\n').count() as i64;
    }
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(lines - 1, tasks);
    println!("export: {tasks} rows, {bytes} bytes in {took:.1} s");
}

/// The address of a database that has nothing in it.
async fn fresh(server: &str, tasks: i64) -> String {
    let mut connection = sqlx::PgConnection::connect(server).await.unwrap();
    let name = format!("export_{tasks}");
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    connection.close().await.unwrap();
    let mut url = url::Url::parse(server).unwrap();
    url.set_path(&name);
    url.into()
}

/// The binary, over that database.
fn vekha(folder: &TempDir, location: &Location) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vekha"));
    command.env("VEKHA_DATA_DIR", folder.path()).env("VEKHA_LOG", "error").stdout(Stdio::piped());
    if let Location::Postgres { url, .. } = location {
        command.env("VEKHA_DATABASE_URL", url).env("VEKHA_SECRETS", format!("k1:{}=", "A".repeat(43)));
    }
    command
}

/// Brings the schema up to date as well.
fn administrator(folder: &TempDir, location: &Location) {
    let mut vekha = vekha(folder, location);
    vekha.args([
        "user",
        "create",
        "--role",
        "admin",
        "--name",
        "Ольга Смирнова",
        "--email",
        EMAIL,
        "--password-stdin",
    ]);
    let mut child = vekha.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

fn start(folder: &TempDir, location: &Location) -> (String, Killed) {
    let mut child = vekha(folder, location).arg("serve").env("VEKHA_LISTEN", "127.0.0.1:0").spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (line.trim().strip_prefix("Vekha: ").unwrap().to_owned(), Killed(child))
}

async fn asks(client: &reqwest::Client, url: &str, body: &Value, token: &str) -> Value {
    let request = client.post(format!("{url}/graphql")).json(body);
    let request = if token.is_empty() { request } else { request.bearer_auth(token) };
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"].clone()
}

/// A year of tasks of fifty people, in the order in which they were set: nine of ten done, a tenth returned once, a fifth moved once.
async fn fill(location: &Location, tasks: i64) {
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
        db.reads().execute_unprepared("VACUUM ANALYZE").await.unwrap();
    }
    db.close().await.unwrap();
}

/// From now on the peak is counted anew: `clear_refs`, proc(5).
fn forget_peak(process: &Killed) -> u64 {
    std::fs::write(format!("/proc/{}/clear_refs", process.0.id()), "5").unwrap();
    peak(process)
}

/// The most memory that the process had, in kB: `VmHWM`, proc(5).
fn peak(process: &Killed) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.0.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
