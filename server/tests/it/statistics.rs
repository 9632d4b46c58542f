//! Statistics: every figure against a model that folds the log, and against the list that it counts.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the model names what it counts; the rest counts for nothing"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use domain::status::Pending;
use domain::{Action, Code, Priority, Role, StatusKind};
use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use server::app::App;
use server::auth::Viewer;
use server::db::columns::{TaskId, Timestamp, UserId};
use server::db::days::Span;
use server::entity::{event, task as row};
use server::log::Event;
use server::statistics::{AssigneeFigures, DayFigures, Figures, Scope, figures};
use server::task::happened::{Happened, Happening};
use server::task::query::{Filter, count};
use server::task::{self as commands, Edition, NewTask};
use tokio::runtime::Handle;

use crate::world::{Person, both_databases, task};

const HISTORIES: u32 = 200;
const HOUR: u64 = 60 * 60;
const ZONES: [&str; 5] =
    ["Europe/Moscow", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Beirut"];

/// Something that somebody does, if they may just then.
#[derive(Clone, Debug)]
enum Deed {
    Create { manager: usize, due_in_hours: Option<u64>, requires_review: bool },
    Act(usize, Action),
    MoveDeadline(usize, Option<u64>),
    Assign(usize, usize),
    Delete(usize),
    Restore(usize),
    Expire,
}

/// What happens in a company of three managers, and what is asked of it.
#[derive(Clone, Debug)]
struct History {
    /// With the minutes that pass before each.
    deeds: Vec<(u64, Deed)>,
    zone: &'static str,
    /// Days before the end of the history at which the period begins and ends.
    period: (u64, u64),
}

fn deeds() -> impl Strategy<Value = Deed> {
    let due = || prop_oneof![1 => Just(None), 4 => (1..90_u64).prop_map(Some)];
    let actions = prop::sample::select(Action::ALL);
    prop_oneof![
        4 => (0..3_usize, due(), prop::bool::weighted(0.7)).prop_map(|(manager, due_in_hours, requires_review)| {
            Deed::Create { manager, due_in_hours, requires_review }
        }),
        12 => (0..5_usize, actions).prop_map(|(task, action)| Deed::Act(task, action)),
        3 => (0..5_usize, due()).prop_map(|(task, due)| Deed::MoveDeadline(task, due)),
        1 => (0..5_usize, 0..3_usize).prop_map(|(task, manager)| Deed::Assign(task, manager)),
        1 => (0..5_usize).prop_map(Deed::Delete),
        1 => (0..5_usize).prop_map(Deed::Restore),
        3 => Just(Deed::Expire),
    ]
}

fn histories() -> impl Strategy<Value = History> {
    let deeds = prop::collection::vec((0..30 * 60_u64, deeds()), 6..26);
    (deeds, prop::sample::select(&ZONES[..]), 0..12_u64, 0..12_u64).prop_map(|(deeds, zone, one, other)| {
        History { deeds, zone, period: (one.max(other), one.min(other)) }
    })
}

struct Company {
    app: std::sync::Arc<App>,
    administrator: Viewer,
    managers: [Person; 3],
}

impl Company {
    /// Carries a history out: the numbers of its tasks.
    async fn lives_through(&self, history: &History) -> Vec<TaskId> {
        let mut tasks: Vec<TaskId> = Vec::new();
        for (minutes, deed) in &history.deeds {
            self.app.clock.advance(Duration::from_secs(minutes * 60));
            self.does(deed, &mut tasks).await;
        }
        tasks
    }

    async fn does(&self, deed: &Deed, tasks: &mut Vec<TaskId>) {
        let (app, viewer) = (&*self.app, &self.administrator);
        let due =
            |hours: &Option<u64>| hours.map(|hours| app.clock.now().plus(Duration::from_secs(hours * HOUR)));
        let edition = async |place: usize| {
            let id = *tasks.get(place % tasks.len().max(1))?;
            let row = row::Entity::find_by_id(id).one(app.db.reads()).await.unwrap().unwrap();
            Some(Edition { id: Some(id), version: row.version })
        };
        // What may not be done just then is refused, and changes nothing.
        match deed {
            Deed::Create { manager, due_in_hours, requires_review } => {
                let new = NewTask {
                    title: "Отчёт".to_owned(),
                    description: String::new(),
                    assignee: Some(self.managers[*manager].user),
                    deadline: due(due_in_hours),
                    priority: Priority::Normal,
                    requires_review: *requires_review,
                    idempotency_key: None,
                };
                tasks.push(commands::create(app, viewer, new).await.unwrap().id);
            }
            Deed::Act(place, action) => {
                let Some(edition) = edition(*place).await else { return };
                commands::transition(app, viewer, edition, *action, Some("Не то")).await.ok();
            }
            Deed::MoveDeadline(place, hours) => {
                let Some(edition) = edition(*place).await else { return };
                commands::change_deadline(app, viewer, edition, due(hours)).await.ok();
            }
            Deed::Assign(place, manager) => {
                let Some(edition) = edition(*place).await else { return };
                commands::assign(app, viewer, edition, Some(self.managers[*manager].user)).await.ok();
            }
            Deed::Delete(place) => {
                let Some(edition) = edition(*place).await else { return };
                commands::delete(app, viewer, edition).await.ok();
            }
            Deed::Restore(place) => {
                let Some(edition) = edition(*place).await else { return };
                commands::restore(app, viewer, edition.id).await.ok();
            }
            Deed::Expire => {
                commands::overdue::expire_due(app).await.unwrap();
            }
        }
    }
}

/// A task, as the log tells it.
struct Told {
    created: i64,
    completed: Option<i64>,
    handed_in: Option<i64>,
    deadline: Option<i64>,
    first_deadline: Option<i64>,
    status: StatusKind,
    was: Option<Pending>,
    assignee: UserId,
    deleted: bool,
    overdue_at: Vec<i64>,
    returned_at: Vec<i64>,
    moved_at: Vec<i64>,
    /// When a decision came, and how long it was waited for.
    decided: Vec<(i64, i64)>,
}

impl Told {
    /// Folds the log of one task. Of the deadline that it began with the log speaks only when that changes or is missed: else it
    /// is the one that the task has.
    async fn of(app: &App, id: TaskId) -> Told {
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
fn folded(tasks: &[&Told], span: &Span) -> Figures {
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

/// Every figure is the number of rows of the list that it opens.
async fn lists_agree(app: &App, viewer: &Viewer, scope: &Scope, found: &Figures) {
    let of = || Filter { assignees: scope.assignees.clone(), ..Filter::default() };
    let in_period =
        |what, from: Timestamp, to: Timestamp| Filter { happened: Some(Happened { what, from, to }), ..of() };
    let (from, to) = (scope.span.from, scope.span.to);
    let completed = || in_period(Happening::Completed, from, to);
    let status = |status| Filter { statuses: Some(vec![status]), ..of() };
    let mut lists = vec![
        ("created", in_period(Happening::Created, from, to), found.created),
        ("completed", completed(), found.completed),
        ("on time", Filter { on_time: Some(true), ..completed() }, found.on_time),
        ("late", Filter { on_time: Some(false), ..completed() }, found.late),
        (
            "on time by the first deadline",
            Filter { on_time_by_original_deadline: Some(true), ..completed() },
            found.on_time_by_original_deadline,
        ),
        ("overdue", status(StatusKind::Overdue), found.overdue_now),
        ("returned", in_period(Happening::Returned, from, to), found.returned),
        ("moved", in_period(Happening::DeadlineMoved, from, to), found.deadlines_moved),
    ];
    for (kind, tasks) in found.by_status.iter().filter(|(kind, _)| *kind != StatusKind::Done) {
        lists.push((kind.code(), status(*kind), *tasks));
    }
    for (day, figures) in scope.span.days().iter().zip(&found.by_day) {
        lists.push(("overdue on a day", in_period(Happening::Overdue, day.from, day.to), figures.overdue));
    }
    for (figure, filter, expected) in lists {
        assert_eq!(count(app, viewer, &filter).await.unwrap(), expected, "{figure}: {filter:?}");
    }
}

async fn agrees(company: &Company, history: &History) {
    let tasks = company.lives_through(history).await;
    let mut told = Vec::new();
    for id in tasks {
        told.push(Told::of(&company.app, id).await);
    }
    let today = company.app.clock.now().to_utc().date_naive();
    let day = |before: u64| today - chrono::Days::new(before);
    let (from, to) = (day(history.period.0), day(history.period.1));
    let ids: Vec<UserId> = company.managers.iter().map(|manager| manager.user).collect();
    let scope = |assignees| Scope::new(from, to, history.zone, assignees).unwrap();

    let there = |of: &[UserId]| -> Vec<&Told> {
        told.iter().filter(|task| !task.deleted && of.contains(&task.assignee)).collect()
    };
    for asked in [&ids[..], &ids[..1]] {
        let scope = scope(Some(asked.to_vec()));
        let found = figures(&company.app, &company.administrator, &scope).await.unwrap();
        assert_eq!(found, folded(&there(asked), &scope.span), "{history:?}");
        lists_agree(&company.app, &company.administrator, &scope, &found).await;
    }
    // A manager is answered of their own tasks, whoever they ask for.
    let own = company.managers[1].viewer().await;
    for asked in [None, Some(ids.clone())] {
        let scope = scope(asked);
        let found = figures(&company.app, &own, &scope).await.unwrap();
        assert_eq!(found, folded(&there(&ids[1..2]), &scope.span), "{history:?}");
    }
}

both_databases! {
    async fn every_figure_is_what_the_log_adds_up_to(world: World) {
        let administrator = world.admin().await.viewer().await;
        let config = Config { cases: HISTORIES, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let ran = tokio::task::block_in_place(|| {
            runner.run(&histories(), |history| {
                Handle::current().block_on(async {
                    // Managers of their own: what came of earlier histories is not counted with this one.
                    let managers = [world.manager().await, world.manager().await, world.manager().await];
                    let (app, administrator) = (world.app.clone(), administrator.clone());
                    agrees(&Company { app, administrator, managers }, &history).await;
                });
                Ok(())
            })
        });
        ran.unwrap();
    }

    async fn a_day_is_where_the_person_is(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        // 23:30 in Moscow, 21:30 in Berlin, the 25th in Kolkata.
        world.pass(Duration::from_secs(11 * HOUR + 30 * 60));
        anna.creates(task().for_(&petr)).await;
        for (zone, created) in [("Europe/Moscow", [1, 0]), ("Europe/Berlin", [1, 0]), ("Asia/Kolkata", [0, 1])] {
            let asked = format!(
                "{{ statistics(from: \"2026-11-24\", to: \"2026-11-25\", timeZone: {zone:?}) {{ created byDay {{ date created }} }} }}"
            );
            let found = anna.asks(&asked, Value::Null).await.ok()["statistics"].clone();
            let days = json!([
                { "date": "2026-11-24", "created": created[0] },
                { "date": "2026-11-25", "created": created[1] },
            ]);
            assert_eq!(found, json!({ "created": 1, "byDay": days }), "{zone}");
        }
    }

    async fn managers_are_told_of_themselves_alone(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let vera = world.person("Вера Другова", Role::Manager).await;
        anna.creates(task().for_(&petr)).await;
        anna.creates(task().for_(&vera)).await;
        let document = "query ($ids: [ID!]) { statistics(from: \"2026-11-24\", to: \"2026-11-24\", timeZone: \"UTC\",
            assigneeIds: $ids) { created byAssignee { assignee { name } open } } }";
        let all = anna.asks(document, Value::Null).await.ok()["statistics"].clone();
        assert_eq!(all["created"], 2);
        let own = json!({ "created": 1, "byAssignee": [{ "assignee": { "name": "Пётр Иванов" }, "open": 1 }] });
        assert_eq!(petr.asks(document, Value::Null).await.ok()["statistics"], own);
        let others = petr.asks(document, json!({ "ids": [vera.id()] })).await.ok()["statistics"].clone();
        assert_eq!(others, json!({ "created": 0, "byAssignee": [] }));
    }

    async fn a_period_that_cannot_be_is_refused(world: World) {
        let anna = world.supervisor().await;
        let asks = async |from: &str, to: &str, zone: &str| {
            let document = format!("{{ statistics(from: {from:?}, to: {to:?}, timeZone: {zone:?}) {{ created }} }}");
            anna.asks(&document, Value::Null).await
        };
        // A leap year from its first day to its last.
        asks("2028-01-01", "2028-12-31", "Europe/Moscow").await.ok();
        for (from, to, zone) in [
            ("2028-01-01", "2029-01-01", "Europe/Moscow"),
            ("2026-11-24", "2026-11-23", "Europe/Moscow"),
            ("2026-11-24", "2026-11-24", "Mars/Olympus"),
        ] {
            assert_eq!(asks(from, to, zone).await.codes(), ["BAD_USER_INPUT"], "{from} {to} {zone}");
        }
    }
}
