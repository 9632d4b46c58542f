//! Changes that are shown before the server has answered: laid over what it has, and taken off when it answers.

use std::rc::Rc;

use super::{Store, Task};
use crate::api::{TaskAction, TaskId, TaskPriority, TaskStatus, Timestamp, UserId};

/// Names a change under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchId(u64);

/// What a change will make of a task, as far as the client can tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    Title(String),
    Description(String),
    Priority(TaskPriority),
    RequiresReview(bool),
    Deadline(Option<Timestamp>),
    Assignee(UserId),
    Action(TaskAction),
    Delete,
}

#[derive(Debug)]
pub(super) struct Pending {
    id: PatchId,
    task: TaskId,
    patch: Patch,
}

impl Pending {
    /// Whether it changes that task.
    pub(super) fn concerns(&self, task: &TaskId) -> bool {
        self.task == *task
    }
}

/// The task with every change under way laid over it; `None` while it is being deleted.
pub(super) fn apply(pending: &[Pending], server: &Rc<Task>) -> Option<Rc<Task>> {
    let mut shown = server.clone();
    for one in pending.iter().filter(|one| one.task == server.id) {
        let task = Rc::make_mut(&mut shown);
        task.under_way = true;
        match &one.patch {
            Patch::Title(title) => task.set_title(title),
            Patch::Description(description) => task.description = Some(description.clone()),
            Patch::Priority(priority) => task.priority = *priority,
            Patch::RequiresReview(requires) => task.requires_review = *requires,
            Patch::Deadline(deadline) => {
                task.deadline = *deadline;
                // A deadline that is moved is no longer one that has passed.
                if let Some(before) = task.status_before_overdue.take() {
                    task.status = before;
                }
            }
            Patch::Assignee(assignee) => task.assignee = Some(assignee.clone()),
            Patch::Action(action) => {
                task.status = expected(*action, task);
                // Which actions follow is the server's to say.
                task.available_actions.clear();
            }
            Patch::Delete => return None,
        }
    }
    Some(shown)
}

/// Where an action leads, for the moment until the server says so itself.
fn expected(action: TaskAction, task: &Task) -> TaskStatus {
    match action {
        // What is overdue stays so until its deadline is moved.
        TaskAction::Start | TaskAction::Pause if task.status == TaskStatus::Overdue => TaskStatus::Overdue,
        TaskAction::Start | TaskAction::Return | TaskAction::Reopen => TaskStatus::InProgress,
        TaskAction::Pause | TaskAction::Resume => TaskStatus::New,
        TaskAction::Submit if task.requires_review => TaskStatus::InReview,
        TaskAction::Submit | TaskAction::Accept => TaskStatus::Done,
        TaskAction::Defer => TaskStatus::Deferred,
    }
}

impl Store {
    /// Shows a change before the server has answered.
    pub fn patch(&mut self, task: &TaskId, patch: Patch) -> PatchId {
        self.patches_made = self.patches_made.wrapping_add(1);
        let id = PatchId(self.patches_made);
        self.pending.push(Pending { id, task: task.clone(), patch });
        self.show(task);
        id
    }

    /// Takes a change off again: the answer has been taken in, or it was refused.
    pub fn unpatch(&mut self, id: PatchId) {
        let Some(place) = self.pending.iter().position(|one| one.id == id) else { return };
        let task = self.pending.remove(place).task;
        self.show(&task);
    }
}
