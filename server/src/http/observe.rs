//! A request's id, its line in the log, and its count. Of what was asked only the address is written: no query, no
//! variable, no token.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use tracing::Instrument;

use crate::clock::Random;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from a proxy.
const ID_LENGTH: usize = 64;

/// Puts every request into a span of its own.
pub(super) async fn request(request: Request, next: Next) -> Response {
    let id = id_of(request.headers());
    let route = request.extensions().get::<MatchedPath>().map_or("static", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default(), %method, route);
    let started = Instant::now();
    async {
        let mut response = next.run(request).await;
        let status = response.status();
        let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
        if route == "/graphql" {
            tracing::info!(status = status.as_u16(), milliseconds, "answered");
        } else {
            tracing::debug!(status = status.as_u16(), milliseconds, "answered");
        }
        super::metrics::answered(&route, status);
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
    .instrument(span)
    .await
}

/// The id that a proxy gave the request, if it is one, or a new one.
fn id_of(headers: &HeaderMap) -> HeaderValue {
    let is_sane = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        (1..=ID_LENGTH).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    };
    headers.get(REQUEST_ID).filter(is_sane).cloned().unwrap_or_else(|| {
        let id: String = Random.token().unwrap_or_default().chars().take(16).collect();
        HeaderValue::try_from(id).unwrap_or(HeaderValue::from_static("none"))
    })
}
