//! Who asks, as the headers of a request tell it.

use std::sync::Arc;

use http::{Extensions, HeaderMap, header};

use super::executions::Asking;
use super::{address, metrics};
use crate::app::App;
use crate::auth::{self, Viewer};
use crate::db::columns::Locale;
use crate::error::{Error, Refused, Result};
use crate::graphql::context::Asker;

/// The most characters kept of what a device calls itself.
const DEVICE_LENGTH: usize = 200;

/// What can be told without the database: nobody is signed in yet.
pub(super) fn anonymous(app: &App, extensions: &Extensions, headers: &HeaderMap) -> Asker {
    let address = address::client(&app.config.trusted_proxies, extensions, headers);
    Asker {
        viewer: None,
        locale: locale(headers),
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        device: device(headers),
        refresh_cookie: cookie(headers, auth::RefreshCookie::of(&app.config).name()),
    }
}

/// The same with the person whose access token the request carries. A token that is not good, or no longer, makes nobody:
/// signing in anew must work beside it, and every field that needs a person says UNAUTHENTICATED.
pub(super) async fn of_request(
    app: &Arc<App>,
    extensions: &Extensions,
    headers: &HeaderMap,
) -> Result<Asker> {
    let asker = anonymous(app, extensions, headers);
    let Some(token) = metrics::bearer(headers) else { return Ok(asker) };
    match Viewer::by_access_token(app, token, asker.locale).await {
        Ok(viewer) => Ok(signed_in(asker, viewer)),
        Err(Error::Refused(Refused::Unauthenticated)) => Ok(asker),
        Err(error) => Err(error),
    }
}

/// Whose share of the server the request takes: that of the person whom its token names, whether or not it is still good, or that of
/// its address. Told without the database.
pub(super) fn asking(app: &App, extensions: &Extensions, headers: &HeaderMap) -> Asking {
    let identity = metrics::bearer(headers)
        .and_then(|token| auth::verify_access_token(&app.secrets, token, app.clock.now()).ok());
    match identity {
        Some(identity) => Asking::Person(identity.user),
        None => {
            let address = address::client(&app.config.trusted_proxies, extensions, headers);
            Asking::Address(address.map(|address| address.to_string()).unwrap_or_default())
        }
    }
}

/// The person, with the language they chose.
pub(super) fn signed_in(asker: Asker, viewer: Viewer) -> Asker {
    Asker { locale: viewer.locale, viewer: Some(viewer), ..asker }
}

/// The first language of `Accept-Language` that the product speaks; Russian where there is none.
fn locale(headers: &HeaderMap) -> Locale {
    let languages = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let spoken = languages.split(',').find_map(|range| {
        let language = range.split([';', '-']).next().unwrap_or_default().trim();
        match language.to_ascii_lowercase().as_str() {
            "ru" => Some(Locale::Ru),
            "en" => Some(Locale::En),
            _ => None,
        }
    });
    spoken.unwrap_or(Locale::Ru)
}

fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    agent.chars().take(DEVICE_LENGTH).collect()
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, http::HeaderValue::from_static(value))])
    }

    #[test]
    fn russian_unless_the_browser_prefers_english() {
        assert_eq!(locale(&HeaderMap::new()), Locale::Ru);
        assert_eq!(locale(&headers(header::ACCEPT_LANGUAGE, "en-US,en;q=0.9,ru;q=0.8")), Locale::En);
        assert_eq!(locale(&headers(header::ACCEPT_LANGUAGE, "kk,ru;q=0.9,en;q=0.8")), Locale::Ru);
        assert_eq!(locale(&headers(header::ACCEPT_LANGUAGE, "de")), Locale::Ru);
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(header::COOKIE, "not-refresh=1; refresh=two; other=3");
        assert_eq!(cookie(&headers, "refresh").as_deref(), Some("two"));
        assert_eq!(cookie(&headers, "fresh"), None);
    }
}
