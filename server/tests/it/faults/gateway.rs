//! What stands between a process and the real Elasticsearch, and lets through what the test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It is passed on.
    Open,
    /// Nobody answers.
    Down,
    /// It is passed on as late as another way is taken.
    Slow,
    /// It is never answered.
    Silent,
    /// 429.
    Refused,
    /// Of a bulk the last row is refused, the others are taken.
    Partly,
}

/// An address at which the real server is, as the test lets it be.
pub(super) struct Gateway {
    pub(super) url: String,
    gate: Arc<Gate>,
    _closes: tokio_util::sync::DropGuard,
}

struct Gate {
    way: watch::Sender<Way>,
    cut: AtomicUsize,
    server: String,
    http: reqwest::Client,
}

impl Gateway {
    pub(super) async fn to(server: &str) -> Gateway {
        let gate = Arc::new(Gate {
            way: watch::Sender::new(Way::Open),
            cut: AtomicUsize::new(0),
            server: server.to_owned(),
            http: reqwest::Client::new(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(pass).with_state(Arc::clone(&gate));
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = stopped.cancelled() => {}
                served = axum::serve(listener, router) => served.unwrap(),
            }
        });
        Gateway { url, gate, _closes: stop.drop_guard() }
    }

    pub(super) fn be(&self, way: Way) {
        self.gate.way.send_replace(way);
    }

    /// Requests that were not passed on whole.
    pub(super) fn cut(&self) -> usize {
        self.gate.cut.load(Ordering::Relaxed)
    }
}

async fn pass(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let way = *gate.way.borrow();
    let is_bulk = request.uri().path().ends_with("/_bulk");
    match way {
        Way::Open => {}
        Way::Partly if !is_bulk => {}
        Way::Partly => {
            gate.cut.fetch_add(1, Ordering::Relaxed);
            return partly(&gate, request).await;
        }
        Way::Down => {
            gate.cut.fetch_add(1, Ordering::Relaxed);
            // The connection breaks off.
            return Response::new(axum::body::Body::from_stream(futures_util::stream::once(async {
                Err::<Bytes, _>(std::io::Error::other("down"))
            })));
        }
        Way::Slow => {
            gate.cut.fetch_add(1, Ordering::Relaxed);
            gate.way.subscribe().wait_for(|way| *way != Way::Slow).await.unwrap();
        }
        Way::Silent => {
            gate.cut.fetch_add(1, Ordering::Relaxed);
            return std::future::pending().await;
        }
        Way::Refused => {
            gate.cut.fetch_add(1, Ordering::Relaxed);
            let error = json!({ "error": { "type": "es_rejected_execution_exception", "reason": "full" }, "status": 429 });
            return (StatusCode::TOO_MANY_REQUESTS, axum::Json(error)).into_response();
        }
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    send(&gate, &parts, body).await
}

async fn send(gate: &Gate, parts: &http::request::Parts, body: Bytes) -> Response {
    let address = format!("{}{}", gate.server, parts.uri);
    let mut request = gate.http.request(parts.method.clone(), address).body(body);
    if let Some(kind) = parts.headers.get(header::CONTENT_TYPE) {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let answer = request.send().await.unwrap();
    let (status, kind) = (answer.status(), answer.headers().get(header::CONTENT_TYPE).cloned());
    let body = answer.bytes().await.unwrap();
    let mut response = (status, body).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

/// The bulk without its last document, and an answer that says so.
async fn partly(gate: &Gate, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let taken = lines[..lines.len() - 2].join("\n");
    let action: Value = serde_json::from_str(lines[lines.len() - 2]).unwrap();
    let mut items = Vec::new();
    if !taken.is_empty() {
        let answer = send(gate, &parts, Bytes::from(taken + "\n")).await;
        let answer = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        items.extend(answer["items"].as_array().unwrap().clone());
    }
    let error = json!({ "type": "es_rejected_execution_exception", "reason": "full" });
    items.push(json!({ "index": { "_id": action["index"]["_id"], "status": 429, "error": error } }));
    axum::Json(json!({ "took": 1, "errors": true, "items": items })).into_response()
}
