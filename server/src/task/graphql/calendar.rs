//! A day of the calendar.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::object::Task;
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::pages::PageArguments;
use crate::graphql::scalars::{Date, int};
use crate::task::calendar::{self, Due};
use crate::task::query::Filter;

/// A day on which tasks are due.
#[derive(Debug)]
pub struct CalendarDay {
    due: Due,
    filter: Arc<Filter>,
}

impl CalendarDay {
    /// The day, with the filter that its tasks fit.
    pub fn new(due: Due, filter: Arc<Filter>) -> Self {
        CalendarDay { due, filter }
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
    async fn tasks(&self, ctx: &Context<'_>, #[graphql(default = 5)] first: i32) -> Result<Vec<Task>> {
        let size = PageArguments::forward(first, None).request::<()>(5)?.size;
        let rows = calendar::due_on(ctx.app(), ctx.viewer()?, &self.filter, self.due.day, size).await?;
        Task::many(ctx.app(), rows.into_iter().map(Arc::new).collect()).await
    }
}
