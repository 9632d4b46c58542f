//! Tasks by the day that they are due, in a person's time zone.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::StatusKind;
use domain::validate::limit;
use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait, Func, OverStatement, Query, SimpleExpr, WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect,
};

use super::query::{Filter, condition};
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::Stored;
use crate::db::days::{Day, Span, SpanFault};
use crate::db::newer::readable;
use crate::entity::task;
use crate::error::{Error, Refused, Result};

/// A day on which something is due.
#[derive(Clone, Copy, Debug)]
pub struct Due {
    /// Which day.
    pub day: Day,
    /// How many tasks are due on it.
    pub total: i64,
    /// How many of those are overdue.
    pub overdue: i64,
}

/// The days of a calendar: at most 62.
pub fn span(from: NaiveDate, to: NaiveDate, time_zone: &str) -> Result<Span> {
    Span::new(from, to, time_zone, limit::CALENDAR_DAYS).map_err(|fault| {
        Error::Refused(Refused::BadInput(match fault {
            SpanFault::Zone => "timeZone is a name of the IANA database",
            SpanFault::Order => "from is not after to",
            SpanFault::TooLong => "a calendar has at most 62 days",
        }))
    })
}

#[derive(FromQueryResult)]
struct Counted {
    place: i64,
    total: i64,
    overdue: i64,
}

/// The days of the span on which this person sees tasks due: one statement.
pub async fn days(app: &App, viewer: &Viewer, filter: &Filter, span: &Span) -> Result<Vec<Due>> {
    let overdue = CaseStatement::new()
        .case(task::Column::Status.eq(Stored(StatusKind::Overdue)), Expr::val(1_i64))
        .finally(Expr::val(0_i64));
    let counted = task::Entity::find()
        .select_only()
        .expr_as(place(span), "place")
        .expr_as(task::Column::Id.count(), "total")
        .expr_as(bigint(Expr::expr(overdue).sum()), "overdue")
        .filter(within(viewer, filter, span))
        .group_by(Expr::cust("1"))
        .order_by_asc(Expr::cust("1"))
        .into_model::<Counted>()
        .all(app.db.reads())
        .await?;
    Ok(counted
        .into_iter()
        .filter_map(|row| {
            let day = usize::try_from(row.place).ok().and_then(|place| span.days().get(place))?;
            Some(Due { day: *day, total: row.total, overdue: row.overdue })
        })
        .collect())
}

/// The first tasks due on each day of the span, by deadline: one statement, whatever the number of days.
pub async fn due(
    app: &App,
    viewer: &Viewer,
    filter: &Filter,
    span: &Span,
    first: u64,
) -> Result<Vec<Arc<task::Model>>> {
    let (rank, ranked) = ("rank", "ranked");
    let mut each_day = WindowStatement::new();
    each_day
        .add_partition_by(place(span))
        .order_by(task::Column::DeadlineKey, Order::Asc)
        .order_by(task::Column::Id, Order::Asc);
    let all = Query::select()
        .column(task::Column::Id)
        .expr_window_as(Func::cust("row_number"), each_day, rank)
        .from(task::Entity)
        .cond_where(within(viewer, filter, span))
        .to_owned();
    let firsts = Query::select()
        .column(task::Column::Id)
        .from_subquery(all, ranked)
        .and_where(Expr::col(rank).lte(i64::try_from(first).unwrap_or(i64::MAX)))
        .to_owned();
    let rows = task::Entity::find()
        .filter(task::Column::Id.in_subquery(firsts))
        .order_by_asc(task::Column::DeadlineKey)
        .order_by_asc(task::Column::Id);
    let rows = readable(rows, app.db.reads()).await?;
    Ok(rows.into_iter().map(Arc::new).collect())
}

/// The number of the day on which a task within the span is due.
fn place(span: &Span) -> SimpleExpr {
    span.place(&Expr::col(task::Column::DeadlineKey))
}

fn bigint(expression: SimpleExpr) -> SimpleExpr {
    expression.cast_as("bigint")
}

fn within(viewer: &Viewer, filter: &Filter, span: &Span) -> Condition {
    condition(viewer, filter)
        .add(task::Column::DeadlineKey.gte(span.from))
        .add(task::Column::DeadlineKey.lt(span.to))
}
