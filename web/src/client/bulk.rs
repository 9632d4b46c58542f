//! The same change of many tasks, one after the other, and taken back the same way.

use yew::Callback;

use super::{Client, Trouble};
use crate::api::{TaskAction, TaskId, TaskPriority, Timestamp, UserId};
use crate::browser::spawn;
use crate::store::Task;
use crate::transport::RequestError;

/// How often one of many changes is tried again that came too soon after those before it.
const PATIENCE: u32 = 3;

#[derive(Clone, Debug, PartialEq)]
pub enum BulkChange {
    Assign(UserId),
    Deadline(Option<Timestamp>),
    Priority(TaskPriority),
    Act {
        action: TaskAction,
        reason: Option<String>,
    },
    Delete,
    /// Takes a deletion back.
    Restore,
}

/// How far the changes under way are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
}

impl BulkChange {
    /// Whether the task is already so.
    fn is_made(&self, task: &Task) -> bool {
        match self {
            Self::Assign(assignee) => task.assignee.as_ref() == Some(assignee),
            Self::Deadline(deadline) => task.deadline == *deadline,
            Self::Priority(priority) => task.priority == *priority,
            Self::Act { .. } | Self::Delete | Self::Restore => false,
        }
    }

    /// What takes the change of this task back; `None` where nothing does.
    fn inverse(&self, task: &Task) -> Option<Self> {
        match self {
            Self::Assign(_) => task.assignee.clone().map(Self::Assign),
            Self::Deadline(_) => Some(Self::Deadline(task.deadline)),
            Self::Priority(_) => Some(Self::Priority(task.priority)),
            Self::Act { action, .. } => {
                let back = match action {
                    TaskAction::Start => Some(TaskAction::Pause),
                    TaskAction::Pause => Some(TaskAction::Start),
                    TaskAction::Defer => Some(TaskAction::Resume),
                    TaskAction::Resume => Some(TaskAction::Defer),
                    TaskAction::Submit | TaskAction::Accept | TaskAction::Return | TaskAction::Reopen => None,
                };
                back.map(|action| Self::Act { action, reason: None })
            }
            Self::Delete => Some(Self::Restore),
            Self::Restore => None,
        }
    }
}

/// Which task, how it changes, and how that is taken back.
struct Step {
    task: TaskId,
    change: BulkChange,
    back: Option<BulkChange>,
}

impl Client {
    /// Makes the change in each of the tasks. Each is shown at once and sent in its turn; at the end one note says what came of it.
    pub fn change_all(&self, tasks: &[TaskId], change: &BulkChange) {
        let steps = tasks.iter().filter_map(|id| {
            let task = self.state().store.task(id)?;
            let back = change.inverse(&task);
            (!change.is_made(&task)).then(|| Step { task: id.clone(), change: change.clone(), back })
        });
        self.take_steps(steps.collect());
    }

    fn take_steps(&self, steps: Vec<Step>) {
        if steps.is_empty() {
            return;
        }
        let total = steps.len();
        self.update(|state| {
            let progress = state.bulk.get_or_insert_default();
            progress.total += total;
        });
        let client = self.clone();
        spawn(async move {
            let mut back = vec![];
            let mut trouble = None;
            let (mut done, mut failed) = (0_i64, 0_i64);
            for step in steps {
                let mut outcome = client.change_one(&step.task, step.change.clone()).await;
                // Of very many at once the server wants the rest later.
                for _ in 0..PATIENCE {
                    let Err(trouble @ Trouble::Request(RequestError::RateLimited(_))) = &outcome else {
                        break;
                    };
                    trouble.waits().await;
                    outcome = client.change_one(&step.task, step.change.clone()).await;
                }
                match outcome {
                    Ok(()) => {
                        done += 1;
                        back.extend(step.back.map(|change| Step { task: step.task, change, back: None }));
                    }
                    Err(refusal) => {
                        failed += 1;
                        trouble = Some(refusal);
                    }
                }
                client.update(|state| {
                    let progress = state.bulk.get_or_insert_default();
                    progress.done += 1;
                    if progress.done == progress.total {
                        state.bulk = None;
                    }
                });
            }
            client.tell_outcome(done, failed, trouble.as_ref(), back);
        });
    }

    fn tell_outcome(&self, done: i64, failed: i64, trouble: Option<&Trouble>, back: Vec<Step>) {
        let words = self.words();
        let text = match trouble {
            Some(trouble) => (words.lists.bulk_failed)(done, failed, &trouble.text(words)),
            None => (words.lists.bulk_done)(done),
        };
        if back.is_empty() {
            self.toast(text, None);
            return;
        }
        let client = self.clone();
        let back = std::cell::Cell::new(back);
        self.toast_undo(text, Callback::from(move |()| client.take_steps(back.take())));
    }

    async fn change_one(&self, task: &TaskId, change: BulkChange) -> Result<(), Trouble> {
        match change {
            BulkChange::Assign(assignee) => self.assign(task, assignee).await,
            BulkChange::Deadline(deadline) => self.set_deadline(task, deadline).await,
            BulkChange::Priority(priority) => self.set_priority(task, priority).await,
            BulkChange::Act { action, reason } => self.act(task, action, reason).await,
            BulkChange::Delete => self.delete_task(task).await,
            BulkChange::Restore => self.restore_task(task).await,
        }
    }
}
