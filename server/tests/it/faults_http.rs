//! Peers that send slowly or cunningly, a process that is told to end, settings that make no sense, a database that is away
//! (faults 8, 9, 13 and 16 of the security requirements).

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::PgConnectOptions;
use serde_json::{Value, json};
use server::db::Location;
use server::http::Limits;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::served::{PATIENCE, Served, Setup, Socket, register};
use crate::wire::Wire;
use crate::world::{fresh_postgres, moment};

const SHORT: Duration = Duration::from_millis(300);
/// A server on two busy cores may be late by so much, not by more.
const SLACK: Duration = Duration::from_secs(3);

async fn until_closed(mut connection: TcpStream) -> (String, Duration) {
    let began = Instant::now();
    let mut heard = Vec::new();
    let read = tokio::time::timeout(PATIENCE, connection.read_to_end(&mut heard)).await;
    let _reset = read.expect("the server closes");
    (String::from_utf8_lossy(&heard).into_owned(), began.elapsed())
}

#[tokio::test]
async fn a_header_that_does_not_end_is_given_up() {
    let limits = Limits { headers: SHORT, ..Limits::default() };
    let server = Served::with(Setup { limits, ..Setup::default() }).await;
    for begun in ["", "POST /graphql HTTP/1.1\r\nhost: a\r\nx: "] {
        let mut connection = TcpStream::connect(server.address).await.unwrap();
        connection.write_all(begun.as_bytes()).await.unwrap();
        let (_, took) = until_closed(connection).await;
        assert!(took >= SHORT / 2 && took < SHORT + SLACK, "{begun:?}: {took:?}");
    }
    assert_eq!(Limits::default().headers, Duration::from_secs(10));
}

#[tokio::test]
async fn a_body_that_drips_is_given_up_and_its_connection_closed() {
    let limits = Limits { body: SHORT, ..Limits::default() };
    let server = Served::with(Setup { limits, ..Setup::default() }).await;
    let connection = TcpStream::connect(server.address).await.unwrap();
    let (mut read, mut write) = connection.into_split();
    let head = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
    write.write_all(head.as_bytes()).await.unwrap();
    let dripping = tokio::spawn(async move {
        let mut every = tokio::time::interval(SHORT / 10);
        loop {
            every.tick().await;
            if write.write_all(b" ").await.is_err() {
                return;
            }
        }
    });
    let began = Instant::now();
    let mut heard = Vec::new();
    let read = tokio::time::timeout(PATIENCE, read.read_to_end(&mut heard)).await;
    let _reset = read.expect("the server closes");
    assert!(String::from_utf8_lossy(&heard).starts_with("HTTP/1.1 408"), "{heard:?}");
    assert!(began.elapsed() < SHORT + SLACK);
    dripping.abort();
    assert_eq!(Limits::default().body, Duration::from_secs(30));
}

/// 16 KiB of fragments that spread each other.
fn bomb() -> String {
    let mut query = "{ ...f0 }".to_owned();
    for index in 0.. {
        let fragment = format!("fragment f{index} on Query{{...f{0} ...f{0}}}", index + 1);
        if query.len() + fragment.len() > server::graphql::gate::QUERY_BYTES {
            return query;
        }
        query.push_str(&fragment);
    }
    query
}

