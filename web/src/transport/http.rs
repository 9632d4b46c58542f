//! GraphQL over HTTP: one POST, one JSON answer.

use gloo_net::http::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{ErrorCode, RequestError};

/// Both forms of an answer, the one that the specification prefers first.
const ACCEPT: &str = "application/graphql-response+json, application/json";

#[derive(Deserialize)]
struct Extensions {
    code: Option<String>,
}

/// Sends one operation. An answer with data counts even where errors stand beside it: those are of fields that may be null.
pub async fn send<Data: DeserializeOwned>(
    body: String,
    token: Option<&str>,
    language: &str,
) -> Result<Data, RequestError> {
    let text = post(body, token, language).await?;
    let answer: cynic::GraphQlResponse<Data, Extensions> =
        serde_json::from_str(&text).map_err(|_| RequestError::Unexpected)?;
    if let Some(data) = answer.data {
        return Ok(data);
    }
    let code = answer.errors.into_iter().flatten().find_map(|error| error.extensions?.code);
    Err(match ErrorCode::parse(code.as_deref()) {
        ErrorCode::Unavailable => RequestError::Unavailable,
        code => RequestError::Refused(code),
    })
}

async fn post(body: String, token: Option<&str>, language: &str) -> Result<String, RequestError> {
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
