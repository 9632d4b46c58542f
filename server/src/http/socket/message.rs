//! The messages of graphql-transport-ws, as JSON.

use async_graphql::{Response, ServerError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::parameters::Parameters;

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ClientMessage {
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Ping {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Pong,
    Subscribe {
        id: String,
        payload: Parameters,
    },
    Complete {
        id: String,
    },
}

impl ClientMessage {
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if !text.trim_start().starts_with('{') {
            return Err("Invalid message: not a JSON object".to_owned());
        }
        serde_json::from_str(text).map_err(|error| format!("Invalid message: {error}"))
    }
}

/// What the server says.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'m> {
    ConnectionAck,
    Ping,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    Next {
        id: &'m str,
        payload: &'m Response,
    },
    Error {
        id: &'m str,
        payload: &'m [ServerError],
    },
    Complete {
        id: &'m str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_as_the_protocol_writes_them() {
        let read = |text: &str| format!("{:?}", ClientMessage::parse(text).unwrap());
        assert!(read(r#"{"type":"connection_init"}"#).starts_with("ConnectionInit"));
        assert!(read(r#"{"type":"pong","payload":{"a":1}}"#).starts_with("Pong"));
        assert!(read(r#"{"id":"1","type":"complete"}"#).starts_with("Complete"));
        let subscribe = r#"{"id":"1","type":"subscribe","payload":{"query":"{ a }","variables":null}}"#;
        assert!(read(subscribe).starts_with("Subscribe"));
    }

    #[test]
    fn what_is_no_message_says_what_is_wrong() {
        for (text, problem) in [
            ("not JSON", "not a JSON object"),
            ("[]", "not a JSON object"),
            (r#"{"type":"unknown"}"#, "unknown"),
            (r#"{"type":"subscribe"}"#, "id"),
            (r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#, "invalid type"),
            (r#"{"type":"connection_init","payload":"token"}"#, "invalid type"),
        ] {
            let error = ClientMessage::parse(text).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }

    #[test]
    fn what_the_server_says_has_its_type() {
        let written = |message: &ServerMessage<'_>| serde_json::to_string(message).unwrap();
        assert_eq!(written(&ServerMessage::ConnectionAck), r#"{"type":"connection_ack"}"#);
        assert_eq!(written(&ServerMessage::Pong { payload: None }), r#"{"type":"pong"}"#);
        assert_eq!(written(&ServerMessage::Complete { id: "1" }), r#"{"type":"complete","id":"1"}"#);
    }
}
