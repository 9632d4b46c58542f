//! Headers that every response carries. What browsers must not do with our pages is said once, here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, header};

use super::Site;
use crate::config::Hsts;

/// Everything from this origin alone, nothing inline. WebAssembly needs `wasm-unsafe-eval`. OWASP ASVS 3.4.3.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
     base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// Puts the security headers around a response; a policy that it brings itself stays. OWASP ASVS 3.4.
pub(super) async fn secure(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    let https_alone = match site.app.config.hsts {
        Hsts::Off => None,
        Hsts::Host => Some("max-age=31536000"),
        Hsts::Subdomains => Some("max-age=31536000; includeSubDomains"),
    };
    if let Some(https_alone) = https_alone.filter(|_| site.origins.secure()) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(https_alone));
    }
    response
}
