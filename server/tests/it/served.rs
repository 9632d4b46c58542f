//! A server on a real port, and clients of it: HTTP, WebSocket and bare TCP.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use server::app::App;
use server::auth::{Bounds, Cost, Hashing, Secrets};
use server::clock::{Clock, Random};
use server::config::{Config, Hsts, Mode};
use server::db::{Database, Location};
use server::graphql::schema;
use server::http::{self, Limits};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};
use tokio_util::sync::CancellationToken;

use crate::world::{BEGINNING, moment};

/// Longer than anything should take; reached only by a test that fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const PASSWORD: &str = "a long enough password";

/// What differs from the defaults.
pub(crate) struct Setup {
    pub(crate) limits: Limits,
    pub(crate) listen: &'static str,
    pub(crate) mode: Mode,
    pub(crate) hsts: Hsts,
    pub(crate) public_url: Option<&'static str>,
    pub(crate) metrics_token: Option<&'static str>,
    pub(crate) database: Option<Location>,
}

impl Default for Setup {
    fn default() -> Self {
        Setup {
            limits: Limits::default(),
            listen: "127.0.0.1:0",
            mode: Mode::Production,
            hsts: Hsts::Host,
            public_url: None,
            metrics_token: None,
            database: None,
        }
    }
}

/// A server in this process. Its clock stands.
pub(crate) struct Served {
    pub(crate) app: Arc<App>,
    pub(crate) address: SocketAddr,
    pub(crate) client: reqwest::Client,
    stop: CancellationToken,
    serving: JoinHandle<bool>,
    beside: CancellationToken,
    _running: JoinSet<()>,
    _folder: TempDir,
}

impl Served {
    pub(crate) async fn start() -> Served {
        Served::with(Setup::default()).await
    }

