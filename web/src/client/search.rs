//! Finding tasks by their number or a part of their title.

use std::rc::Rc;

use super::Client;
use crate::api::enums::{Direction, TaskOrderField};
use crate::api::tasks::{TaskFilter, TaskOrder, TasksPage, TasksVariables};
use crate::store::Task;
use crate::text::typed::{fold, other_layout};
use crate::transport::RequestError;

/// How many tasks a search offers.
const OFFERED: i32 = 8;

impl Client {
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
        let filter = TaskFilter { text: Some(text), ..TaskFilter::default() };
        let order = TaskOrder { field: TaskOrderField::UpdatedAt, direction: Direction::Desc };
        let answer: TasksPage =
            self.query(TasksVariables { filter, order, first: OFFERED, after: None }).await?;
        let ids: Vec<_> = answer.tasks.nodes.iter().map(|row| row.id.clone()).collect();
        self.update(|state| answer.tasks.nodes.into_iter().for_each(|row| state.store.take_row(row)));
        Ok(ids.iter().filter_map(|id| self.state().store.task(id)).collect())
    }
}
