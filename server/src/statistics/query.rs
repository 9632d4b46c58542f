//! The statements behind the figures: nine, whatever the number of tasks, people and days, over one moment of the database.

use std::collections::BTreeMap;

use domain::statistics::Measure;
use domain::{Code, StatusKind};
use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement, SimpleExpr,
    WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect, Select,
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
    snapshot.rollback().await?;
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
    status: Stored<StatusKind>,
    tasks: i64,
}

#[derive(FromQueryResult)]
struct Completed {
    assignee_id: UserId,
    tasks: i64,
    on_time: i64,
    late: i64,
    on_time_by_original_deadline: i64,
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

/// A duration that stands in the middle of all, or of those of its person.
#[derive(FromQueryResult)]
struct Middle {
    assignee_id: UserId,
    took: i64,
    place: i64,
    among: i64,
    place_of_person: i64,
    among_of_person: i64,
}

impl Counted<'_> {
    async fn figures(&self) -> Result<Figures> {
        let created = self.by_day(self.tasks(Happening::Created), task::Column::CreatedAt).await?;
        let completed = self.by_day(self.tasks(Happening::Completed), task::Column::CompletedAt).await?;
        let overdue = self.overdue_by_day().await?;
        let (open, done) = (self.open().await?, self.completed().await?);
        let returned = self.returned().await?;
        let moved = self.moved().await?;
        let middles = self.middles_of_completion().await?;

        let mut people: BTreeMap<UserId, AssigneeFigures> = BTreeMap::new();
        let mut person = |id: UserId, add: &dyn Fn(&mut AssigneeFigures)| {
            add(people.entry(id).or_insert_with(|| AssigneeFigures::none(id)));
        };
        let mut by_status: BTreeMap<&str, i64> = BTreeMap::new();
        for row in &open {
            *by_status.entry(row.status.0.code()).or_default() += row.tasks;
            let overdue = if row.status.0 == StatusKind::Overdue { row.tasks } else { 0 };
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
            });
        }
        for row in &returned {
            person(row.assignee_id, &|figures| figures.returned = row.tasks);
        }
        for (id, took) in of_people(&middles) {
            person(id, &|figures| figures.median_completion = Some(took));
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
            median_completion: median(
                middles
                    .iter()
                    .filter(|middle| is_middle(middle.place, middle.among))
                    .map(|middle| middle.took),
            ),
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
        let task = event::Entity::belongs_to(task::Entity).from(event::Column::TaskId).to(task::Column::Id);
        event::Entity::find()
            .select_only()
            .join(JoinType::InnerJoin, task.into())
            .filter(measured(measures, self.scope.span.from, self.scope.span.to))
            .filter(self.of.clone())
    }

    async fn by_day(&self, tasks: Select<task::Entity>, column: task::Column) -> Result<BTreeMap<i64, i64>> {
        let moment = Expr::col((task::Entity, column));
        self.days(
            tasks.expr_as(self.scope.span.place(&moment), "place").expr_as(task::Column::Id.count(), "tasks"),
        )
        .await
    }

    async fn overdue_by_day(&self) -> Result<BTreeMap<i64, i64>> {
        let moment = Expr::col((event::Entity, event::Column::At));
        self.days(
            self.events(&[Measure::Overdue])
                .expr_as(self.scope.span.place(&moment), "place")
                .expr_as(distinct_tasks(), "tasks"),
        )
        .await
    }

    async fn days<E: EntityTrait>(&self, select: Select<E>) -> Result<BTreeMap<i64, i64>> {
        let rows = select.group_by(Expr::cust("1")).into_model::<OfDay>().all(self.db).await?;
        Ok(rows.into_iter().map(|row| (row.place, row.tasks)).collect())
    }

    async fn open(&self) -> Result<Vec<Open>> {
        let open = task::Entity::find()
            .select_only()
            .columns([task::Column::AssigneeId, task::Column::Status])
            .expr_as(task::Column::Id.count(), "tasks")
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
            .expr_as(event::Column::Id.count(), "moves")
            .expr_as(distinct_tasks(), "tasks");
        Ok(moved.into_model().one(self.db).await?.unwrap_or(Moved { moves: 0, tasks: 0 }))
    }

    /// How long tasks took, as far as a duration stands in the middle of all or of those of its person: two rows a person at
    /// the most, since SQLite has no median.
    async fn middles_of_completion(&self) -> Result<Vec<Middle>> {
        let took = || {
            let moment = |column| Expr::col((task::Entity, column));
            moment(task::Column::CompletedAt).sub(moment(task::Column::CreatedAt))
        };
        let person = || Expr::col((task::Entity, task::Column::AssigneeId));
        let mut of_all = WindowStatement::new();
        of_all.order_by_expr(took(), Order::Asc);
        let mut of_person = WindowStatement::new();
        of_person.add_partition_by(person()).order_by_expr(took(), Order::Asc);
        let mut whole_person = WindowStatement::new();
        whole_person.add_partition_by(person());
        let happened =
            Happened { what: Happening::Completed, from: self.scope.span.from, to: self.scope.span.to };
        let all = Query::select()
            .column((task::Entity, task::Column::AssigneeId))
            .expr_as(took(), "took")
            .expr_window_as(Func::cust("row_number"), of_all, "place")
            .expr_window_as(Expr::cust("COUNT(*)"), WindowStatement::new(), "among")
            .expr_window_as(Func::cust("row_number"), of_person, "place_of_person")
            .expr_window_as(Expr::cust("COUNT(*)"), whole_person, "among_of_person")
            .from(task::Entity)
            .cond_where(self.of.clone().add(happened.condition()))
            .to_owned();
        let middles = Query::select()
            .expr(Expr::cust("*"))
            .from_subquery(all, "durations")
            .cond_where(
                Condition::any()
                    .add(middle("place", "among"))
                    .add(middle("place_of_person", "among_of_person")),
            )
            .to_owned();
        self.rows(&middles).await
    }

    async fn median_review(&self) -> Result<Option<i64>> {
        // A task waits for review from being handed in until the decision: what was last handed in before it is what it decides.
        let handed_in = "(SELECT earlier.at FROM events AS earlier
            WHERE earlier.task_id = events.task_id AND earlier.measure = 'HANDED_IN'
                AND (earlier.xid, earlier.id) < (events.xid, events.id)
            ORDER BY earlier.xid DESC, earlier.id DESC LIMIT 1)";
        let durations = self
            .events(&[Measure::Accepted, Measure::Returned])
            .expr_as(Expr::col((event::Entity, event::Column::At)).sub(Expr::cust(handed_in)), "took");
        let mut ordered = WindowStatement::new();
        ordered.order_by_expr(Expr::col("took"), Order::Asc);
        let placed = Query::select()
            .column("took")
            .expr_window_as(Func::cust("row_number"), ordered, "place")
            .expr_window_as(Expr::cust("COUNT(*)"), WindowStatement::new(), "among")
            .from_subquery(sea_orm::QueryTrait::into_query(durations), "durations")
            .to_owned();
        let middles = Query::select()
            .column("took")
            .from_subquery(placed, "placed")
            .and_where(middle("place", "among"))
            .to_owned();
        #[derive(FromQueryResult)]
        struct Took {
            took: i64,
        }
        let rows: Vec<Took> = self.rows(&middles).await?;
        Ok(median(rows.into_iter().map(|row| row.took)))
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

