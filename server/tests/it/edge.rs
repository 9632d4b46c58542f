//! Who may ask at all: pages of others, hosts that are not said, addresses that nobody named.

use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::served::{Served, Setup, Socket};
use server::config::{Hsts, Mode};

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

#[tokio::test]
async fn a_person_makes_so_many_changes_a_minute_and_is_then_told_how_long_to_wait() {
    let server = Served::start().await;
    let (anna, petr) = (server.registers("Анна").await, server.registers("Пётр").await);
    let change = "mutation { notificationRead(ids: []) { unreadCount userErrors { code } } }";
    // As many tasks as can be chosen at once.
    for _ in 0..100 {
        let answer = server.asks(change, Some(&anna.token)).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
    }
    let many: String =
        (0..15).map(|number| format!("a{number}: notificationRead(ids: []) {{ unreadCount }} ")).collect();
    let many = format!("mutation {{ {many} }}");
    let mut made = 100;
    let refused = loop {
        let answer = server.asks(&many, Some(&anna.token)).await;
        if answer["errors"] != Value::Null {
            break answer;
        }
        made += 15;
        assert!(made <= 300, "names for each of them do not help");
    };
    assert_eq!(refused["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{refused}");
    assert!(
        (1..=4).contains(&refused["errors"][0]["extensions"]["retryAfter"].as_u64().unwrap()),
        "{refused}"
    );
    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.subscribes("1", &many).await;
    let told = socket.hears_type("error").await;
    assert_eq!(told["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{told}");
    let read = server.asks("{ notifications(first: 1) { unreadCount } }", Some(&anna.token)).await;
    assert_eq!(read["errors"], Value::Null, "questions are no changes");
    assert_eq!(
        server.asks(&many, Some(&petr.token)).await["errors"],
        Value::Null,
        "another is not concerned"
    );
    server.app.clock.advance(std::time::Duration::from_secs(4));
    assert_eq!(server.asks(&many, Some(&anna.token)).await["errors"], Value::Null);
}

#[tokio::test]
async fn a_document_that_is_known_by_its_hash_alone_is_answered_as_clients_expect() {
    let server = Served::start().await;
    let hash = json!({ "version": 1, "sha256Hash": "ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38" });
    let told = |answer: &Value| {
        let error = &answer["errors"][0];
        (error["message"].clone(), error["extensions"]["code"].clone())
    };
    let expected = (json!("PersistedQueryNotSupported"), json!("PERSISTED_QUERY_NOT_SUPPORTED"));
    for body in [
        json!({ "extensions": { "persistedQuery": hash } }),
        json!({ "query": null, "extensions": { "persistedQuery": hash } }),
    ] {
        for (accept, status) in [
            ("application/json", StatusCode::OK),
            ("application/graphql-response+json", StatusCode::BAD_REQUEST),
        ] {
            let request = server.client.post(server.url("/graphql")).header("accept", accept).json(&body);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), status);
            assert_eq!(told(&response.json().await.unwrap()), expected);
        }
    }
    let mut url = url::Url::parse(&server.url("/graphql")).unwrap();
    url.query_pairs_mut().append_pair("extensions", &json!({ "persistedQuery": hash }).to_string());
    assert_eq!(told(&server.client.get(url).send().await.unwrap().json().await.unwrap()), expected);
    // With its document it is a request like any other.
    let body = json!({ "query": "{ __typename }", "extensions": { "persistedQuery": hash } });
    let answer: Value = server.posts(&body, None).await.json().await.unwrap();
    assert_eq!(answer["data"]["__typename"], "Query");
    let neither = server.posts(&json!({ "extensions": {} }), None).await;
    assert_eq!(neither.status(), StatusCode::BAD_REQUEST);
    assert_eq!(neither.json::<Value>().await.unwrap()["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn names_below_the_public_one_are_told_to_stay_with_https_where_that_is_wanted() {
    for (hsts, expected) in [
        (Hsts::Off, None),
        (Hsts::Host, Some("max-age=31536000")),
        (Hsts::Subdomains, Some("max-age=31536000; includeSubDomains")),
    ] {
        let public_url = Some("https://tasks.example.com");
        let server = Served::with(Setup { public_url, hsts, ..Setup::default() }).await;
        let answer = server.get("/health/live").await;
        let said =
            answer.headers().get("strict-transport-security").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(said.as_deref(), expected);
    }
}
