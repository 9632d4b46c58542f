//! Who may ask at all: pages of others, hosts that are not said, addresses that nobody named.

use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::served::{Served, Setup, Socket};
use server::config::Mode;

const REFRESH: &str = "mutation { refresh { accessToken userErrors { code } } }";

/// The answer to a POST with these headers.
async fn posted(server: &Served, query: &str, headers: &[(&str, &str)]) -> (StatusCode, Value) {
    let mut request = server.client.post(server.url("/graphql")).json(&json!({ "query": query }));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

/// Registers, and keeps the cookie as a browser does.
async fn cookie(server: &Served) -> String {
    let query = r#"mutation { register(input: { name: "Анна", email: "a@example.ru", password: "a long enough password" })
        { userErrors { code } } }"#;
    let response = server.posts(&json!({ "query": query }), None).await;
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_somebody_elses_page_posts_is_refused_whatever_cookie_the_browser_sends_along() {
    let public_url = Some("https://tasks.example.com");
    let server = Served::with(Setup { public_url, ..Setup::default() }).await;
    let cookie = cookie(&server).await;
    for foreign in [
        &[("origin", "https://elsewhere.example")][..],
        &[("origin", "http://tasks.example.com")],
        &[("origin", "https://tasks.example.com.elsewhere.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://elsewhere.example"), ("sec-fetch-site", "same-origin")],
        &[("origin", "https://tasks.example.com"), ("sec-fetch-site", "cross-site")],
        &[("origin", "https://tasks.example.com"), ("origin", "https://elsewhere.example")],
    ] {
        let headers = [foreign, &[("cookie", &cookie)]].concat();
        let (status, answer) = posted(&server, REFRESH, &headers).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{foreign:?}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("VEKHA_PUBLIC_URL"), "{answer}");
        let posted = server.client.post(server.url("/tasks")).header(foreign[0].0, foreign[0].1);
        assert!(!posted.send().await.unwrap().status().is_success());
    }
    for ours in [
        &[][..],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", "https://tasks.example.com"), ("sec-fetch-site", "same-origin")],
    ] {
        let (status, answer) = posted(&server, "{ server { version } }", ours).await;
        assert_eq!((status, &answer["errors"]), (StatusCode::OK, &Value::Null), "{ours:?}");
    }
    let (_, answer) =
        posted(&server, REFRESH, &[("cookie", &cookie), ("origin", "https://tasks.example.com")]).await;
    assert!(answer["data"]["refresh"]["accessToken"].is_string(), "{answer}");
}

#[tokio::test]
async fn the_names_of_this_machine_are_one_for_who_develops() {
    let server = Served::with(Setup { mode: Mode::Development, ..Setup::default() }).await;
    let other = format!("http://localhost:{}", server.address.port());
    let headers = [("origin", other.as_str()), ("sec-fetch-site", "cross-site")];
    assert_eq!(posted(&server, "{ server { version } }", &headers).await.0, StatusCode::OK);
    let foreign = [("origin", "http://elsewhere.example"), ("sec-fetch-site", "cross-site")];
    assert_eq!(posted(&server, "{ server { version } }", &foreign).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_request_says_its_host_once() {
    let server = Served::start().await;
    let asked = async |head: &str| {
        let answer = server.says(&format!("GET /health/live {head}connection: close\r\n\r\n")).await;
        answer.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(asked("HTTP/1.1\r\n").await, "400");
    assert_eq!(asked("HTTP/1.1\r\nhost: a\r\nhost: a\r\n").await, "400");
    assert_eq!(asked("HTTP/1.1\r\nhost: a\r\nhost: b\r\n").await, "400");
    assert_eq!(asked("HTTP/1.1\r\nhost:\r\n").await, "400");
    assert_eq!(asked("HTTP/1.1\r\nhost: a/b\r\n").await, "400");
    assert_eq!(asked("HTTP/1.1\r\nhost: a\r\n").await, "200");
    assert_eq!(asked("HTTP/1.0\r\n").await, "200", "the older one need not");
    assert_eq!(asked("HTTP/1.0\r\nhost: a\r\nhost: b\r\n").await, "400");
}

#[tokio::test]
async fn on_all_addresses_without_a_public_one_links_are_relative_and_pages_by_number_are_let_in() {
    let server = Served::with(Setup { listen: "0.0.0.0:0", ..Setup::default() }).await;
    let anna = server.registers("Анна").await;
    let invite = "mutation { userInvite(input: { role: MANAGER }) { url userErrors { code } } }";
    let invited = server.asks(invite, Some(&anna.token)).await;
    let url = invited["data"]["userInvite"]["url"].as_str().unwrap();
    assert!(url.starts_with("/register#invitation="), "{url}");
    let export = "mutation { statisticsExport(input: { from: \"2026-11-01\", to: \"2026-11-02\", timeZone: \"UTC\" }) { url userErrors { code } } }";
    let exported = server.asks(export, Some(&anna.token)).await;
    assert!(
        exported["data"]["statisticsExport"]["url"].as_str().is_some_and(|url| url.starts_with("/download/")),
        "{exported}"
    );

    let port = server.address.port();
    let by = async |origin: String| {
        let connection = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        Socket::try_open(connection, Some(&origin), Some("graphql-transport-ws")).await.err()
    };
    assert_eq!(by(format!("http://127.0.0.1:{port}")).await, None);
    assert_eq!(by(format!("https://127.0.0.1:{port}")).await, None, "behind a proxy with TLS");
    for foreign in
        [format!("http://127.0.0.2:{port}"), "http://127.0.0.1:1".to_owned(), "http://0.0.0.0".to_owned()]
    {
        assert_eq!(by(foreign.clone()).await, Some(403), "{foreign}");
    }
    // A name may be made to lead here.
    let name = format!("rebound.example:{port}");
    let (status, _) =
        posted(&server, REFRESH, &[("host", &name), ("origin", &format!("http://{name}"))]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let name = format!("localhost:{port}");
    let (status, _) =
        posted(&server, REFRESH, &[("host", &name), ("origin", &format!("http://{name}"))]).await;
    assert_eq!(status, StatusCode::OK);
}
