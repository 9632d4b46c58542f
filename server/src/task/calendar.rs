//! Tasks by the day that they are due, in a person's time zone.

use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
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
use crate::db::columns::{Stored, Timestamp};
use crate::entity::task;
use crate::error::{Error, Refused, Result};

/// Days one after the other, with the moments at which they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    days: Vec<Day>,
}

/// A day: from its first moment to that of the next, which is 23, 24 or 25 hours later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment of the next.
    pub to: Timestamp,
}

impl Day {
    /// Whether the moment lies in the day.
    pub fn contains(&self, moment: Timestamp) -> bool {
        (self.from..self.to).contains(&moment)
    }
}

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

impl Span {
    /// From the first day to the last, both included: at most 62.
    pub fn new(from: NaiveDate, to: NaiveDate, time_zone: &str) -> Result<Self> {
        let zone: Tz = time_zone.parse().map_err(|_| bad("timeZone is a name of the IANA database"))?;
        let mut days = Vec::new();
        let mut date = from;
        while date <= to {
            if days.len() >= limit::CALENDAR_DAYS {
                return Err(bad("a calendar has at most 62 days"));
            }
            let next = date.checked_add_days(Days::new(1)).ok_or(bad("no such day"))?;
            days.push(Day { date, from: beginning(date, zone), to: beginning(next, zone) });
            date = next;
        }
        if days.is_empty() { Err(bad("from is not after to")) } else { Ok(Span { days }) }
    }

    /// The days.
    pub fn days(&self) -> &[Day] {
        &self.days
    }
}

/// The first moment of a day. Where clocks skip midnight, the day begins when they are put forward; where midnight comes
/// twice, at the first.
fn beginning(date: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = date.and_time(NaiveTime::MIN);
    let moment = (0..=4)
        .find_map(|half_hours| {
            let local = midnight.checked_add_signed(chrono::TimeDelta::minutes(30 * half_hours))?;
            zone.from_local_datetime(&local).earliest()
        })
        .map_or_else(|| Utc.from_utc_datetime(&midnight), |local| local.with_timezone(&Utc));
    Timestamp::from(moment)
}

fn bad(message: &'static str) -> Error {
    Error::Refused(Refused::BadInput(message))
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
            let day = usize::try_from(row.place).ok().and_then(|place| span.days.get(place))?;
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
        .order_by_asc(task::Column::Id)
        .all(app.db.reads())
        .await?;
    Ok(rows.into_iter().map(Arc::new).collect())
}

/// The number of the day on which a task within the span is due.
fn place(span: &Span) -> SimpleExpr {
    let mut place = CaseStatement::new();
    for (number, day) in (0_i64..).zip(&span.days) {
        place = place.case(task::Column::DeadlineKey.lt(day.to), Expr::val(number));
    }
    bigint(place.into())
}

fn bigint(expression: SimpleExpr) -> SimpleExpr {
    expression.cast_as("bigint")
}

fn within(viewer: &Viewer, filter: &Filter, span: &Span) -> Condition {
    condition(viewer, filter)
        .add_option(span.days.first().map(|day| task::Column::DeadlineKey.gte(day.from)))
        .add_option(span.days.last().map(|day| task::Column::DeadlineKey.lt(day.to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hours(span: &Span) -> Vec<i64> {
        span.days().iter().map(|day| (day.to.0 - day.from.0) / 3_600_000).collect()
    }

    #[test]
    fn days_are_as_long_as_clocks_make_them() {
        let berlin = Span::new(day("2026-03-28"), day("2026-03-30"), "Europe/Berlin").unwrap();
        assert_eq!(hours(&berlin), [24, 23, 24]);
        let berlin = Span::new(day("2026-10-25"), day("2026-10-25"), "Europe/Berlin").unwrap();
        assert_eq!(hours(&berlin), [25]);
        let moscow = Span::new(day("2028-02-28"), day("2028-03-01"), "Europe/Moscow").unwrap();
        assert_eq!(hours(&moscow), [24, 24, 24]);
    }

    #[test]
    fn a_day_without_midnight_begins_when_clocks_are_put_forward() {
        // Clocks in Beirut go from 0:00 to 1:00.
        let beirut = Span::new(day("2026-03-28"), day("2026-03-29"), "Asia/Beirut").unwrap();
        assert_eq!(hours(&beirut), [24, 23]);
    }

    #[test]
    fn limits() {
        assert!(Span::new(day("2026-01-01"), day("2026-03-03"), "UTC").is_ok());
        assert!(Span::new(day("2026-01-01"), day("2026-03-04"), "UTC").is_err());
        assert!(Span::new(day("2026-01-02"), day("2026-01-01"), "UTC").is_err());
        assert!(Span::new(day("2026-01-01"), day("2026-01-01"), "Mars/Olympus").is_err());
        assert!(Span::new(NaiveDate::MAX, NaiveDate::MAX, "UTC").is_err());
    }
}
