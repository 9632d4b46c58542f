//! GraphQL over HTTP, by its specification <https://graphql.github.io/graphql-over-http/draft/>: POST of JSON, GET for queries
//! alone, no batches. `async-graphql-axum` executes mutations sent by GET, as text or as a form, so
//! requests are read by [`super::parameters`]; what was executed leaves through it. See ADR 0005.

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
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value};

use super::accept::{MediaType, negotiate};
use super::executions::refused;
use super::parameters::{Parameters, bad_request, from_query, posted};
use super::{Site, answer, asker, metrics, socket};
use crate::error::{Error, ErrorCode};
use crate::graphql::context::Asker;
use crate::graphql::gate::{self, Admitted, Rejection};

const ALLOW: HeaderValue = HeaderValue::from_static("GET, POST");
const ALLOW_POST: HeaderValue = HeaderValue::from_static("POST");

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
            Err(unread) => return unread.answer(media_type),
        },
        Method::POST => match posted(&site, &parts, request_body).await {
            Ok(parameters) => parameters,
            Err(unread) => return unread.answer(media_type),
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
                let asker = asker::of_request(&site.app, &parts.extensions, &parts.headers).await;
                match asker.and_then(|asker| pay(site, &asker, &admitted).map(|()| asker)) {
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

/// Takes what the document changes out of what the person may change in this time.
pub(super) fn pay(site: &Site, asker: &Asker, admitted: &Admitted) -> Result<(), Error> {
    let Some(viewer) = &asker.viewer else { return Ok(()) };
    site.app.throttles.changes(viewer.id, admitted.changes, site.app.clock.now())
}

fn with_allow(mut response: Response, methods: HeaderValue) -> Response {
    response.headers_mut().insert(header::ALLOW, methods);
    response
}
