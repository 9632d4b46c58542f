//! The life of one socket: initialisation, then operations until one side ends it. One task, which either reads, waits or
//! writes: while a client does not take what is sent to it, its subscriptions are not asked for more, and the hub closes it.

use std::any::TypeId;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Data, Response, ServerError};
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::stream::{BoxStream, once};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_tungstenite::tungstenite::Error as WebSocketError;
use tokio_util::task::AbortOnDropHandle;

use super::super::connections::Hold;
use super::super::executions::{Asking, refused};
use super::super::graphql::{admit, execute, pay};
use super::super::parameters::Parameters;
use super::super::{Site, answer, asker, metrics};
use super::close::Close;
use super::message::{ClientMessage, ServerMessage};
use super::operations::{Event, Operations};
use crate::auth::{self, Viewer};
use crate::db::columns::{Locale, Timestamp};
use crate::error::{Error, ErrorCode};
use crate::graphql::context::Asker;
use crate::graphql::gate::Admitted;
use crate::log::hub::{Closing, Connection};

/// How a conversation ended.
enum Ended {
    /// The client closed it, or is gone.
    Gone,
    /// The server has a reason to.
    Closed(Close),
}

impl From<Close> for Ended {
    fn from(close: Close) -> Self {
        Ended::Closed(close)
    }
}

/// Speaks with the client until the end, and says why it ends.
/// From the moment a person is signed in until then its connection is not given up for another.
pub(super) async fn hold(site: Arc<Site>, mut socket: WebSocket, asker: Asker, connection: Option<Hold>) {
    let Err(ended) = converse(&site, &mut socket, asker, connection.as_ref()).await;
    if let Some(connection) = connection {
        connection.release();
    }
    let farewell = async {
        if let Ended::Closed(close) = ended {
            metrics::closed(close.code());
            if socket.send(Message::Close(Some(close.frame()))).await.is_err() {
                return;
            }
        }
        // The closing handshake: what the client still says is not for us any more.
        while let Some(Ok(_)) = socket.recv().await {}
    };
    if timeout(site.limits.socket.close, farewell).await.is_err() {
        tracing::debug!("a client did not finish the closing handshake");
    }
}

async fn converse(
    site: &Arc<Site>,
    socket: &mut WebSocket,
    asker: Asker,
    kept: Option<&Hold>,
) -> Result<std::convert::Infallible, Ended> {
    let begun = Instant::now();
    let payload = initialisation(site, socket, begun).await?;
    let authorised = timeout_at(begun + site.limits.socket.init, authorise(site, payload, asker.locale));
    let (connection, viewer) = authorised.await.map_err(|_| Close::Unavailable)??;
    if let Some(kept) = kept {
        kept.take();
    }
    let ends = begun.checked_add(until(viewer.expires_at, site.app.clock.now()));
    let asking = Asking::Person(viewer.id);
    let asker = asker::signed_in(asker, viewer);
    let locale = asker.locale;
    let mut data = Data::default();
    data.insert(asker);
    data.insert(connection.handle());
    let mut conversation = Conversation {
        site,
        asking,
        locale,
        socket,
        closing: connection.closing(),
        data: Arc::new(data),
        operations: Operations::default(),
        heard: Instant::now(),
        pinged: Instant::now(),
        ends: ends.unwrap_or(begun),
        _connection: connection,
    };
    conversation.say(&ServerMessage::ConnectionAck).await?;
    loop {
        conversation.step().await?;
    }
}

fn until(moment: Timestamp, now: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(moment.0.saturating_sub(now.0)).unwrap_or_default())
}

/// Waits for `connection_init`.
async fn initialisation(
    site: &Site,
    socket: &mut WebSocket,
    begun: Instant,
) -> Result<Option<Map<String, Value>>, Ended> {
    loop {
        let heard = tokio::select! {
            () = site.draining.cancelled() => return Err(Close::Restart.into()),
            () = sleep_until(begun + site.limits.socket.init) => return Err(Close::InitTimeout.into()),
            received = socket.recv() => read(received, site.limits.socket.message_bytes)?,
        };
        match heard {
            None | Some(ClientMessage::Pong | ClientMessage::Complete { .. }) => {}
            Some(ClientMessage::Ping { payload }) => {
                let pong = write(&ServerMessage::Pong { payload })?;
                timeout_at(begun + site.limits.socket.init, socket.send(pong))
                    .await
                    .map_err(|_| Ended::Gone)?
                    .map_err(|_| Ended::Gone)?;
            }
            Some(ClientMessage::Subscribe { .. }) => return Err(Close::Unauthorized.into()),
            Some(ClientMessage::ConnectionInit { payload }) => return Ok(payload),
        }
    }
}

