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
mod company;

use std::time::{Duration, Instant};

use serde_json::json;
use server::db::Location;
use tempfile::TempDir;

use arguments::Arguments;
use company::{Killed, account, asks, fill, fresh, sign_in, start};

const EMAIL: &str = "olga@example.com";

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
        Some(server) => {
            Location::Postgres { url: fresh(server, &format!("export_{tasks}")).await, connections: 3 }
        }
        None => Location::Sqlite(folder.path().join("vekha.sqlite")),
    };
    account(&folder, &location, "admin", EMAIL);
    let begun = Instant::now();
    fill(&location, tasks).await;
    println!("{tasks} tasks with their events written in {:.1} s", begun.elapsed().as_secs_f64());
    let client = reqwest::Client::new();
    {
        // Beside what is measured nothing is built, and no memory is left from building.
        let (url, _process) = start(&folder, &location);
        let token = sign_in(&client, &url, EMAIL).await;
        indexed(&client, &url, &token).await;
    }
    let (url, process) = start(&folder, &location);
    let token = sign_in(&client, &url, EMAIL).await;
    figures(&client, &url, &token).await;
    let before = forget_peak(&process);
    export(&client, &url, &token, tasks).await;
    let after = peak(&process);
    println!("memory of the server: {before} kB before the export, at most {after} kB during it");
    after - before
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
