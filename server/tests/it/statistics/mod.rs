//! Statistics: every figure against a model that folds the log, and against the list that it counts.

mod history;
mod model;

use std::time::Duration;

use domain::{Code, Role, StatusKind};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use server::app::App;
use server::auth::Viewer;
use server::db::columns::{Timestamp, UserId};
use server::statistics::{Figures, Scope, figures};
use server::task::happened::{Happened, Happening};
use server::task::query::{Filter, count};
use tokio::runtime::Handle;

use crate::world::{both_databases, task};
use history::{Company, History, histories};
use model::{Told, folded};

const HISTORIES: u32 = 200;
const HOUR: u64 = 60 * 60;

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
        let world = world.telling_nobody().await;
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
