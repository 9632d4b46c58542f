//! The figures counted another way: from the log of each task, one task at a time.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the model names what it counts; the rest counts for nothing"
)]

use std::collections::BTreeMap;

use domain::status::Pending;
use domain::{Action, Code, StatusKind};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use server::app::App;
use server::db::columns::{TaskId, Timestamp, UserId};
use server::db::days::Span;
use server::entity::{event, task as row};
use server::log::Event;
use server::statistics::{AssigneeFigures, DayFigures, Figures};

/// A task, as the log tells it.
pub(super) struct Told {
    created: i64,
    completed: Option<i64>,
    handed_in: Option<i64>,
    deadline: Option<i64>,
    first_deadline: Option<i64>,
    status: StatusKind,
    was: Option<Pending>,
    pub(super) assignee: UserId,
    pub(super) deleted: bool,
    overdue_at: Vec<i64>,
    returned_at: Vec<i64>,
    moved_at: Vec<i64>,
    /// When a decision came, and how long it was waited for.
    decided: Vec<(i64, i64)>,
}

impl Told {
    /// Folds the log of one task. Of the deadline that it began with the log speaks only when that changes or is missed: else it
    /// is the one that the task has.
    pub(super) async fn of(app: &App, id: TaskId) -> Told {
        let task = row::Entity::find_by_id(id).one(app.db.reads()).await.unwrap().unwrap();
        let events = event::Entity::find()
            .filter(event::Column::TaskId.eq(id))
            .order_by_asc(event::Column::Xid)
            .order_by_asc(event::Column::Id)
            .all(app.db.reads())
            .await
            .unwrap();
        let events: Vec<(event::Model, Event)> = events
            .into_iter()
            .map(|row| {
                let event = serde_json::from_str(&row.payload).unwrap();
                (row, event)
            })
            .collect();
        let first_said = events.iter().find_map(|(_, event)| match event {
            Event::TaskDeadlineChanged { from, .. } => Some(*from),
            Event::TaskOverdue { deadline, .. } => Some(Some(*deadline)),
            _ => None,
        });
        let deadline = first_said.unwrap_or(task.deadline).map(|moment| moment.0);
        let (first, _) = &events[0];
        let mut told = Told {
            created: first.at.0,
            completed: None,
            handed_in: None,
            deadline,
            first_deadline: deadline,
            status: StatusKind::New,
            was: None,
            assignee: first.assignee_id.unwrap(),
            deleted: false,
            overdue_at: Vec::new(),
            returned_at: Vec::new(),
            moved_at: Vec::new(),
            decided: Vec::new(),
        };
        for (row, event) in &events {
            told.hears(row.at.0, event);
        }
        told
    }

    fn hears(&mut self, at: i64, event: &Event) {
        match event {
            Event::TaskStatusChanged { to, to_before_overdue, action, .. } => {
                match action {
                    Action::Submit => self.handed_in = Some(at),
                    Action::Accept => self.decided.push((at, at - self.handed_in.unwrap())),
                    Action::Return => {
                        self.decided.push((at, at - self.handed_in.unwrap()));
                        self.returned_at.push(at);
                    }
                    _ => {}
                }
                (self.status, self.was) = (*to, *to_before_overdue);
                self.completed = (*to == StatusKind::Done).then_some(at);
            }
            Event::TaskOverdue { was, .. } => {
                (self.status, self.was) = (StatusKind::Overdue, Some(*was));
                self.overdue_at.push(at);
            }
            Event::TaskDeadlineChanged { from, to } => {
                if from.is_some() {
                    self.moved_at.push(at);
                }
                self.deadline = to.map(|moment| moment.0);
                self.first_deadline = self.first_deadline.or(self.deadline);
                if let Some(was) = self.was.take() {
                    self.status = was.kind();
                }
            }
            Event::TaskAssigned { to, .. } => self.assignee = *to,
            Event::TaskDeleted => self.deleted = true,
            Event::TaskRestored => self.deleted = false,
            _ => {}
        }
    }

