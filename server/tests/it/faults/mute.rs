//! Fault 22: the log cannot be written: its disk is full, its reader is gone or does not read. Requests go on, lines are lost and counted.

use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::client::Client;
use super::process::{Place, Process};
use super::{held, rounds};

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);
const WRITES: usize = 50;

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
    let figures = reqwest::get(format!("{url}/metrics")).await.unwrap().text().await.unwrap();
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
    let mut process = Process::start_logging(&place, Stdio::piped(), "trace").await;
    let mut log = process.takes_log();
    let url = process.url.clone();
    let anna = Client::register(&url, "anna").await;
    let petr = Client::register(&url, "petr").await;
    let mut writes = 0;
    let filled = async {
        while lost(&url).await == 0 {
            anna.creates(&writes.to_string(), &petr).await.unwrap();
            writes += 1;
        }
    };
    tokio::time::timeout(2 * PATIENCE, filled).await.expect("more is said than may wait");
    anna.creates("after", &petr).await.unwrap();

    // Now it is read: the log says what it does not have.
    let told = async {
        let (mut read, mut bytes) = (Vec::new(), vec![0; 65_536]);
        loop {
            let count = log.read(&mut bytes).await.unwrap();
            read.extend_from_slice(&bytes[..count]);
            if String::from_utf8_lossy(&read).contains("lines of the log were lost") {
                break;
            }
            read.drain(..read.len().saturating_sub(1_000));
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("the log says how many lines it lost");
    drop(log);
    assert!(process.terminate().await);
    held(
        "22, log that is not read",
        &format!("{writes} writes"),
        None,
        "0 failed, the loss is told once it is read",
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
