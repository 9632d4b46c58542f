//! What the process counts, for Prometheus. Labels are from closed sets: nothing that a client writes becomes one.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{OperationType, TypeKind, TypeSystemDefinition};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sea_orm::DatabaseBackend;
use sha2::{Digest, Sha256};

use super::Site;
use crate::graphql::Schema;
use crate::graphql::gate::Admitted;

/// Upper bounds of latency in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Makes the recorder of this process, once.
pub(super) fn install() {
    RECORDER.get_or_init(|| {
        let builder =
            PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS);
        match builder.map(PrometheusBuilder::install_recorder) {
            Ok(Ok(handle)) => Some(handle),
            Ok(Err(error)) | Err(error) => {
                tracing::error!(%error, "nothing is counted");
                None
            }
        }
    });
}

/// The root fields of the schema: the only names that operations are counted under.
#[derive(Debug)]
pub(super) struct Operations {
    names: HashSet<String>,
}

impl Operations {
    pub(super) fn of(schema: &Schema) -> Self {
        let definitions = parse_schema(schema.sdl()).map(|document| document.definitions).unwrap_or_default();
        let mut names = HashSet::new();
        for definition in definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            if !matches!(definition.node.name.node.as_str(), "Query" | "Mutation" | "Subscription") {
                continue;
            }
            let TypeKind::Object(object) = definition.node.kind else { continue };
            names.extend(object.fields.into_iter().map(|field| field.node.name.node.to_string()));
        }
        Operations { names }
    }

    /// The first root field of the document, if the schema has it.
    pub(super) fn label(&self, admitted: &Admitted) -> Operation {
        let name = admitted.root.as_ref().and_then(|root| self.names.get(root.as_str()));
        let kind = match admitted.kind {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "none",
        };
        Operation { kind, name: name.cloned().unwrap_or_else(|| "other".to_owned()) }
    }
}

/// What an operation is counted under.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    kind: &'static str,
    name: String,
}

impl Operation {
    /// Counts an execution that began then.
    pub(super) fn executed(&self, began: Instant, failed: bool) {
        let labels = [
            ("kind", self.kind.to_owned()),
            ("operation", self.name.clone()),
            ("outcome", if failed { "errors" } else { "ok" }.to_owned()),
        ];
        metrics::histogram!("vekha_operation_duration_seconds", &labels)
            .record(began.elapsed().as_secs_f64());
    }

    /// Counts a message of a subscription.
    pub(super) fn delivered(&self) {
        metrics::counter!("vekha_deliveries_total", "operation" => self.name.clone()).increment(1);
    }
}

/// Counts a response.
pub(super) fn answered(route: &str, status: StatusCode) {
    metrics::counter!("vekha_requests_total", "route" => route.to_owned(), "status" => status.as_str().to_owned())
        .increment(1);
}

/// Counts a document that the gate refused.
pub(super) fn refused(code: &'static str) {
    metrics::counter!("vekha_refused_documents_total", "code" => code).increment(1);
}

/// Counts an execution whose time was over.
pub(super) fn given_up() {
    metrics::counter!("vekha_executions_given_up_total").increment(1);
}

/// Counts a socket that the server closed, by its code.
pub(super) fn closed(code: u16) {
    metrics::counter!("vekha_sockets_closed_total", "code" => code.to_string()).increment(1);
}

/// The figures, for who knows the token. Where a request comes from is no reason: a proxy on this machine that does not say for whom it asks
/// would open them to all its visitors.
pub(super) async fn scrape(State(site): State<Arc<Site>>, request: Request) -> Response {
    if !may_read(&site, &request) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let Some(Some(recorder)) = RECORDER.get() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    metrics::gauge!("vekha_connections").set(count(site.connections.len()));
    metrics::gauge!("vekha_sockets").set(count(site.sockets.len()));
    metrics::gauge!("vekha_signed_in_sockets").set(count(site.app.hub.connections()));
    let (open, idle) = pool(&site);
    metrics::gauge!("vekha_database_connections", "state" => "busy").set(count(open.saturating_sub(idle)));
    metrics::gauge!("vekha_database_connections", "state" => "idle").set(count(idle));
    recorder.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render()).into_response()
}

/// Whether whoever asks may know how the process does.
pub(super) fn may_read(site: &Site, request: &Request) -> bool {
    let token = site.app.config.metrics_token.as_ref();
    token
        .zip(bearer(request.headers()))
        .is_some_and(|(token, given)| Sha256::digest(token) == Sha256::digest(given))
}

/// The token of an `Authorization` header.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Connections of the database pool: open, and of these idle.
fn pool(site: &Site) -> (usize, usize) {
    let db = &site.app.db;
    match db.postgres_pool() {
        Some(pool) => (usize::try_from(pool.size()).unwrap_or_default(), pool.num_idle()),
        None if db.backend() == DatabaseBackend::Sqlite => {
            let pool = db.reads().get_sqlite_connection_pool();
            (usize::try_from(pool.size()).unwrap_or_default(), pool.num_idle())
        }
        None => (0, 0),
    }
}

fn count(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
