//! Which host a request is for. HTTP/1.1 has it said once (RFC 9112 section 3.2): of two, a proxy and we may believe different ones.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};

const SAID_ONCE: &str = "A request of HTTP/1.1 has one Host header.\n";

/// Refuses what does not say it, or not once.
pub(super) async fn said_once(request: Request, next: Next) -> Response {
    let is_said = match request.version() {
        Version::HTTP_11 => of(request.headers()).is_some(),
        _ => request.headers().get_all(header::HOST).iter().nth(1).is_none(),
    };
    if is_said {
        return next.run(request).await;
    }
    let close = (header::CONNECTION, HeaderValue::from_static("close"));
    (StatusCode::BAD_REQUEST, [close], SAID_ONCE).into_response()
}

/// The one host that the headers name.
pub(super) fn of(headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next()?;
    if hosts.next().is_some() {
        return None;
    }
    let host: Authority = host.to_str().ok()?.parse().ok()?;
    // Without a name before an at sign, which a host has not.
    (!host.host().is_empty() && !host.as_str().contains('@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_a_number_and_perhaps_a_port() {
        let named = |hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().unwrap());
            }
            of(&headers).map(|host| host.to_string())
        };
        for host in ["tasks.example.com", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert_eq!(named(&[host]).as_deref(), Some(host));
        }
        for hosts in [&[][..], &[""], &["a", "a"], &["a", "b"], &["a b"], &["a/b"], &["u@a"]] {
            assert_eq!(named(hosts), None, "{hosts:?}");
        }
    }
}
