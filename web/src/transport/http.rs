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
    #[serde(rename = "retryAfter")]
    retry_after: Option<u32>,
}

/// How many seconds to wait where a server that asks to be left for a while does not say for how long.
const WAIT: u32 = 2;

/// Reads an answer. One with data counts even where errors stand beside it: those are of fields that may be null.
pub fn read<Data: DeserializeOwned>(text: &str) -> Result<Data, RequestError> {
    serde_json::from_str(data(text)?).map_err(|_| RequestError::Unexpected)
}

fn data(text: &str) -> Result<&str, RequestError> {
    let answer: Answer<'_> = serde_json::from_str(text).map_err(|_| RequestError::Unexpected)?;
    match answer.data {
        Some(data) => Ok(data.get()),
        None => Err(match code(answer.errors) {
            (ErrorCode::Unavailable, wait) => RequestError::Unavailable(wait),
            (ErrorCode::RateLimited, wait) => RequestError::RateLimited(wait),
            (
                code @ (ErrorCode::Unauthenticated
                | ErrorCode::Forbidden
                | ErrorCode::NotFound
                | ErrorCode::BadUserInput
                | ErrorCode::TooComplex
                | ErrorCode::Internal),
                _,
            ) => RequestError::Refused(code),
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

/// What was refused, and how many seconds to wait.
fn code(errors: Option<Vec<AnswerError>>) -> (ErrorCode, u32) {
    let extensions = errors.into_iter().flatten().find_map(|error| error.extensions);
    let (code, wait) = extensions.map(|it| (it.code, it.retry_after)).unwrap_or_default();
    (ErrorCode::parse(code.as_deref()), wait.unwrap_or(WAIT))
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
        let wait = response.headers().get("Retry-After").and_then(|seconds| seconds.parse().ok());
        return Err(RequestError::Unavailable(wait.unwrap_or(WAIT)));
    }
    response.text().await.map_err(|_| RequestError::Unreachable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(extensions: &str) -> RequestError {
        let text = format!(r#"{{"errors":[{{"message":"no","extensions":{{{extensions}}}}}]}}"#);
        read::<serde_json::Value>(&text).unwrap_err()
    }

    #[test]
    fn who_is_to_wait_is_told_for_how_long() {
        assert_eq!(refused(r#""code":"RATE_LIMITED","retryAfter":17"#), RequestError::RateLimited(17));
        assert_eq!(refused(r#""code":"UNAVAILABLE","retryAfter":1"#), RequestError::Unavailable(1));
        assert_eq!(refused(r#""code":"RATE_LIMITED""#), RequestError::RateLimited(WAIT));
        assert_eq!(
            refused(r#""code":"FORBIDDEN","retryAfter":1"#),
            RequestError::Refused(ErrorCode::Forbidden)
        );
    }
}
