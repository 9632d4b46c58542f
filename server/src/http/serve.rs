//! The loop that accepts connections, and how it ends. `axum::serve` keeps a half-sent header open for over a minute, so
//! connections are served by hyper with a timeout for headers.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use url::Url;

use super::address::Peer;
use super::{Limits, Site, router};
use crate::app::App;
use crate::config::Config;
use crate::graphql::Schema;

/// Most bytes of one request's headers.
const HEADER_BYTES: usize = 16 * 1024;
/// How long a new connection is waited for once the process goes down: its request may be on its way.
const FIRST_REQUEST: Duration = Duration::from_secs(1);
/// How long to wait before accepting again when the machine has no descriptors left.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// Listens, and fills in the public address where none is configured, now that the port is known.
///
/// # Errors
/// The address is taken or is not this machine's.
pub async fn bind(config: &mut Config) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(config.listen).await?;
    config.listen = listener.local_addr()?;
    if config.public_url.is_none() {
        config.public_url = Url::parse(&format!("http://{}", config.listen)).ok();
    }
    Ok(listener)
}

/// Serves until `stop`, then lets no one in, closes sockets with 1012 and waits for the requests under way, at most
/// `limits.drain`. Returns whether all of them ended in that time.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    schema: Schema,
    limits: Limits,
    stop: CancellationToken,
) -> bool {
    super::metrics::install();
    let site = Site::new(app, schema, limits);
    let router = router(&site);
    let connections = TaskTracker::new();
    let serve_one = |(stream, peer)| {
        connections.spawn(connection(stream, peer, router.clone(), limits, site.draining.clone()));
    };
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok(accepted) => serve_one(accepted),
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(EXHAUSTED).await;
            }
        }
    }
    waiting(listener).for_each(serve_one);
    drain(&site, &connections).await
}

/// Those that were let in by the kernel and not yet by this process: with the listener they would be cut off, after a proxy has
/// sent them a request that it must not send twice. The listener is gone when all of them have been taken.
fn waiting(listener: TcpListener) -> impl Iterator<Item = (TcpStream, SocketAddr)> {
    let listener = listener.into_std().ok();
    std::iter::from_fn(move || {
        let (stream, peer) = listener.as_ref()?.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, peer))
    })
}

async fn drain(site: &Site, connections: &TaskTracker) -> bool {
    tracing::info!(
        connections = connections.len(),
        sockets = site.sockets.len(),
        "going down: waiting for what is under way"
    );
    site.draining.cancel();
    site.app.hub.drain();
    connections.close();
    site.sockets.close();
    let ended = async {
        connections.wait().await;
        site.sockets.wait().await;
    };
    tokio::time::timeout(site.limits.drain, ended).await.is_ok()
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    draining: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small messages may be delayed");
    }
    let asked = CancellationToken::new();
    let first = asked.clone();
    let service = router.map_request(move |mut request: hyper::Request<hyper::body::Incoming>| {
        first.cancel();
        request.extensions_mut().insert(Peer(peer));
        request.map(axum::body::Body::new)
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_header_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut served = pin!(served);
    // hyper closes a connection that has asked nothing yet; a proxy must not send elsewhere what it has sent here.
    let last_moment = async {
        draining.cancelled().await;
        let _ = tokio::time::timeout(FIRST_REQUEST, asked.cancelled()).await;
    };
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = last_moment => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Errors of a peer that went away before it was accepted, as opposed to the server's own.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}
