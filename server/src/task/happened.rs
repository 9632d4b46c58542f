//! What happened to tasks within a time, as conditions for the database: the same ones choose the rows of a list and count the
//! figures of statistics, so that a figure and the list behind it cannot disagree.

use domain::statistics::Measure;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use crate::db::columns::{Stored, Timestamp};
use crate::entity::{event, task};

/// Something that happens to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    /// It was set.
    Created,
    /// It was done, and is still.
    Completed,
    /// Its deadline passed before it was handed in.
    Overdue,
    /// Work on it was returned.
    Returned,
    /// Its deadline was moved or taken away.
    DeadlineMoved,
}

/// What happened, and when: from a moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happened {
    /// What.
    pub what: Happening,
    /// At this moment or later.
    pub from: Timestamp,
    /// Before this moment.
    pub to: Timestamp,
}

/// By which deadline work was in time or late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The one that the task has.
    Deadline,
    /// The first one that it ever had.
    OriginalDeadline,
}

impl Happened {
    /// Tasks to which it happened.
    pub fn condition(self) -> SimpleExpr {
        let Happened { what, from, to } = self;
        match what {
            Happening::Created => within(task::Column::CreatedAt, from, to),
            Happening::Completed => within(task::Column::CompletedAt, from, to),
            Happening::Overdue => on_record(Measure::Overdue, from, to),
            Happening::Returned => on_record(Measure::Returned, from, to),
            Happening::DeadlineMoved => on_record(Measure::DeadlineMoved, from, to),
        }
    }
}

fn within(column: task::Column, from: Timestamp, to: Timestamp) -> SimpleExpr {
    column.gte(from).and(column.lt(to))
}

fn on_record(measure: Measure, from: Timestamp, to: Timestamp) -> SimpleExpr {
    let tasks = Query::select()
        .column(event::Column::TaskId)
        .from(event::Entity)
        .cond_where(measured(&[measure], from, to))
        .to_owned();
    task::Column::Id.in_subquery(tasks)
}

/// Events within a time that count as one of these.
pub fn measured(measures: &[Measure], from: Timestamp, to: Timestamp) -> Condition {
    measured_at(Expr::col((event::Entity, event::Column::At)), measures, from, to)
}

/// Events of the row's task that count as one of these, within a time.
pub fn measured_of_task(measures: &[Measure], from: Timestamp, to: Timestamp) -> Condition {
    // Plus nothing: SQLite, which does not know that a task has few events, would go through all of that time for each task.
    // <https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_plus_>
    let at = Expr::col((event::Entity, event::Column::At)).add(0_i64);
    measured_at(at, measures, from, to)
        .add(Expr::col((event::Entity, event::Column::TaskId)).equals((task::Entity, task::Column::Id)))
}

fn measured_at(at: SimpleExpr, measures: &[Measure], from: Timestamp, to: Timestamp) -> Condition {
    let measures: Vec<_> = measures.iter().copied().map(Stored).collect();
    Condition::all()
        .add(match measures.as_slice() {
            [only] => event::Column::Measure.eq(*only),
            several => event::Column::Measure.is_in(several.iter().copied()),
        })
        .add(at.clone().gte(from))
        .add(at.lt(to))
}

/// Tasks that are done and were in time, or late: [`domain::statistics::on_time`], for the database.
pub fn in_time(by: By, is_on_time: bool) -> SimpleExpr {
    let deadline = match by {
        By::Deadline => task::Column::Deadline,
        By::OriginalDeadline => task::Column::OriginalDeadline,
    };
    let handed_in = Expr::col((task::Entity, task::Column::SubmittedAt));
    let deadline = Expr::col((task::Entity, deadline));
    let compared = if is_on_time { handed_in.lt(deadline) } else { handed_in.gte(deadline) };
    task::Column::CompletedAt.is_not_null().and(compared)
}
