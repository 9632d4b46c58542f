//! Whose tasks a page shows: one choice for the board and the calendar, and one spelling of it in their addresses.

use super::TaskQuery;
use crate::api::UserId;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everyone's that the viewer may see.
    #[default]
    Everyone,
    /// Those given to the viewer.
    Mine,
    /// Those set by the viewer.
    SetByMe,
    /// Those given to one person.
    Person(UserId),
}

impl Whose {
    /// As an address spells it.
    pub fn read(name: &str) -> Self {
        match name {
            "" => Self::Everyone,
            "mine" => Self::Mine,
            "delegated" => Self::SetByMe,
            id => Self::Person(UserId::from(id)),
        }
    }

    /// How an address spells it; `None` for what it need not say. Ids need no escaping: they are letters, digits, - and _.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Everyone => None,
            Self::Mine => Some("mine"),
            Self::SetByMe => Some("delegated"),
            Self::Person(id) => Some(id.as_str()),
        }
    }

    /// All of these tasks, as this viewer sees them.
    pub fn query(&self, viewer: &UserId) -> TaskQuery {
        let (assignees, creators) = match self {
            Self::Everyone => (vec![], vec![]),
            Self::Mine => (vec![viewer.clone()], vec![]),
            Self::SetByMe => (vec![], vec![viewer.clone()]),
            Self::Person(id) => (vec![id.clone()], vec![]),
        };
        TaskQuery { assignees, creators, ..TaskQuery::default() }
    }
}
