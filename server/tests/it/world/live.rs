//! A subscription, and waiting for what it says.

use std::time::Duration;

use async_graphql::{Request, Response};
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use serde_json::Value;
use server::log::hub::{Closing, Connection};

use super::Person;

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody listens.
pub(crate) struct Live {
    stream: BoxStream<'static, Response>,
    connection: Connection,
}

pub(super) fn tasks(after: Option<&str>) -> String {
    let after = after.map(|after| format!("(after: {after:?})")).unwrap_or_default();
    format!(
        "subscription {{ taskEvents{after} {{ __typename
            ... on Happened {{ cursor at actor {{ name }} }}
            ... on TaskCreated {{ task {{ id title version }} }}
            ... on TaskUpdated {{ task {{ id title version }} changes {{ field from to }} }}
            ... on TaskStatusChanged {{ task {{ id title version }} from to action reason }}
            ... on TaskDeadlineChanged {{ task {{ id title version }} before: from after: to }}
            ... on TaskOverdue {{ task {{ id title version }} deadline }}
            ... on TaskAssigned {{ task {{ id title version }} giver: from {{ name }} taker: to {{ name }} }}
            ... on TaskDeleted {{ taskId }}
            ... on TaskRestored {{ task {{ id title version }} }}
            ... on TaskCommented {{ task {{ id title version }} comment {{ body }} }}
            ... on AllTasksCompleted {{ creator {{ name }} assignee {{ name }} }}
            ... on Resync {{ cursor }}
        }} }}"
    )
}

pub(super) fn notifications(after: Option<&str>) -> String {
    let after = after.map(|after| format!("(after: {after:?})")).unwrap_or_default();
    format!(
        "subscription {{ notificationReceived{after} {{ __typename
            ... on NotificationReceived {{ cursor unreadCount notification {{ id kind text readAt }} }}
            ... on NotificationsRead {{ cursor unreadCount ids }}
            ... on Resync {{ cursor }}
        }} }}"
    )
}

impl Live {
    pub(super) async fn open(person: &Person, document: String) -> Live {
        let connection =
            person.app.hub.connect(person.user, person.session, 1_000).expect("the process is up");
        let request = Request::new(document).data(person.asker().await).data(connection.handle());
        let mut stream = person.schema.execute_stream(request);
        // The stream joins the tail when it is first polled; a listener is one that has joined.
        let mut first = Box::pin(futures_util::future::poll_immediate(stream.next()));
        let early = (&mut first).await;
        drop(first);
        let stream = match early {
            Some(Some(response)) => futures_util::stream::iter([response]).chain(stream).boxed(),
            Some(None) | None => stream,
        };
        Live { stream, connection }
    }

    /// The next thing heard.
    pub(crate) async fn next(&mut self) -> Value {
        let response =
            tokio::time::timeout(PATIENCE, self.stream.next()).await.expect("something was to be heard");
        let response = response.expect("the subscription goes on");
        assert!(response.errors.is_empty(), "{:?}", response.errors);
        let data = response.data.into_json().unwrap();
        data.as_object().unwrap().values().next().unwrap().clone()
    }

    /// The next thing heard, unless that task ends first.
    pub(crate) async fn next_until<T>(&mut self, task: &tokio::task::JoinHandle<T>) -> Option<Value> {
        let ended = async {
            while !task.is_finished() {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            heard = self.next() => Some(heard),
            () = ended => None,
        }
    }

    /// Why the connection is to be closed, if it is.
    pub(crate) fn closing(&self) -> Option<Closing> {
        *self.connection.closing().borrow()
    }

    /// Waits until the connection is to be closed, and says why.
    pub(crate) async fn closed(&self) -> Closing {
        let mut closing = self.connection.closing();
        let closed = tokio::time::timeout(PATIENCE, closing.wait_for(Option::is_some)).await;
        closed.expect("the connection was to be closed").unwrap().unwrap()
    }
}
