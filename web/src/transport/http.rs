//! GraphQL over HTTP: one POST, one JSON answer.

use gloo_net::http::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::{ErrorCode, RequestError};

/// Both forms of an answer, the one that the specification prefers first.
const ACCEPT: &str = "application/graphql-response+json, application/json";

/// The envelope of an answer. What is in it is read in a second step, so that this one is compiled once.
#[derive(Deserialize)]
struct Answer<'text> {
    #[serde(borrow)]
    data: Option<&'text RawValue>,
    errors: Option<Vec<AnswerError>>,
}

#[derive(Deserialize)]
struct AnswerError {
    extensions: Option<Extensions>,
}

#[derive(Deserialize)]
struct Extensions {
    code: Option<String>,
}

/// Reads an answer. One with data counts even where errors stand beside it: those are of fields that may be null.
pub fn read<Data: DeserializeOwned>(text: &str) -> Result<Data, RequestError> {
    serde_json::from_str(data(text)?).map_err(|_| RequestError::Unexpected)
}

fn data(text: &str) -> Result<&str, RequestError> {
    let answer: Answer<'_> = serde_json::from_str(text).map_err(|_| RequestError::Unexpected)?;
    match answer.data {
        Some(data) => Ok(data.get()),
        None => Err(match code(answer.errors) {
            ErrorCode::Unavailable => RequestError::Unavailable,
            code @ (ErrorCode::Unauthenticated
            | ErrorCode::Forbidden
            | ErrorCode::NotFound
            | ErrorCode::BadUserInput
            | ErrorCode::RateLimited
            | ErrorCode::TooComplex
            | ErrorCode::Internal) => RequestError::Refused(code),
        }),
    }
}

/// Whether the token was refused, and with it the whole operation.
pub fn is_unauthenticated(text: &str) -> bool {
    data(text) == Err(RequestError::Refused(ErrorCode::Unauthenticated))
}

/// The body of a request: a document, and its variables as JSON.
pub fn body(document: &str, variables: serde_json::Result<String>) -> Result<String, RequestError> {
    let (Ok(document), Ok(variables)) = (serde_json::to_string(document), variables) else {
        return Err(RequestError::Unexpected);
    };
    Ok(["{\"query\":", &document, ",\"variables\":", &variables, "}"].concat())
}

fn code(errors: Option<Vec<AnswerError>>) -> ErrorCode {
    let code = errors.into_iter().flatten().find_map(|error| error.extensions?.code);
    ErrorCode::parse(code.as_deref())
}

/// Sends one operation, gives the text of the answer.
pub async fn post(body: String, token: Option<&str>, language: &str) -> Result<String, RequestError> {
    let mut request = Request::post("/graphql")
        .header("Accept", ACCEPT)
        .header("Accept-Language", language)
        .header("Content-Type", "application/json");
    if let Some(token) = token {
        request = request.header("Authorization", &format!("Bearer {token}"));
    }
    let request = request.body(body).map_err(|_| RequestError::Unexpected)?;
    let response = request.send().await.map_err(|_| RequestError::Unreachable)?;
    if response.status() == 503 {
        return Err(RequestError::Unavailable);
    }
    response.text().await.map_err(|_| RequestError::Unreachable)
}
