//! GraphQL over HTTP, by its specification <https://graphql.github.io/graphql-over-http/draft/>: POST of JSON, GET for queries
//! alone, no batches. `async-graphql-axum` executes mutations sent by GET, as text or as a form, so
//! requests are read here; what was executed leaves through it. See ADR 0005.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use async_graphql::{Data, Response as GraphqlResponse, ServerError, Variables};
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::accept::{self, MediaType, negotiate};
use super::body::{self, BodyError};
use super::executions::refused;
use super::{Site, answer, asker, metrics, socket};
use crate::error::{Error, ErrorCode};
use crate::graphql::context::Asker;
use crate::graphql::gate::{self, Admitted, Rejection};
use crate::text;

const ALLOW: HeaderValue = HeaderValue::from_static("GET, POST");
const ALLOW_POST: HeaderValue = HeaderValue::from_static("POST");

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

/// One address: requests and upgrades.
pub(super) async fn handle(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (mut parts, request_body) = request.into_parts();
    if parts.method == Method::GET && parts.headers.contains_key(header::SEC_WEBSOCKET_KEY) {
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => socket::upgrade(&site, &parts, upgrade),
            Err(rejection) => axum::response::IntoResponse::into_response(rejection),
        };
    }
    let Some(media_type) = negotiate(&parts.headers) else {
        let message = "Accept must allow application/graphql-response+json or application/json.";
        return bad_request(StatusCode::NOT_ACCEPTABLE, MediaType::Json, message);
    };
    let parameters = match parts.method {
        Method::GET => match from_query(parts.uri.query().unwrap_or_default()) {
            Ok(parameters) => parameters,
            Err(message) => return bad_request(StatusCode::BAD_REQUEST, media_type, message),
        },
        Method::POST => match posted(&site, &parts, request_body).await {
            Ok(parameters) => parameters,
            Err((status, message)) => return bad_request(status, media_type, message),
        },
        _ => {
            let message = "GraphQL is asked by POST, and by GET for queries.";
            return with_allow(bad_request(StatusCode::METHOD_NOT_ALLOWED, media_type, message), ALLOW);
        }
    };
    answer_to(&site, &parts, parameters, media_type).await
}

async fn answer_to(
    site: &Arc<Site>,
    parts: &Parts,
    parameters: Parameters,
    media_type: MediaType,
) -> Response {
    let began = Instant::now();
    let admitted = match admit(site, &parameters) {
        Ok(admitted) => admitted,
        Err(error) => return answer::executed(GraphqlResponse::from_errors(vec![error]), media_type),
    };
    let is_query = matches!(admitted.kind, Some(OperationType::Query) | None);
    if parts.method == Method::GET && !is_query {
        let message = "GET is for queries alone; send this by POST.";
        return with_allow(bad_request(StatusCode::METHOD_NOT_ALLOWED, media_type, message), ALLOW_POST);
    }
    if admitted.kind == Some(OperationType::Subscription) {
        let message =
            "Subscriptions are served over WebSocket, protocol graphql-transport-ws, at this address.";
        let error = answer::error(ErrorCode::BadUserInput, message);
        return answer::executed(GraphqlResponse::from_errors(vec![error]), media_type);
    }
    let operation = site.operations.label(&admitted);
    let locale = asker::anonymous(&site.app, &parts.extensions, &parts.headers).locale;
    let asking = asker::asking(&site.app, &parts.extensions, &parts.headers);
    let response = match site.executions.turn(asking, admitted.nodes).await {
        Ok(turn) => {
            let answering = async {
                match asker::of_request(&site.app, &parts.extensions, &parts.headers).await {
                    Ok(asker) => {
                        let mut data = Data::default();
                        data.insert(asker);
                        execute(site, parameters, admitted, Arc::new(data)).next().await.unwrap_or_default()
                    }
                    Err(error) => refused(error, Some(locale)),
                }
            };
            turn.run(&site.app.db, locale, answering).await
        }
        Err(error) => refused(error, Some(locale)),
    };
    operation.executed(began, response.is_err());
    answer::executed(response, media_type)
}

