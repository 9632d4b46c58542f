//! GraphQL over WebSocket, protocol graphql-transport-ws <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.
//! `async-graphql-axum` closes with 1002 and 1011, which clients take as fatal, so the protocol is spoken here.

pub(super) mod close;
mod conversation;
mod message;
mod operations;

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use super::connections::Hold;
use super::{Site, asker};

const PROTOCOL: &str = "graphql-transport-ws";
/// What a socket reads at once. The default of 128 KiB is taken by every idle subscriber.
const READ_BUFFER: usize = 4 * 1024;

/// Makes a socket of a request, if it comes from a page of ours, or from no page at all, and speaks the protocol.
pub(super) fn upgrade(site: &Arc<Site>, parts: &Parts, upgrade: WebSocketUpgrade) -> Response {
    if site.origins.is_foreign(&parts.headers) {
        site.origins.tell(&parts.headers);
        return (StatusCode::FORBIDDEN, "This origin may not open a socket.\n").into_response();
    }
    let upgrade = upgrade.protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return (StatusCode::BAD_REQUEST, "The subprotocol must be graphql-transport-ws.\n").into_response();
    }
    let asker = asker::anonymous(&site.app, &parts.extensions, &parts.headers);
    let open = site.sockets.token();
    let connection = parts.extensions.get::<Hold>().cloned();
    let site = Arc::clone(site);
    let mut answer = upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(site.limits.socket.message_bytes)
        .max_frame_size(site.limits.socket.message_bytes)
        .on_upgrade(async move |socket| {
            conversation::hold(site, socket, asker, connection).await;
            drop(open);
        });
    // Names of headers are answered in the letters in which the client wrote them, which hyper notes among these: Python's gql looks for
    // `Sec-WebSocket-Protocol` in these very letters, and takes the socket for one of another protocol where it is written otherwise.
    answer.extensions_mut().extend(parts.extensions.clone());
    answer
}
