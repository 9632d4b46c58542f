//! What the calendar shows, as its address says it: `/calendar?view=week&date=2026-11-25&who=mine`. Pure.

use chrono::NaiveDate;

use crate::store::Whose;
use crate::text::date::{input_day, read_input_day};

/// How time is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    Month,
    Week,
    Day,
    Agenda,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Month, Self::Week, Self::Day, Self::Agenda];

    fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Agenda => "agenda",
        }
    }
}

/// What an address asks for. What it leaves out is decided by the screen and the clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub view: Option<View>,
    pub date: Option<NaiveDate>,
    pub whose: Whose,
}

impl Shown {
    /// Reads the part of an address after `?`. What makes no sense is left out.
    pub fn read(query: &str) -> Self {
        let mut shown = Self::default();
        for part in query.trim_start_matches('?').split('&') {
            match part.split_once('=') {
                Some(("view", name)) => {
                    shown.view = View::ALL.into_iter().find(|view| view.name() == name);
                }
                Some(("date", day)) => shown.date = read_input_day(day),
                Some(("who", name)) => shown.whose = Whose::read(name),
                Some(_) | None => {}
            }
        }
        shown
    }

    /// The part of an address after `?`; empty where nothing is asked for.
    pub fn write(&self) -> String {
        let mut query = String::new();
        let mut put = |name: &str, value: &str| {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            query.push_str(value);
        };
        if let Some(view) = self.view {
            put("view", view.name());
        }
        if let Some(date) = self.date {
            put("date", &input_day(date));
        }
        if let Some(who) = self.whose.name() {
            put("who", who);
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
        let cases = [
            ("", Shown::default()),
            (
                "view=week&date=2026-11-25&who=mine",
                Shown {
                    view: Some(View::Week),
                    date: NaiveDate::from_ymd_opt(2026, 11, 25),
                    whose: Whose::Mine,
                },
            ),
            (
                "date=2028-02-29&who=delegated",
                Shown { view: None, date: NaiveDate::from_ymd_opt(2028, 2, 29), whose: Whose::SetByMe },
            ),
            (
                "view=agenda&who=VTox_-",
                Shown { view: Some(View::Agenda), date: None, whose: Whose::Person(UserId::from("VTox_-")) },
            ),
        ];
        for (query, address) in cases {
            assert_eq!(Shown::read(query), address);
            assert_eq!(address.write(), query);
        }
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        for query in ["?view=year", "date=2026-02-30", "who=", "view", "&&", "colour=red"] {
            assert_eq!(Shown::read(query), Shown::default(), "{query}");
        }
        assert_eq!(Shown::read("?view=day").view, Some(View::Day));
    }
}
