//! Finding tasks: by their number or a part of their title, and for administrators by whatever the search engine finds.

use std::rc::Rc;

use super::Client;
use crate::api::Role;
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::search::{TaskSearch, TaskSearchConnection, TaskSearchInput, TaskSearchVariables};
use crate::api::tasks::{TaskFilter, TaskOrder, TasksPage, TasksVariables};
use crate::store::Task;
use crate::text::typed::{fold, other_layout};
use crate::transport::RequestError;

/// How many tasks a search offers.
const OFFERED: i32 = 8;

impl Client {
    /// A page of what the search engine finds. Administrators alone may ask it.
    pub async fn search_tasks(
        &self,
        input: TaskSearchInput,
        first: i32,
        after: Option<String>,
    ) -> Result<TaskSearchConnection, RequestError> {
        let answer: TaskSearch = self.query(TaskSearchVariables { input, first, after }).await?;
        let found = answer.task_search;
        self.update(|state| found.edges.iter().for_each(|edge| state.store.take_row(edge.node.clone())));
        Ok(found)
    }

    /// The task of that number, if it is one, and those whose title has the text; typed on the other layout where nothing has it.
    pub async fn find_tasks(&self, text: &str) -> Result<Vec<Rc<Task>>, RequestError> {
        let text = text.trim();
        let number = text.trim_start_matches(['#', '№']).trim_start().parse().ok();
        let mut found = Vec::new();
        if let Some(number) = number {
            if self.state().store.task_by_number(number).is_none() {
                // A number that nobody has is no trouble: the titles may have it.
                let _ = self.load_task(number).await;
            }
            found.extend(self.state().store.task_by_number(number));
        }
        if text.starts_with(['#', '№']) {
            return Ok(found);
        }
        let mut titled = self.titled(text.to_owned()).await?;
        if titled.is_empty() && found.is_empty() {
            titled = self.titled(other_layout(&fold(text))).await?;
        }
        titled.retain(|task| found.iter().all(|known| known.id != task.id));
        found.extend(titled);
        Ok(found)
    }

    async fn titled(&self, text: String) -> Result<Vec<Rc<Task>>, RequestError> {
        let is_admin = self.state().store.viewer.as_ref().is_some_and(|viewer| viewer.role == Role::Admin);
        if is_admin {
            let found = self.search_tasks(TaskSearchInput::of(text), OFFERED, None).await?;
            return Ok(found
                .edges
                .iter()
                .filter_map(|edge| self.state().store.task(&edge.node.id))
                .collect());
        }
        let filter = TaskFilter { text: Some(text), ..TaskFilter::default() };
        let order = TaskOrder { field: TaskOrderField::UpdatedAt, direction: Direction::Desc };
        let answer: TasksPage =
            self.query(TasksVariables { filter, order, first: OFFERED, after: None }).await?;
        let ids: Vec<_> = answer.tasks.nodes.iter().map(|row| row.id.clone()).collect();
        self.update(|state| answer.tasks.nodes.into_iter().for_each(|row| state.store.take_row(row)));
        Ok(ids.iter().filter_map(|id| self.state().store.task(id)).collect())
    }
}
