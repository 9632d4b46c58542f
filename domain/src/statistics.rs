//! What statistics count, as rules over moments: which events count as what, and whether work was in time.

use crate::code::closed_set;
use crate::status::{Action, StatusKind};

closed_set! {
    /// An event that statistics count. Creation and completion are not among them: those are moments of the task itself,
    /// and a task that was opened again is not completed any more.
    pub enum Measure {
        /// Its deadline passed before it was handed in.
        Overdue = "OVERDUE",
        /// It was handed in for the creator to decide.
        HandedIn = "HANDED_IN",
        /// The creator accepted it.
        Accepted = "ACCEPTED",
        /// The creator sent it back.
        Returned = "RETURNED",
        /// A deadline that was there was moved or taken away. Setting the first one moves nothing.
        DeadlineMoved = "DEADLINE_MOVED",
    }
}

impl Measure {
    /// What an action that led to this status counts as.
    pub fn of_transition(action: Action, to: StatusKind) -> Option<Self> {
        match action {
            // Without review, handing in completes: nobody decides.
            Action::Submit => (to == StatusKind::InReview).then_some(Measure::HandedIn),
            Action::Accept => Some(Measure::Accepted),
            Action::Return => Some(Measure::Returned),
            // A missed deadline is counted by its own event, once, whatever clocks make of it later.
            Action::Start
            | Action::Pause
            | Action::Defer
            | Action::Resume
            | Action::Reopen
            | Action::Expire => None,
        }
    }
}

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Whether work was in time: last handed in before its deadline passed. How long the creator then took to accept it is not the
/// assignee's. `None` where there was no deadline or nothing was handed in. At the very moment of the deadline it has passed, as
/// it has for [`Action::Expire`].
pub fn on_time<Moment: PartialOrd>(handed_in: Option<Moment>, deadline: Option<Moment>) -> Option<bool> {
    Some(handed_in? < deadline?)
}

/// How many days late, of two moments in milliseconds: a day that has begun counts; 0 where it is in time.
pub fn days_late(deadline: i64, moment: i64) -> i64 {
    let late = moment.saturating_sub(deadline);
    if late < 0 { 0 } else { late / DAY + 1 }
}
