//! How an executed request leaves: status, headers and body, as GraphQL over HTTP says.

use async_graphql::{Response as GraphqlResponse, ServerError, Value};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::accept::MediaType;
use crate::error::ErrorCode;

/// When to come back after UNAVAILABLE, in seconds.
const RETRY_AFTER: &str = "2";

/// The body of an answer. A request that was not executed has no `data`, one whose root failed has null.
#[derive(Debug, Serialize)]
pub(super) struct Body<'r> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'r [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'r Value>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'r std::collections::BTreeMap<String, Value>,
}

impl<'r> Body<'r> {
    pub(super) fn of(response: &'r GraphqlResponse) -> Self {
        let data = (!is_request_error(response)).then_some(&response.data);
        Body { errors: &response.errors, data, extensions: &response.extensions }
    }
}

/// Whether the request was refused before it was executed: execution errors have a path, those of requests have none.
pub(super) fn is_request_error(response: &GraphqlResponse) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Whether any error of the response has this code.
pub(super) fn has_code(response: &GraphqlResponse, code: ErrorCode) -> bool {
    let name = Value::from(code.name());
    response
        .errors
        .iter()
        .filter_map(|error| error.extensions.as_ref())
        .any(|extensions| extensions.get("code") == Some(&name))
}

/// The answer to a well-formed request.
pub(super) fn executed(mut response: GraphqlResponse, media_type: MediaType) -> Response {
    let unavailable = has_code(&response, ErrorCode::Unavailable);
    let internal = is_request_error(&response) && has_code(&response, ErrorCode::Internal);
    let status = match media_type {
        _ if unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ if internal => StatusCode::INTERNAL_SERVER_ERROR,
        MediaType::GraphqlResponse if is_request_error(&response) => StatusCode::BAD_REQUEST,
        MediaType::GraphqlResponse | MediaType::Json => StatusCode::OK,
    };
    let headers = std::mem::take(&mut response.http_headers);
    let mut answer = with_body(status, media_type, &response);
    answer.headers_mut().extend(headers);
    if unavailable {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    }
    answer
}

/// The answer to what is not a request at all, or not one for this method: the status speaks in both media types.
pub(super) fn refused(
    status: StatusCode,
    media_type: MediaType,
    code: ErrorCode,
    message: impl Into<String>,
) -> Response {
    with_body(status, media_type, &GraphqlResponse::from_errors(vec![error(code, message)]))
}

/// An error of the edge itself.
pub(super) fn error(code: ErrorCode, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code.name());
    error
}

fn with_body(status: StatusCode, media_type: MediaType, response: &GraphqlResponse) -> Response {
    match serde_json::to_vec(&Body::of(response)) {
        Ok(body) => {
            let content_type = (header::CONTENT_TYPE, HeaderValue::from_static(media_type.content_type()));
            let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            (status, [content_type, no_store], body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    fn failed_at(path: Vec<PathSegment>, code: ErrorCode) -> GraphqlResponse {
        GraphqlResponse::from_errors(vec![error(code, "no").with_path(path)])
    }

    fn body(response: &GraphqlResponse) -> serde_json::Value {
        serde_json::to_value(Body::of(response)).unwrap()
    }

    #[test]
    fn a_request_that_was_not_executed_has_no_data() {
        let refused = failed_at(vec![], ErrorCode::TooComplex);
        assert!(body(&refused).get("data").is_none());
        assert_eq!(executed(refused, MediaType::GraphqlResponse).status(), 400);
        assert_eq!(executed(failed_at(vec![], ErrorCode::TooComplex), MediaType::Json).status(), 200);
    }

    #[test]
    fn a_root_that_failed_is_null_and_the_request_was_executed() {
        let failed = || failed_at(vec![PathSegment::Field("tasks".into())], ErrorCode::Unauthenticated);
        assert_eq!(body(&failed())["data"], serde_json::Value::Null);
        assert!(body(&failed()).get("data").is_some());
        assert_eq!(executed(failed(), MediaType::GraphqlResponse).status(), 200);
    }

    #[test]
    fn unavailable_asks_to_come_back() {
        for media_type in [MediaType::GraphqlResponse, MediaType::Json] {
            let failed = failed_at(vec![PathSegment::Field("tasks".into())], ErrorCode::Unavailable);
            let answer = executed(failed, media_type);
            assert_eq!(answer.status(), 503);
            assert_eq!(answer.headers()[header::RETRY_AFTER], RETRY_AFTER);
        }
    }

    #[test]
    fn headers_of_resolvers_go_out() {
        let mut response = GraphqlResponse::default();
        response.http_headers.append(header::SET_COOKIE, HeaderValue::from_static("a=1"));
        response.http_headers.append(header::SET_COOKIE, HeaderValue::from_static("b=2"));
        let answer = executed(response, MediaType::Json);
        assert_eq!(answer.headers().get_all(header::SET_COOKIE).iter().count(), 2);
    }
}
