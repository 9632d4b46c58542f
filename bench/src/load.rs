//! Asks over a few connections that stay open, each as soon as it was answered. Own code: what a client of HTTP takes of the
//! processor is taken from the servers, and this takes some ten microseconds a request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The most that an answer may have.
const LARGEST: usize = 1 << 20;

/// A request as it is sent, without its `Host`.
#[derive(Clone)]
pub(crate) struct Request {
    /// As in `GET /list`.
    pub(crate) line: String,
    pub(crate) token: Option<String>,
    /// JSON.
    pub(crate) body: String,
}

impl Request {
    fn bytes(&self, address: SocketAddr) -> Vec<u8> {
        let mut text = format!("{} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\n", self.line);
        if let Some(token) = &self.token {
            text.push_str(&format!("authorization: Bearer {token}\r\n"));
        }
        if !self.body.is_empty() {
            text.push_str("content-type: application/json\r\n");
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{}", self.body.len(), self.body));
        text.into_bytes()
    }
}

/// What has to be true of each answer.
#[derive(Clone)]
pub(crate) enum Expected {
    /// Every answer is this one.
    Body(Arc<Vec<u8>>),
    /// Every answer has this in it.
    Part(&'static str),
}

impl Expected {
    fn check(&self, body: &[u8]) -> Result<()> {
        let is_right = match self {
            Expected::Body(expected) => body == expected.as_slice(),
            Expected::Part(part) => body.windows(part.len()).any(|window| window == part.as_bytes()),
        };
        ensure!(is_right, "not what was expected: {}", String::from_utf8_lossy(body));
        Ok(())
    }
}

/// What came of a turn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) elapsed: Duration,
    /// How long each answer took, in order of length.
    pub(crate) waits: Vec<Duration>,
}

impl Outcome {
    pub(crate) fn a_second(&self) -> f64 {
        self.waits.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// How long half of the answers took at most, in milliseconds.
    pub(crate) fn half(&self) -> f64 {
        self.waits.get(self.waits.len() / 2).map_or(0.0, |wait| wait.as_secs_f64() * 1_000.0)
    }
}

/// The answer to one request.
pub(crate) async fn ask(address: SocketAddr, request: &Request) -> Result<Vec<u8>> {
    let mut connection = Connection::open(address).await?;
    connection.ask(&request.bytes(address)).await?;
    Ok(connection.body)
}

/// Asks these in turn over so many connections for so long.
pub(crate) async fn run(
    address: SocketAddr,
    requests: &[Request],
    expected: &Expected,
    connections: usize,
    duration: Duration,
) -> Result<Outcome> {
    let requests: Arc<Vec<Vec<u8>>> =
        Arc::new(requests.iter().map(|request| request.bytes(address)).collect());
    ensure!(!requests.is_empty(), "nothing to ask");
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..connections {
        let (requests, next, expected) = (Arc::clone(&requests), Arc::clone(&next), expected.clone());
        asking.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut waits = Vec::new();
            while begun.elapsed() < duration {
                let place = next.fetch_add(1, Ordering::Relaxed) % requests.len();
                let request = requests.get(place).context("within the requests")?;
                let asked = Instant::now();
                connection.ask(request).await?;
                waits.push(asked.elapsed());
                expected.check(&connection.body)?;
            }
            anyhow::Ok(waits)
        });
    }
    let mut outcome = Outcome::default();
    while let Some(waits) = asking.join_next().await {
        outcome.waits.append(&mut waits??);
    }
    outcome.elapsed = begun.elapsed();
    outcome.waits.sort_unstable();
    Ok(outcome)
}

struct Connection {
    stream: TcpStream,
    /// Of the last answer.
    body: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, body: Vec::new() })
    }

    /// Sends a request and reads its answer, which has to be a success of a length that is said.
    async fn ask(&mut self, request: &[u8]) -> Result<()> {
        self.stream.write_all(request).await?;
        self.body.clear();
        let head = loop {
            if self.stream.read_buf(&mut self.body).await? == 0 {
                bail!("the connection was closed before an answer");
            }
            if let Some(end) = self.body.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let text = String::from_utf8_lossy(self.body.get(..head).unwrap_or_default()).into_owned();
        ensure!(text.starts_with("HTTP/1.1 200"), "{text}");
        let length = text.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        let length = length.with_context(|| format!("an answer without its length: {text}"))?;
        ensure!(length <= LARGEST, "an answer of {length} bytes");
        self.body.drain(..head);
        while self.body.len() < length {
            if self.stream.read_buf(&mut self.body).await? == 0 {
                bail!("the connection was closed within an answer");
            }
        }
        Ok(())
    }
}
