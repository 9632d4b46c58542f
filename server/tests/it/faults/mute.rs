//! Fault 22: the log cannot be written: its disk is full, its reader is gone or does not read. Requests go on, lines are lost and counted.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::client::Client;
use super::process::{Place, Process, told_to_operators};
use super::{held, rounds};

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);
const WRITES: usize = 50;
/// Each leaves a line: several times what a pipe holds by itself, and less than the process keeps for its reader.
const REQUESTS: usize = 2_000;

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").unwrap()
}

/// Whatever becomes of the log, people work.
async fn people_work(url: &str, process: Option<Process>) -> usize {
    let anna = Client::register(url, "anna").await;
    let petr = Client::register(url, "petr").await;
    let writes = WRITES * rounds();
    for number in 0..writes {
        anna.creates(&number.to_string(), &petr).await.unwrap();
    }
    assert!(lost(url).await > 0, "what was not written is counted");
    anna.is_writable(true).await;
    if let Some(process) = process {
        assert!(process.terminate().await, "it ends well");
    }
    writes
}

/// How many lines the process says that it lost.
async fn lost(url: &str) -> usize {
    let figures = told_to_operators(url, "/metrics").await;
    let figure = figures.lines().find_map(|line| line.strip_prefix("vekha_log_lines_lost_total "));
    figure.map_or(0, |figure| figure.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_disk_is_full() {
    let place = Place::sqlite();
    let process = Process::start_logging(&place, Stdio::from(full()), "debug").await;
    let url = process.url.clone();
    let writes = people_work(&url, Some(process)).await;
    held("22, log on a full disk", &format!("{writes} writes"), None, "0 failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_reader_is_gone() {
    let place = Place::sqlite();
    let mut process = Process::start_logging(&place, Stdio::piped(), "debug").await;
    drop(process.takes_log());
    let url = process.url.clone();
    let writes = people_work(&url, Some(process)).await;
    held("22, reader of the log gone", &format!("{writes} writes"), None, "0 failed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_reader_does_not_read_for_a_while() {
    let place = Place::sqlite();
    let mut process = Process::start_logging(&place, Stdio::piped(), "debug").await;
    let mut log = process.takes_log();
    let url = process.url.clone();
    let anna = Client::register(&url, "anna").await;
    let petr = Client::register(&url, "petr").await;
    let filled = async {
        for _ in 0..REQUESTS {
            reqwest::get(format!("{url}/health/live")).await.unwrap();
        }
        anna.creates("after", &petr).await.unwrap()
    };
    tokio::time::timeout(PATIENCE, filled).await.expect("nobody waits for the log");

    // Now it is read, and nothing of it is lost that there was room for.
    let told = async {
        let (mut lines, mut bytes) = (0, vec![0; 65_536]);
        while lines < REQUESTS {
            let count = log.read(&mut bytes).await.unwrap();
            lines += bytes[..count].iter().filter(|byte| **byte == b'\n').count();
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the log comes once it is read");
    assert_eq!(lost(&url).await, 0);
    drop(log);
    assert!(process.terminate().await);
    held(
        "22, log that is not read",
        &format!("{REQUESTS} requests"),
        None,
        "0 failed, all lines are there once it is read",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_can_be_said_at_all() {
    let place = Place::sqlite();
    // Where it listens it cannot say.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = place.command(&["serve"]);
    command
        .env("VEKHA_LISTEN", address.to_string())
        .env("VEKHA_LOG", "debug")
        .stdout(full())
        .stderr(full())
        .kill_on_drop(true);
    let mut child = command.spawn().unwrap();
    let url = format!("http://{address}");
    let ready = async {
        loop {
            if reqwest::get(format!("{url}/health/ready"))
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {
                return;
            }
            assert_eq!(child.try_wait().unwrap(), None, "it does not end for want of a log");
        }
    };
    tokio::time::timeout(PATIENCE, ready).await.expect("it becomes ready");
    let writes = people_work(&url, None).await;
    held("22, no output at all", &format!("{writes} writes"), None, "0 failed");
}
