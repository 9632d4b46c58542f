//! How the world reaches Vekha: addresses, GraphQL over HTTP and WebSocket, the embedded client, health and metrics. Decides
//! nothing about tasks and people: it carries requests to the schema and answers back, within limits.

mod accept;
mod address;
mod answer;
mod asker;
mod body;
mod connections;
mod download;
mod executions;
mod files;
mod forwarded;
mod graphql;
mod headers;
mod health;
mod host;
mod limits;
mod metrics;
mod observe;
mod open_files;
mod origin;
mod parameters;
mod playground;
mod serve;
mod socket;
mod taken;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;

use crate::app::App;
use crate::config::Mode;
use crate::graphql::Schema;
use crate::graphql::nodes::NodeCount;

pub use health::ask as ask_health;
pub use limits::{AskingLimits, ExecutionLimits, Limits, Pace, SocketLimits};
pub use open_files::connections as connections_allowed;
pub use serve::{bind, serve};
pub use socket::close::Close;

/// What every request handler of a process shares.
struct Site {
    app: Arc<App>,
    schema: Schema,
    limits: Limits,
    origins: origin::Origins,
    operations: metrics::Operations,
    nodes: NodeCount,
    executions: Arc<executions::Executions>,
    /// Cancelled when the process goes down: sockets close, readiness ends.
    draining: CancellationToken,
    /// Connections, within their bounds.
    connections: Arc<connections::Connections>,
    /// Open sockets, so that going down can wait for them.
    sockets: TaskTracker,
}

impl Site {
    fn new(app: Arc<App>, schema: Schema, limits: Limits) -> Arc<Self> {
        Arc::new(Site {
            origins: origin::Origins::of(&app.config),
            operations: metrics::Operations::of(&schema),
            nodes: NodeCount::of(&schema.sdl()),
            executions: executions::Executions::new(limits.execution),
            draining: CancellationToken::new(),
            connections: connections::Connections::new(limits.connections),
            sockets: TaskTracker::new(),
            app,
            schema,
            limits,
        })
    }

    fn development(&self) -> bool {
        self.app.config.mode == Mode::Development
    }
}

/// Answers shorter than this are sent as they are. Bytes: a packet or two. What the client is given a token by is among them, so a token is
/// not compressed together with what somebody else may have chosen (<https://www.breachattack.com>).
const COMPRESSED_FROM: u16 = 2_048;

/// A page of a list is a tenth of its size when it is compressed, which a slow line notices and a processor hardly does.
fn compression() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(COMPRESSED_FROM))
}

/// Every address, and what is put around each of them.
fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new()
        .route("/graphql", any(graphql::handle).layer(compression()))
        .route("/download/{token}", get(download::table))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(metrics::scrape));
    if site.development() {
        router = router
            .route("/playground", get(playground::page))
            .route("/playground/{*path}", get(playground::file));
    }
    router
        .fallback(files::client)
        .layer(from_fn_with_state(Arc::clone(site), origin::own_pages_alone))
        .layer(from_fn(host::said_once))
        .layer(from_fn_with_state(Arc::clone(site), headers::secure))
        .layer(from_fn(observe::request))
        .with_state(Arc::clone(site))
}
