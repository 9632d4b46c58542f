//! The playground, `GraphiQL`, which development mode alone serves. Its page is another one each time, since the style sheet that
//! `GraphiQL` adds to it is let in by a nonce.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use super::{Site, files};

#[derive(RustEmbed)]
#[folder = "../target/playground/"]
#[allow_missing = true]
struct Playground;

const PAGE: &str = include_str!("../../playground/index.html");
/// Where the page has its nonce.
const NONCE: &str = "{nonce}";

/// The page, which nobody keeps: its nonce is for one answer.
pub(super) async fn page(State(site): State<Arc<Site>>) -> Response {
    match written(&site) {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(error = %format_args!("{error:#}"), "the playground cannot be given");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn written(site: &Site) -> anyhow::Result<Response> {
    let nonce = site.app.random.token()?;
    let mut response = Html(PAGE.replace(NONCE, &nonce)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy(&nonce))?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GraphiQL` keeps icons and fonts in data addresses. The hashes are of `width: 10em` and `color: #888`, attributes of its
/// editor's dialogs.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-hashes' \
         'sha256-H22cvujYHDQPJvzf4ie16OHKC3HsNj7RmRT3jO07Y/U=' 'sha256-Eaamrrh0b5a/naRsV/zg7s6+kGvexMXZQARWP6ukkg4='; \
         img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; object-src 'none'; \
         frame-ancestors 'none'"
    )
}

/// A file that the page asks for.
pub(super) async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    files::file::<Playground>(&path, &headers).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}
