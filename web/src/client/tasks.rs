//! Reading and changing tasks.

use std::collections::HashMap;
use std::future::Future;

use yew::Callback;

use super::request::mended;
use super::{Client, Trouble};
use crate::api::tasks::{
    CountsVariables, MoreComments, MoreHistory, TalkVariables, TaskAssign, TaskAssignVariables, TaskByNumber,
    TaskByNumberVariables, TaskCounts, TaskCreate, TaskCreateInput, TaskCreateVariables, TaskDeadlineChange,
    TaskDeadlineChangeVariables, TaskDelete, TaskDeleteVariables, TaskPayload, TaskRestore,
    TaskRestoreVariables, TaskTransition, TaskTransitionVariables, TaskUpdate, TaskUpdateInput,
    TaskUpdateVariables, TasksPage, TasksVariables,
};
use crate::api::{TaskAction, TaskId, TaskPriority, Timestamp, UserId};
use crate::store::{Patch, Scope, TaskQuery};
use crate::transport::RequestError;

/// Lists that are counted by one request: the contract's limit.
const MOST_COUNTS: usize = 20;

/// Rows on a page.
pub const PAGE: i32 = 50;
/// The most that the server gives at once: for lists that are read to their end.
const WHOLE_PAGE: i32 = 100;

impl Client {
    /// Reads the next page of a list, or its first.
    pub async fn load_page(&self, query: TaskQuery) {
        self.read_page(&query, PAGE).await;
    }

    async fn read_page(&self, query: &TaskQuery, first: i32) {
        let Some((after, reading)) =
            self.update(|state| Some((state.store.start_page(query)?, state.store.reading())))
        else {
            return;
        };
        let variables = TasksVariables { filter: query.filter(), order: query.order, first, after };
        let answer: Result<TasksPage, _> = self.query(variables).await;
        self.update(|state| match answer {
            Ok(answer) => state.store.take_page(query, reading, answer.tasks),
            Err(_) => state.store.fail_page(query, reading),
        });
    }

    /// Reads a list to its end, page after page.
    pub async fn load_whole(&self, query: TaskQuery) {
        loop {
            self.read_page(&query, WHOLE_PAGE).await;
            let has_more = self
                .state()
                .store
                .list(&query)
                .is_some_and(|list| list.has_more() && !list.is_loading() && !list.has_failed());
            if !has_more {
                return;
            }
        }
    }

    /// Reads how many tasks each list of the side bar has.
    pub(super) async fn load_counts(&self) {
        let mut queries = {
            let state = self.state();
            let Some(viewer) = &state.store.viewer else { return };
            Scope::of(viewer).iter().map(|scope| scope.open(viewer)).collect::<Vec<_>>()
        };
        for query in &*self.0.counted.borrow() {
            if !queries.contains(query) {
                queries.push(query.clone());
            }
        }
        let mut counts = HashMap::new();
        for queries in queries.chunks(MOST_COUNTS) {
            let filters = queries.iter().map(TaskQuery::filter).collect();
            let answer: Result<TaskCounts, _> = self.query(CountsVariables { filters }).await;
            let Ok(answer) = answer else { return };
            counts.extend(queries.iter().cloned().zip(answer.task_counts));
        }
        self.update(|state| state.store.counts = counts);
    }

    /// Counts these lists from now on, beside those of the side bar, until [`Client::stop_counting`].
    pub(super) fn start_counting(&self, queries: &[TaskQuery]) {
        self.0.counted.borrow_mut().extend_from_slice(queries);
        self.count_at_once();
    }

    /// Counts them no longer than for anyone else who wants them.
    pub(super) fn stop_counting(&self, queries: &[TaskQuery]) {
        let mut counted = self.0.counted.borrow_mut();
        for query in queries {
            if let Some(place) = counted.iter().position(|counted| counted == query) {
                counted.swap_remove(place);
            }
        }
    }

    /// Reads one task whole, with its comments and history.
    pub async fn load_task(&self, number: i32) -> Result<(), Trouble> {
        let answer: TaskByNumber = self.query(TaskByNumberVariables { number }).await?;
        self.update(|state| match (answer.task, answer.talk) {
            (Some(task), Some(talk)) => {
                let id = task.id.clone();
                state.store.take_card(task);
                state.store.take_talk(&id, talk.comments, talk.history);
            }
            (None, _) | (_, None) => state.store.set_missing(number),
        });
        Ok(())
    }

    pub async fn load_more_comments(&self, id: TaskId, number: i32) -> Result<(), Trouble> {
        let after = self.state().store.talk(&id).and_then(|talk| talk.more_comments.clone());
        let answer: MoreComments = self.query(TalkVariables { number, after }).await?;
        if let Some(task) = answer.task {
            self.update(|state| state.store.take_comments(&id, task.comments));
        }
        Ok(())
    }

    pub async fn load_more_history(&self, id: TaskId, number: i32) -> Result<(), Trouble> {
        let after = self.state().store.talk(&id).and_then(|talk| talk.more_history.clone());
        let answer: MoreHistory = self.query(TalkVariables { number, after }).await?;
        if let Some(task) = answer.task {
            self.update(|state| state.store.take_history(&id, task.history));
        }
        Ok(())
    }

    /// Gives the number of the new task.
    pub async fn create_task(&self, input: TaskCreateInput) -> Result<i32, Trouble> {
        let answer: TaskCreate = self.mutate(TaskCreateVariables { input }).await?;
        mended(answer.task_create.user_errors)?;
        let task = answer.task_create.task.ok_or(RequestError::Unexpected)?;
        let number = task.number;
        self.update(|state| state.store.take_card(task));
        Ok(number)
    }

