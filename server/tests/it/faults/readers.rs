//! Fault 15: readers that ask for much and never read. They keep nobody out: neither of another address nor of their own.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use super::client::Client;
use super::held;
use super::process::{Place, Process};

/// More than the process may have open files.
const READERS: usize = 400;
/// What the process may have open: few, so that as many readers as these are too many.
const FILES: usize = 256;
/// A reader's own memory of what it was sent, in bytes.
const KEPT: u32 = 2 * 1024;
/// Answers that a reader asks for at once, of 400 KB each: together more than the kernel keeps for a connection.
const ANSWERS: usize = 12;
/// A person is answered within so long while the readers are there.
const IN_TIME: Duration = Duration::from_secs(3);
/// Sign-ins and lists of others meanwhile.
const TRIES: usize = 10;

/// Asks for megabytes, waits until the answer has begun, and reads no further.
async fn reader(address: SocketAddr, head: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(KEPT).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    // A connection that was given up at once is one of those that take room.
    if stream.write_all(head.as_bytes()).await.is_ok() {
        let mut first = [0];
        let begun = stream.peek(&mut first);
        let _given_up = tokio::time::timeout(IN_TIME * 10, begun).await.expect("the answer begins");
    }
    stream
}

async fn keep_nobody_out(proxies: &str) -> (Duration, usize) {
    let place = Place::sqlite();
    let mut command = place.command(&["serve"]);
    command.env("VEKHA_TRUSTED_PROXIES", proxies);
    let process = Process::start_after(&format!("ulimit -n {FILES}"), &command).await;
    let anna = Client::register(&process.url, "anna").await;
    let long = "x".repeat(20_000);
    for number in 0..20 {
        let create = "mutation ($input: TaskCreateInput!) { taskCreate(input: $input) { task { id } userErrors { code message } } }";
        let input = json!({ "title": format!("{number}"), "assigneeId": anna.id, "description": long });
        anna.changes(create, json!({ "input": input })).await.unwrap();
    }
    let address: SocketAddr = process.url.strip_prefix("http://").unwrap().parse().unwrap();
    let body = json!({ "query": "{ tasks(first: 20) { nodes { description } } }" }).to_string();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        anna.token(),
        body.len()
    )
    .repeat(ANSWERS);
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(reader(address, &head).await);
    }
    let mut slowest = Duration::ZERO;
    for _ in 0..TRIES {
        let begun = Instant::now();
        // Each on a connection of its own.
        let again = anna.anew().signs_in("anna").await;
        again.anew().asks("{ tasks(first: 50) { totalCount nodes { title } } }", Value::Null).await.unwrap();
        slowest = slowest.max(begun.elapsed());
    }
    assert!(slowest < IN_TIME, "{slowest:?}");
    (slowest, readers.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_never_read_keep_nobody_of_their_own_address_out() {
    let (slowest, readers) = keep_nobody_out("").await;
    let figures = format!("{TRIES} sign-ins and lists, slowest {} ms", slowest.as_millis());
    held("15", &format!("{readers} readers of one address"), None, &figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_that_never_read_keep_nobody_out_who_comes_by_the_same_proxy() {
    let (slowest, readers) = keep_nobody_out("127.0.0.1").await;
    let figures = format!("{TRIES} sign-ins and lists, slowest {} ms", slowest.as_millis());
    held("15", &format!("{readers} readers behind a proxy"), None, &figures);
}
