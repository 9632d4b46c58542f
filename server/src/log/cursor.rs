//! A place in the log, inside and as clients carry it. Says nothing of what stands there.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};

use crate::entity::event;

/// A place in the order of commits. On SQLite, which has one writer, `xid` is 0 and `id` follows commits by itself.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, FromQueryResult,
)]
pub struct Position {
    /// The writing transaction.
    pub xid: i64,
    /// The event's row.
    pub id: i64,
}

impl From<&event::Model> for Position {
    fn from(row: &event::Model) -> Self {
        Position { xid: row.xid, id: row.id.0 }
    }
}

/// A place in one life of the log. Opaque to clients, who give it back as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which life of the log: a restore from a backup begins another.
    pub epoch: String,
    /// The place.
    pub position: Position,
}

impl Cursor {
    /// As clients carry it.
    pub fn encode(&self) -> String {
        let Cursor { epoch, position: Position { xid, id } } = self;
        URL_SAFE_NO_PAD.encode(format!("{epoch}.{xid}.{id}"))
    }

    /// What a client brought back; `None` for what never came from here.
    pub fn decode(text: &str) -> Option<Self> {
        let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = decoded.split('.');
        let (epoch, xid, id) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let position = Position { xid: xid.parse().ok()?, id: id.parse().ok()? };
        Some(Cursor { epoch: epoch.to_owned(), position })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_went() {
        let cursor = Cursor { epoch: "a1".to_owned(), position: Position { xid: 7, id: 42 } };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
    }

    #[test]
    fn what_never_came_from_here_is_none() {
        for text in ["", "x", "é", "YQ", "YS4xLjIuMw"] {
            assert_eq!(Cursor::decode(text), None, "{text}");
        }
    }
}