/// The slowest refusal of a bomb, and health at p99 meanwhile.
async fn bombed(server: &Served) -> (Duration, Duration) {
    let body = json!({ "query": bomb() });
    let throwing = CancellationToken::new();
    let (client, url, stopped) = (server.client.clone(), server.url("/graphql"), throwing.clone());
    let thrower = tokio::spawn(async move {
        let mut slowest = Duration::ZERO;
        while !stopped.is_cancelled() {
            let began = Instant::now();
            let answer: Value = client.post(&url).json(&body).send().await.unwrap().json().await.unwrap();
            slowest = slowest.max(began.elapsed());
            assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX");
        }
        slowest
    });
    let mut health = Vec::new();
    for _ in 0..100 {
        let began = Instant::now();
        assert!(server.get("/health/live").await.status().is_success());
        health.push(began.elapsed());
    }
    throwing.cancel();
    health.sort();
    (thrower.await.unwrap(), health[98])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_fragment_bombs_the_server_stays_awake() {
    let server = Served::start().await;
    let mut rounds = Vec::new();
    // Other work on the machine only ever adds to a time, so one quiet round is enough.
    for _ in 0..5 {
        let (refusal, health) = bombed(&server).await;
        if refusal < Duration::from_millis(100) && health < Duration::from_millis(50) {
            return;
        }
        rounds.push((refusal, health));
    }
    panic!("the slowest refusal and health at p99 took {rounds:?}");
}

/// The real binary, on a fresh data folder.
struct Vekha {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

fn vekha() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vekha"));
    let inherited: Vec<String> =
        std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("VEKHA_")).collect();
    for name in inherited {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

impl Vekha {
    async fn start() -> Vekha {
        Vekha::start_with(&[]).await
    }

    async fn start_with(settings: &[(&str, &str)]) -> Vekha {
        let folder = TempDir::new().unwrap();
        let mut command = vekha();
        command.arg("serve").env("VEKHA_LISTEN", "127.0.0.1:0").env("VEKHA_DATA_DIR", folder.path());
        command.envs(settings.iter().copied());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
        let address = line.strip_prefix("Vekha: http://").unwrap_or_else(|| panic!("{line}"));
        Vekha { address: address.parse().unwrap(), child, _folder: folder }
    }

    fn asked_to_end(&self) {
        let process = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_told_to_end_closes_its_sockets_and_exits_well() {
    const SILENT: usize = 190;
    let mut process = Vekha::start().await;
    let client = reqwest::Client::new();
    let anna = register(&client, &format!("http://{}/graphql", process.address), "Анна").await;
    let mut sockets = Vec::new();
    for _ in 0..10 {
        let mut socket = Socket::open(process.address).await;
        socket.initialises(&anna.token).await;
        assert_eq!(socket.hears().await["type"], "connection_ack");
        socket.subscribes("1", "subscription { taskEvents { __typename } }").await;
        sockets.push(socket);
    }
    for _ in 0..SILENT {
        sockets.push(Socket::open(process.address).await);
    }

    process.asked_to_end();

    let began = Instant::now();
    let codes = sockets.iter_mut().map(Socket::closed);
    let codes = futures_util::future::join_all(codes).await;
    assert!(codes.iter().all(|code| *code == Some(1012)), "{codes:?}");
    let status = tokio::time::timeout(PATIENCE, process.child.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(began.elapsed() < server::app::DRAIN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_is_asked_for_its_health_from_outside() {
    let process = Vekha::start().await;
    let port = process.address.port();
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();

    for (listen, code) in
        [(process.address.to_string(), 0), (format!("0.0.0.0:{port}"), 0), (free.to_string(), 1)]
    {
        let output = vekha().arg("health").env("VEKHA_LISTEN", &listen).output();
        let output = tokio::time::timeout(PATIENCE, output).await.unwrap().unwrap();
        assert_eq!(output.status.code(), Some(code), "{listen}: {output:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_development_mode_tests_say_what_day_it_is() {
    const SET: &str = "2028-02-29T23:59:50+03:00";
    let process = Vekha::start_with(&[("VEKHA_MODE", "development"), ("VEKHA_TEST_CLOCK", SET)]).await;
    let url = format!("http://{}/graphql", process.address);
    let client = reqwest::Client::new();
    let anna = register(&client, &url, "Анна").await;

    let query = json!({ "query": "{ viewer { sessions { createdAt } } }" });
    let answer = client.post(&url).bearer_auth(&anna.token).json(&query).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let at =
        answer["data"]["viewer"]["sessions"][0]["createdAt"].as_str().unwrap_or_else(|| panic!("{answer}"));
    let late = moment(at).0 - moment("2028-02-29T20:59:50.000Z").0;
    assert!((0..PATIENCE.as_millis().cast_signed()).contains(&i128::from(late)), "{at} is {late} ms late");
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_named_and_nothing_starts() {
    for (variable, value) in [
        ("VEKHA_LISTEN", "nowhere"),
        ("VEKHA_PUBLIC_URL", "not an address"),
        ("VEKHA_PUBLIC_URL", "https://example.com/path"),
        ("VEKHA_DATABASE_URL", "mysql://localhost/vekha"),
        ("VEKHA_DATABASE_CONNECTIONS", "1"),
        ("VEKHA_SECRETS", "k1:dG9vIHNob3J0"),
        ("VEKHA_MODE", "fast"),
        ("VEKHA_REGISTRATION", "closed"),
        ("VEKHA_METRICS_TOKEN", "short"),
        ("VEKHA_SECRETS_FILE", "/nowhere/secrets"),
        ("VEKHA_DATABASE_URL_FILE", "/dev/null"),
        ("VEKHA_TRUSTED_PROXIES", "10.0.0.0/40"),
        ("VEKHA_TRUSTED_PROXIES", "127.0.0.1,0.0.0.0/0"),
        ("VEKHA_TRUSTED_PROXIES", "::/0"),
        ("VEKHA_SECRETS", "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ("VEKHA_HSTS", "everywhere"),
        ("VEKHA_CHANGES_PER_MINUTE", "1"),
        ("VEKHA_LOG", "loud=="),
        ("VEKHA_LOG_FORMAT", "xml"),
        ("VEKHA_DATA_DIR", "/dev/null/nowhere"),
        ("VEKHA_TEST_CLOCK", "tomorrow"),
        // Production, for nothing says otherwise.
        ("VEKHA_TEST_CLOCK", "2028-02-29T12:00:00Z"),
    ] {
        let folder = TempDir::new().unwrap();
        let mut command = vekha();
        command.arg("serve").env("VEKHA_LISTEN", "127.0.0.1:0").env("VEKHA_DATA_DIR", folder.path());
        let output = tokio::time::timeout(PATIENCE, command.env(variable, value).output()).await;
        let output = output.expect("it refuses to start").unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{variable}={value}: {said}");
        assert!(said.contains(variable), "{variable}={value}: {said}");
    }
    // PostgreSQL shares its tokens between processes.
    let mut command = vekha();
    let output = command.arg("serve").env("VEKHA_DATABASE_URL", "postgres://localhost/vekha").output().await;
    let said = String::from_utf8_lossy(&output.unwrap().stderr).into_owned();
    assert!(said.contains("VEKHA_SECRETS"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_is_seldom_meant_is_told_of_by_name() {
    for (variable, value, said) in [
        ("VEKHA_PUBLIC_URL", "http://tasks.example.com", true),
        ("VEKHA_LISTEN", "0.0.0.0:0", true),
        ("VEKHA_PUBLIC_URL", "http://localhost:8080", false),
        ("VEKHA_PUBLIC_URL", "https://tasks.example.com", false),
    ] {
        let folder = TempDir::new().unwrap();
        let mut command = vekha();
        command.arg("serve").env("VEKHA_LISTEN", "127.0.0.1:0").env("VEKHA_DATA_DIR", folder.path());
        command.env(variable, value).env("VEKHA_LOG", "warn").stdin(Stdio::null());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let announced = tokio::time::timeout(PATIENCE, output.read_line(&mut line)).await;
        announced.expect("it starts all the same").unwrap();
        child.kill().await.unwrap();
        let mut log = String::new();
        child.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert_eq!(log.contains("VEKHA_PUBLIC_URL"), said, "{variable}={value}: {log}");
    }
}

#[tokio::test]
async fn a_database_that_is_down_at_the_start_is_said_plainly() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let mut command = vekha();
    command
        .arg("serve")
        .env("VEKHA_LISTEN", "127.0.0.1:0")
        .env("VEKHA_SECRETS", "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        .env("VEKHA_DATABASE_URL", format!("postgres://nobody:hush@{free}/vekha"));
    let output = tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("database does not answer"), "{said}");
    assert!(!said.contains("hush"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_clients_are_told_to_come_back_and_then_all_is_well() {
    let target: PgConnectOptions = fresh_postgres().await.parse().unwrap();
    let wire = Wire::lay(0, target.clone()).await;
    let (user, database) = (target.get_username(), target.get_database().unwrap());
    let url = format!("postgres://{user}@127.0.0.1:{}/{database}", wire.port);
    let location = Location::Postgres { url, connections: 5 };
    let server = Served::with(Setup { database: Some(location), ..Setup::default() }).await;
    let anna = server.registers("Анна").await;
    let query = json!({ "query": "{ tasks(first: 1) { totalCount } }" });
    assert!(server.posts(&query, Some(&anna.token)).await.status().is_success());
    assert!(server.get("/health/ready").await.status().is_success());

    let port = wire.cut().await;

    // Each waits as long for a connection.
    let told = async {
        let mut socket = server.socket().await;
        socket.initialises(&anna.token).await;
        socket.closed().await
    };
    let (away, ready, told) =
        tokio::join!(server.posts(&query, Some(&anna.token)), server.get("/health/ready"), told);
    assert_eq!(away.status(), 503);
    let wait: u64 = away.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=10).contains(&wait));
    let answer: Value = away.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(ready.status(), 503);
    assert_eq!(told, Some(1013), "told to come back");
    assert!(server.get("/health/live").await.status().is_success(), "a restart would not help");

    let mended = Instant::now();
    let _wire = Wire::lay(port, target).await;

    while !server.posts(&query, Some(&anna.token)).await.status().is_success()
        || !server.get("/health/ready").await.status().is_success()
    {
        assert!(mended.elapsed() < Duration::from_secs(10), "healed within 10 s");
    }
    server.signed_in_socket(&anna.token).await;
}
