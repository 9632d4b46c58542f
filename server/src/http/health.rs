//! Whether the process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::Site;

/// A database that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs and takes requests. Asks nothing of the database: a restart would not heal that.
pub(super) async fn live() -> Response {
    no_store(Json(json!({ "status": "live" })).into_response())
}

/// The database answers, the log is followed, and the process is not going down.
pub(super) async fn ready(State(site): State<Arc<Site>>) -> Response {
    let draining = site.draining.is_cancelled();
    let database = matches!(tokio::time::timeout(PATIENCE, site.app.db.ping()).await, Ok(Ok(())));
    let log = site.app.hub.is_followed();
    let ready = database && log && !draining;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = json!({
        "status": if ready { "ready" } else { "not ready" },
        "database": database,
        "log": log,
        "draining": draining,
    });
    no_store((status, Json(body)).into_response())
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