    fn in_time(&self, deadline: Option<i64>) -> Option<bool> {
        Some(self.handed_in? < deadline?)
    }
}

fn median(durations: impl Iterator<Item = i64>) -> Option<i64> {
    let mut durations: Vec<i64> = durations.collect();
    durations.sort_unstable();
    let (lower, upper) =
        (durations.get(durations.len().checked_sub(1)? / 2)?, durations[durations.len() / 2]);
    Some((lower + upper) / 2)
}

/// The figures as the definitions in [`Figures`] say them, counted one task at a time.
pub(super) fn folded(tasks: &[&Told], span: &Span) -> Figures {
    let within = |at: i64| (span.from.0..span.to.0).contains(&at);
    let completed: Vec<&Told> =
        tasks.iter().copied().filter(|task| task.completed.is_some_and(within)).collect();
    let took = |task: &&Told| task.completed.unwrap() - task.created;
    let how_many = |tasks: &[&Told], meets: &dyn Fn(&Told) -> bool| {
        tasks.iter().filter(|task| meets(task)).count() as i64
    };
    let on_time = |task: &Told| task.in_time(task.deadline) == Some(true);
    let late = |task: &Told| task.in_time(task.deadline) == Some(false);
    let overdue = |task: &Told| task.status == StatusKind::Overdue;
    let returned = |task: &Told| task.returned_at.iter().any(|at| within(*at));

    let mut people: BTreeMap<UserId, Vec<&Told>> = BTreeMap::new();
    for task in tasks {
        people.entry(task.assignee).or_default().push(task);
    }
    let mut by_assignee: Vec<AssigneeFigures> = people
        .into_iter()
        .map(|(assignee, tasks)| {
            let done: Vec<&Told> =
                completed.iter().copied().filter(|task| task.assignee == assignee).collect();
            AssigneeFigures {
                assignee,
                open: how_many(&tasks, &|task| task.status != StatusKind::Done),
                overdue_now: how_many(&tasks, &overdue),
                completed: done.len() as i64,
                on_time: how_many(&done, &on_time),
                late: how_many(&done, &late),
                returned: how_many(&tasks, &returned),
                median_completion: median(done.iter().map(took)),
            }
        })
        .filter(|of| (of.open, of.completed, of.returned) != (0, 0, 0))
        .collect();
    by_assignee.sort_by_key(|of| (-of.open, -of.completed, of.assignee));
    let moves: Vec<usize> =
        tasks.iter().map(|task| task.moved_at.iter().filter(|at| within(**at)).count()).collect();
    Figures {
        created: how_many(tasks, &|task| within(task.created)),
        completed: completed.len() as i64,
        on_time: how_many(&completed, &on_time),
        late: how_many(&completed, &late),
        on_time_by_original_deadline: how_many(&completed, &|task| {
            task.in_time(task.first_deadline) == Some(true)
        }),
        overdue_now: how_many(tasks, &overdue),
        returned: how_many(tasks, &returned),
        deadline_moves: moves.iter().sum::<usize>() as i64,
        deadlines_moved: moves.iter().filter(|moves| **moves > 0).count() as i64,
        median_completion: median(completed.iter().map(took)),
        median_review: median(
            tasks
                .iter()
                .flat_map(|task| &task.decided)
                .filter(|(at, _)| within(*at))
                .map(|(_, waited)| *waited),
        ),
        by_status: StatusKind::ALL
            .iter()
            .map(|status| match status {
                StatusKind::Done => (*status, completed.len() as i64),
                _ => (*status, how_many(tasks, &|task| task.status == *status)),
            })
            .collect(),
        by_day: span
            .days()
            .iter()
            .map(|day| {
                let on = |at: i64| day.contains(Timestamp(at));
                DayFigures {
                    date: day.date,
                    created: how_many(tasks, &|task| on(task.created)),
                    completed: how_many(tasks, &|task| task.completed.is_some_and(on)),
                    overdue: how_many(tasks, &|task| task.overdue_at.iter().any(|at| on(*at))),
                }
            })
            .collect(),
        by_assignee,
    }
}