    pub async fn set_title(&self, id: &TaskId, version: i32, title: String) -> Result<(), Trouble> {
        let input = TaskUpdateInput { title: Some(title.clone()), ..nothing(id, version) };
        self.edit(id, Patch::Title(title), input).await
    }

    pub async fn set_description(
        &self,
        id: &TaskId,
        version: i32,
        description: String,
    ) -> Result<(), Trouble> {
        let input = TaskUpdateInput { description: Some(description.clone()), ..nothing(id, version) };
        self.edit(id, Patch::Description(description), input).await
    }

    pub async fn set_priority(&self, id: &TaskId, priority: TaskPriority) -> Result<(), Trouble> {
        let input = TaskUpdateInput { priority: Some(priority), ..nothing(id, self.version(id)) };
        self.edit(id, Patch::Priority(priority), input).await
    }

    pub async fn set_requires_review(&self, id: &TaskId, requires: bool) -> Result<(), Trouble> {
        let input = TaskUpdateInput { requires_review: Some(requires), ..nothing(id, self.version(id)) };
        self.edit(id, Patch::RequiresReview(requires), input).await
    }

    async fn edit(&self, id: &TaskId, patch: Patch, input: TaskUpdateInput) -> Result<(), Trouble> {
        self.change(id, patch, async {
            let answer: TaskUpdate = self.mutate(TaskUpdateVariables { input }).await?;
            Ok(answer.task_update)
        })
        .await
    }

    pub async fn set_deadline(&self, id: &TaskId, deadline: Option<Timestamp>) -> Result<(), Trouble> {
        self.change(id, Patch::Deadline(deadline), async {
            let variables =
                TaskDeadlineChangeVariables { id: id.clone(), version: self.version(id), deadline };
            let answer: TaskDeadlineChange = self.mutate(variables).await?;
            Ok(answer.task_deadline_change)
        })
        .await
    }

    pub async fn assign(&self, id: &TaskId, assignee: UserId) -> Result<(), Trouble> {
        self.change(id, Patch::Assignee(assignee.clone()), async {
            let variables =
                TaskAssignVariables { id: id.clone(), version: self.version(id), assignee_id: assignee };
            let answer: TaskAssign = self.mutate(variables).await?;
            Ok(answer.task_assign)
        })
        .await
    }

    pub async fn act(&self, id: &TaskId, action: TaskAction, reason: Option<String>) -> Result<(), Trouble> {
        self.change(id, Patch::Action(action), async {
            let variables =
                TaskTransitionVariables { id: id.clone(), version: self.version(id), action, reason };
            let answer: TaskTransition = self.mutate(variables).await?;
            Ok(answer.task_transition)
        })
        .await
    }

    pub async fn delete_task(&self, id: &TaskId) -> Result<(), Trouble> {
        let patch = self.update(|state| state.store.patch(id, Patch::Delete));
        let _turn = self.0.task_changes.lock().await;
        let variables = TaskDeleteVariables { id: id.clone(), version: self.version(id) };
        let answer: Result<TaskDelete, _> = self.mutate(variables).await;
        let outcome = answer.map_err(Trouble::from).and_then(|answer| mended(answer.task_delete.user_errors));
        self.update(|state| {
            if outcome.is_ok() {
                state.store.remove_task(id);
            }
            state.store.unpatch(patch);
        });
        outcome
    }

    pub async fn restore_task(&self, id: &TaskId) -> Result<(), Trouble> {
        let answer: TaskRestore = self.mutate(TaskRestoreVariables { id: id.clone() }).await?;
        mended(answer.task_restore.user_errors)?;
        if let Some(task) = answer.task_restore.task {
            self.update(|state| state.store.take_restored(task));
        }
        Ok(())
    }

    /// Deletes it, says so, and offers to bring it back.
    pub async fn delete_with_undo(&self, id: &TaskId, number: i32) {
        if let Err(trouble) = self.delete_task(id).await {
            return self.toast_trouble(&trouble, None);
        }
        let (client, id) = (self.clone(), id.clone());
        let undo = Callback::from(move |()| {
            let (restoring, id) = (client.clone(), id.clone());
            client.attempt(async move { restoring.restore_task(&id).await });
        });
        self.toast_undo((self.words().task_deleted)(&number.to_string()), undo);
    }

    /// Shows a change at once, sends it in its turn, and takes what the server says instead.
    async fn change(
        &self,
        id: &TaskId,
        patch: Patch,
        send: impl Future<Output = Result<TaskPayload, RequestError>>,
    ) -> Result<(), Trouble> {
        let patch = self.update(|state| state.store.patch(id, patch));
        let _turn = self.0.task_changes.lock().await;
        let answer = send.await;
        self.update(|state| {
            if let Ok(TaskPayload { task: Some(task), .. }) = &answer {
                state.store.take_card(task.clone());
            }
            state.store.unpatch(patch);
        });
        mended(answer?.user_errors)
    }

    fn version(&self, id: &TaskId) -> i32 {
        self.state().store.version(id)
    }
}

fn nothing(id: &TaskId, version: i32) -> TaskUpdateInput {
    TaskUpdateInput {
        id: id.clone(),
        version,
        title: None,
        description: None,
        priority: None,
        requires_review: None,
    }
}
