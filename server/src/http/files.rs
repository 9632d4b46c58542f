//! The files of the client and of the playground. A release carries them inside; a debug build reads them from `target/`, so
//! that a rebuilt client needs no rebuilt server.

use std::borrow::Cow;

use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::headers::PLAYGROUND_CONTENT_SECURITY_POLICY;

#[derive(RustEmbed)]
#[folder = "../target/web/"]
#[allow_missing = true]
struct Client;

#[derive(RustEmbed)]
#[folder = "../target/playground/"]
#[allow_missing = true]
struct Playground;

const PAGE: &str = "index.html";
/// Files whose name changes with their content.
const HASHED: &str = "assets/";
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, and asked about each time.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");
const NOT_BUILT: &str = "The web client is not built into this server: run `cargo xtask build`.\n";

/// A file of the client, or its page for every address that a person may open.
pub(super) async fn client(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let headers = request.headers();
    if let Some(response) = file::<Client>(path, headers) {
        return response;
    }
    let is_page = path.is_empty() || (!path.starts_with(HASHED) && wants_page(headers));
    if !is_page {
        return StatusCode::NOT_FOUND.into_response();
    }
    file::<Client>(PAGE, headers).unwrap_or_else(|| (StatusCode::NOT_FOUND, NOT_BUILT).into_response())
}

/// The playground, in development mode.
pub(super) async fn playground_page(headers: HeaderMap) -> Response {
    playground(PAGE, &headers)
}

/// A file of the playground.
pub(super) async fn playground_file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    playground(&path, &headers)
}

fn playground(path: &str, headers: &HeaderMap) -> Response {
    let Some(mut response) = file::<Playground>(path, headers) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(PLAYGROUND_CONTENT_SECURITY_POLICY),
    );
    response
}

/// The file in the best form that the client takes, or the word that it has it already.
fn file<Files: RustEmbed>(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.is_empty() || path.ends_with(".br") {
        return None;
    }
    let compressed = Files::get(&format!("{path}.br"));
    let varies = compressed.is_some();
    let (found, encoding) = match compressed.filter(|_| takes_brotli(headers)) {
        Some(found) => (found, Some("br")),
        None => (Files::get(path)?, None),
    };
    let tag = tag(&found, encoding);
    let caching = if path.starts_with(HASHED) { IMMUTABLE } else { REVALIDATED };
    let mut response = if has_already(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = mime_guess::from_path(path).first_or_octet_stream();
        let content_type = match (content_type.type_().as_str(), content_type.subtype().as_str()) {
            ("text", _) | (_, "javascript" | "json") => {
                format!("{}; charset=utf-8", content_type.essence_str())
            }
            _ => content_type.essence_str().to_owned(),
        };
        let mut response = ([(header::CONTENT_TYPE, content_type)], body(found.data)).into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, caching);
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(header::ETAG, tag);
    }
    if varies {
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Some(response)
}

fn body(data: Cow<'static, [u8]>) -> axum::body::Body {
    match data {
        Cow::Borrowed(bytes) => bytes.into(),
        Cow::Owned(bytes) => bytes.into(),
    }
}

/// A strong tag: another encoding is another representation, RFC 9110 section 8.8.3.
fn tag(found: &EmbeddedFile, encoding: Option<&str>) -> String {
    let hash = found.metadata.sha256_hash();
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    match encoding {
        Some(encoding) => format!("\"{hash}-{encoding}\""),
        None => format!("\"{hash}\""),
    }
}

/// `If-None-Match`, RFC 9110 section 13.1.2: weak comparison.
fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let Some(known) = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let Some(accepted) = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |part: &str| {
            part.strip_prefix("q=").is_some_and(|quality| quality.trim_matches(['0', '.']).is_empty())
        };
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br")) && !parts.any(refused)
    })
}

/// Whether a person is looking, as opposed to a script that asks for a file.
fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
