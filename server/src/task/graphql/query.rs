//! Lists of tasks, their counts and the calendar.

use async_graphql::{Context, Object, SimpleObject};
use domain::validate::limit;

use super::calendar::CalendarDay;
use super::input::{TaskFilterInput, TaskOrderInput};
use super::object::Task;
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::TaskId;
use crate::error::{Error, Refused, Result};
use crate::graphql::context::ContextExt;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::scalars::{Cursor, Date, int};
use crate::log;
use crate::task::calendar;
use crate::task::query::{self, Filter, Key, OrderField, TaskOrder};

/// Questions about tasks.
#[derive(Clone, Copy, Debug, Default)]
pub struct TaskQuery;

/// Questions about tasks.
#[Object]
impl TaskQuery {
    /// By the number people say aloud.
    async fn task(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: i32,
    ) -> Result<Option<Task>> {
        let row = query::one(ctx.app(), ctx.viewer()?, TaskId(i64::from(number))).await?;
        Ok(row.map(Task::new))
    }

    /// Administrators and supervisors: all tasks. Managers: those assigned to them. `first` or `last`, 1 to 100; without
    /// either, 50.
    #[expect(clippy::too_many_arguments, reason = "the contract's")]
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which tasks.")] filter: Option<TaskFilterInput>,
        #[graphql(default_with = "Some(TaskOrderInput::default())", desc = "What they are sorted by.")]
        order_by: Option<TaskOrderInput>,
        #[graphql(desc = "That many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Tasks after this place.")] after: Option<String>,
        #[graphql(desc = "That many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Tasks before this place.")] before: Option<String>,
    ) -> Result<TaskConnection> {
        let filter = filter.unwrap_or_default().check()?;
        let order: TaskOrder = order_by.unwrap_or_default().into();
        TaskConnection::read(
            ctx.app(),
            ctx.viewer()?,
            filter,
            order,
            PageArguments { first, after, last, before },
        )
        .await
    }

    /// How many tasks there are for each filter, in one statement each: the counts beside the side bar's lists. At most 20, of which 11
    /// may look for a text.
    async fn task_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 20.")] filters: Vec<TaskFilterInput>,
    ) -> Result<Vec<i32>> {
        let viewer = ctx.viewer()?;
        if filters.len() > limit::COUNTED_FILTERS {
            return Err(Error::Refused(Refused::BadInput("at most 20 filters")));
        }
        let mut counts = Vec::with_capacity(filters.len());
        for filter in filters {
            counts.push(int(query::count(ctx.app(), viewer, &filter.check()?).await?));
        }
        Ok(counts)
    }

    /// Days from `from` to `to` (at most 62) that have tasks due, in the time zone given (IANA).
    async fn calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day, at most 61 after the first.")] to: Date,
        #[graphql(desc = "Where the days begin: a name of the IANA database.")] time_zone: String,
        #[graphql(desc = "Which tasks.")] filter: Option<TaskFilterInput>,
    ) -> Result<Vec<CalendarDay>> {
        let viewer = ctx.viewer()?;
        let span = calendar::span(from.0, to.0, &time_zone)?;
        CalendarDay::of_span(ctx.app(), viewer, filter.unwrap_or_default().check()?, span).await
    }
}

/// A page of tasks.
#[derive(Debug)]
pub struct TaskConnection {
    edges: Vec<TaskEdge>,
    page_info: PageInfo,
    filter: Filter,
    live_cursor: Cursor,
}

/// A task with its place in the list.
#[derive(Clone, Debug, SimpleObject)]
pub struct TaskEdge {
    /// Its place.
    cursor: String,
    /// The task.
    node: Task,
}

impl TaskConnection {
    async fn read(
        app: &App,
        viewer: &Viewer,
        filter: Filter,
        order: TaskOrder,
        arguments: PageArguments,
    ) -> Result<Self> {
        // Before the rows: what comes after this place may show twice, but nothing is missed.
        let live_cursor =
            Cursor(log::Cursor { epoch: app.hub.epoch().to_owned(), position: app.hub.position() });
        let request = arguments.request::<Key>(50)?;
        if !request.after.iter().chain(&request.before).all(|key| key.is_of(order.field)) {
            return Err(Error::Refused(Refused::BadInput("not a cursor of this list")));
        }
        let page = query::page(app, viewer, &filter, order, &request).await?;
        let page = page.map(|row| (pages::cursor(&OrderField::key(order.field, &row)), row));
        let page_info = pages::info(&page);
        let (cursors, rows): (Vec<_>, Vec<_>) = page.rows.into_iter().unzip();
        let tasks = Task::many(app, rows).await?;
        let edges = cursors.into_iter().zip(tasks).map(|(cursor, node)| TaskEdge { cursor, node }).collect();
        Ok(TaskConnection { edges, page_info, filter, live_cursor })
    }
}

/// A page of tasks.
#[Object]
impl TaskConnection {
    /// The tasks with their places.
    async fn edges(&self) -> &[TaskEdge] {
        &self.edges
    }

    /// The tasks alone.
    async fn nodes(&self) -> Vec<Task> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Counted only when asked for.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(query::count(ctx.app(), ctx.viewer()?, &self.filter).await?))
    }

    /// The place in the log that this page shows: subscribe after it and nothing is missed.
    async fn live_cursor(&self) -> &Cursor {
        &self.live_cursor
    }
}
