//! `cargo bench --bench export`: statistics and their export over many tasks, asked of the real binary on SQLite. Prints how long the
//! figures of a year take, and time, bytes and peak memory of the export. `-- 100000` says how many tasks; a million where it is not
//! given.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench that meets the unexpected is to fail, and says what it measured"
)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use server::db::{Database, Location};
use tempfile::TempDir;

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

#[tokio::main]
async fn main() {
    // `cargo bench` adds `--bench`, and `cargo test --benches` asks for nothing to be measured.
    let given: Vec<String> = std::env::args().skip(1).collect();
    if !given.iter().any(|argument| argument == "--bench") {
        return;
    }
    let tasks: i64 = given.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1_000_000);
    let folder = TempDir::new().unwrap();
    let (url, process) = start(&folder);
    let client = reqwest::Client::new();
    let register = json!({ "query": "mutation { register(input: { name: \"Ольга\", email: \"olga@example.com\",
        password: \"a long enough password\", delivery: BODY }) { accessToken } }" });
    let session = asks(&client, &url, &register, "").await;
    let token = session["register"]["accessToken"].as_str().unwrap().to_owned();
    let begun = Instant::now();
    fill(&folder, tasks).await;
    println!("{tasks} tasks with their events written in {:.1} s", begun.elapsed().as_secs_f64());

    let figures = json!({ "query": "{ statistics(from: \"2026-01-01\", to: \"2026-12-31\", timeZone: \"Europe/Berlin\") {
        created completed onTime late onTimeByOriginalDeadline overdueNow returned deadlineMoves medianCompletionSeconds
        medianReviewSeconds byStatus { status count } byDay { date created completed overdue }
        byAssignee { open completed medianCompletionSeconds } } }" });
    for _ in 0..3 {
        let begun = Instant::now();
        let found = asks(&client, &url, &figures, &token).await;
        let milliseconds = begun.elapsed().as_millis();
        let figures = &found["statistics"];
        println!(
            "statistics of a year: {milliseconds} ms ({} completed, {} returned)",
            figures["completed"], figures["returned"]
        );
    }

    let offer = json!({ "query": "mutation { statisticsExport(input: { from: \"2026-01-01\", to: \"2026-12-31\",
        timeZone: \"Europe/Berlin\" }) { url } }" });
    let offered = asks(&client, &url, &offer, &token).await;
    let before = peak(&process);
    let begun = Instant::now();
    let address = offered["statisticsExport"]["url"].as_str().unwrap();
    let mut answer = client.get(address).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let (mut bytes, mut lines) = (0, 0);
    while let Some(piece) = answer.chunk().await.unwrap() {
        bytes += piece.len();
        lines += piece.iter().filter(|byte| **byte == b'\n').count();
    }
    println!(
        "export: {} rows, {bytes} bytes in {:.1} s; peak memory of the server {before} kB before, {} kB after",
        lines - 1,
        begun.elapsed().as_secs_f64(),
        peak(&process)
    );
}

fn start(folder: &TempDir) -> (String, Killed) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_vekha"))
        .arg("serve")
        .env("VEKHA_LISTEN", "127.0.0.1:0")
        .env("VEKHA_DATA_DIR", folder.path())
        .env("VEKHA_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
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

/// A year of tasks of fifty people: nine of ten done, a tenth returned once, a fifth moved once.
async fn fill(folder: &TempDir, tasks: i64) {
    let db = Database::connect(&Location::Sqlite(folder.path().join("vekha.sqlite"))).await.unwrap();
    let write = db.write().await.unwrap();
    let numbers = |rows: i64| {
        format!("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT {rows})")
    };
    let people = format!(
        "INSERT INTO users (name, name_key, email, password_hash, role, active, theme, time_zone, shortcuts, created_at)
         {} SELECT 'Иван Иванов ' || n, 'иван иванов ' || n, 'u' || n, '', 'MANAGER', 1, 'SYSTEM', 'UTC', 1, 1 FROM numbers",
        numbers(50)
    );
    let created = format!("({JANUARY} + n * 7919 % 360 * {DAY} + n % 50000000)");
    let rows = format!(
        "INSERT INTO tasks (title, title_key, description, status, status_before_overdue, priority, requires_review, deadline,
            deadline_key, original_deadline, deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at,
            submitted_at, completed_at, version)
         {} SELECT 'Подготовить отчёт для «Северный ветер» № ' || n, 'подготовить отчет ' || n, 'Текст', CASE n % 10 WHEN 0 THEN 'DEFERRED' ELSE
            'DONE' END, NULL, 1, 1, {created} + 3 * {DAY}, {created} + 3 * {DAY}, {created} + 2 * {DAY}, 0, n % 5 = 0, n % 10 = 1, 1,
            2 + n % 50, {created}, {created}, CASE n % 10 WHEN 0 THEN NULL ELSE {created} + n % 5 * {DAY} END,
            CASE n % 10 WHEN 0 THEN NULL ELSE {created} + n % 5 * {DAY} + 3600000 END, 1 FROM numbers",
        numbers(tasks)
    );
    let events = |measure: &str, later: &str, which: &str| {
        format!(
            "INSERT INTO events (at, kind, task_id, creator_id, assignee_id, measure, payload)
             SELECT created_at + {later}, 'TASK_STATUS_CHANGED', id, creator_id, assignee_id, '{measure}', '{{\"kind\":\"TASK_DELETED\"}}' FROM tasks WHERE {which}"
        )
    };
    for statement in [
        people,
        rows,
        events("HANDED_IN", "3600000", "returns = 1"),
        events("RETURNED", "7200000", "returns = 1"),
        events("DEADLINE_MOVED", "7200000", "deadline_moves = 1"),
        events("HANDED_IN", "86400000", "status = 'DONE'"),
        events("ACCEPTED", "90000000", "status = 'DONE'"),
    ] {
        write.execute_unprepared(&statement).await.unwrap();
    }
    write.commit().await.unwrap();
    db.close().await.unwrap();
}

/// The most memory that the process ever had, in kB: `VmHWM`, proc(5).
fn peak(process: &Killed) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.0.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
