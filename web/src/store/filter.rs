//! What a person narrows a list to: the choices behind the chips, and what they ask of the server.

use chrono::NaiveDate;

use super::TaskQuery;
use crate::api::enums::TaskHappening;
use crate::api::tasks::TaskHappened;
use crate::api::{TaskPriority, TaskStatus, Timestamp, UserId};
use crate::civil::{first_of_month, monday, shift, shift_months};

/// What was chosen. What is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub statuses: Vec<TaskStatus>,
    pub priorities: Vec<TaskPriority>,
    pub assignees: Vec<UserId>,
    pub creators: Vec<UserId>,
    pub due: Option<Due>,
    pub happened: Option<Happened>,
    /// Part of the title, as typed; for the search, words of the task.
    pub text: String,
    /// The name of whoever carries it out or set it: the search alone asks for it.
    pub person: String,
}

/// What happened to the tasks in some days, as statistics count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    pub what: TaskHappening,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub in_time: Option<InTime>,
}

/// How what was done stands to its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InTime {
    Yes,
    No,
    /// In time for the first deadline that it ever had.
    First,
}

impl Happened {
    fn narrow(self, query: &mut TaskQuery, start: impl Fn(NaiveDate) -> Timestamp) {
        let (from, to) = (start(self.first), start(shift(self.last, 1)));
        query.happened = Some(TaskHappened { what: self.what, from, to });
        match self.in_time {
            Some(InTime::Yes) => query.on_time = Some(true),
            Some(InTime::No) => query.on_time = Some(false),
            Some(InTime::First) => query.on_time_by_original_deadline = Some(true),
            None => {}
        }
    }
}

/// Which deadlines. Days are those of the person's time zone; weeks begin on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Overdue,
    Today,
    Tomorrow,
    ThisWeek,
    NextWeek,
    ThisMonth,
    /// Without a deadline.
    Unset,
    /// From the first day to the last, both among them.
    Period {
        first: NaiveDate,
        last: NaiveDate,
    },
}

impl Due {
    /// What is chosen at one press.
    pub const FIXED: [Self; 7] = [
        Self::Overdue,
        Self::Today,
        Self::Tomorrow,
        Self::ThisWeek,
        Self::NextWeek,
        Self::ThisMonth,
        Self::Unset,
    ];

    /// The first day, and the day after the last. `None` for what is not said in days.
    fn days(self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let (first, days) = match self {
            Self::Overdue | Self::Unset => return None,
            Self::Today => (today, 1),
            Self::Tomorrow => (shift(today, 1), 1),
            Self::ThisWeek => (monday(today), 7),
            Self::NextWeek => (shift(monday(today), 7), 7),
            Self::ThisMonth => {
                let first = first_of_month(today);
                return Some((first, shift_months(first, 1)));
            }
            Self::Period { first, last } => return Some((first, shift(last, 1))),
        };
        Some((first, shift(first, days)))
    }

