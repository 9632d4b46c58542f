//! What the board shows, as its address says it: `/board?view=statuses&who=mine`. Pure.

use super::column::View;
use crate::api::UserId;

/// Whose tasks are shown.
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

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub view: View,
    pub whose: Whose,
}

impl Shown {
    /// Reads the part of an address after `?`. What makes no sense is left out.
    pub fn read(query: &str) -> Self {
        let mut shown = Self::default();
        for part in query.split('&') {
            match part.split_once('=') {
                Some(("view", "statuses")) => shown.view = View::Statuses,
                Some(("who", "mine")) => shown.whose = Whose::Mine,
                Some(("who", "delegated")) => shown.whose = Whose::SetByMe,
                Some(("who", id)) if !id.is_empty() => shown.whose = Whose::Person(UserId::from(id)),
                Some(_) | None => {}
            }
        }
        shown
    }

    /// The part of an address after `?`. Ids need no escaping: they are letters, digits, - and _.
    pub fn write(&self) -> String {
        let mut query = String::new();
        if self.view == View::Statuses {
            query.push_str("view=statuses");
        }
        let who = match &self.whose {
            Whose::Everyone => return query,
            Whose::Mine => "mine",
            Whose::SetByMe => "delegated",
            Whose::Person(id) => id.as_str(),
        };
        query.push_str(if query.is_empty() { "who=" } else { "&who=" });
        query.push_str(who);
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown() {
        let person = Whose::Person(UserId::from("VXNlcjo3"));
        let cases = [
            ("", Shown::default()),
            ("view=statuses", Shown { view: View::Statuses, whose: Whose::Everyone }),
            ("who=mine", Shown { view: View::Deadlines, whose: Whose::Mine }),
            ("view=statuses&who=delegated", Shown { view: View::Statuses, whose: Whose::SetByMe }),
            ("view=statuses&who=VXNlcjo3", Shown { view: View::Statuses, whose: person }),
        ];
        for (query, shown) in cases {
            assert_eq!(Shown::read(query), shown);
            assert_eq!(shown.write(), query);
        }
        for nonsense in ["view=colour", "who=", "who", "&&", "x=y"] {
            assert_eq!(Shown::read(nonsense), Shown::default(), "{nonsense}");
        }
    }
}
