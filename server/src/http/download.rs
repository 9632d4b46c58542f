//! Tables that a person was given the address of. A browser opens the address by itself, with its cookie and without an access
//! token: either says who opens it, and that has to be whom it was given to.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::executions::Asking;
use super::{Site, asker};
use crate::app::App;
use crate::auth::Viewer;
use crate::error::{Error, ErrorCode, Refused, Result};
use crate::graphql::context::Asker;
use crate::security::{Kind, Outcome, SecurityEvent};
use crate::statistics::export::Export;
use crate::text;

/// The table, or 403 and no word of why.
pub(super) async fn table(
    State(site): State<Arc<Site>>,
    Path(token): Path<String>,
    request: Request,
) -> Response {
    let asker = asker::of_request(&site.app, request.extensions(), request.headers()).await;
    let locale = asker.as_ref().map(|asker| asker.locale).ok();
    let address = asker::anonymous(&site.app, request.extensions(), request.headers()).address;
    let event = |outcome| SecurityEvent::new(Kind::Download, outcome, &address);
    let mut response = match found(&site.app, asker, &token).await {
        Ok((export, viewer)) => {
            let (person, session) = (Some(viewer.id), Some(viewer.session));
            SecurityEvent { person, session, ..event(Outcome::Success) }.write();
            let (head, asking) = (head(&export), Asking::Person(viewer.id));
            let rows = export.csv(Arc::clone(&site.app), viewer);
            let rows = site.executions.within_share(&site.app.db, asking, rows);
            (head, Body::from_stream(rows)).into_response()
        }
        Err(error) => {
            let (status, code) = match error {
                Error::Refused(_) | Error::User(_) => {
                    event(Outcome::Refused).write();
                    (StatusCode::FORBIDDEN, ErrorCode::Forbidden)
                }
                Error::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable),
                Error::Internal(cause) => {
                    tracing::error!(error = %format_args!("{cause:#}"), "a table cannot be given");
                    (StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal)
                }
            };
            let said = match (status, locale) {
                (StatusCode::FORBIDDEN, Some(locale)) => text::stale_address(locale),
                (_, locale) => text::refusal(code, locale.unwrap_or(crate::db::columns::Locale::Ru)),
            };
            (status, said).into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn found(app: &App, asker: Result<Asker>, token: &str) -> Result<(Export, Viewer)> {
    let asker = asker?;
    let viewer = match (asker.viewer, asker.refresh_cookie) {
        (Some(viewer), _) => viewer,
        (None, Some(cookie)) => Viewer::by_refresh_token(app, &cookie, asker.locale).await?,
        (None, None) => return Err(Error::Refused(Refused::Unauthenticated)),
    };
    Ok((Export::open(app, &viewer, token)?, viewer))
}

/// A file to be kept, RFC 6266, named in any letters, RFC 8187.
fn head(export: &Export) -> HeaderMap {
    let (name, plain) = export.file_names();
    let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{name}");
    let mut head = HeaderMap::new();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    if let Ok(disposition) = HeaderValue::try_from(disposition) {
        head.insert(header::CONTENT_DISPOSITION, disposition);
    }
    head
}