/// The person whose token the client brought. The connection is registered before the person is looked up, so that a change of
/// role in between closes it.
async fn authorise(
    site: &Site,
    payload: Option<Map<String, Value>>,
    fallback: Locale,
) -> Result<(Connection, Viewer), Close> {
    let payload = payload.unwrap_or_default();
    let header = payload.get("authorization").or_else(|| payload.get("Authorization"));
    let token = header
        .and_then(Value::as_str)
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(Close::Forbidden("Forbidden"))?;
    let app = &site.app;
    let refused = |error: Error| match error {
        Error::User(_) | Error::Refused(_) => Close::Forbidden("Forbidden"),
        Error::Unavailable(cause) => {
            tracing::warn!(cause = format!("{cause:#}"), "a socket cannot be authorised");
            Close::Unavailable
        }
        Error::Internal(cause) => {
            tracing::error!(cause = format!("{cause:#}"), "a socket cannot be authorised");
            Close::Unavailable
        }
    };
    let identity = auth::verify_access_token(&app.secrets, token, app.clock.now()).map_err(refused)?;
    let connection = app.hub.connect(identity.user, identity.session, site.limits.socket.per_person);
    let connection = connection
        .ok_or_else(|| if site.draining.is_cancelled() { Close::Restart } else { Close::TooManySockets })?;
    let viewer = Viewer::by_access_token(app, token, fallback).await.map_err(refused)?;
    Ok((connection, viewer))
}

struct Conversation<'s> {
    site: &'s Arc<Site>,
    asking: Asking,
    locale: Locale,
    socket: &'s mut WebSocket,
    closing: watch::Receiver<Option<Closing>>,
    data: Arc<Data>,
    operations: Operations,
    heard: Instant,
    pinged: Instant,
    /// When the access token does.
    ends: Instant,
    _connection: Connection,
}

impl Conversation<'_> {
    /// Whatever happens next.
    async fn step(&mut self) -> Result<(), Ended> {
        let limits = self.site.limits.socket;
        let due = (self.pinged + limits.ping).min(self.heard + limits.silence).min(self.ends);
        tokio::select! {
            close = closed(&mut self.closing) => Err(close.into()),
            () = self.site.draining.cancelled() => Err(Close::Restart.into()),
            () = sleep_until(due) => self.tick().await,
            received = self.socket.recv() => {
                let message = read(received, limits.message_bytes)?;
                self.heard = Instant::now();
                match message {
                    Some(message) => self.handle(message).await,
                    None => Ok(()),
                }
            }
            (id, event) = self.operations.next() => self.tell(&id, event).await,
        }
    }

    async fn tick(&mut self) -> Result<(), Ended> {
        let now = Instant::now();
        let limits = self.site.limits.socket;
        if now >= self.ends {
            return Err(Close::Forbidden("Access token expired").into());
        }
        if now >= self.heard + limits.silence {
            return Err(Ended::Gone);
        }
        if now >= self.pinged + limits.ping {
            self.pinged = now;
            self.say(&ServerMessage::Ping).await?;
        }
        Ok(())
    }

    async fn handle(&mut self, message: ClientMessage) -> Result<(), Ended> {
        match message {
            ClientMessage::ConnectionInit { .. } => Err(Close::SecondInit.into()),
            ClientMessage::Ping { payload } => self.say(&ServerMessage::Pong { payload }).await,
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { id, .. } if self.operations.is_running(&id) => {
                Err(Close::DuplicateId(id).into())
            }
            ClientMessage::Subscribe { id, payload } => match self.start(&id, payload) {
                Ok(()) => Ok(()),
                Err(error) => self.say(&ServerMessage::Error { id: &id, payload: &[*error] }).await,
            },
            ClientMessage::Complete { id } => {
                self.operations.stop(&id);
                Ok(())
            }
        }
    }

    fn start(&mut self, id: &str, parameters: Parameters) -> Result<(), Box<ServerError>> {
        if self.operations.len() >= self.site.limits.socket.operations {
            let message = format!("At most {} operations at once.", self.site.limits.socket.operations);
            return Err(Box::new(answer::error(ErrorCode::RateLimited, message)));
        }
        let admitted = admit(self.site, &parameters)?;
        if admitted.signs_in {
            // Its cookie could not be set over a socket, and the session would be lost.
            let message = "Signing in is done over HTTP.";
            return Err(Box::new(answer::error(ErrorCode::BadUserInput, message)));
        }
        let operation = self.site.operations.label(&admitted);
        let is_subscription =
            admitted.kind == Some(async_graphql::parser::types::OperationType::Subscription);
        let responses = if is_subscription {
            let events = execute(self.site, parameters, admitted, Arc::clone(&self.data));
            self.site.executions.told(&self.site.app.db, self.asking.clone(), events)
        } else {
            self.answering(parameters, admitted)
        };
        self.operations.start(id, operation, is_subscription, responses);
        Ok(())
    }

    /// The one answer. Made beside the socket: while a client does not take what was sent before, nothing of the database is held
    /// for it.
    fn answering(&self, parameters: Parameters, admitted: Admitted) -> BoxStream<'static, Response> {
        let (site, data) = (Arc::clone(self.site), Arc::clone(&self.data));
        let (asking, locale) = (self.asking.clone(), self.locale);
        let answering = AbortOnDropHandle::new(tokio::spawn(async move {
            let asker = data.get(&TypeId::of::<Asker>()).and_then(|asker| asker.downcast_ref::<Asker>());
            if let Err(error) = asker.map_or(Ok(()), |asker| pay(&site, asker, &admitted)) {
                return refused(error, Some(locale));
            }
            match site.executions.turn(asking, admitted.nodes).await {
                Ok(turn) => {
                    let mut responses = execute(&site, parameters, admitted, data);
                    let answering = async move { responses.next().await.unwrap_or_default() };
                    turn.run(&site.app.db, locale, answering).await
                }
                Err(error) => refused(error, Some(locale)),
            }
        }));
        once(answering.map(move |answered| match answered {
            Ok(response) => response,
            Err(_) => refused(Error::internal("an execution ended without an answer"), Some(locale)),
        }))
        .boxed()
    }

    async fn tell(&mut self, id: &str, event: Event) -> Result<(), Ended> {
        // A subscription ends with its connection. Told `complete`, a client would not come back for it.
        if let Some(closing) = *self.closing.borrow() {
            return Err(Close::from(closing).into());
        }
        let Some(running) = self.operations.running(id) else { return Ok(()) };
        match event {
            Event::Response(response) => {
                if running.is_subscription {
                    running.operation.delivered();
                } else {
                    running.operation.executed(running.began, response.is_err());
                }
                if answer::is_request_error(&response) {
                    self.operations.stop(id);
                    return self.say(&ServerMessage::Error { id, payload: &response.errors }).await;
                }
                self.say(&ServerMessage::Next { id, payload: &response }).await
            }
            Event::End => {
                self.operations.stop(id);
                self.say(&ServerMessage::Complete { id }).await
            }
        }
    }

    /// Sends a message and waits until the network has taken it, unless there is a reason to close.
    async fn say(&mut self, message: &ServerMessage<'_>) -> Result<(), Ended> {
        let message = write(message)?;
        let patience = self.site.limits.socket.silence;
        tokio::select! {
            close = closed(&mut self.closing) => Err(close.into()),
            () = self.site.draining.cancelled() => Err(Close::Restart.into()),
            () = tokio::time::sleep(patience) => Err(Close::TooSlow.into()),
            sent = self.socket.send(message) => sent.map_err(|_| Ended::Gone),
        }
    }
}

