//! What comes of a card let go over a column: what is done then, or why nothing is. Pure, and the same for a drop, a menu and a key.
//!
//! The transition table is the server's; what reaches the client is which actions the viewer has now. Where an action leads is
//! what its name means, as in the labels of the buttons; which of them may be taken is never decided here.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};

use super::column::{Column, Due, View};
use crate::api::{TaskAction, TaskStatus};
use crate::civil::{next_monday, shift};
use crate::text::BoardWords;

/// What of a task decides where it can go. Times are the person's own.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub status: TaskStatus,
    pub requires_review: bool,
    pub deadline: Option<NaiveDateTime>,
    /// What the viewer can do with it now.
    pub actions: &'a [TaskAction],
    pub can_move_deadline: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It stands there already.
    Here,
    /// The status changes.
    Act(TaskAction),
    /// The status changes once somebody has said why.
    AskReason,
    /// The deadline is this then.
    Deadline(Option<NaiveDateTime>),
    /// The deadline is on that day, at a time that has to be asked for.
    AskTime(NaiveDate),
    Refused(Reason),
}

/// Why a column does not take a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Somebody else's to do.
    OnlyAssignee,
    OnlyCreatorAccepts,
    OnlyCreatorReturns,
    OnlyCreatorDefers,
    OnlyCreatorResumes,
    OnlyCreatorReopens,
    OnlyCreatorMovesDeadline,
    // Something else comes first
    SubmitFirst,
    NeedsNoReview,
    DecideFirst,
    ResumeFirst,
    ReopenFirst,
    MoveDeadlineFirst,
    ReturnsToWork,
    // No such thing
    OverdueByItself,
    PastDeadline,
    WeekIsOver,
    /// A change of it is under way.
    Busy,
}

/// When a working day ends: the time of a deadline that had none.
fn end_of_work() -> NaiveTime {
    NaiveTime::from_hms_opt(18, 0, 0).unwrap_or_default()
}

/// What comes of it.
pub fn outcome(task: Facts<'_>, to: Column, now: NaiveDateTime) -> Outcome {
    let view = match to {
        Column::Status(_) => View::Statuses,
        Column::Due(_) => View::Deadlines,
    };
    if Column::of(view, task.status, task.deadline, now.date()) == Some(to) {
        return Outcome::Here;
    }
    match to {
        Column::Status(status) => by_status(task, status),
        Column::Due(due) => by_deadline(task, due, now),
    }
}

fn by_status(task: Facts<'_>, to: TaskStatus) -> Outcome {
    let action = match leads(task, to) {
        Ok(action) => action,
        Err(reason) => return Outcome::Refused(reason),
    };
    if !task.actions.contains(&action) {
        return Outcome::Refused(whose(action));
    }
    match action {
        TaskAction::Return => Outcome::AskReason,
        TaskAction::Start
        | TaskAction::Pause
        | TaskAction::Submit
        | TaskAction::Accept
        | TaskAction::Defer
        | TaskAction::Resume
        | TaskAction::Reopen => Outcome::Act(action),
    }
}

/// The action whose meaning it is to lead from the task's status to that one, or what stands in the way.
fn leads(task: Facts<'_>, to: TaskStatus) -> Result<TaskAction, Reason> {
    use TaskStatus::{Deferred, Done, InProgress, InReview, New, Overdue};
    match (task.status, to) {
        (_, Overdue) => Err(Reason::OverdueByItself),
        (New, InProgress) => Ok(TaskAction::Start),
        (InProgress, New) => Ok(TaskAction::Pause),
        (New | InProgress | Overdue, InReview) if task.requires_review => Ok(TaskAction::Submit),
        (New | InProgress | Overdue, InReview) => Err(Reason::NeedsNoReview),
        (New | InProgress | Overdue, Done) if task.requires_review => Err(Reason::SubmitFirst),
        (New | InProgress | Overdue, Done) => Ok(TaskAction::Submit),
        (New | InProgress | Overdue, Deferred) => Ok(TaskAction::Defer),
        (Overdue, New | InProgress) => Err(Reason::MoveDeadlineFirst),
        (InReview, Done) => Ok(TaskAction::Accept),
        (InReview, InProgress) => Ok(TaskAction::Return),
        (InReview, New) => Err(Reason::ReturnsToWork),
        (InReview, Deferred) => Err(Reason::DecideFirst),
        (Deferred, New) => Ok(TaskAction::Resume),
        (Deferred, InProgress | InReview | Done) => Err(Reason::ResumeFirst),
        (Done, InProgress) => Ok(TaskAction::Reopen),
        (Done, New) => Err(Reason::ReturnsToWork),
        (Done, InReview | Deferred) => Err(Reason::ReopenFirst),
        (New, New)
        | (InProgress, InProgress)
        | (InReview, InReview)
        | (Done, Done)
        | (Deferred, Deferred) => Err(Reason::Busy),
    }
}

