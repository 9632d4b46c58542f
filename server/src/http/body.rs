//! Reads a request body whole, within its limits of size and time.

use std::time::Duration;

use axum::body::{Body, Bytes};
use bytes::BytesMut;
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;

use super::Limits;

/// How long, and for how many bytes, a client that was refused is listened to.
const LINGERING: Duration = Duration::from_secs(10);
const PASSED_BYTES: usize = 32 * 1024 * 1024;

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BodyError {
    #[error("The request body is larger than {0} bytes.")]
    TooLarge(usize),
    #[error("The request body did not arrive in time.")]
    TooSlow,
    #[error("The request body broke off.")]
    Broken,
}

impl BodyError {
    pub(super) fn status(self) -> StatusCode {
        match self {
            BodyError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            BodyError::Broken => StatusCode::BAD_REQUEST,
        }
    }
}

/// The whole body. A body that announces too much is refused before it is read.
pub(super) async fn read(mut body: Body, headers: &HeaderMap, limits: &Limits) -> Result<Bytes, BodyError> {
    let announced = axum::body::HttpBody::size_hint(&body).lower();
    let read = if announced > u64::try_from(limits.body_bytes).unwrap_or(u64::MAX) {
        Err(BodyError::TooLarge(limits.body_bytes))
    } else {
        let reading = tokio::time::timeout(limits.body, collect(&mut body, limits.body_bytes));
        reading.await.unwrap_or(Err(BodyError::TooSlow))
    };
    // Who asks whether to send it has not begun.
    if matches!(read, Err(BodyError::TooLarge(_))) && !headers.contains_key(header::EXPECT) {
        tokio::spawn(tokio::time::timeout(LINGERING, pass(body)));
    }
    read
}

async fn collect(body: &mut Body, most: usize) -> Result<Bytes, BodyError> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| BodyError::Broken)?.into_data() else { continue };
        if bytes.len().saturating_add(data.len()) > most {
            return Err(BodyError::TooLarge(most));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes.freeze())
}

/// Takes what a client still sends and keeps nothing: closed while it sends, a connection is reset, and the answer that stands in
/// it is lost.
async fn pass(mut body: Body) {
    let mut left = PASSED_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let Some(less) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
        left = less;
    }
}
