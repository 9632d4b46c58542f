//! How an executed request leaves: status, headers and body, as GraphQL over HTTP says.

use async_graphql::{Response as GraphqlResponse, ServerError, Value};
use async_graphql_axum::GraphQLResponse;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use super::accept::MediaType;
use crate::error::ErrorCode;

/// When to come back after UNAVAILABLE, and where too much is asked at once, in seconds.
const RETRY_AFTER: &str = "2";

/// The body of an answer to a request that was not executed. It has no `data`, which an executed one has even where it is
/// null: <https://graphql.github.io/graphql-over-http/draft/#sec-application-graphql-response-json>.
#[derive(Debug, Serialize)]
struct RequestError<'r> {
    errors: &'r [ServerError],
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    extensions: &'r std::collections::BTreeMap<String, Value>,
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
    let request_error = is_request_error(&response);
    let unavailable = has_code(&response, ErrorCode::Unavailable);
    let refused = request_error && has_code(&response, ErrorCode::RateLimited);
    let internal = request_error && has_code(&response, ErrorCode::Internal);
    let status = match media_type {
        _ if unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ if refused => StatusCode::TOO_MANY_REQUESTS,
        _ if internal => StatusCode::INTERNAL_SERVER_ERROR,
        MediaType::GraphqlResponse if request_error => StatusCode::BAD_REQUEST,
        MediaType::GraphqlResponse | MediaType::Json => StatusCode::OK,
    };
    let mut answer = if request_error {
        let headers = std::mem::take(&mut response.http_headers);
        let mut answer = not_executed(&response);
        answer.headers_mut().extend(headers);
        answer
    } else {
        GraphQLResponse::from(response).into_response()
    };
    if unavailable || refused {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    }
    with_head(answer, status, media_type)
}

/// The answer to what is not a request at all, or not one for this method: the status speaks in both media types.
pub(super) fn refused(
    status: StatusCode,
    media_type: MediaType,
    code: ErrorCode,
    message: impl Into<String>,
) -> Response {
    let response = GraphqlResponse::from_errors(vec![error(code, message)]);
    with_head(not_executed(&response), status, media_type)
}

/// An error of the edge itself.
pub(super) fn error(code: ErrorCode, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code.name());
    error
}

fn not_executed(response: &GraphqlResponse) -> Response {
    Json(RequestError { errors: &response.errors, extensions: &response.extensions }).into_response()
}

fn with_head(mut answer: Response, status: StatusCode, media_type: MediaType) -> Response {
    // What cannot be written has its own status already.
    if answer.status() == StatusCode::OK {
        *answer.status_mut() = status;
    }
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    fn failed_at(path: Vec<PathSegment>, code: ErrorCode) -> GraphqlResponse {
        GraphqlResponse::from_errors(vec![error(code, "no").with_path(path)])
    }

    async fn body(answer: Response) -> serde_json::Value {
        let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_request_that_was_not_executed_has_no_data() {
        for (media_type, status) in [(MediaType::GraphqlResponse, 400), (MediaType::Json, 200)] {
            let refused = executed(failed_at(vec![], ErrorCode::TooComplex), media_type);
            assert_eq!(refused.status(), status);
            assert_eq!(refused.headers()[header::CONTENT_TYPE], media_type.content_type());
            let body = body(refused).await;
            assert!(body.get("data").is_none());
            assert_eq!(body["errors"][0]["extensions"]["code"], "TOO_COMPLEX");
        }
    }

    #[tokio::test]
    async fn a_root_that_failed_is_null_and_the_request_was_executed() {
        for media_type in [MediaType::GraphqlResponse, MediaType::Json] {
            let path = vec![PathSegment::Field("tasks".into())];
            let failed = executed(failed_at(path, ErrorCode::Unauthenticated), media_type);
            assert_eq!(failed.status(), 200);
            assert_eq!(failed.headers()[header::CONTENT_TYPE], media_type.content_type());
            assert_eq!(failed.headers()[header::CACHE_CONTROL], "no-store");
            let body = body(failed).await;
            assert_eq!(body.get("data"), Some(&serde_json::Value::Null));
            assert_eq!(body["errors"][0]["path"][0], "tasks");
        }
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