/// Resolves when the hub wants the connection closed.
async fn closed(closing: &mut watch::Receiver<Option<Closing>>) -> Close {
    match closing.wait_for(Option::is_some).await {
        Ok(closing) => closing.map_or(Close::Restart, Close::from),
        Err(_) => Close::Restart,
    }
}

fn write(message: &ServerMessage<'_>) -> Result<Message, Ended> {
    match serde_json::to_string(message) {
        Ok(text) => Ok(Message::Text(Utf8Bytes::from(text))),
        Err(error) => {
            tracing::error!(%error, "a message cannot be written");
            Err(Ended::Gone)
        }
    }
}

/// The message of the protocol within what was received, if it holds one: a ping of WebSocket itself is answered underneath.
fn read(received: Option<Result<Message, axum::Error>>, most: usize) -> Result<Option<ClientMessage>, Ended> {
    match received {
        Some(Ok(Message::Text(text))) if text.len() > most => Err(Close::TooBig.into()),
        Some(Ok(Message::Text(text))) => {
            ClientMessage::parse(&text).map(Some).map_err(|problem| Close::BadMessage(problem).into())
        }
        Some(Ok(Message::Binary(_))) => Err(Close::BadMessage("Invalid message: binary".to_owned()).into()),
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(None),
        Some(Ok(Message::Close(_))) | None => Err(Ended::Gone),
        Some(Err(error)) => Err(broken(error)),
    }
}

fn broken(error: axum::Error) -> Ended {
    match error.into_inner().downcast_ref::<WebSocketError>() {
        Some(WebSocketError::Capacity(_)) => Close::TooBig.into(),
        Some(WebSocketError::Utf8(_)) => Close::NotUtf8.into(),
        Some(WebSocketError::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ))
        | None => Ended::Gone,
        Some(WebSocketError::Protocol(_)) => Close::Protocol.into(),
        Some(_) => Ended::Gone,
    }
}
