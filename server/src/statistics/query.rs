//! The statements behind the figures: nine, whatever the number of tasks, people and days, over one moment of the database.

use std::collections::BTreeMap;

use domain::statistics::Measure;
use domain::{Code, StatusKind};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait,
    FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait, Select,
};

use super::{AssigneeFigures, DayFigures, Figures, Scope};
use crate::auth::Viewer;
use crate::db::Database;
use crate::db::columns::{Stored, UserId};
use crate::entity::{event, task};
use crate::error::Result;
use crate::task::happened::{By, Happened, Happening, in_time, measured};
use crate::task::query::condition;

/// All figures. `own` narrows them to one person's tasks.
pub(super) async fn figures(
    db: &Database,
    viewer: &Viewer,
    scope: &Scope,
    own: Option<UserId>,
) -> Result<Figures> {
    let snapshot = db.snapshot().await?;
    let counted = Counted {
        db: &snapshot,
        of: condition(viewer, &scope.filter()).add_option(own.map(|own| task::Column::AssigneeId.eq(own))),
        scope,
    };
    let figures = counted.figures().await?;
    snapshot.end().await?;
    Ok(figures)
}

/// What is counted, and where.
struct Counted<'a> {
    db: &'a DatabaseTransaction,
    /// The tasks that count.
    of: Condition,
    scope: &'a Scope,
}

#[derive(FromQueryResult)]
struct OfDay {
    place: i64,
    tasks: i64,
}

#[derive(FromQueryResult)]
struct Open {
    assignee_id: UserId,
    /// By its name: what a later version knows is open, and in no other figure.
    status: String,
    tasks: i64,
}

#[derive(FromQueryResult)]
struct Completed {
    assignee_id: UserId,
    tasks: i64,
    on_time: i64,
    late: i64,
    on_time_by_original_deadline: i64,
    median: Option<i64>,
}

#[derive(FromQueryResult)]
struct OfAssignee {
    assignee_id: UserId,
    tasks: i64,
}

#[derive(FromQueryResult)]
struct Moved {
    moves: i64,
    tasks: i64,
}

#[derive(FromQueryResult)]
struct Median {
    median: Option<i64>,
}

