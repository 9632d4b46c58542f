//! Which period and whose: how the address says it, which days that is, and the addresses of the lists behind the figures. Pure.

use chrono::{Datelike, Months, NaiveDate};

use crate::api::UserId;
use crate::civil::{first_of_month, monday, shift};
use crate::client::Period;
use crate::text::date::{input_day, read_input_day};

/// The most days that statistics are of.
const MOST_DAYS: i64 = 366;
const MOST_PEOPLE: usize = 100;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// From Monday to today.
    #[default]
    ThisWeek,
    LastWeek,
    /// From the first of the month to today.
    Month,
    /// From the first of the quarter to today.
    Quarter,
    Days {
        first: NaiveDate,
        last: NaiveDate,
    },
}

const NAMES: [(&str, Chosen); 4] = [
    ("this-week", Chosen::ThisWeek),
    ("last-week", Chosen::LastWeek),
    ("month", Chosen::Month),
    ("quarter", Chosen::Quarter),
];

/// What the address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub chosen: Chosen,
    pub people: Vec<UserId>,
}

impl Shown {
    /// Reads what stands after `?`; what is not understood is left out.
    pub fn read(query: &str) -> Self {
        let mut shown = Self::default();
        for pair in query.split('&') {
            match pair.split_once('=') {
                Some(("period", name)) => {
                    let known = NAMES.iter().find(|(known, _)| *known == name);
                    shown.chosen =
                        known.map(|(_, chosen)| *chosen).or_else(|| days(name)).unwrap_or_default();
                }
                Some(("assignee", ids)) => {
                    let ids = ids.split(',').filter(|id| !id.is_empty() && id.len() < 100);
                    shown.people = ids.take(MOST_PEOPLE).map(UserId::from).collect();
                }
                Some(_) | None => {}
            }
        }
        shown
    }

    /// What stands after `?`; nothing for what is shown where nothing was chosen.
    pub fn write(&self) -> String {
        let mut query = String::new();
        if self.chosen != Chosen::default() {
            query.push_str("period=");
            match self.chosen {
                Chosen::Days { first, last } => push_days(&mut query, first, last),
                chosen @ (Chosen::ThisWeek | Chosen::LastWeek | Chosen::Month | Chosen::Quarter) => {
                    let name = NAMES.iter().find(|(_, known)| *known == chosen);
                    query.push_str(name.map_or("", |(name, _)| name));
                }
            }
        }
        push_people(&mut query, &self.people);
        query
    }

    pub fn period(&self, today: NaiveDate) -> Period {
        let monday = monday(today);
        let (first, last) = match self.chosen {
            Chosen::ThisWeek => (monday, today),
            Chosen::LastWeek => (shift(monday, -7), shift(monday, -1)),
            Chosen::Month => (first_of_month(today), today),
            Chosen::Quarter => {
                let first = first_of_month(today);
                (first.checked_sub_months(Months::new(first.month0() % 3)).unwrap_or(first), today)
            }
            Chosen::Days { first, last } => (first, last),
        };
        Period { first, last, people: self.people.clone() }
    }
}

/// As many days, just before.
pub fn before(period: &Period) -> Period {
    let days = period.last.signed_duration_since(period.first).num_days();
    let last = shift(period.first, -1);
    Period { first: shift(last, -days), last, people: period.people.clone() }
}

/// A period of one's own, if it can be one.
pub fn own(first: &str, last: &str) -> Option<Chosen> {
    let (first, last) = (read_input_day(first)?, read_input_day(last)?);
    let days = last.signed_duration_since(first).num_days();
    let known = (1970..=2999).contains(&first.year());
    (known && (0..MOST_DAYS).contains(&days)).then_some(Chosen::Days { first, last })
}

fn days(text: &str) -> Option<Chosen> {
    let (first, last) = text.split_once("..")?;
    own(first, last)
}

fn push_days(query: &mut String, first: NaiveDate, last: NaiveDate) {
    query.push_str(&input_day(first));
    query.push_str("..");
    query.push_str(&input_day(last));
}