/// Whose an action is, for whoever may not take it.
fn whose(action: TaskAction) -> Reason {
    match action {
        TaskAction::Start | TaskAction::Pause | TaskAction::Submit => Reason::OnlyAssignee,
        TaskAction::Accept => Reason::OnlyCreatorAccepts,
        TaskAction::Return => Reason::OnlyCreatorReturns,
        TaskAction::Defer => Reason::OnlyCreatorDefers,
        TaskAction::Resume => Reason::OnlyCreatorResumes,
        TaskAction::Reopen => Reason::OnlyCreatorReopens,
    }
}

fn by_deadline(task: Facts<'_>, to: Due, now: NaiveDateTime) -> Outcome {
    if !task.can_move_deadline {
        return Outcome::Refused(Reason::OnlyCreatorMovesDeadline);
    }
    let today = now.date();
    let time = task.deadline.map_or_else(end_of_work, |deadline| deadline.time());
    match to {
        Due::Overdue => Outcome::Refused(Reason::PastDeadline),
        Due::Today => {
            let times = [time, end_of_work()].into_iter();
            let due = times.map(|time| today.and_time(time)).find(|due| *due > now);
            due.map_or(Outcome::AskTime(today), |due| Outcome::Deadline(Some(due)))
        }
        Due::ThisWeek => {
            let to_sunday = i64::from(6 - today.weekday().num_days_from_monday());
            let days = match to_sunday {
                0 => return Outcome::Refused(Reason::WeekIsOver),
                1 | 2 => to_sunday,
                more => more - 2,
            };
            Outcome::Deadline(Some(shift(today, days).and_time(time)))
        }
        Due::Later => Outcome::Deadline(Some(next_monday(today).and_time(time))),
        Due::Never => Outcome::Deadline(None),
    }
}

/// The deadline of a task that is set in that column: `None` where no task begins.
pub fn beginning(column: Column, now: NaiveDateTime) -> Option<Option<NaiveDateTime>> {
    let due = match column {
        Column::Status(TaskStatus::New) => Due::Never,
        Column::Status(
            TaskStatus::InProgress
            | TaskStatus::InReview
            | TaskStatus::Done
            | TaskStatus::Deferred
            | TaskStatus::Overdue,
        ) => return None,
        Column::Due(due) => due,
    };
    let task = Facts {
        status: TaskStatus::New,
        requires_review: true,
        deadline: None,
        actions: &[],
        can_move_deadline: true,
    };
    match by_deadline(task, due, now) {
        Outcome::Deadline(deadline) => Some(deadline),
        Outcome::AskTime(day) => Some(day.and_hms_opt(23, 59, 0)),
        Outcome::Here | Outcome::Act(_) | Outcome::AskReason | Outcome::Refused(_) => None,
    }
}

/// The action that undoes one which left a task with these; `None` where nothing leads back to what it was.
pub fn inverse(action: TaskAction, was: TaskStatus) -> Option<TaskAction> {
    match (action, was) {
        (TaskAction::Start, TaskStatus::New) => Some(TaskAction::Pause),
        (TaskAction::Pause, TaskStatus::InProgress) => Some(TaskAction::Start),
        (TaskAction::Defer, TaskStatus::New) => Some(TaskAction::Resume),
        (TaskAction::Resume, TaskStatus::Deferred) => Some(TaskAction::Defer),
        (
            TaskAction::Start
            | TaskAction::Pause
            | TaskAction::Submit
            | TaskAction::Accept
            | TaskAction::Return
            | TaskAction::Defer
            | TaskAction::Resume
            | TaskAction::Reopen,
            TaskStatus::New
            | TaskStatus::InProgress
            | TaskStatus::InReview
            | TaskStatus::Done
            | TaskStatus::Deferred
            | TaskStatus::Overdue,
        ) => None,
    }
}

