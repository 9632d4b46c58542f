//! The columns of the board: which tasks each asks for, and in which of them a task stands. Pure.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::api::tasks::TaskOrder;
use crate::api::{TaskStatus, Timestamp};
use crate::civil::{next_monday, shift};
use crate::store::TaskQuery;

/// What the columns go by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Deadlines,
    Statuses,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Status(TaskStatus),
    Due(Due),
}

/// When something is due, as people plan it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Overdue,
    /// Today; and what was due earlier without being overdue, since its review waits.
    Today,
    /// From tomorrow until Sunday.
    ThisWeek,
    Later,
    Never,
}

/// What waits for somebody, and is not put aside: what a deadline says something about.
const WAITING: [TaskStatus; 3] = [TaskStatus::New, TaskStatus::InProgress, TaskStatus::InReview];

impl View {
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Deadlines => &[
                Column::Due(Due::Overdue),
                Column::Due(Due::Today),
                Column::Due(Due::ThisWeek),
                Column::Due(Due::Later),
                Column::Due(Due::Never),
            ],
            Self::Statuses => &[
                Column::Status(TaskStatus::Overdue),
                Column::Status(TaskStatus::New),
                Column::Status(TaskStatus::InProgress),
                Column::Status(TaskStatus::InReview),
                Column::Status(TaskStatus::Deferred),
                Column::Status(TaskStatus::Done),
            ],
        }
    }
}

impl Column {
    /// The name of the column where the page marks it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Status(TaskStatus::New) => "new",
            Self::Status(TaskStatus::InProgress) => "in-progress",
            Self::Status(TaskStatus::InReview) => "in-review",
            Self::Status(TaskStatus::Done) => "done",
            Self::Status(TaskStatus::Deferred) => "deferred",
            Self::Status(TaskStatus::Overdue) => "overdue",
            Self::Due(Due::Overdue) => "due-past",
            Self::Due(Due::Today) => "due-today",
            Self::Due(Due::ThisWeek) => "due-this-week",
            Self::Due(Due::Later) => "due-later",
            Self::Due(Due::Never) => "due-never",
        }
    }

    /// What the column asks for, of the tasks that the board is about.
    pub fn query(self, board: &TaskQuery, days: Bounds) -> TaskQuery {
        let all = || board.clone();
        match self {
            Self::Status(TaskStatus::Done) => {
                TaskQuery { statuses: vec![TaskStatus::Done], order: TaskOrder::RECENTLY_UPDATED, ..all() }
            }
            Self::Status(status) => TaskQuery { statuses: vec![status], ..all() },
            Self::Due(Due::Overdue) => TaskQuery { statuses: vec![TaskStatus::Overdue], ..all() },
            Self::Due(due) => {
                let (deadline_from, deadline_to, has_deadline) = match due {
                    Due::Overdue | Due::Today => (None, Some(days.tomorrow), None),
                    Due::ThisWeek => (Some(days.tomorrow), Some(days.next_week), None),
                    Due::Later => (Some(days.next_week), None, None),
                    Due::Never => (None, None, Some(false)),
                };
                TaskQuery { statuses: WAITING.to_vec(), deadline_from, deadline_to, has_deadline, ..all() }
            }
        }
    }

    /// The column of the view in which such a task stands, if any.
    pub fn of(
        view: View,
        status: TaskStatus,
        deadline: Option<NaiveDateTime>,
        today: NaiveDate,
    ) -> Option<Self> {
        match view {
            View::Statuses => Some(Self::Status(status)),
            View::Deadlines => Due::of(status, deadline, today).map(Self::Due),
        }
    }
}

impl Due {
    fn of(status: TaskStatus, deadline: Option<NaiveDateTime>, today: NaiveDate) -> Option<Self> {
        match status {
            TaskStatus::Overdue => Some(Self::Overdue),
            TaskStatus::Done | TaskStatus::Deferred => None,
            TaskStatus::New | TaskStatus::InProgress | TaskStatus::InReview => {
                let Some(deadline) = deadline.map(|deadline| deadline.date()) else {
                    return Some(Self::Never);
                };
                Some(if deadline <= today {
                    Self::Today
                } else if deadline < next_monday(today) {
                    Self::ThisWeek
                } else {
                    Self::Later
                })
            }
        }
    }
}

/// Where the days of the columns end. Moments, so that the server draws the same lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// When tomorrow begins.
    pub tomorrow: Timestamp,
    /// When Monday begins.
    pub next_week: Timestamp,
}

impl Bounds {
    /// `moment` says when the person's clock shows a time.
    pub fn of(today: NaiveDate, moment: &dyn Fn(NaiveDateTime) -> Timestamp) -> Self {
        let midnight = |day: NaiveDate| moment(day.and_time(NaiveTime::MIN));
        Self { tomorrow: midnight(shift(today, 1)), next_week: midnight(next_monday(today)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    fn at(date: u32) -> Option<NaiveDateTime> {
        day(date).and_hms_opt(15, 0, 0)
    }

    #[test]
    fn a_task_stands_in_the_column_of_its_deadline() {
        let wednesday = day(25);
        let of = |status, deadline| Due::of(status, deadline, wednesday);
        assert_eq!(of(TaskStatus::Overdue, at(20)), Some(Due::Overdue));
        assert_eq!(of(TaskStatus::New, at(25)), Some(Due::Today));
        assert_eq!(of(TaskStatus::InReview, at(20)), Some(Due::Today), "its review waits");
        assert_eq!(of(TaskStatus::New, at(26)), Some(Due::ThisWeek));
        assert_eq!(of(TaskStatus::New, at(29)), Some(Due::ThisWeek));
        assert_eq!(of(TaskStatus::New, at(30)), Some(Due::Later));
        assert_eq!(of(TaskStatus::InProgress, None), Some(Due::Never));
        assert_eq!(of(TaskStatus::Done, at(25)), None);
        assert_eq!(of(TaskStatus::Deferred, at(25)), None);
    }

    #[test]
    fn the_columns_of_a_view_share_no_task_and_have_names_of_their_own() {
        let moscow = |local: NaiveDateTime| local.and_utc() - chrono::TimeDelta::hours(3);
        let days = Bounds::of(day(25), &moscow);
        assert_eq!(days.tomorrow.to_rfc3339(), "2026-11-25T21:00:00+00:00");
        assert_eq!(days.next_week.to_rfc3339(), "2026-11-29T21:00:00+00:00");
        let mut keys = vec![];
        for view in [View::Deadlines, View::Statuses] {
            for column in view.columns() {
                let query = column.query(&TaskQuery::default(), days);
                assert!(!keys.contains(&column.key()));
                keys.push(column.key());
                assert!(query.statuses.len() == 1 || view == View::Deadlines);
            }
        }
        let today = Column::Due(Due::Today).query(&TaskQuery::default(), days);
        let week = Column::Due(Due::ThisWeek).query(&TaskQuery::default(), days);
        let later = Column::Due(Due::Later).query(&TaskQuery::default(), days);
        assert_eq!((today.deadline_from, today.deadline_to), (None, week.deadline_from));
        assert_eq!((week.deadline_to, later.deadline_to), (later.deadline_from, None));
    }
}
