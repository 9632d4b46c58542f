//! The loop that accepts connections, and how it ends. `axum::serve` keeps a half-sent header open for over a minute, so
//! connections are served by hyper with a timeout for headers.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use url::Url;

use super::address::Peer;
use super::connections::Connection;
use super::taken::Taken;
use super::{Limits, Site, router};
use crate::app::App;
use crate::config::Config;
use crate::graphql::Schema;

/// Most bytes of one request's headers.
const HEADER_BYTES: usize = 16 * 1024;
/// How long a new connection is waited for once the process goes down: its request may be on its way.
const FIRST_REQUEST: Duration = Duration::from_secs(1);
/// What the kernel keeps of an answer for a peer that has not taken it, in bytes; it takes twice as much for itself. Small, so that whether a
/// peer takes anything is seen soon, and that many who take nothing cost little; enough for 1 MB a second on the way around the world.
const SEND_BUFFER: u32 = 128 * 1024;
/// Connections that the kernel lets in before they are accepted.
const BACKLOG: u32 = 1_024;
/// How long to wait before accepting again when the machine has no descriptors left.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// Listens, and fills in the public address where none is configured, now that the port is known.
///
/// # Errors
/// The address is taken or is not this machine's.
pub async fn bind(config: &mut Config) -> io::Result<TcpListener> {
    let socket = if config.listen.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // Connections inherit it.
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(config.listen)?;
    let listener = socket.listen(BACKLOG)?;
    config.listen = listener.local_addr()?;
    // An address that stands for all of them leads nowhere: links are relative then.
    if config.public_url.is_none() && !config.listen.ip().is_unspecified() {
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
    let serve_one = |(stream, peer): (TcpStream, SocketAddr)| {
        let address = peer.ip().to_canonical();
        let is_proxy = site.app.config.trusted_proxies.contain(address);
        let Some(counted) = site.connections.admit(address, is_proxy) else {
            metrics::counter!("vekha_connections_refused_total").increment(1);
            return;
        };
        let incoming = Incoming { stream, peer, counted };
        connections.spawn(connection(incoming, router.clone(), limits, site.draining.clone()));
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

/// A connection that was accepted.
struct Incoming {
    stream: TcpStream,
    peer: SocketAddr,
    counted: Connection,
}

async fn connection(incoming: Incoming, router: Router, limits: Limits, draining: CancellationToken) {
    let Incoming { stream, peer, counted } = incoming;
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small messages may be delayed");
    }
    let hold = counted.hold();
    let asked = CancellationToken::new();
    let first = asked.clone();
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        first.cancel();
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(hold.clone());
        let (router, hold) = (router.clone(), hold.clone());
        async move {
            hold.take();
            let answer = router.oneshot(request.map(axum::body::Body::new)).await;
            hold.release();
            answer
        }
    });
    let stream = Taken::new(stream, counted, limits.answer, end_at_once);
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_header_size(HEADER_BYTES)
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(stream), service)
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

/// What the peer has not taken is thrown away when the stream is dropped, and costs the kernel nothing more.
fn end_at_once(stream: &TcpStream) {
    if let Err(error) = stream.set_zero_linger() {
        tracing::debug!(%error, "a connection that is given up lingers");
    }
}

/// Errors of a peer that went away before it was accepted, as opposed to the server's own.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}
