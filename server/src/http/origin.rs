//! Which pages may change something or open a socket. A browser says with each such request which page it comes from (`Origin`) and how
//! near that is (`Sec-Fetch-Site`); programs say neither. A cookie alone is no reason to do what somebody else's page asks for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use url::{Host, Origin, Url};

use super::accept::{MediaType, negotiate};
use super::{Site, answer, host};
use crate::config::{Config, Mode};
use crate::error::ErrorCode;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origins of our own client.
#[derive(Debug)]
pub(super) struct Origins {
    allowed: Vec<Origin>,
    /// No public address is known: a page may be at whatever number leads here.
    by_number: bool,
    /// Names of this machine are allowed beside each other, which to a browser are different sites.
    local: bool,
    secure: bool,
    /// That a page was refused is said once; a flood of foreign requests is no flood of lines.
    told: AtomicBool,
}

impl Origins {
    /// The public address. In development mode, and where the public address is the very one listened on, every name of
    /// this machine on the port listened on as well: `localhost` is what a person types.
    pub(super) fn of(config: &Config) -> Self {
        let listened = format!("http://{}", config.listen);
        let public = config.public_url.as_ref();
        let mut allowed: Vec<Origin> = public.iter().map(|url| url.origin()).collect();
        let is_listened =
            Url::parse(&listened).is_ok_and(|url| Some(url.origin()) == allowed.first().cloned());
        let local = is_listened || config.mode == Mode::Development;
        if local {
            let port = config.listen.port();
            let names = [
                format!("http://localhost:{port}"),
                format!("http://127.0.0.1:{port}"),
                format!("http://[::1]:{port}"),
                listened,
            ];
            allowed.extend(names.iter().filter_map(|name| Url::parse(name).ok()).map(|url| url.origin()));
        }
        let secure = public.is_some_and(|url| url.scheme() == "https");
        Origins { allowed, by_number: public.is_none(), local, secure, told: AtomicBool::new(false) }
    }

    /// Whether the request comes from a page that is none of ours.
    pub(super) fn is_foreign(&self, headers: &HeaderMap) -> bool {
        let is_ours = headers.get(header::ORIGIN).map(|origin| {
            // Two of them are no word of a browser's.
            let is_one = headers.get_all(header::ORIGIN).iter().nth(1).is_none();
            is_one && origin.to_str().is_ok_and(|origin| self.allow(origin, headers))
        });
        let site = headers.get(SEC_FETCH_SITE).map(header::HeaderValue::as_bytes);
        let is_far = site.is_some_and(|site| site != b"same-origin" && site != b"none");
        match is_ours {
            Some(false) => true,
            Some(true) => is_far && !self.local,
            None => is_far,
        }
    }

    fn allow(&self, origin: &str, headers: &HeaderMap) -> bool {
        let Ok(url) = Url::parse(origin) else { return false };
        self.allowed.contains(&url.origin()) || (self.by_number && is_same_number(&url, headers))
    }

    /// Whether browsers reach us over TLS.
    pub(super) fn secure(&self) -> bool {
        self.secure
    }
}

/// Whether the page is at the address that the request was sent to, and that is a number or `localhost`. A name may be anybody's who has
/// it lead here (DNS rebinding), so names have to be configured.
fn is_same_number(page: &Url, headers: &HeaderMap) -> bool {
    let is_number = match page.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let asked = host::of(headers).and_then(|host| Url::parse(&format!("{}://{host}", page.scheme())).ok());
    is_number && asked.is_some_and(|asked| asked.origin() == page.origin())
}

/// Refuses whatever may change something when a page asks for it that is none of ours.
pub(super) async fn own_pages_alone(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let changes_nothing = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes_nothing || !site.origins.is_foreign(request.headers()) {
        return next.run(request).await;
    }
    site.origins.tell(request.headers());
    let media_type = negotiate(request.headers()).unwrap_or(MediaType::Json);
    let message = "This page is not one of this server's: see VEKHA_PUBLIC_URL.";
    answer::refused(StatusCode::FORBIDDEN, media_type, ErrorCode::Forbidden, message)
}

impl Origins {
    /// Says in the log what was refused, for who configures the server; once.
    pub(super) fn tell(&self, headers: &HeaderMap) {
        if self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        let allowed: Vec<String> = self.allowed.iter().map(Origin::ascii_serialization).collect();
        tracing::warn!(
            origin = ?headers.get(header::ORIGIN),
            site = ?headers.get(SEC_FETCH_SITE),
            ?allowed,
            "a page that is none of ours was refused; if it is, VEKHA_PUBLIC_URL has to be its address"
        );
    }
}