/// Whether a place, counted from 1, is in the middle: one of an odd number, two of an even one.
fn is_middle(place: i64, among: i64) -> bool {
    let twice = place.saturating_mul(2);
    (among..=among.saturating_add(2)).contains(&twice)
}

/// The same for the database.
fn middle(place: &'static str, among: &'static str) -> SimpleExpr {
    let twice = || Expr::col(place).mul(2_i64);
    twice().gte(Expr::col(among)).and(twice().lte(Expr::col(among).add(2_i64)))
}

/// The median, out of the one or two durations in the middle.
fn median(middles: impl Iterator<Item = i64>) -> Option<i64> {
    let middles: Vec<i64> = middles.collect();
    let count = i64::try_from(middles.len()).ok().filter(|count| *count > 0)?;
    // Clocks of two processes may differ: work that was done before it was set took no time.
    let median = middles.iter().sum::<i64>() / count;
    Some(Ord::max(median, 0))
}

fn of_people(middles: &[Middle]) -> BTreeMap<UserId, i64> {
    let mut durations: BTreeMap<UserId, Vec<i64>> = BTreeMap::new();
    for middle in middles.iter().filter(|middle| is_middle(middle.place_of_person, middle.among_of_person)) {
        durations.entry(middle.assignee_id).or_default().push(middle.took);
    }
    durations.into_iter().filter_map(|(id, took)| Some((id, median(took.into_iter())?))).collect()
}
