//! The last thing that happens to an answer: every top-level error gets its code out of the closed set, a sentence in the
//! person's language, and nothing of what went wrong inside.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextRequest, NextSubscribe};
use async_graphql::{PathSegment, Response, ServerError};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;

use super::context::Asker;
use crate::clock::Random;
use crate::db::columns::Locale;
use crate::error::{Error, ErrorCode, Refused};
use crate::security::{Kind, Outcome, SecurityEvent};
use crate::text;

/// Puts [`present`] after every execution, single or streamed.
#[derive(Clone, Copy, Debug)]
pub struct Presenter;

impl ExtensionFactory for Presenter {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Presenter)
    }
}

#[async_trait::async_trait]
impl Extension for Presenter {
    async fn request(&self, context: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let locale = locale(context);
        let response = next.run(context).await;
        note_refusals(context.data_opt::<Asker>(), &response);
        present(response, locale)
    }

    fn subscribe<'s>(
        &self,
        context: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let locale = locale(context);
        let asker = context.data_opt::<Asker>().cloned();
        let presented = move |response| {
            note_refusals(asker.as_ref(), &response);
            present(response, locale)
        };
        next.run(context, stream).map(presented).boxed()
    }
}

/// What somebody tried that their role does not allow, a line a field.
fn note_refusals(asker: Option<&Asker>, response: &Response) {
    let Some(asker) = asker else { return };
    for error in &response.errors {
        if !matches!(error.source::<Error>(), Some(Error::Refused(Refused::Forbidden))) {
            continue;
        }
        let path: Vec<String> = error
            .path
            .iter()
            .map(|segment| match segment {
                PathSegment::Field(name) => name.clone(),
                PathSegment::Index(index) => index.to_string(),
            })
            .collect();
        let detail = Some(format!("field={}", path.join(".")));
        SecurityEvent { detail, ..asker.event(Kind::Access, Outcome::Refused) }.write();
    }
}

fn locale(context: &ExtensionContext<'_>) -> Locale {
    context.data_opt::<Asker>().map_or(Locale::Ru, |asker| asker.locale)
}

/// Errors of one answer. A document of some kilobytes makes thousands; who mends it needs the first ones.
pub const ERRORS: usize = 50;
/// Bytes of a message: it may quote the document.
pub const MESSAGE_BYTES: usize = 400;
/// Places in the document that one error names.
const LOCATIONS: usize = 5;

/// Gives every error of the response its code and sentence, of the first [`ERRORS`]; the last of these says how many there are
/// beside.
pub fn present(mut response: Response, locale: Locale) -> Response {
    let left_out = response.errors.len().saturating_sub(ERRORS);
    // What makes a client come back later is not to be left out.
    if left_out > 0 {
        response.errors.sort_by_key(|error| !is_unavailable(error));
        response.errors.truncate(ERRORS);
    }
    for error in &mut response.errors {
        let ours = error.source::<Error>().map(|cause| described(cause, locale));
        let described = match (ours, &error.source, &error.extensions) {
            (Some(described), _, _) => described,
            // Made at the edge itself, by the gate.
            (None, _, Some(_)) => continue,
            // The document does not fit the schema: async-graphql's own words help who writes it.
            (None, None, None) => {
                Described { code: ErrorCode::BadUserInput, message: error.message.clone(), retry: None }
            }
            (None, Some(_), None) => masked(&error.message, locale),
        };
        described.put_into(error);
    }
    if let Some(last) = response.errors.last_mut().filter(|_| left_out > 0) {
        last.extensions.get_or_insert_default().set("leftOut", left_out);
    }
    response
}

fn is_unavailable(error: &ServerError) -> bool {
    error.source::<Error>().is_some_and(|cause| ErrorCode::of(cause) == ErrorCode::Unavailable)
}

struct Described {
    code: ErrorCode,
    message: String,
    retry: Option<u64>,
}

impl Described {
    fn put_into(mut self, error: &mut ServerError) {
        self.message.truncate(self.message.floor_char_boundary(MESSAGE_BYTES));
        error.message = self.message;
        error.locations.truncate(LOCATIONS);
        error.source = None;
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", self.code.name());
        if let Some(seconds) = self.retry {
            extensions.set("retryAfter", seconds);
        }
    }
}

fn described(error: &Error, locale: Locale) -> Described {
    let code = ErrorCode::of(error);
    match error {
        Error::Internal(cause) => masked(&format!("{cause:#}"), locale),
        Error::Unavailable(cause) => {
            tracing::warn!(cause = format!("{cause:#}"), "not available");
            Described { code, message: text::refusal(code, locale).to_owned(), retry: Some(1) }
        }
        Error::Refused(Refused::BadInput(message)) => {
            Described { code, message: (*message).to_owned(), retry: None }
        }
        Error::Refused(Refused::RateLimited(wait)) => {
            let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)).max(1);
            Described { code, message: text::refusal(code, locale).to_owned(), retry: Some(seconds) }
        }
        Error::User(_) | Error::Refused(_) => {
            Described { code, message: text::refusal(code, locale).to_owned(), retry: None }
        }
    }
}

/// An id for the log, and nothing else.
fn masked(cause: &str, locale: Locale) -> Described {
    let id: String = Random.token().map(|token| token.chars().take(10).collect()).unwrap_or_default();
    tracing::error!(error_id = id, cause, "unexpected error");
    let message = format!("{} ({id})", text::refusal(ErrorCode::Internal, locale));
    Described { code: ErrorCode::Internal, message, retry: None }
}
