//! The operations that run over one socket. Nothing is buffered: a response is taken from its source when the socket is ready
//! for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::Response;
use futures_util::StreamExt;
use futures_util::future::ready;
use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable, once};

use super::super::metrics::Operation;

/// What an operation says next.
pub(super) enum Event {
    Response(Box<Response>),
    End,
}

/// An operation under way.
pub(super) struct Running {
    pub(super) operation: Operation,
    pub(super) is_subscription: bool,
    pub(super) began: Instant,
    abort: AbortHandle,
}

/// The operations of a socket by their ids.
#[derive(Default)]
pub(super) struct Operations {
    running: HashMap<Arc<str>, Running>,
    events: SelectAll<BoxStream<'static, (Arc<str>, Event)>>,
}

impl Operations {
    pub(super) fn len(&self) -> usize {
        self.running.len()
    }

    pub(super) fn is_running(&self, id: &str) -> bool {
        self.running.contains_key(id)
    }

    pub(super) fn running(&self, id: &str) -> Option<&Running> {
        self.running.get(id)
    }

    pub(super) fn start(
        &mut self,
        id: &str,
        operation: Operation,
        is_subscription: bool,
        responses: BoxStream<'static, Response>,
    ) {
        let id: Arc<str> = Arc::from(id);
        let events =
            responses.map(|response| Event::Response(Box::new(response))).chain(once(ready(Event::End)));
        let (events, abort) = abortable(events);
        let began = Instant::now();
        self.running.insert(Arc::clone(&id), Running { operation, is_subscription, began, abort });
        self.events.push(events.map(move |event| (Arc::clone(&id), event)).boxed());
    }

    /// Ends it; nothing more of it is heard, even when the id is used again at once.
    pub(super) fn stop(&mut self, id: &str) {
        if let Some(running) = self.running.remove(id) {
            running.abort.abort();
        }
    }

    /// What one of them says next; waits for ever while none runs.
    pub(super) async fn next(&mut self) -> (Arc<str>, Event) {
        match self.events.next().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }
}
