//! A program that speaks with the server as any other does: GraphQL over HTTP and WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::log::{Cursor, Position};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);

const PASSWORD: &str = "correct horse battery";
const CREATE: &str = "mutation ($title: String!, $assignee: ID!) {
    taskCreate(input: { title: $title, assigneeId: $assignee }) { task { id number } userErrors { code message } } }";
const LOGIN: &str = "mutation ($input: LoginInput!) { login(input: $input) {
    viewer { id } accessToken userErrors { code message } } }";

/// What came of asking for a change while things fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tried<T> {
    /// It was acknowledged.
    Done(T),
    /// It was refused with this code and sentence.
    Refused(String, String),
    /// Nobody answered.
    Gone,
}

impl<T: std::fmt::Debug> Tried<T> {
    /// What was acknowledged; fails, and says when, where it was not.
    pub(super) fn done(self, when: &str) -> T {
        match self {
            Tried::Done(done) => done,
            refused @ (Tried::Refused(..) | Tried::Gone) => panic!("{when}: {refused:?}"),
        }
    }
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// The person's opaque id.
    pub(super) id: String,
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    /// Makes an account: the first one is the administrator's, later ones are managers'.
    pub(super) async fn register(url: &str, name: &str) -> Client {
        let http = reqwest::Client::builder().timeout(PATIENCE).build().unwrap();
        let nobody = Client { id: String::new(), http, url: url.to_owned(), token: String::new() };
        let register = "mutation ($input: RegisterInput!) { register(input: $input) {
            viewer { id } accessToken userErrors { code message } } }";
        let email = format!("{name}@example.ru");
        let input = json!({ "name": name, "email": email, "password": PASSWORD, "delivery": "BODY" });
        let session = nobody.changes(register, json!({ "input": input })).await.unwrap();
        let text = |field: &Value| field.as_str().unwrap().to_owned();
        Client { id: text(&session["viewer"]["id"]), token: text(&session["accessToken"]), ..nobody }
    }

    /// Signs in somebody who registered so.
    pub(super) async fn signs_in(&self, name: &str) -> Client {
        let nobody = Client { token: String::new(), ..self.clone() };
        let input =
            json!({ "email": format!("{name}@example.ru"), "password": PASSWORD, "delivery": "BODY" });
        let session = nobody.changes(LOGIN, json!({ "input": input })).await.unwrap();
        let text = |field: &Value| field.as_str().unwrap().to_owned();
        Client { id: text(&session["viewer"]["id"]), token: text(&session["accessToken"]), ..nobody }
    }

    /// The same person over connections of their own.
    pub(super) fn anew(&self) -> Client {
        Client { http: reqwest::Client::builder().timeout(PATIENCE).build().unwrap(), ..self.clone() }
    }

    /// What the person is known by.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// That the token of before lets nobody in.
    pub(super) async fn is_signed_out(&self) {
        let data = self.asks("{ viewer { id } }", Value::Null).await.unwrap();
        assert_eq!(data["viewer"], Value::Null);
    }

    /// The same person at another process.
    pub(super) fn at(&self, url: &str) -> Client {
        Client { url: url.to_owned(), ..self.clone() }
    }

    /// Asks; an error is one of the connection. What the server says against it fails the test.
    pub(super) async fn asks(&self, document: &str, variables: Value) -> Result<Value, reqwest::Error> {
        let mut request = self.http.post(format!("{}/graphql", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let answer = request.json(&json!({ "query": document, "variables": variables })).send().await?;
        let status = answer.status();
        let body: Value = serde_json::from_slice(&answer.bytes().await?).unwrap();
        assert!(status.is_success() && body.get("errors").is_none(), "{status}: {body}");
        Ok(body["data"].clone())
    }

    /// Asks, whatever the server says: the status and the code of the first error, if there is one.
    pub(super) async fn tries(&self, document: &str, variables: Value) -> (u16, Option<String>) {
        let request = self.http.post(format!("{}/graphql", self.url)).bearer_auth(&self.token);
        let answer =
            request.json(&json!({ "query": document, "variables": variables })).send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        (status, body["errors"][0]["extensions"]["code"].as_str().map(str::to_owned))
    }

    /// Asks for one change; the payload.
    pub(super) async fn changes(&self, document: &str, variables: Value) -> Result<Value, reqwest::Error> {
        let data = self.asks(document, variables).await?;
        let payload = data.as_object().unwrap().values().next().unwrap().clone();
        assert_eq!(payload["userErrors"], json!([]), "{document}");
        Ok(payload)
    }

    /// Sets a task. Its number.
    pub(super) async fn creates(&self, title: &str, assignee: &Client) -> Result<i64, reqwest::Error> {
        let payload = self.changes(CREATE, json!({ "title": title, "assignee": assignee.id })).await?;
        Ok(payload["task"]["number"].as_i64().unwrap())
    }

    /// Sets a task, if it can be set. Its number.
    pub(super) async fn tries_to_create(&self, title: &str, assignee: &Client) -> Tried<i64> {
        let tried = self.tries_to_change(CREATE, json!({ "title": title, "assignee": assignee.id })).await;
        match tried {
            Tried::Done(payload) => Tried::Done(payload["task"]["number"].as_i64().unwrap()),
            Tried::Refused(code, message) => Tried::Refused(code, message),
            Tried::Gone => Tried::Gone,
        }
    }

    /// Signs in, if that can be done; with the token that was given.
    pub(super) async fn tries_to_sign_in(&self, name: &str) -> Tried<Client> {
        let nobody = Client { token: String::new(), ..self.clone() };
        let input =
            json!({ "email": format!("{name}@example.ru"), "password": PASSWORD, "delivery": "BODY" });
        match nobody.tries_to_change(LOGIN, json!({ "input": input })).await {
            Tried::Done(session) => {
                let token = session["accessToken"].as_str().unwrap().to_owned();
                Tried::Done(Client { token, ..nobody })
            }
            Tried::Refused(code, message) => Tried::Refused(code, message),
            Tried::Gone => Tried::Gone,
        }
    }

    /// Whom the token is of; null for nobody.
    pub(super) async fn viewer(&self) -> Value {
        self.asks("{ viewer { id } }", Value::Null).await.unwrap()["viewer"]["id"].clone()
    }

    /// Asks for a change that may fail: the payload of one that is acknowledged.
    async fn tries_to_change(&self, document: &str, variables: Value) -> Tried<Value> {
        let mut request = self.http.post(format!("{}/graphql", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let body = json!({ "query": document, "variables": variables });
        let Ok(answer) = request.json(&body).send().await else { return Tried::Gone };
        let Ok(bytes) = answer.bytes().await else { return Tried::Gone };
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let Some(error) = body["errors"].get(0) {
            return Tried::Refused(text(&error["extensions"]["code"]), text(&error["message"]));
        }
        let payload = body["data"].as_object().unwrap().values().next().unwrap().clone();
        match payload["userErrors"].get(0) {
            Some(error) => Tried::Refused(text(&error["code"]), text(&error["message"])),
            None => Tried::Done(payload),
        }
    }

    /// Whether the process says that it is ready; and what it says of itself.
    pub(super) async fn readiness(&self) -> Option<(bool, Value)> {
        let answer = self.http.get(format!("{}/health/ready", self.url)).send().await.ok()?;
        let ready = answer.status().is_success();
        Some((ready, serde_json::from_slice(&answer.bytes().await.ok()?).unwrap()))
    }

    /// Waits until readiness says what is wanted of `writes`, and of the process as a whole.
    pub(super) async fn is_writable(&self, wanted: bool) {
        let said = async {
            loop {
                if let Some((ready, said)) = self.readiness().await
                    && ready == wanted
                    && said["writes"] == wanted
                {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, said).await.unwrap_or_else(|_| panic!("writes: {wanted}"));
    }

    /// The place in the log that lists show now.
    pub(super) async fn live_cursor(&self) -> String {
        let data = self.asks("{ tasks(first: 1) { liveCursor } }", Value::Null).await.unwrap();
        data["tasks"]["liveCursor"].as_str().unwrap().to_owned()
    }

    /// Listens to tasks after a place; returns once the server has let the person in.
    pub(super) async fn hears_tasks(&self, after: &str) -> Socket {
        let address = format!("{}/graphql", self.url.replacen("http", "ws", 1));
        let mut request = address.into_client_request().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", "graphql-transport-ws".parse().unwrap());
        let (stream, _) = connect_async(request).await.unwrap();
        let mut socket = Socket { stream };
        let authorization = format!("Bearer {}", self.token);
        socket
            .says(json!({ "type": "connection_init", "payload": { "authorization": authorization } }))
            .await;
        assert_eq!(socket.receives().await.unwrap()["type"], "connection_ack");
        let query = "subscription ($after: Cursor) { taskEvents(after: $after) { __typename
            ... on Happened { cursor } ... on Resync { cursor }
            ... on TaskCreated { task { title number } } ... on TaskUpdated { changes { to } } } }";
        let payload = json!({ "query": query, "variables": { "after": after } });
        socket.says(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        socket
    }
}

/// An open socket that listens. Dropped, it is cut: the server is not told.
pub(super) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// Why a socket says nothing more.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The server closed it with this code.
    Closed(u16),
    /// The connection is gone.
    Gone,
}

impl Socket {
    async fn says(&mut self, message: Value) {
        self.stream.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn receives(&mut self) -> Result<Value, Ended> {
        loop {
            let received = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            match received.expect("something was to be heard") {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] == "ping" {
                        self.says(json!({ "type": "pong" })).await;
                    } else {
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Close(Some(frame)))) => return Err(Ended::Closed(frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(Error::Io(_) | Error::Protocol(_) | Error::ConnectionClosed)) | None => {
                    return Err(Ended::Gone);
                }
                Some(Err(error)) => panic!("{error}"),
            }
        }
    }

    /// The next event.
    pub(super) async fn next(&mut self) -> Result<Value, Ended> {
        let message = self.receives().await?;
        assert_eq!(message["type"], "next", "{message}");
        let payload = &message["payload"];
        assert!(payload.get("errors").is_none(), "{payload}");
        Ok(payload["data"]["taskEvents"].clone())
    }
}

/// The place in the log that an event carries.
pub(super) fn position(event: &Value) -> Position {
    Cursor::decode(event["cursor"].as_str().unwrap()).unwrap().position
}
