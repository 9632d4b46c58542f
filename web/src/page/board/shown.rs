//! What the board shows, as its address says it: `/board?view=statuses&who=mine`. Pure.

use super::column::View;
use crate::store::Whose;

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
                Some(("who", name)) => shown.whose = Whose::read(name),
                Some(_) | None => {}
            }
        }
        shown
    }

    /// The part of an address after `?`.
    pub fn write(&self) -> String {
        let mut query = String::new();
        if self.view == View::Statuses {
            query.push_str("view=statuses");
        }
        if let Some(who) = self.whose.name() {
            query.push_str(if query.is_empty() { "who=" } else { "&who=" });
            query.push_str(who);
        }
        query
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::UserId;

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
