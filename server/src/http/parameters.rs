//! What a client asks, as GraphQL over HTTP sends it: a POST of JSON, or the query string of a GET. Whether it may ask that is not
//! decided here.

use std::sync::Arc;

use async_graphql::{Response as GraphqlResponse, ServerError};
use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::accept::{self, MediaType};
use super::body::{self, BodyError};
use super::{Site, answer, asker};
use crate::error::ErrorCode;
use crate::text;

/// What a client sends, over HTTP and within `subscribe` over WebSocket.
#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    pub(super) query: String,
    #[serde(rename = "operationName", default)]
    pub(super) operation_name: Option<String>,
    #[serde(default)]
    pub(super) variables: Option<Map<String, Value>>,
    /// Read, so that its form is checked; nothing uses it.
    #[serde(default, rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

/// Why there are no parameters.
#[derive(Debug)]
pub(super) enum Unread {
    Bad(StatusCode, String),
    /// Only the hash of a document that others have kept (`extensions.persistedQuery`). None is kept here, and the client, told so,
    /// sends the document itself.
    Persisted,
}

/// What of a request says that its document is to be known by its hash.
#[derive(Deserialize)]
struct Persisted {
    #[serde(default)]
    query: Option<String>,
    #[serde(rename = "extensions")]
    _extensions: PersistedExtensions,
}

#[derive(Deserialize)]
struct PersistedExtensions {
    #[serde(rename = "persistedQuery")]
    _hash: Map<String, Value>,
}

impl Unread {
    pub(super) fn answer(self, media_type: MediaType) -> Response {
        match self {
            Unread::Bad(status, message) => bad_request(status, media_type, message),
            Unread::Persisted => {
                let mut error = ServerError::new("PersistedQueryNotSupported", None);
                error.extensions.get_or_insert_default().set("code", "PERSISTED_QUERY_NOT_SUPPORTED");
                answer::executed(GraphqlResponse::from_errors(vec![error]), media_type)
            }
        }
    }
}

fn bad(message: impl Into<String>) -> Unread {
    Unread::Bad(StatusCode::BAD_REQUEST, message.into())
}

/// The parameters of a POST.
pub(super) async fn posted(
    site: &Arc<Site>,
    parts: &Parts,
    request_body: Body,
) -> Result<Parameters, Unread> {
    if !is_json(&parts.headers) {
        let message = "Content-Type must be application/json in UTF-8.".to_owned();
        return Err(Unread::Bad(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let bytes = body::read(request_body, &parts.headers, &site.limits).await.map_err(|error| {
        let message = match error {
            // Whoever wrote too much is told in their words.
            BodyError::TooLarge(_) => {
                text::too_much(asker::anonymous(&site.app, &parts.extensions, &parts.headers).locale)
            }
            BodyError::TooSlow | BodyError::Broken => error.to_string(),
        };
        Unread::Bad(error.status(), message)
    })?;
    match bytes.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(&bytes).map_err(|error| {
            // Whatever it is, it is no request with a document.
            if is_persisted(&bytes) { Unread::Persisted } else { bad(error.to_string()) }
        }),
        Some(b'[') => Err(bad("Batches are not accepted: send one request at a time.")),
        Some(_) => Err(bad("The request body must be a JSON object.")),
        None => Err(bad("The request body is missing.")),
    }
}

/// The parameters of a GET; maps are JSON within the query string.
pub(super) fn from_query(query: &str) -> Result<Parameters, Unread> {
    let mut parameters = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = match name.as_ref() {
            "query" | "operationName" => Value::String(value.into_owned()),
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|error| bad(format!("{name}: {error}")))?
            }
            _ => continue,
        };
        if parameters.insert(name.to_string(), value).is_some() {
            return Err(bad(format!("{name} is given twice.")));
        }
    }
    let parameters = Value::Object(parameters);
    if Persisted::deserialize(&parameters).is_ok_and(|persisted| persisted.query.is_none()) {
        return Err(Unread::Persisted);
    }
    serde_json::from_value(parameters).map_err(|error| bad(error.to_string()))
}

fn is_persisted(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Persisted>(bytes).is_ok_and(|persisted| persisted.query.is_none())
}

/// `application/json`, with no charset or the only one that JSON has.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts
            .filter_map(|part| part.split_once('='))
            .all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || accept::is_utf8(value))
}

/// A refusal of the request itself.
pub(super) fn bad_request(status: StatusCode, media_type: MediaType, message: impl Into<String>) -> Response {
    let mut response = answer::refused(status, media_type, ErrorCode::BadUserInput, message);
    if status == StatusCode::REQUEST_TIMEOUT {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