impl Reason {
    pub fn text(self, words: &BoardWords) -> &'static str {
        match self {
            Self::OnlyAssignee => words.only_assignee,
            Self::OnlyCreatorAccepts => words.only_creator_accepts,
            Self::OnlyCreatorReturns => words.only_creator_returns,
            Self::OnlyCreatorDefers => words.only_creator_defers,
            Self::OnlyCreatorResumes => words.only_creator_resumes,
            Self::OnlyCreatorReopens => words.only_creator_reopens,
            Self::OnlyCreatorMovesDeadline => words.only_creator_moves_deadline,
            Self::SubmitFirst => words.submit_first,
            Self::NeedsNoReview => words.needs_no_review,
            Self::DecideFirst => words.decide_first,
            Self::ResumeFirst => words.resume_first,
            Self::ReopenFirst => words.reopen_first,
            Self::MoveDeadlineFirst => words.move_deadline_first,
            Self::ReturnsToWork => words.returns_to_work,
            Self::OverdueByItself => words.overdue_by_itself,
            Self::PastDeadline => words.past_deadline,
            Self::WeekIsOver => words.week_is_over,
            Self::Busy => words.busy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUSES: [TaskStatus; 6] = [
        TaskStatus::Overdue,
        TaskStatus::New,
        TaskStatus::InProgress,
        TaskStatus::InReview,
        TaskStatus::Deferred,
        TaskStatus::Done,
    ];
    const ALL: [TaskAction; 8] = [
        TaskAction::Start,
        TaskAction::Pause,
        TaskAction::Submit,
        TaskAction::Accept,
        TaskAction::Return,
        TaskAction::Defer,
        TaskAction::Resume,
        TaskAction::Reopen,
    ];

    /// Wednesday, 25 November 2026, noon.
    fn at(day: u32, hour: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap().and_hms_opt(hour, 0, 0).unwrap()
    }

    fn task(status: TaskStatus, actions: &[TaskAction]) -> Facts<'_> {
        Facts { status, requires_review: true, deadline: None, actions, can_move_deadline: true }
    }

