//! The files of the client, and how files are given. A release carries them inside; a debug build reads them from `target/`,
//! so that a rebuilt client needs no rebuilt server.

use std::borrow::Cow;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../target/web/"]
#[allow_missing = true]
struct Client;

const PAGE: &str = "index.html";
/// Files whose name changes with their content.
const HASHED: &str = "assets/";
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Kept, and asked about each time.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");
const NOT_BUILT: &str = "The web client is not built into this server: run `cargo xtask build`.\n";

/// A file of the client, or its page for every address that a person may open.
pub(super) async fn client(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let headers = request.headers();
    if let Some(response) = file::<Client>(path, headers) {
        return response;
    }
    let is_page = path.is_empty() || (!path.starts_with(HASHED) && wants_page(headers));
    if !is_page {
        return StatusCode::NOT_FOUND.into_response();
    }
    file::<Client>(PAGE, headers).unwrap_or_else(|| (StatusCode::NOT_FOUND, NOT_BUILT).into_response())
}

/// The file in the best form that the client takes, or the word that it has it already.
pub(super) fn file<Files: RustEmbed>(path: &str, headers: &HeaderMap) -> Option<Response> {
    if path.is_empty() || path.ends_with(".br") {
        return None;
    }
    let compressed = Files::get(&format!("{path}.br"));
    let varies = compressed.is_some();
    let (found, encoding) = match compressed.filter(|_| takes_brotli(headers)) {
        Some(found) => (found, Some("br")),
        None => (Files::get(path)?, None),
    };
    let tag = tag(&found, encoding);
    let caching = if path.starts_with(HASHED) { IMMUTABLE } else { REVALIDATED };
    let mut response = if has_already(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content_type = mime_guess::from_path(path).first_or_octet_stream();
        let content_type = match (content_type.type_().as_str(), content_type.subtype().as_str()) {
            ("text", _) | (_, "javascript" | "json") => {
                format!("{}; charset=utf-8", content_type.essence_str())
            }
            _ => content_type.essence_str().to_owned(),
        };
        let mut response = ([(header::CONTENT_TYPE, content_type)], body(found.data)).into_response();
        if let Some(encoding) = encoding {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, caching);
    if let Ok(tag) = HeaderValue::try_from(tag) {
        out.insert(header::ETAG, tag);
    }
    if varies {
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    Some(response)
}

fn body(data: Cow<'static, [u8]>) -> axum::body::Body {
    match data {
        Cow::Borrowed(bytes) => bytes.into(),
        Cow::Owned(bytes) => bytes.into(),
    }
}

/// A strong tag: another encoding is another representation, RFC 9110 section 8.8.3.
fn tag(found: &EmbeddedFile, encoding: Option<&str>) -> String {
    let hash = found.metadata.sha256_hash();
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    match encoding {
        Some(encoding) => format!("\"{hash}-{encoding}\""),
        None => format!("\"{hash}\""),
    }
}

/// `If-None-Match`, RFC 9110 section 13.1.2: weak comparison.
fn has_already(headers: &HeaderMap, tag: &str) -> bool {
    let Some(known) = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn takes_brotli(headers: &HeaderMap) -> bool {
    let Some(accepted) = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    accepted.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let refused = |part: &str| {
            part.strip_prefix("q=").is_some_and(|quality| quality.trim_matches(['0', '.']).is_empty())
        };
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br")) && !parts.any(refused)
    })
}

/// Whether a person is looking, as opposed to a script that asks for a file.
fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(RustEmbed)]
    #[folder = "tests/files/"]
    struct Files;

    fn asked(path: &str, headers: &[(header::HeaderName, &str)]) -> Option<Response> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        file::<Files>(path, &headers)
    }

    #[test]
    fn hashed_files_are_kept_for_ever_and_pages_are_asked_about() {
        let script = asked("assets/app-1.js", &[]).unwrap();
        assert_eq!(script.headers()[header::CACHE_CONTROL], IMMUTABLE);
        assert_eq!(script.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        let page = asked("index.html", &[]).unwrap();
        assert_eq!(page.headers()[header::CACHE_CONTROL], REVALIDATED);
        assert_eq!(page.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(asked("icon.svg", &[]).unwrap().headers()[header::CONTENT_TYPE], "image/svg+xml");
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let tag = asked("index.html", &[]).unwrap().headers()[header::ETAG].to_str().unwrap().to_owned();
        for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
            let again = asked("index.html", &[(header::IF_NONE_MATCH, &known)]).unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(again.headers()[header::ETAG], tag.as_str());
        }
        let changed = asked("index.html", &[(header::IF_NONE_MATCH, "\"other\"")]).unwrap();
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[test]
    fn brotli_is_for_those_who_take_it_and_is_another_representation() {
        let script = |accepted| asked("assets/app-1.js", &[(header::ACCEPT_ENCODING, accepted)]).unwrap();
        let (plain, compressed) = (script("gzip"), script("gzip, br;q=0.5"));
        assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "br");
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING));
        assert_ne!(plain.headers()[header::ETAG], compressed.headers()[header::ETAG]);
        assert_eq!(plain.headers()[header::VARY], "accept-encoding");
        assert!(!script("br;q=0").headers().contains_key(header::CONTENT_ENCODING));
        assert!(!asked("icon.svg", &[]).unwrap().headers().contains_key(header::VARY));
    }

    #[test]
    fn nothing_else_is_a_file() {
        for path in
            ["", "absent.js", "assets/app-1.js.br", "../Cargo.toml", "assets/../../../Cargo.toml", "assets"]
        {
            assert!(asked(path, &[]).is_none(), "{path}");
        }
    }
}