    /// What it asks of the server. `start` tells when a day begins.
    pub fn query(self, today: NaiveDate, start: impl Fn(NaiveDate) -> Timestamp) -> TaskQuery {
        let days = self.days(today);
        TaskQuery {
            statuses: if self == Self::Overdue { vec![TaskStatus::Overdue] } else { vec![] },
            has_deadline: (self == Self::Unset).then_some(false),
            deadline_from: days.map(|(first, _)| start(first)),
            deadline_to: days.map(|(_, end)| start(end)),
            ..TaskQuery::default()
        }
    }
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the choices ask of the server together; `None` where they contradict each other.
    pub fn query(&self, today: NaiveDate, start: impl Fn(NaiveDate) -> Timestamp) -> Option<TaskQuery> {
        let mut chosen = TaskQuery {
            statuses: self.statuses.clone(),
            priorities: self.priorities.clone(),
            assignees: self.assignees.clone(),
            creators: self.creators.clone(),
            text: self.text.clone(),
            ..TaskQuery::default()
        };
        if let Some(happened) = self.happened {
            happened.narrow(&mut chosen, &start);
        }
        match self.due {
            Some(due) => chosen.and(&due.query(today, start)),
            None => Some(chosen),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};

    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    /// Midnight in a zone three hours ahead of UTC.
    fn start(day: NaiveDate) -> Timestamp {
        day.and_hms_opt(0, 0, 0).unwrap().and_local_timezone(Utc).unwrap() - TimeDelta::hours(3)
    }

    #[test]
    fn days_and_weeks_are_those_of_the_calendar() {
        // A Wednesday, a Sunday, a Monday.
        let cases = [
            (Due::Today, 25, (25, 26)),
            (Due::Tomorrow, 25, (26, 27)),
            (Due::ThisWeek, 25, (23, 30)),
            (Due::ThisWeek, 22, (16, 23)),
            (Due::ThisWeek, 23, (23, 30)),
            (Due::NextWeek, 22, (23, 30)),
            (Due::Period { first: day(3), last: day(5) }, 25, (3, 6)),
        ];
        for (due, today, (first, end)) in cases {
            let query = due.query(day(today), start);
            let range = (query.deadline_from, query.deadline_to);
            assert_eq!(range, (Some(start(day(first))), Some(start(day(end)))), "{due:?} on {today}");
        }
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        for (today, first, end) in [
            ("2026-11-25", "2026-11-01", "2026-12-01"),
            ("2026-12-31", "2026-12-01", "2027-01-01"),
            ("2028-02-01", "2028-02-01", "2028-03-01"),
        ] {
            let day = |text: &str| text.parse::<NaiveDate>().unwrap();
            let query = Due::ThisMonth.query(day(today), start);
            let range = (query.deadline_from, query.deadline_to);
            assert_eq!(range, (Some(start(day(first))), Some(start(day(end)))), "{today}");
        }
    }

    #[test]
    fn overdue_is_a_status_and_no_deadline_is_not_a_range() {
        let overdue = Due::Overdue.query(day(25), start);
        assert_eq!(overdue, TaskQuery { statuses: vec![TaskStatus::Overdue], ..TaskQuery::default() });
        let unset = Due::Unset.query(day(25), start);
        assert_eq!(unset, TaskQuery { has_deadline: Some(false), ..TaskQuery::default() });
    }

    #[test]
    fn choices_narrow_each_other_and_may_leave_nothing() {
        let chosen = Filter {
            statuses: vec![TaskStatus::New, TaskStatus::Overdue],
            due: Some(Due::Overdue),
            text: "отчёт".to_owned(),
            ..Filter::default()
        };
        let query = chosen.query(day(25), start).unwrap();
        assert_eq!((query.statuses, query.text.as_str()), (vec![TaskStatus::Overdue], "отчёт"));
        let nothing = Filter { statuses: vec![TaskStatus::New], ..chosen };
        assert_eq!(nothing.query(day(25), start), None);
    }

    #[test]
    fn two_queries_together_ask_for_what_both_ask() {
        let of = |from: u32, to: u32| TaskQuery {
            deadline_from: Some(start(day(from))),
            deadline_to: Some(start(day(to))),
            ..TaskQuery::default()
        };
        assert_eq!(of(1, 10).and(&of(5, 20)), Some(of(5, 10)));
        assert_eq!(of(1, 10).and(&TaskQuery::default()), Some(of(1, 10)));
        assert_eq!(TaskQuery::default().and(&of(1, 10)), Some(of(1, 10)));
        assert_eq!(of(1, 5).and(&of(5, 10)), None, "nothing is due in an empty time");
        let unset = TaskQuery { has_deadline: Some(false), ..TaskQuery::default() };
        assert_eq!(unset.clone().and(&of(1, 5)), None);
        let set = TaskQuery { has_deadline: Some(true), ..TaskQuery::default() };
        assert_eq!(unset.and(&set), None);
        let people = |names: &[&str]| TaskQuery {
            assignees: names.iter().map(|name| UserId::from(*name)).collect(),
            ..TaskQuery::default()
        };
        assert_eq!(people(&["a", "b"]).and(&people(&["b", "c"])), Some(people(&["b"])));
        assert_eq!(people(&["a"]).and(&people(&["c"])), None);
    }
}
