//! GraphQL over HTTP, and what is around it: headers, health, metrics, errors (rows 10, 11, 12, 18, 19 and 26 of the security
//! requirements).

use std::io::Read;

use flate2::read::GzDecoder;
use http::{Method, StatusCode};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use server::config::Mode;
use server::http::Limits;

use crate::served::{Served, Setup};

const QUERY: &str = "{ __typename }";

async fn development() -> Served {
    Served::with(Setup { mode: Mode::Development, ..Setup::default() }).await
}

async fn body(response: reqwest::Response) -> Value {
    response.json().await.unwrap()
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn the_answer_has_the_media_type_that_the_client_takes() {
    let server = Served::start().await;
    for (accept, expected) in [
        ("application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
        ("*/*", "application/json; charset=utf-8"),
    ] {
        let request = server.client.post(server.url("/graphql")).header("accept", accept);
        let response = request.json(&json!({ "query": QUERY })).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{accept}");
        assert_eq!(response.headers()["content-type"], expected, "{accept}");
    }
    let request = server.client.post(server.url("/graphql")).header("accept", "text/html");
    let response = request.json(&json!({ "query": QUERY })).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_ACCEPTABLE);
}

#[tokio::test]
async fn a_long_answer_is_compressed_for_whoever_takes_it() {
    let server = development().await;
    let long = json!({ "query": "{ __schema { types { name description } } }" });
    let asked = async |query: &Value, takes: Option<&str>| {
        let request = server.client.post(server.url("/graphql")).json(query);
        let request = takes.iter().fold(request, |request, takes| request.header("accept-encoding", *takes));
        let response = request.send().await.unwrap();
        let encoding = response.headers().get("content-encoding").map(|it| it.to_str().unwrap().to_owned());
        (encoding, response.bytes().await.unwrap())
    };
    let (encoding, plain) = asked(&long, None).await;
    assert_eq!(encoding, None);
    for takes in ["gzip", "br;q=1.0, gzip;q=0.8, *;q=0.1"] {
        let (encoding, sent) = asked(&long, Some(takes)).await;
        assert_eq!(encoding.as_deref(), Some("gzip"), "{takes}");
        let mut read = Vec::new();
        GzDecoder::new(&*sent).read_to_end(&mut read).unwrap();
        assert_eq!(read, plain, "{takes}");
        assert!(sent.len() * 2 < plain.len(), "{} of {} bytes", sent.len(), plain.len());
    }
    assert_eq!(asked(&long, Some("identity")).await, (None, plain));
    assert_eq!(asked(&json!({ "query": QUERY }), Some("gzip")).await.0, None, "a short one is not");
}

#[tokio::test]
async fn only_json_is_taken_by_post() {
    let server = Served::start().await;
    for content_type in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/graphql"),
        Some("application/json; charset=utf-16"),
    ] {
        let mut request =
            server.client.post(server.url("/graphql")).body(json!({ "query": QUERY }).to_string());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type:?}");
    }
}

#[tokio::test]
async fn a_batch_is_refused_whole() {
    let server = Served::start().await;
    let response = server.posts(&json!([{ "query": QUERY }, { "query": QUERY }]), None).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(code(&body(response).await), "BAD_USER_INPUT");
}