fn push_people(query: &mut String, people: &[UserId]) {
    for (index, person) in people.iter().enumerate() {
        query.push_str(match (index, query.is_empty()) {
            (0, true) => "assignee=",
            (0, false) => "&assignee=",
            (_, _) => ",",
        });
        query.push_str(person.as_str());
    }
}

/// What a figure counts, as the address of a list says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// By what they are now.
    Status(&'static str),
    /// By what happened to them in the period.
    Happened(&'static str),
    /// Of the completed: by how they stand to their deadline.
    Completed(&'static str),
}

/// The query of the list that a figure counts.
pub fn list(counted: Counted, period: &Period) -> String {
    let mut query = String::new();
    let (what, in_time) = match counted {
        Counted::Status(status) => {
            query.push_str("status=");
            query.push_str(status);
            push_people(&mut query, &period.people);
            return query;
        }
        Counted::Happened(what) => (what, ""),
        Counted::Completed(in_time) => ("completed", in_time),
    };
    query.push_str("happened=");
    query.push_str(what);
    query.push_str("&when=");
    push_days(&mut query, period.first, period.last);
    if !in_time.is_empty() {
        query.push_str("&in-time=");
        query.push_str(in_time);
    }
    push_people(&mut query, &period.people);
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days_of(query: &str, today: &str) -> (String, String) {
        let period = Shown::read(query).period(day(today));
        (period.first.to_string(), period.last.to_string())
    }

    #[test]
    fn periods_are_those_of_the_calendar() {
        let cases = [
            ("", "2026-11-25", "2026-11-23", "2026-11-25"),
            ("period=last-week", "2026-11-23", "2026-11-16", "2026-11-22"),
            ("period=month", "2026-11-25", "2026-11-01", "2026-11-25"),
            ("period=quarter", "2026-12-31", "2026-10-01", "2026-12-31"),
            ("period=quarter", "2026-01-01", "2026-01-01", "2026-01-01"),
            ("period=2026-02-01..2026-02-28", "2026-11-25", "2026-02-01", "2026-02-28"),
            ("period=2026-02-28..2026-02-01", "2026-11-25", "2026-11-23", "2026-11-25"),
            ("period=2025-01-01..2026-11-25", "2026-11-25", "2026-11-23", "2026-11-25"),
        ];
        for (query, today, first, last) in cases {
            assert_eq!(days_of(query, today), (first.to_owned(), last.to_owned()), "{query} on {today}");
        }
    }

    #[test]
    fn the_period_before_is_as_long_and_ends_where_this_one_begins() {
        let week = Shown::read("period=2026-11-16..2026-11-22").period(day("2026-11-25"));
        let earlier = before(&week);
        assert_eq!((earlier.first, earlier.last), (day("2026-11-09"), day("2026-11-15")));
        let one = Shown::read("period=2026-11-16..2026-11-16").period(day("2026-11-25"));
        assert_eq!((before(&one).first, before(&one).last), (day("2026-11-15"), day("2026-11-15")));
    }

    #[test]
    fn what_was_chosen_is_read_as_it_was_written() {
        for query in [
            "",
            "period=last-week",
            "period=month&assignee=VXNlcjox",
            "assignee=VXNlcjox,VXNlcjoy",
            "period=2026-02-01..2026-02-28&assignee=VXNlcjox",
        ] {
            assert_eq!(Shown::read(query).write(), query);
        }
    }

    #[test]
    fn a_figure_says_which_list_it_counts() {
        let period = Shown::read("period=2026-11-16..2026-11-22&assignee=VXNlcjox").period(day("2026-11-25"));
        assert_eq!(list(Counted::Status("overdue"), &period), "status=overdue&assignee=VXNlcjox");
        assert_eq!(
            list(Counted::Completed("no"), &period),
            "happened=completed&when=2026-11-16..2026-11-22&in-time=no&assignee=VXNlcjox"
        );
        assert_eq!(
            list(Counted::Happened("returned"), &period),
            "happened=returned&when=2026-11-16..2026-11-22&assignee=VXNlcjox"
        );
    }
}