    fn code(outcome: Outcome) -> &'static str {
        use Outcome::{Act, AskReason, Here, Refused};
        match outcome {
            Here => "-",
            Act(TaskAction::Start) => "start",
            Act(TaskAction::Pause) => "pause",
            Act(TaskAction::Submit) => "submit",
            Act(TaskAction::Accept) => "accept",
            Act(TaskAction::Defer) => "defer",
            Act(TaskAction::Resume) => "resume",
            Act(TaskAction::Reopen) => "reopen",
            AskReason => "return",
            Refused(reason) => reason.text(&crate::text::RUSSIAN.board),
            Act(TaskAction::Return) | Outcome::Deadline(_) | Outcome::AskTime(_) => "?",
        }
    }

    #[test]
    fn where_a_card_can_go_for_whoever_may_do_everything() {
        let itself = "Сюда задача попадает сама, когда срок пройдёт";
        let deadline = "Сначала перенесите срок";
        let submit = "Сначала задачу сдают на проверку";
        let to_work = "Возвращается в «Выполняется»";
        let decide = "Сначала примите или верните работу";
        let resume = "Сначала возобновите задачу";
        let reopen = "Сначала верните задачу в работу";
        #[rustfmt::skip]
        let table = [
            // to: Overdue New       InProgress InReview   Deferred  Done
            ["-",     deadline,  deadline,  "submit",  "defer",  submit],
            [itself,  "-",       "start",   "submit",  "defer",  submit],
            [itself,  "pause",   "-",       "submit",  "defer",  submit],
            [itself,  to_work,   "return",  "-",       decide,   "accept"],
            [itself,  "resume",  resume,    resume,    "-",      resume],
            [itself,  to_work,   "reopen",  reopen,    reopen,   "-"],
        ];
        for (from, row) in STATUSES.into_iter().zip(table) {
            for (to, expected) in STATUSES.into_iter().zip(row) {
                let found = outcome(task(from, &ALL), Column::Status(to), at(25, 12));
                assert_eq!(code(found), expected, "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn a_task_without_review_is_done_when_it_is_handed_in() {
        for from in [TaskStatus::New, TaskStatus::InProgress, TaskStatus::Overdue] {
            let task = Facts { requires_review: false, ..task(from, &ALL) };
            let to = |status| outcome(task, Column::Status(status), at(25, 12));
            assert_eq!(to(TaskStatus::Done), Outcome::Act(TaskAction::Submit));
            assert_eq!(to(TaskStatus::InReview), Outcome::Refused(Reason::NeedsNoReview));
        }
    }

    #[test]
    fn whoever_lacks_the_action_is_told_whose_it_is() {
        let cases = [
            (TaskStatus::New, TaskStatus::InProgress, Reason::OnlyAssignee),
            (TaskStatus::InProgress, TaskStatus::New, Reason::OnlyAssignee),
            (TaskStatus::InProgress, TaskStatus::InReview, Reason::OnlyAssignee),
            (TaskStatus::InReview, TaskStatus::Done, Reason::OnlyCreatorAccepts),
            (TaskStatus::InReview, TaskStatus::InProgress, Reason::OnlyCreatorReturns),
            (TaskStatus::New, TaskStatus::Deferred, Reason::OnlyCreatorDefers),
            (TaskStatus::Deferred, TaskStatus::New, Reason::OnlyCreatorResumes),
            (TaskStatus::Done, TaskStatus::InProgress, Reason::OnlyCreatorReopens),
        ];
        for (from, to, reason) in cases {
            let found = outcome(task(from, &[]), Column::Status(to), at(25, 12));
            assert_eq!(found, Outcome::Refused(reason), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn a_deadline_moves_to_the_column_and_keeps_its_time_of_day() {
        let due = |day, hour| Outcome::Deadline(Some(at(day, hour)));
        #[rustfmt::skip]
        let cases = [
            // It is now      it was due            goes to        and is due then
            (at(25, 12), Some(at(27, 15)), Due::Today, due(25, 15)),
            (at(25, 12), Some(at(27, 9)), Due::Today, due(25, 18)),
            (at(25, 12), None, Due::Today, due(25, 18)),
            (at(25, 18), None, Due::Today, Outcome::AskTime(at(25, 0).date())),
            (at(25, 20), Some(at(27, 21)), Due::Today, due(25, 21)),
            (at(25, 12), Some(at(25, 15)), Due::ThisWeek, due(27, 15)),
            (at(26, 12), Some(at(30, 15)), Due::ThisWeek, due(27, 15)),
            (at(27, 12), Some(at(27, 15)), Due::ThisWeek, due(29, 15)),
            (at(28, 12), None, Due::ThisWeek, due(29, 18)),
            (at(29, 12), None, Due::ThisWeek, Outcome::Refused(Reason::WeekIsOver)),
            (at(23, 12), None, Due::Later, due(30, 18)),
            (at(29, 12), Some(at(29, 9)), Due::Later, due(30, 9)),
            (at(25, 12), Some(at(27, 15)), Due::Never, Outcome::Deadline(None)),
            (at(25, 12), Some(at(27, 15)), Due::Overdue, Outcome::Refused(Reason::PastDeadline)),
            (at(25, 12), Some(at(27, 15)), Due::ThisWeek, Outcome::Here),
            (at(25, 12), None, Due::Never, Outcome::Here),
        ];
        for (now, deadline, to, expected) in cases {
            let task = Facts { deadline, ..task(TaskStatus::InProgress, &ALL) };
            assert_eq!(outcome(task, Column::Due(to), now), expected, "{now} {deadline:?} to {to:?}");
        }
        let overdue = Facts { deadline: Some(at(20, 10)), ..task(TaskStatus::Overdue, &ALL) };
        assert_eq!(outcome(overdue, Column::Due(Due::Today), at(25, 12)), due(25, 18));
        assert_eq!(outcome(overdue, Column::Due(Due::Later), at(25, 12)), due(30, 10));
        assert_eq!(outcome(overdue, Column::Due(Due::Overdue), at(25, 12)), Outcome::Here);
    }

    #[test]
    fn a_deadline_is_only_moved_by_whoever_may() {
        let task = Facts { can_move_deadline: false, ..task(TaskStatus::New, &ALL) };
        let refused = Outcome::Refused(Reason::OnlyCreatorMovesDeadline);
        for to in [Due::Overdue, Due::Today, Due::ThisWeek, Due::Later] {
            assert_eq!(outcome(task, Column::Due(to), at(25, 12)), refused);
        }
        assert_eq!(outcome(task, Column::Due(Due::Never), at(25, 12)), Outcome::Here);
    }

    #[test]
    fn a_task_set_in_a_column_is_due_there() {
        let wednesday = at(25, 12);
        assert_eq!(beginning(Column::Due(Due::Today), wednesday), Some(Some(at(25, 18))));
        assert_eq!(beginning(Column::Due(Due::ThisWeek), wednesday), Some(Some(at(27, 18))));
        assert_eq!(beginning(Column::Due(Due::Later), wednesday), Some(Some(at(30, 18))));
        assert_eq!(beginning(Column::Due(Due::Never), wednesday), Some(None));
        assert_eq!(beginning(Column::Status(TaskStatus::New), wednesday), Some(None));
        for none in [Column::Due(Due::Overdue), Column::Status(TaskStatus::Done)] {
            assert_eq!(beginning(none, wednesday), None);
        }
        let evening = at(25, 20).date().and_hms_opt(23, 59, 0);
        assert_eq!(beginning(Column::Due(Due::Today), at(25, 20)), Some(evening));
    }

    #[test]
    fn only_what_leads_back_exactly_is_undone() {
        assert_eq!(inverse(TaskAction::Start, TaskStatus::New), Some(TaskAction::Pause));
        assert_eq!(inverse(TaskAction::Defer, TaskStatus::New), Some(TaskAction::Resume));
        assert_eq!(inverse(TaskAction::Defer, TaskStatus::InProgress), None, "it would not be in progress");
        assert_eq!(inverse(TaskAction::Accept, TaskStatus::InReview), None);
    }
}