#[tokio::test]
async fn get_is_for_queries_alone() {
    let server = Served::start().await;
    let get = async |query: &str, name: &str| {
        let mut url = url::Url::parse(&server.url("/graphql")).unwrap();
        url.query_pairs_mut().append_pair("query", query);
        if !name.is_empty() {
            url.query_pairs_mut().append_pair("operationName", name);
        }
        server.client.get(url).send().await.unwrap()
    };
    let response = get(QUERY, "").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(body(response).await, json!({ "data": { "__typename": "Query" } }));
    for (query, name) in [
        ("mutation { __typename }", ""),
        ("query A { __typename } mutation B { __typename }", "B"),
        ("subscription { taskEvents { __typename } }", ""),
    ] {
        let response = get(query, name).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{query}");
        assert_eq!(response.headers()["allow"], "POST", "{query}");
    }
    assert_eq!(server.get("/graphql").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(server.get("/graphql?query=a&query=b").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn other_methods_are_told_which_ones_there_are() {
    let server = Served::start().await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let response = server.client.request(method.clone(), server.url("/graphql")).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(response.headers()["allow"], "GET, POST", "{method}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{method}");
    }
    let posted = server.client.post(server.url("/tasks")).send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_body_over_its_limit_is_refused_announced_or_not() {
    let server = Served::start().await;
    let filler = " ".repeat(Limits::default().body_bytes);
    let fits = json!({ "query": QUERY }).to_string();
    let fits = format!("{}{fits}", &filler[fits.len()..]);
    assert_eq!(fits.len(), Limits::default().body_bytes);
    for (text, expected) in
        [(fits.clone(), StatusCode::OK), (format!(" {fits}"), StatusCode::PAYLOAD_TOO_LARGE)]
    {
        let post = || server.client.post(server.url("/graphql")).header("content-type", "application/json");
        assert_eq!(post().body(text.clone()).send().await.unwrap().status(), expected);
        let head =
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\n";
        let chunk = format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n0\r\n\r\n", text.len());
        let answer = server.says(&format!("{head}{chunk}")).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {}", expected.as_str())), "{answer}");
    }
}

#[tokio::test]
async fn what_is_far_too_long_is_told_in_the_persons_words_announced_or_not() {
    let server = Served::start().await;
    let text = json!({ "query": QUERY, "variables": { "text": "я".repeat(5_000_000) } }).to_string();
    assert!(text.len() > 10_000_000);
    for (language, words) in [("ru", "Слишком много текста сразу"), ("en", "Too much text at once")]
    {
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nconnection: close\r\naccept-language: {language}\r\n"
        );
        let announced = format!("{head}content-length: {}\r\n\r\n{text}", text.len());
        let chunked =
            format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n0\r\n\r\n", text.len());
        for request in [announced, chunked] {
            let answer = server.says(&request).await;
            assert!(answer.starts_with("HTTP/1.1 413") && answer.contains(words), "{answer}");
        }
    }
}

#[tokio::test]
async fn what_a_field_allows_fits_however_it_is_escaped() {
    let server = Served::start().await;
    let escaped = |character: &str| character.repeat(20_000);
    for character in [r"\u0436", r"\ud83d\ude00", "😀", r"\u0000"] {
        let query = "query ($text: String) { tasks(filter: { text: $text }) { totalCount } }";
        let text = format!(
            "{{ \"query\": {}, \"variables\": {{ \"text\": \"{}\" }} }}",
            json!(query),
            escaped(character)
        );
        let request = server.client.post(server.url("/graphql")).header("content-type", "application/json");
        let response = request.body(text).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{character}");
    }
}

#[tokio::test]
async fn half_of_a_character_is_no_text_and_values_are_looked_at_before_anything_runs() {
    let server = Served::start().await;
    let post = async |text: &str| {
        let request = server.client.post(server.url("/graphql")).header("content-type", "application/json");
        let request = request.header("accept", "application/graphql-response+json");
        let response = request.body(text.to_owned()).send().await.unwrap();
        (response.status(), body(response).await)
    };
    for text in [
        r#"{"query":"query ($t: String) { users(filter: { text: $t }) { totalCount } }","variables":{"t":"a\ud800"}}"#,
        r#"{"query":"query ($t: String) { users(filter: { text: $t }) { totalCount } }","variables":{"t":"\udc00"}}"#,
        r#"{"query":"{ users(filter: { text: \"\\ud800\" }) { totalCount } }"}"#,
        r#"{"query":"{ tasks(filter: { deadlineFrom: \"soon\" }) { totalCount } }"}"#,
        r#"{"query":"query ($d: DateTime) { tasks(filter: { deadlineFrom: $d }) { totalCount } }","variables":{"d":"soon"}}"#,
        r#"{"query":"{ task(number: 3000000000) { id } }"}"#,
    ] {
        let (status, answer) = post(text).await;
        assert_eq!((status, code(&answer)), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{text}: {answer}");
        assert!(answer.get("data").is_none(), "{text}: {answer}");
    }
    let (_, answer) = post(r#"{"query":"query ($f: [TaskFilter!]!) { taskCounts(filters: $f) }","variables":{"f":[{"a":1},{"b":2}]}}"#).await;
    assert_eq!(answer["errors"].as_array().unwrap().len(), 2, "{answer}");
}

#[tokio::test]
async fn a_request_that_is_not_executed_has_no_data_and_tells_why() {
    let server = Served::start().await;
    for (query, expected) in [
        ("{", "BAD_USER_INPUT"),
        ("{ nothingOfTheKind }", "BAD_USER_INPUT"),
        ("query ($id: ID!) { node(id: $id) { id } }", "BAD_USER_INPUT"),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "BAD_USER_INPUT"),
        ("subscription { taskEvents { __typename } }", "BAD_USER_INPUT"),
    ] {
        let response = server.posts(&json!({ "query": query }), None).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        let answer = body(response).await;
        assert_eq!(code(&answer), expected, "{answer}");
        assert!(answer.get("data").is_none(), "{answer}");
    }
    let refused = server.asks("{ tasks(first: 1) { totalCount } }", None).await;
    assert_eq!(code(&refused), "UNAUTHENTICATED");
    assert_eq!(refused["data"], Value::Null);
}

#[tokio::test]
async fn a_hundred_logins_in_one_document_are_refused_whole() {
    let server = Served::start().await;
    let logins: String = (0..100)
        .map(|index| {
            format!(
                "a{index}: login(input: {{ email: \"a@b.ru\", password: \"{index}\" }}) {{ accessToken }} "
            )
        })
        .collect();
    let answer = server.asks(&format!("mutation {{ {logins} }}"), None).await;
    assert_eq!(code(&answer), "TOO_COMPLEX");
    assert!(answer.get("data").is_none());
}

#[tokio::test]
async fn production_tells_nothing_of_its_schema() {
    let server = Served::start().await;
    let answer = server.asks("{ __schema { types { name } } }", None).await;
    assert_eq!(code(&answer), "FORBIDDEN");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("schema.graphql"));
    let answer = server.asks("{ taskz { id } }", None).await;
    assert!(!answer["errors"][0]["message"].as_str().unwrap().contains("tasks"), "{answer}");
    assert_eq!(server.get("/playground").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn development_tells_it() {
    let server = development().await;
    let answer = server.asks("{ __schema { queryType { name } } }", None).await;
    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query");
    let answer = server.asks("{ taskz { id } }", None).await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("tasks"), "{answer}");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = development().await;
    let mut answers = vec![server.posts(&json!({ "query": QUERY }), None).await];
    for path in ["/", "/absent.js", "/health/live", "/health/ready", "/metrics", "/graphql", "/playground"] {
        answers.push(server.get(path).await);
    }
    for answer in answers {
        let (address, headers) = (answer.url().path().to_owned(), answer.headers());
        let policy = headers["content-security-policy"].to_str().unwrap();
        for directive in
            ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(directive), "{address}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{address}: {policy}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{address}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{address}");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin", "{address}");
        assert!(!headers.contains_key("strict-transport-security"), "{address}: not without TLS");
        assert!(headers.contains_key("x-request-id"), "{address}");
    }
    let page = server.get("/").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    assert!(policy.contains("style-src 'self';"), "{policy}");
}

#[tokio::test]
async fn each_playground_has_a_nonce_of_its_own_and_nothing_else_inline() {
    let server = development().await;
    let asked = async || {
        let request = server.client.get(server.url("/playground")).header("accept-encoding", "br");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert!(!answer.headers().contains_key("etag"));
        assert!(!answer.headers().contains_key("content-encoding"));
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        let sources = policy.split(';').find_map(|part| part.trim().strip_prefix("style-src ")).unwrap();
        let nonce = sources.strip_prefix("'self' 'nonce-").and_then(|rest| rest.strip_suffix('\'')).unwrap();
        let page = answer.text().await.unwrap();
        assert_eq!(page.matches("nonce=").count(), 1, "{page}");
        assert!(page.contains(&format!("nonce=\"{nonce}\"")), "{nonce}: {page}");
        nonce.to_owned()
    };
    let (first, second) = (asked().await, asked().await);
    assert_ne!(first, second);
    assert!(first.len() >= 22, "128 bits are not to be guessed: {first}");
}

#[tokio::test]
async fn under_tls_browsers_are_told_to_stay_there() {
    let public_url = Some("https://tasks.example.com");
    let server = Served::with(Setup { public_url, ..Setup::default() }).await;
    let headers = server.get("/health/live").await.headers().clone();
    assert_eq!(headers["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn a_sane_request_id_is_taken_over_and_another_replaced() {
    let server = Served::start().await;
    let id_for = async |id: &str| {
        let request = server.client.get(server.url("/health/live")).header("x-request-id", id);
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    assert_eq!(id_for("proxy-1.2_3").await, "proxy-1.2_3");
    for insane in ["<script>", "a b", "", &"x".repeat(65)] {
        assert_ne!(id_for(insane).await, insane);
    }
}

#[tokio::test]
async fn unexpected_errors_leave_an_id_for_the_log_and_nothing_else() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let write = server.app.db.write().await.unwrap();
    write.execute_unprepared("ALTER TABLE comments RENAME TO gone").await.unwrap();
    write.execute_unprepared("ALTER TABLE tasks RENAME TO lost").await.unwrap();
    write.commit().await.unwrap();

    let response =
        server.posts(&json!({ "query": "{ tasks(first: 1) { totalCount } }" }), Some(&anna.token)).await;

    assert_eq!(response.status(), StatusCode::OK);
    let answer = body(response).await;
    assert_eq!(code(&answer), "INTERNAL");
    let text = answer.to_string().to_lowercase();
    for secret in ["no such table", "sqlite", "select", "sqlx"] {
        assert!(!text.contains(secret), "{answer}");
    }
    assert!(answer["errors"][0]["message"].as_str().unwrap().ends_with(')'), "an id: {answer}");
}

#[tokio::test]
async fn metrics_are_for_who_knows_the_token_wherever_they_ask_from() {
    let token = "a-token-of-metrics";
    let server = Served::with(Setup { metrics_token: Some(token), ..Setup::default() }).await;
    server.asks("query injected_name_1 { tasks(first: 1) { totalCount } }", None).await;
    server.asks("query injected_name_2 { injected_field }", None).await;
    let asked = async |token: Option<&str>| {
        let request = server.client.get(server.url("/metrics"));
        match token {
            Some(token) => request.bearer_auth(token).send().await.unwrap(),
            None => request.send().await.unwrap(),
        }
    };

    let scraped = asked(Some(token)).await;
    assert_eq!(scraped.status(), StatusCode::OK);
    let text = scraped.text().await.unwrap();
    for name in ["vekha_requests_total", "vekha_sockets", "vekha_database_connections", "vekha_connections "]
    {
        assert!(text.contains(name), "{name}");
    }
    assert!(text.contains(r#"operation="tasks""#), "{text}");
    assert!(!text.contains("injected"), "nothing that a client writes becomes a label");

    // A proxy on this machine that says nothing of its visitors asks like this for them.
    assert_eq!(asked(None).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(asked(Some("another token")).await.status(), StatusCode::FORBIDDEN);
    let without = Served::start().await;
    let asked = without.client.get(without.url("/metrics")).bearer_auth("").send().await.unwrap();
    assert_eq!(asked.status(), StatusCode::FORBIDDEN, "no token opens what has none");
}

#[tokio::test]
async fn a_token_that_is_not_good_makes_nobody() {
    let server = Served::start().await;
    let anna = server.registers("Анна").await;
    let viewer = async |token: &str| {
        server.asks("{ viewer { name } }", Some(token)).await["data"]["viewer"]["name"].clone()
    };
    assert_eq!(viewer(&anna.token).await, "Анна");
    assert_eq!(viewer("forged").await, Value::Null);
    server.app.clock.advance(server::auth::ACCESS_TOKEN_LIFETIME);
    assert_eq!(viewer(&anna.token).await, Value::Null);
}

#[tokio::test]
async fn the_cookie_of_a_browser_is_set_and_read() {
    let server = Served::start().await;
    let query = r#"mutation { register(input: { name: "Анна", email: "a@example.ru", password: "a long enough password" })
        { accessToken refreshToken userErrors { code } } }"#;
    let response = server.posts(&json!({ "query": query }), None).await;
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("vekha_refresh=") && cookie.contains("HttpOnly"), "{cookie}");
    let answer = body(response).await;
    assert_eq!(answer["data"]["register"]["refreshToken"], Value::Null, "{answer}");

    let request = server.client.post(server.url("/graphql"));
    let request = request.header("cookie", cookie.split(';').next().unwrap());
    let query = "mutation { refresh { accessToken userErrors { code } } }";
    let answer = body(request.json(&json!({ "query": query })).send().await.unwrap()).await;
    assert!(answer["data"]["refresh"]["accessToken"].is_string(), "{answer}");
}

#[tokio::test]
async fn a_client_route_without_a_client_says_how_to_get_one() {
    let server = Served::start().await;
    let page = server.client.get(server.url("/tasks/7")).header("accept", "text/html").send().await.unwrap();
    let status = page.status();
    let text = page.text().await.unwrap();
    assert!(status == StatusCode::OK || text.contains("cargo xtask build"), "{status}: {text}");
    assert_eq!(server.get("/tasks/7").await.status(), StatusCode::NOT_FOUND, "not for scripts");
    assert_eq!(server.get("/assets/absent.js").await.status(), StatusCode::NOT_FOUND);
}
