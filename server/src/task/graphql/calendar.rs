//! Days of the calendar.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Object};
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use super::object::Task;
use crate::app::App;
use crate::auth::Viewer;
use crate::db::days::Span;
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::pages::PageArguments;
use crate::graphql::scalars::{Date, int};
use crate::task::calendar::{self, Due};
use crate::task::query::Filter;

/// Tasks of all the days that were asked for together: the first day that needs them reads them for the others too.
#[derive(Debug)]
struct Shared {
    filter: Filter,
    span: Span,
    firsts: Mutex<HashMap<u64, Arc<OnceCell<Vec<Task>>>>>,
}

impl Shared {
    /// The first tasks of every day.
    async fn firsts(&self, app: &App, viewer: &Viewer, first: u64) -> Result<Arc<OnceCell<Vec<Task>>>> {
        let cell = Arc::clone(self.firsts.lock().entry(first).or_default());
        cell.get_or_try_init(|| async {
            let rows = calendar::due(app, viewer, &self.filter, &self.span, first).await?;
            Task::many(app, rows).await
        })
        .await?;
        Ok(cell)
    }
}

/// A day on which tasks are due.
#[derive(Debug)]
pub struct CalendarDay {
    due: Due,
    shared: Arc<Shared>,
}

impl CalendarDay {
    /// The days of the span on which the viewer sees tasks of the filter due.
    pub async fn of_span(app: &App, viewer: &Viewer, filter: Filter, span: Span) -> Result<Vec<Self>> {
        let days = calendar::days(app, viewer, &filter, &span).await?;
        let shared = Arc::new(Shared { filter, span, firsts: Mutex::default() });
        Ok(days.into_iter().map(|due| CalendarDay { due, shared: Arc::clone(&shared) }).collect())
    }
}

/// A day on which tasks are due.
#[Object]
impl CalendarDay {
    /// Which day.
    async fn date(&self) -> Date {
        Date(self.due.day.date)
    }

    /// How many tasks are due on it.
    async fn total_count(&self) -> i32 {
        int(self.due.total)
    }

    /// How many of those are overdue.
    async fn overdue_count(&self) -> i32 {
        int(self.due.overdue)
    }

    /// The first of them, by deadline; 1 to 100.
    async fn tasks(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(5)", desc = "That many, 1 to 100.")] first: Option<i32>,
    ) -> Result<Vec<Task>> {
        let size = PageArguments::forward(first.unwrap_or(5), None).request::<()>(5)?.size;
        let firsts = self.shared.firsts(ctx.app(), ctx.viewer()?, size).await?;
        let of_day = |task: &&Task| task.row.deadline.is_some_and(|moment| self.due.day.contains(moment));
        Ok(firsts.get().into_iter().flatten().filter(of_day).cloned().collect())
    }
}
