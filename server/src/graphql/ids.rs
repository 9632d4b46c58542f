//! Opaque ids of nodes. What is malformed, or of another type, is as an id of nothing.

use async_graphql::ID;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::db::columns::{CommentId, InvitationId, NotificationId, SessionId, TaskId, UserId};

/// A key that has a node.
pub trait NodeKey: Copy {
    /// The name of its type in the contract.
    const TYPE: &'static str;

    /// The number.
    fn number(self) -> i64;

    /// The key of that number.
    fn of_number(number: i64) -> Self;
}

macro_rules! node_keys {
    ($($key:ident => $name:literal,)+) => { $(
        impl NodeKey for $key {
            const TYPE: &'static str = $name;

            fn number(self) -> i64 {
                self.0
            }

            fn of_number(number: i64) -> Self {
                $key(number)
            }
        }
    )+ };
}

node_keys! {
    UserId => "User",
    SessionId => "Session",
    InvitationId => "Invitation",
    TaskId => "Task",
    CommentId => "Comment",
    NotificationId => "Notification",
}

/// The id as clients carry it.
pub fn encode<K: NodeKey>(key: K) -> ID {
    ID(URL_SAFE_NO_PAD.encode(format!("{}:{}", K::TYPE, key.number())))
}

/// The key behind an id of this type.
pub fn decode<K: NodeKey>(id: &ID) -> Option<K> {
    let (name, number) = split(id)?;
    (name == K::TYPE).then(|| K::of_number(number))
}

/// The type's name and the number behind an id.
pub fn split(id: &ID) -> Option<(String, i64)> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(id.as_bytes()).ok()?).ok()?;
    let (name, number) = decoded.split_once(':')?;
    Some((name.to_owned(), number.parse().ok().filter(|number| *number > 0)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_its_type_alone() {
        let id = encode(TaskId(42));
        assert_eq!(decode::<TaskId>(&id), Some(TaskId(42)));
        assert_eq!(decode::<UserId>(&id), None);
        for wrong in ["", "42", "Task:42", "é", "VGFzazotMQ", "VGFzazo5OTk5OTk5OTk5OTk5OTk5OTk5OQ"] {
            assert_eq!(decode::<TaskId>(&ID(wrong.to_owned())), None, "{wrong}");
        }
    }
}