impl Counted<'_> {
    async fn figures(&self) -> Result<Figures> {
        let created = self.by_day(task::Column::CreatedAt).await?;
        let completed = self.by_day(task::Column::CompletedAt).await?;
        let overdue = self.overdue_by_day().await?;
        let (open, done) = (self.open().await?, self.completed().await?);
        let returned = self.returned().await?;
        let moved = self.moved().await?;

        let mut people: BTreeMap<UserId, AssigneeFigures> = BTreeMap::new();
        let mut person = |id: UserId, add: &dyn Fn(&mut AssigneeFigures)| {
            add(people.entry(id).or_insert_with(|| AssigneeFigures::none(id)));
        };
        let mut by_status: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &open {
            *by_status.entry(row.status.as_str()).or_default() += row.tasks;
            let overdue = if row.status == StatusKind::Overdue.code() { row.tasks } else { 0 };
            person(row.assignee_id, &|figures| {
                figures.open += row.tasks;
                figures.overdue_now += overdue;
            });
        }
        for row in &done {
            *by_status.entry(StatusKind::Done.code()).or_default() += row.tasks;
            person(row.assignee_id, &|figures| {
                figures.completed = row.tasks;
                figures.on_time = row.on_time;
                figures.late = row.late;
                figures.median_completion = row.median.map(duration);
            });
        }
        for row in &returned {
            person(row.assignee_id, &|figures| figures.returned = row.tasks);
        }
        let mut by_assignee: Vec<_> = people.into_values().collect();
        by_assignee
            .sort_by_key(|figures| (std::cmp::Reverse((figures.open, figures.completed)), figures.assignee));

        Ok(Figures {
            created: created.values().sum(),
            completed: done.iter().map(|row| row.tasks).sum(),
            on_time: done.iter().map(|row| row.on_time).sum(),
            late: done.iter().map(|row| row.late).sum(),
            on_time_by_original_deadline: done.iter().map(|row| row.on_time_by_original_deadline).sum(),
            overdue_now: by_assignee.iter().map(|figures| figures.overdue_now).sum(),
            returned: returned.iter().map(|row| row.tasks).sum(),
            deadline_moves: moved.moves,
            deadlines_moved: moved.tasks,
            median_completion: self.median_completion().await?,
            median_review: self.median_review().await?,
            by_status: StatusKind::ALL
                .iter()
                .map(|status| (*status, by_status.get(status.code()).copied().unwrap_or_default()))
                .collect(),
            by_day: (0..)
                .zip(self.scope.span.days())
                .map(|(place, day)| DayFigures {
                    date: day.date,
                    created: created.get(&place).copied().unwrap_or_default(),
                    completed: completed.get(&place).copied().unwrap_or_default(),
                    overdue: overdue.get(&place).copied().unwrap_or_default(),
                })
                .collect(),
            by_assignee,
        })
    }

    /// The tasks to which something happened in the period.
    fn tasks(&self, what: Happening) -> Select<task::Entity> {
        let happened = Happened { what, from: self.scope.span.from, to: self.scope.span.to };
        task::Entity::find().select_only().filter(self.of.clone()).filter(happened.condition())
    }

    /// The events of the period that count as these, of the tasks that count.
    fn events(&self, measures: &[Measure]) -> Select<event::Entity> {
        self.events_ever().filter(measured(measures, self.scope.span.from, self.scope.span.to))
    }

    fn events_ever(&self) -> Select<event::Entity> {
        let task = event::Entity::belongs_to(task::Entity).from(event::Column::TaskId).to(task::Column::Id);
        event::Entity::find().select_only().join(JoinType::InnerJoin, task.into()).filter(self.of.clone())
    }

    async fn by_day(&self, column: task::Column) -> Result<BTreeMap<i64, i64>> {
        let tasks = task::Entity::find().select_only().filter(self.of.clone());
        self.days(tasks.expr_as(Expr::cust("COUNT(*)"), "tasks"), Expr::col((task::Entity, column))).await
    }

    async fn overdue_by_day(&self) -> Result<BTreeMap<i64, i64>> {
        let is_overdue = event::Column::Measure.eq(Stored(Measure::Overdue));
        let overdue = self.events_ever().filter(is_overdue).expr_as(distinct_tasks(), "tasks");
        self.days(overdue, Expr::col((event::Entity, event::Column::At))).await
    }

    /// What is counted, once for each day in which the moment lies: each day is a part of an index, so that nothing is sorted.
    async fn days<E: EntityTrait>(
        &self,
        counted: Select<E>,
        moment: SimpleExpr,
    ) -> Result<BTreeMap<i64, i64>> {
        let days = (0_i64..).zip(self.scope.span.days()).map(|(place, day)| (place, day.from, day.to));
        let of_day = |column: &'static str| Expr::col(("days", column));
        let in_day = moment.clone().gte(of_day("column2")).and(moment.lt(of_day("column3")));
        let by_day = Query::select()
            .expr_as(of_day("column1"), "place")
            .expr_as(SimpleExpr::from(counted.filter(in_day).into_query()), "tasks")
            .from_values(days, "days")
            .to_owned();
        let rows: Vec<OfDay> = self.rows(&by_day).await?;
        Ok(rows.into_iter().map(|row| (row.place, row.tasks)).collect())
    }

    async fn open(&self) -> Result<Vec<Open>> {
        let open = task::Entity::find()
            .select_only()
            .columns([task::Column::AssigneeId, task::Column::Status])
            .expr_as(Expr::cust("COUNT(*)"), "tasks")
            .filter(self.of.clone())
            // In words that match the partial indexes of what is open: a parameter cannot be proven to fit them.
            .filter(Expr::cust("tasks.status <> 'DONE'"))
            .group_by(task::Column::AssigneeId)
            .group_by(task::Column::Status);
        Ok(open.into_model().all(self.db).await?)
    }

    async fn completed(&self) -> Result<Vec<Completed>> {
        let completed = self
            .tasks(Happening::Completed)
            .column(task::Column::AssigneeId)
            .expr_as(task::Column::Id.count(), "tasks")
            .expr_as(how_many(in_time(By::Deadline, true)), "on_time")
            .expr_as(how_many(in_time(By::Deadline, false)), "late")
            .expr_as(how_many(in_time(By::OriginalDeadline, true)), "on_time_by_original_deadline")
            .expr_as(self.median(took()), "median")
            .group_by(task::Column::AssigneeId);
        Ok(completed.into_model().all(self.db).await?)
    }

    async fn returned(&self) -> Result<Vec<OfAssignee>> {
        let returned = self
            .events(&[Measure::Returned])
            .column(task::Column::AssigneeId)
            .expr_as(distinct_tasks(), "tasks")
            .group_by(task::Column::AssigneeId);
        Ok(returned.into_model().all(self.db).await?)
    }

    async fn moved(&self) -> Result<Moved> {
        let moved = self
            .events(&[Measure::DeadlineMoved])
            .expr_as(event::Column::TaskId.count(), "moves")
            .expr_as(distinct_tasks(), "tasks");
        Ok(moved.into_model().one(self.db).await?.unwrap_or(Moved { moves: 0, tasks: 0 }))
    }

    async fn median_completion(&self) -> Result<Option<i64>> {
        let completed = self.tasks(Happening::Completed).expr_as(self.median(took()), "median");
        self.only_median(completed).await
    }

    async fn median_review(&self) -> Result<Option<i64>> {
        // A task waits for review from being handed in until the decision: what was last handed in before it is what it decides.
        let handed_in = "(SELECT earlier.at FROM events AS earlier
            WHERE earlier.task_id = events.task_id AND earlier.measure = 'HANDED_IN'
                AND (earlier.xid, earlier.id) < (events.xid, events.id)
            ORDER BY earlier.xid DESC, earlier.id DESC LIMIT 1)";
        let waited = Expr::col((event::Entity, event::Column::At)).sub(Expr::cust(handed_in));
        let decisions = self.events(&[Measure::Accepted, Measure::Returned]);
        self.only_median(decisions.expr_as(self.median(waited), "median")).await
    }

    async fn only_median<E: EntityTrait>(&self, select: Select<E>) -> Result<Option<i64>> {
        let row = select.into_model::<Median>().one(self.db).await?;
        Ok(row.and_then(|row| row.median).map(duration))
    }

    /// The median of durations, rounded down: each database has its own word for it. SQLite's has to be asked for when it is
    /// built (`.cargo/config.toml`).
    fn median(&self, durations: SimpleExpr) -> SimpleExpr {
        match self.db.get_database_backend() {
            DatabaseBackend::Postgres => {
                let median = "CAST(FLOOR(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY $1)) AS bigint)";
                Expr::cust_with_expr(median, durations)
            }
            DatabaseBackend::Sqlite | DatabaseBackend::MySql | _ => {
                Expr::cust_with_expr("CAST(MEDIAN(?) AS bigint)", durations)
            }
        }
    }

    async fn rows<M: FromQueryResult>(&self, select: &SelectStatement) -> Result<Vec<M>> {
        let statement = self.db.get_database_backend().build(select);
        Ok(M::find_by_statement(statement).all(self.db).await?)
    }
}

fn distinct_tasks() -> SimpleExpr {
    event::Column::TaskId.into_expr().count_distinct()
}

/// How many rows meet the condition.
fn how_many(condition: SimpleExpr) -> SimpleExpr {
    let one = CaseStatement::new().case(condition, Expr::val(1_i64)).finally(Expr::val(0_i64));
    Expr::expr(one).sum().cast_as("bigint")
}

/// From creation to completion.
fn took() -> SimpleExpr {
    let moment = |column| Expr::col((task::Entity, column));
    moment(task::Column::CompletedAt).sub(moment(task::Column::CreatedAt))
}

/// Clocks of two processes may differ: work that was done before it was set took no time.
fn duration(between: i64) -> i64 {
    Ord::max(between, 0)
}
