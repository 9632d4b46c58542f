//! What may happen in a company, at random, carried out by the commands that everybody uses.

use std::sync::Arc;
use std::time::Duration;

use domain::{Action, Code, Priority};
use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use sea_orm::EntityTrait;
use server::app::App;
use server::auth::Viewer;
use server::db::columns::TaskId;
use server::entity::task as row;
use server::task::{self as commands, Edition, NewTask};

use crate::world::Person;

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
pub(super) struct History {
    /// With the minutes that pass before each.
    deeds: Vec<(u64, Deed)>,
    pub(super) zone: &'static str,
    /// Days before the end of the history at which the period begins and ends.
    pub(super) period: (u64, u64),
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

pub(super) fn histories() -> impl Strategy<Value = History> {
    let deeds = prop::collection::vec((0..30 * 60_u64, deeds()), 6..26);
    (deeds, prop::sample::select(&ZONES[..]), 0..12_u64, 0..12_u64).prop_map(|(deeds, zone, one, other)| {
        History { deeds, zone, period: (one.max(other), one.min(other)) }
    })
}

pub(super) struct Company {
    pub(super) app: Arc<App>,
    pub(super) administrator: Viewer,
    pub(super) managers: [Person; 3],
}

impl Company {
    /// Carries a history out: the numbers of its tasks.
    pub(super) async fn lives_through(&self, history: &History) -> Vec<TaskId> {
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
