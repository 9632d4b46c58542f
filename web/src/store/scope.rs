//! The lists that everyone knows: mine, set by me, all.

use super::TaskQuery;
use crate::api::TaskStatus;
use crate::api::session::Viewer;
use crate::api::tasks::TaskOrder;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Given to the viewer.
    Mine,
    /// Set by the viewer.
    SetByMe,
    /// All that the viewer may see.
    All,
}

impl Scope {
    /// Those that a viewer has: whoever sets no tasks has but their own.
    pub fn of(viewer: &Viewer) -> &'static [Self] {
        if viewer.role.supervises() { &[Self::Mine, Self::SetByMe, Self::All] } else { &[Self::Mine] }
    }

    /// What is open, the most urgent first.
    pub fn open(self, viewer: &Viewer) -> TaskQuery {
        self.query(viewer, &TaskStatus::OPEN, TaskOrder::default())
    }

    /// What is done, the latest first.
    pub fn done(self, viewer: &Viewer) -> TaskQuery {
        self.query(viewer, &[TaskStatus::Done], TaskOrder::RECENTLY_UPDATED)
    }

    fn query(self, viewer: &Viewer, statuses: &[TaskStatus], order: TaskOrder) -> TaskQuery {
        let (assignees, creators) = match self {
            Self::Mine => (vec![viewer.id.clone()], vec![]),
            Self::SetByMe => (vec![], vec![viewer.id.clone()]),
            Self::All => (vec![], vec![]),
        };
        TaskQuery { assignees, creators, statuses: statuses.to_vec(), order, ..TaskQuery::default() }
    }
}

impl TaskQuery {
    /// The lists whose number is shown beside their name.
    pub fn counted(viewer: &Viewer) -> Vec<Self> {
        Scope::of(viewer).iter().flat_map(|scope| [scope.open(viewer), scope.done(viewer)]).collect()
    }
}
