//! The lists that everyone knows: mine, set by me, in review, overdue, all.

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
    /// Set by the viewer, handed in, and waiting for their decision.
    Review,
    /// All that the viewer may see whose deadline passed.
    Overdue,
    /// All that the viewer may see.
    All,
}

impl Scope {
    /// Those that a viewer has: whoever sets no tasks has but their own.
    pub fn of(viewer: &Viewer) -> &'static [Self] {
        if viewer.role.supervises() {
            &[Self::Mine, Self::SetByMe, Self::Review, Self::Overdue, Self::All]
        } else {
            &[Self::Mine, Self::Overdue]
        }
    }

    /// Whether only whoever sets tasks has it.
    pub fn is_for_supervisors(self) -> bool {
        match self {
            Self::SetByMe | Self::Review | Self::All => true,
            Self::Mine | Self::Overdue => false,
        }
    }

    /// Everything in the list, of whatever status the list has.
    pub fn query(self, viewer: &Viewer) -> TaskQuery {
        let me = || vec![viewer.id.clone()];
        let query = TaskQuery::default();
        match self {
            Self::Mine => TaskQuery { assignees: me(), ..query },
            Self::SetByMe => TaskQuery { creators: me(), ..query },
            Self::Review => TaskQuery { creators: me(), statuses: vec![TaskStatus::InReview], ..query },
            Self::Overdue => TaskQuery { statuses: vec![TaskStatus::Overdue], ..query },
            Self::All => query,
        }
    }

    /// Whether it holds what is done, too.
    pub fn has_done(self) -> bool {
        match self {
            Self::Mine | Self::SetByMe | Self::All => true,
            Self::Review | Self::Overdue => false,
        }
    }

    /// What is open, the most urgent first.
    pub fn open(self, viewer: &Viewer) -> TaskQuery {
        let query = self.query(viewer);
        let statuses = if self.has_done() { TaskStatus::OPEN.to_vec() } else { query.statuses };
        TaskQuery { statuses, ..query }
    }

    /// What is done, the latest first.
    pub fn done(self, viewer: &Viewer) -> TaskQuery {
        let order = TaskOrder::RECENTLY_UPDATED;
        TaskQuery { statuses: vec![TaskStatus::Done], order, ..self.query(viewer) }
    }
}