/// Holds the query to the limits of the gate. Its values are held to their types when it is executed, before anything runs:
/// see [`crate::graphql::coercion`].
pub(super) fn admit(site: &Site, parameters: &Parameters) -> Result<Admitted, ServerError> {
    within_limits(site, parameters).map_err(|rejection| {
        metrics::refused(rejection.code().name());
        ServerError::from(rejection)
    })
}

fn within_limits(site: &Site, parameters: &Parameters) -> Result<Admitted, Rejection> {
    let name = parameters.operation_name.as_deref();
    let mut admitted = gate::admit(&parameters.query, name, site.development())?;
    if let Some(operation) = gate::chosen(&admitted.document, name) {
        let none = Map::new();
        let variables = parameters.variables.as_ref().unwrap_or(&none);
        admitted.nodes = site.nodes.admit(&admitted.document, operation, variables)?;
    }
    Ok(admitted)
}

/// Executes what was admitted; one response, or those of a subscription. A panic is an error like any other.
pub(super) fn execute(
    site: &Site,
    parameters: Parameters,
    admitted: Admitted,
    data: Arc<Data>,
) -> BoxStream<'static, GraphqlResponse> {
    let locale = data.get(&std::any::TypeId::of::<Asker>());
    let locale = locale.and_then(|asker| asker.downcast_ref::<Asker>()).map(|asker| asker.locale);
    let mut request = async_graphql::Request::new(parameters.query);
    request.operation_name = parameters.operation_name;
    let variables = Value::Object(parameters.variables.unwrap_or_default());
    request.variables = Variables::from_json(variables);
    request.set_parsed_query(admitted.document);
    let responses = site.schema.execute_stream_with_session_data(request, data);
    AssertUnwindSafe(responses)
        .catch_unwind()
        .map(move |response| {
            response.unwrap_or_else(|_| refused(Error::internal("a resolver panicked"), locale))
        })
        .boxed()
}

/// The parameters of a POST, or the status and the reason why there are none.
async fn posted(
    site: &Site,
    parts: &Parts,
    request_body: axum::body::Body,
) -> Result<Parameters, (StatusCode, String)> {
    if !is_json(&parts.headers) {
        let message = "Content-Type must be application/json in UTF-8.".to_owned();
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    }
    let bytes = body::read(request_body, &parts.headers, &site.limits).await.map_err(|error| {
        let message = match error {
            // Whoever wrote too much is told in their words.
            BodyError::TooLarge(_) => {
                text::too_much(asker::anonymous(&site.app, &parts.extensions, &parts.headers).locale)
            }
            BodyError::TooSlow | BodyError::Broken => error.to_string(),
        };
        (error.status(), message)
    })?;
    let bad = |message: String| (StatusCode::BAD_REQUEST, message);
    match bytes.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string())),
        Some(b'[') => Err(bad("Batches are not accepted: send one request at a time.".to_owned())),
        Some(_) => Err(bad("The request body must be a JSON object.".to_owned())),
        None => Err(bad("The request body is missing.".to_owned())),
    }
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

/// The parameters of a GET; maps are JSON within the query string.
fn from_query(query: &str) -> Result<Parameters, String> {
    let mut parameters = Map::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = match name.as_ref() {
            "query" | "operationName" => Value::String(value.into_owned()),
            "variables" | "extensions" => {
                serde_json::from_str(&value).map_err(|error| format!("{name}: {error}"))?
            }
            _ => continue,
        };
        if parameters.insert(name.to_string(), value).is_some() {
            return Err(format!("{name} is given twice."));
        }
    }
    serde_json::from_value(Value::Object(parameters)).map_err(|error| error.to_string())
}

fn bad_request(status: StatusCode, media_type: MediaType, message: impl Into<String>) -> Response {
    let mut response = answer::refused(status, media_type, ErrorCode::BadUserInput, message);
    if status == StatusCode::REQUEST_TIMEOUT {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn with_allow(mut response: Response, methods: HeaderValue) -> Response {
    response.headers_mut().insert(header::ALLOW, methods);
    response
}
