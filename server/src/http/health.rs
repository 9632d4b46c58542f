//! Whether the process lives, and whether it can serve.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Site, metrics};
use crate::log::hub::Stall;

/// A database that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs and takes requests. Asks nothing of the database: a restart would not heal that.
pub(super) async fn live() -> Response {
    no_store(Json(json!({ "status": "live" })).into_response())
}

/// The database answers and takes what is written, the log is followed, and the process is not going down. Without its engine search is
/// degraded, and the process serves all the same; so it does while another of its parts has ended and is begun again, which is named.
///
/// A log that stands still (`"stalled"`) is no reason either: lists and changes go on, and another process would wait as well. Who
/// holds it back is told to whoever may read the metrics.
pub(super) async fn ready(State(site): State<Arc<Site>>, request: Request) -> Response {
    let draining = site.draining.is_cancelled();
    let database = matches!(tokio::time::timeout(PATIENCE, site.app.db.ping()).await, Ok(Ok(())));
    let writes = !site.app.db.writable().is_refused();
    let log = site.app.follows_log();
    let stall = site.app.hub.stall().filter(|_| log);
    let ready = database && writes && log && !draining;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let named = stall.as_ref().filter(|_| metrics::may_read(&site, &request)).map(named);
    let body = json!({
        "status": if ready { "ready" } else { "not ready" },
        "database": database,
        "writes": writes,
        "log": if stall.is_some() { json!("stalled") } else { json!(log) },
        "stall": named,
        "ended": site.app.parts.ended(),
        "search": if site.app.search.is_answering() { "ready" } else { "degraded" },
        "draining": draining,
    });
    no_store((status, Json(body)).into_response())
}

/// For how long the log has stood still, and whom it waits for.
fn named(stall: &Stall) -> Value {
    let transaction = stall.open.as_ref().map(|open| {
        json!({
            "pid": open.pid,
            "database": open.database,
            "user": open.person,
            "application": open.application,
            "openSeconds": open.seconds,
        })
    });
    json!({ "waitedSeconds": stall.waited.as_secs(), "transaction": transaction })
}

/// Asks the process that listens there whether it can serve, for what watches over it and has no HTTP client of its own.
///
/// # Errors
/// Nothing listens there, or it does not answer in time.
pub async fn ask(listen: SocketAddr) -> io::Result<bool> {
    let asked = async {
        let address = reachable(listen);
        let mut stream = TcpStream::connect(address).await?;
        let request = format!("GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(answer.starts_with(b"HTTP/1.1 200 "))
    };
    tokio::time::timeout(PATIENCE.saturating_mul(2), asked).await.map_err(io::Error::from)?
}

/// An address at which this machine reaches what listens on all of its addresses.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        address @ (IpAddr::V4(_) | IpAddr::V6(_)) => address,
    };
    SocketAddr::new(address, listen.port())
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