    pub(crate) async fn with(setup: Setup) -> Served {
        let folder = TempDir::new().unwrap();
        let database = setup.database.unwrap_or_else(|| Location::Sqlite(folder.path().join("vekha.sqlite")));
        let mut config = Config {
            listen: setup.listen.parse().unwrap(),
            public_url: setup.public_url.map(|url| url.parse().unwrap()),
            data_dir: folder.path().to_owned(),
            database: database.clone(),
            elasticsearch_url: None,
            elasticsearch_index: "vekha-tasks".to_owned(),
            secrets: None,
            mode: setup.mode,
            registration: None,
            changes_per_minute: 300,
            hsts: setup.hsts,
            metrics_token: setup.metrics_token.map(str::to_owned),
            trusted_proxies: "127.0.0.0/8,::1".parse().unwrap(),
        };
        let listener = http::bind(&mut config).await.unwrap();
        let mut address = config.listen;
        if address.ip().is_unspecified() {
            address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        let db = Database::connect(&database).await.unwrap();
        db.migrate().await.unwrap();
        let secrets = Secrets::of_key("k1", *b"0123456789abcdef0123456789abcdef");
        let hashing = Hashing::new(Cost::FOR_TESTS, Bounds { at_once: 8, waiting: 1_000 });
        let clock = Clock::standing_at(moment(BEGINNING));
        let app = App::with_database(config, clock, secrets, hashing, db).await.unwrap();
        let (stop, beside) = (CancellationToken::new(), CancellationToken::new());
        let running = app.start(&beside);
        let served =
            http::serve(listener, Arc::clone(&app), schema(Arc::clone(&app)), setup.limits, stop.clone());
        let serving = tokio::spawn(served);
        let client = reqwest::Client::builder().build().unwrap();
        Served { app, address, client, stop, serving, beside, _running: running, _folder: folder }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// A POST of JSON, as programs send it.
    pub(crate) async fn posts(&self, body: &Value, token: Option<&str>) -> reqwest::Response {
        let mut request = self
            .client
            .post(self.url("/graphql"))
            .header("accept", "application/graphql-response+json")
            .header("accept-language", "en")
            .json(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap()
    }

    /// The answer to bytes on a bare connection, read until its end.
    pub(crate) async fn says(&self, bytes: &str) -> String {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        connection.write_all(bytes.as_bytes()).await.unwrap();
        let mut answer = String::new();
        tokio::time::timeout(PATIENCE, connection.read_to_string(&mut answer)).await.unwrap().unwrap();
        answer
    }

    /// The answer to a document.
    pub(crate) async fn asks(&self, query: &str, token: Option<&str>) -> Value {
        self.posts(&json!({ "query": query }), token).await.json().await.unwrap()
    }

    /// A new person; the first is an administrator.
    pub(crate) async fn registers(&self, name: &str) -> SignedIn {
        register(&self.client, &self.url("/graphql"), name).await
    }

    /// A socket that an administrator or manager of that token may use.
    pub(crate) async fn signed_in_socket(&self, token: &str) -> Socket {
        let mut socket = self.socket().await;
        socket.initialises(token).await;
        assert_eq!(socket.hears().await["type"], "connection_ack");
        socket
    }

    pub(crate) async fn socket(&self) -> Socket {
        Socket::open(self.address).await
    }

    /// Lets it go down in order; whether everything ended in time.
    pub(crate) async fn stops(&mut self) -> bool {
        self.begins_to_stop();
        tokio::time::timeout(PATIENCE, &mut self.serving).await.expect("the server ends").unwrap()
    }

    pub(crate) fn begins_to_stop(&self) {
        self.stop.cancel();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.cancel();
        self.beside.cancel();
    }
}

/// Somebody who registered.
pub(crate) struct SignedIn {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// Registers a person at a server, and keeps their token.
pub(crate) async fn register(client: &reqwest::Client, url: &str, name: &str) -> SignedIn {
    let email = format!("{}@example.ru", Random.token().unwrap().to_lowercase());
    let query = "mutation ($input: RegisterInput!) {
        register(input: $input) { accessToken viewer { id } userErrors { code field } }
    }";
    let input = json!({ "name": name, "email": email, "password": PASSWORD, "delivery": "BODY" });
    let response = client
        .post(url)
        .json(&json!({ "query": query, "variables": { "input": input } }))
        .send()
        .await
        .unwrap();
    let answer: Value = response.json().await.unwrap();
    let payload = &answer["data"]["register"];
    assert_eq!(payload["userErrors"], json!([]), "{answer}");
    SignedIn {
        id: payload["viewer"]["id"].as_str().unwrap().to_owned(),
        token: payload["accessToken"].as_str().unwrap().to_owned(),
    }
}

/// A WebSocket, which says what it hears and how it was closed.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    pub(crate) async fn open(address: SocketAddr) -> Socket {
        let origin = format!("http://{address}");
        Socket::try_open(
            TcpStream::connect(address).await.unwrap(),
            Some(&origin),
            Some("graphql-transport-ws"),
        )
        .await
        .expect("the socket opens")
    }

    /// Opens a socket over a connection, or the status that it was refused with.
    pub(crate) async fn try_open(
        connection: TcpStream,
        origin: Option<&str>,
        protocol: Option<&str>,
    ) -> Result<Socket, u16> {
        let address = connection.peer_addr().unwrap();
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        match client_async(request, connection).await {
            Ok((stream, _)) => Ok(Socket { stream }),
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn says(&mut self, message: Value) {
        self.says_text(&message.to_string()).await;
    }

    pub(crate) async fn says_text(&mut self, text: &str) {
        self.sends(Message::text(text)).await;
    }

    pub(crate) async fn sends(&mut self, message: Message) {
        self.stream.send(message).await.unwrap();
    }

    pub(crate) async fn initialises(&mut self, token: &str) {
        let payload = json!({ "authorization": format!("Bearer {token}") });
        self.says(json!({ "type": "connection_init", "payload": payload })).await;
    }

    pub(crate) async fn subscribes(&mut self, id: &str, query: &str) {
        self.says(json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    /// The next message.
    pub(crate) async fn hears(&mut self) -> Value {
        match self.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("a message was to be heard, not {other:?}"),
        }
    }

    /// The next message of the type; others are passed over.
    pub(crate) async fn hears_type(&mut self, kind: &str) -> Value {
        loop {
            let message = self.hears().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// The code that it is closed with, whatever is said before; `None` when the connection just ends.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        loop {
            match self.next().await {
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    async fn next(&mut self) -> Option<Result<Message, tokio_tungstenite::tungstenite::Error>> {
        tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("something was to happen")
    }
}
