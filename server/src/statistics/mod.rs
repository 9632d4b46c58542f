//! Statistics: what a period brought, of whom, and how things stand now. Each figure is defined at its field of [`Figures`]; the
//! statements that count are in [`query`], the rules over moments in [`domain::statistics`].
//!
//! Three things hold for all of them:
//! - a task counts for the person whose it is now, and one that is deleted counts for nobody, so that every figure is the number
//!   of rows of a list;
//! - a task that was opened again is not completed;
//! - all figures of an answer are of one moment.

pub mod export;
pub mod graphql;
mod query;

use chrono::NaiveDate;
use domain::StatusKind;
use domain::policy::Capability;
use domain::validate::limit;

use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::UserId;
use crate::db::days::{Span, SpanFault};
use crate::error::Result;
use crate::task::query::Filter;

/// Which statistics.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The period, day by day.
    pub span: Span,
    /// Whose tasks; `None` is everyone's that the person may see.
    pub assignees: Option<Vec<UserId>>,
}

/// What a period brought. Moments are compared in milliseconds; "in the period" is from its first moment until before the first
/// moment after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Tasks set in the period: `created_at`.
    pub created: i64,
    /// Tasks done in the period, and done still: `completed_at`.
    pub completed: i64,
    /// Of the completed, those last handed in before their deadline: `submitted_at < deadline`.
    pub on_time: i64,
    /// Of the completed, those last handed in when their deadline had passed: `submitted_at >= deadline`. Together with
    /// `on_time`, all completed ones that had a deadline.
    pub late: i64,
    /// Of the completed, those last handed in before their first deadline: `submitted_at < original_deadline`. A deadline that was
    /// moved does not better it.
    pub on_time_by_original_deadline: i64,
    /// Tasks that are overdue now, whatever the period.
    pub overdue_now: i64,
    /// Tasks of which work was returned in the period, once or more often.
    pub returned: i64,
    /// How many times deadlines were moved or taken away in the period. Setting a first one does not count.
    pub deadline_moves: i64,
    /// Tasks whose deadline was so moved.
    pub deadlines_moved: i64,
    /// Median of the milliseconds from creation to completion, of the completed; of an even number, the middle between the
    /// middle two, rounded down.
    pub median_completion: Option<i64>,
    /// Median of the milliseconds from handing in to the creator's decision, accepting or returning, of the decisions in the
    /// period; every one counts.
    pub median_review: Option<i64>,
    /// Tasks by what they are now: of the done, those completed in the period; of the others all.
    pub by_status: Vec<(StatusKind, i64)>,
    /// Day by day.
    pub by_day: Vec<DayFigures>,
    /// Person by person: those for whom anything counts, who has most to do first.
    pub by_assignee: Vec<AssigneeFigures>,
}

/// What a day brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayFigures {
    /// Which day.
    pub date: NaiveDate,
    /// As [`Figures::created`].
    pub created: i64,
    /// As [`Figures::completed`].
    pub completed: i64,
    /// Tasks that became overdue: whose missed deadline was recorded on this day.
    pub overdue: i64,
}

/// What is counted of one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssigneeFigures {
    /// Who.
    pub assignee: UserId,
    /// Tasks that are not done now, deferred ones included.
    pub open: i64,
    /// As [`Figures::overdue_now`].
    pub overdue_now: i64,
    /// As [`Figures::completed`].
    pub completed: i64,
    /// As [`Figures::on_time`].
    pub on_time: i64,
    /// As [`Figures::late`].
    pub late: i64,
    /// As [`Figures::returned`].
    pub returned: i64,
    /// As [`Figures::median_completion`].
    pub median_completion: Option<i64>,
}

impl AssigneeFigures {
    fn none(assignee: UserId) -> Self {
        AssigneeFigures {
            assignee,
            open: 0,
            overdue_now: 0,
            completed: 0,
            on_time: 0,
            late: 0,
            returned: 0,
            median_completion: None,
        }
    }
}

impl Scope {
    /// The days from the first to the last, both included, in a time zone: at most 366.
    pub fn new(
        from: NaiveDate,
        to: NaiveDate,
        time_zone: &str,
        assignees: Option<Vec<UserId>>,
    ) -> Result<Self, SpanFault> {
        Ok(Scope { span: Span::new(from, to, time_zone, limit::STATISTICS_DAYS)?, assignees })
    }

    /// The tasks that may count.
    fn filter(&self) -> Filter {
        Filter { assignees: self.assignees.clone(), ..Filter::default() }
    }
}

/// The figures, of the tasks that this person may see: whose role lets them, of everyone's; of others', their own.
pub async fn figures(app: &App, viewer: &Viewer, scope: &Scope) -> Result<Figures> {
    // What they may see of tasks and of statistics is asked apart, so that one can be changed without the other.
    let own = (!viewer.role.can(Capability::SeeAllStatistics)).then_some(viewer.id);
    query::figures(&app.db, viewer, scope, own).await
}
