//! Tasks from being set to being done: who may, what is told, what is counted.

use std::time::Duration;

use domain::{EventKind, Role};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use server::db::columns::Stored;
use server::entity::event;
use server::task::{overdue, purge};

use crate::world::{Answer, both_databases, task};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `done`, or why not: a top-level code, or what can be mended.
fn verdict(answer: Answer) -> String {
    if let Some(code) = answer.codes().first() {
        return (*code).to_owned();
    }
    answer.mend().first().cloned().unwrap_or("done".to_owned())
}

both_databases! {
    async fn a_task_that_is_set_is_told_and_seen(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let mut live = petr.hears_tasks(None).await;
        let mut bell = petr.hears_notifications(None).await;

        let set = anna.creates(task().for_(&petr).due("2026-11-27T12:00:00Z")).await;

        let heard = live.next().await;
        assert_eq!(heard["__typename"], "TaskCreated");
        assert_eq!(heard["task"]["id"], set["id"]);
        assert_eq!(heard["actor"]["name"], "Анна Руководова");
        let rung = bell.next().await;
        assert_eq!(rung["unreadCount"], 1);
        assert_eq!(rung["notification"]["text"], "Вам поручена задача «Отчёт за ноябрь», срок 27 ноя, 15:00");
        assert_eq!(petr.sees(&set).await["availableActions"], json!(["START", "SUBMIT"]));
        assert_eq!(anna.told().await, Vec::<String>::new());
    }

    async fn moving_a_deadline_tells_the_assignee_and_keeps_the_first_one(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr).due("2026-12-01T15:00:00Z")).await;
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;

        anna.moves_deadline(&set, Some("2026-12-03T15:00:00Z")).await.done();

        let heard = live.next().await;
        assert_eq!(heard["__typename"], "TaskDeadlineChanged");
        assert_eq!(heard["before"], "2026-12-01T15:00:00.000Z");
        assert_eq!(heard["after"], "2026-12-03T15:00:00.000Z");
        assert_eq!(petr.unread().await[0], "Срок: 1 дек, 18:00 → 3 дек, 18:00 · «Отчёт за ноябрь»");
        let seen = petr.sees(&set).await;
        assert_eq!(seen["originalDeadline"], "2026-12-01T15:00:00.000Z");
        assert_eq!(seen["deadlineMoves"], 1);
    }

    async fn a_task_from_being_set_to_being_done(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr).due("2026-11-27T12:00:00Z")).await;
        assert_eq!((&set["status"], &set["version"]), (&json!("NEW"), &json!(1)));
        assert_eq!([&set["startedAt"], &set["submittedAt"], &set["completedAt"]], [&Value::Null; 3]);

        world.pass(MINUTE);
        let started = petr.moves(&set, "START").await.done()["task"].clone();
        assert_eq!(started["startedAt"], "2026-11-24T09:01:00.000Z");
        world.pass(MINUTE);
        let submitted = petr.moves(&set, "SUBMIT").await.done()["task"].clone();
        assert_eq!(submitted["status"], "IN_REVIEW");
        assert_eq!(submitted["submittedAt"], "2026-11-24T09:02:00.000Z");
        world.pass(MINUTE);
        let returned = anna.moves_because(&set, "RETURN", Some("Нет подписи")).await.done()["task"].clone();
        assert_eq!((&returned["status"], &returned["returns"]), (&json!("IN_PROGRESS"), &json!(1)));
        world.pass(MINUTE);
        petr.moves(&set, "SUBMIT").await.done();
        world.pass(MINUTE);
        let accepted = anna.moves(&set, "ACCEPT").await.done()["task"].clone();
        assert_eq!(accepted["status"], "DONE");
        assert_eq!(accepted["startedAt"], "2026-11-24T09:01:00.000Z", "when it first began");
        assert_eq!(accepted["submittedAt"], "2026-11-24T09:04:00.000Z", "when it was last handed in");
        assert_eq!(accepted["completedAt"], "2026-11-24T09:05:00.000Z");
        assert_eq!((&accepted["returns"], &accepted["version"]), (&json!(1), &json!(6)));
        assert_eq!(accepted["updatedAt"], "2026-11-24T09:05:00.000Z");

        let reopened = anna.moves(&set, "REOPEN").await.done()["task"].clone();
        assert_eq!(reopened["completedAt"], Value::Null);
    }

    async fn the_history_tells_who_did_what_from_what_to_what_newest_first(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        petr.moves(&set, "SUBMIT").await.done();
        anna.moves_because(&set, "RETURN", Some("Нет подписи")).await.done();
        anna.edits(&set, r#"title: "Отчёт за год", priority: HIGH"#).await.done();
        anna.moves_deadline(&set, Some("2026-12-01T15:00:00Z")).await.done();
        petr.says(&set, "Готовлю").await.done();

        let document = "query ($id: ID!, $after: String) { node(id: $id) { ... on Task { history(first: 4, after: $after) {
            pageInfo { hasNextPage endCursor }
            nodes { __typename ... on Happened { actor { name } }
                ... on TaskStatusChanged { from to action reason }
                ... on TaskUpdated { changes { field from to } }
                ... on TaskDeadlineChanged { before: from after: to }
                ... on TaskCommented { comment { body } } } } } } }";
        let first = petr.asks(document, json!({ "id": set["id"] })).await.ok()["node"]["history"].clone();
        let (anna, petr_is) = (json!({ "name": "Анна Руководова" }), json!({ "name": "Пётр Иванов" }));
        assert_eq!(
            first["nodes"],
            json!([
                { "__typename": "TaskCommented", "actor": petr_is, "comment": { "body": "Готовлю" } },
                { "__typename": "TaskDeadlineChanged", "actor": anna, "before": null, "after": "2026-12-01T15:00:00.000Z" },
                { "__typename": "TaskUpdated", "actor": anna, "changes": [
                    { "field": "title", "from": "Отчёт за ноябрь", "to": "Отчёт за год" },
                    { "field": "priority", "from": "NORMAL", "to": "HIGH" },
                ] },
                { "__typename": "TaskStatusChanged", "actor": anna, "from": "IN_REVIEW", "to": "IN_PROGRESS",
                  "action": "RETURN", "reason": "Нет подписи" },
            ])
        );
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let after = json!({ "id": set["id"], "after": first["pageInfo"]["endCursor"] });
        let second = petr.asks(document, after).await.ok()["node"]["history"].clone();
        let kinds: Vec<&Value> =
            second["nodes"].as_array().unwrap().iter().map(|node| &node["__typename"]).collect();
        assert_eq!(kinds, ["TaskStatusChanged", "TaskCreated"]);
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
    }

    async fn who_may_change_a_task_that_they_did_not_set(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        let ivan = world.person("Иван Чужов", Role::Manager).await;
        let olga = world.admin().await;
        let set = anna.creates(task().for_(&petr)).await;

        // A manager lacks the capability, whatever the task; another supervisor sees the task and may not.
        for (person, expected) in [(&petr, "FORBIDDEN"), (&ivan, "FORBIDDEN"), (&boris, "NOT_ALLOWED at id")] {
            let answers = [
                person.edits(&set, r#"title: "Мой""#).await,
                person.moves_deadline(&set, Some("2026-12-03T15:00:00Z")).await,
                person.assigns(&set, &ivan).await,
                person.deletes(&set).await,
            ];
            for answer in answers {
                assert_eq!(verdict(answer), expected);
            }
        }
        assert_eq!(verdict(ivan.says(&set, "Что это?").await), "NOT_FOUND at taskId");
        assert_eq!(ivan.sees(&set).await, Value::Null);
        assert_eq!(anna.sees(&set).await["version"], 1, "nobody changed anything");

        assert_eq!(verdict(boris.says(&set, "Посмотрю").await), "done");
        assert_eq!(verdict(petr.says(&set, "Начинаю").await), "done");
        assert_eq!(verdict(olga.edits(&set, r#"title: "Отчёт""#).await), "done");
        assert_eq!(verdict(olga.moves_deadline(&set, Some("2026-12-03T15:00:00Z")).await), "done");
        assert_eq!(verdict(olga.assigns(&set, &ivan).await), "done");
        assert_eq!(verdict(olga.deletes(&set).await), "done");
        assert_eq!(verdict(boris.restores(&set).await), "NOT_FOUND at id");
        assert_eq!(verdict(anna.restores(&set).await), "done");
    }

    async fn what_a_person_may_do_is_said_with_the_task(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        let olga = world.admin().await;
        let set = anna.creates(task().for_(&petr)).await;
        let all = json!({ "edit": true, "assign": true, "moveDeadline": true, "delete": true, "comment": true });
        let none_but_comment =
            json!({ "edit": false, "assign": false, "moveDeadline": false, "delete": false, "comment": true });
        assert_eq!(anna.sees(&set).await["viewerCan"], all);
        assert_eq!(olga.sees(&set).await["viewerCan"], all);
        assert_eq!(petr.sees(&set).await["viewerCan"], none_but_comment);
        assert_eq!(boris.sees(&set).await["viewerCan"], none_but_comment);
        petr.moves(&set, "SUBMIT").await.done();
        anna.moves(&set, "ACCEPT").await.done();
        assert_eq!(
            anna.sees(&set).await["viewerCan"],
            json!({ "edit": true, "assign": false, "moveDeadline": false, "delete": true, "comment": true })
        );
    }

    async fn an_edit_is_told_with_what_changed_and_one_that_changes_nothing_is_not(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;

        let same = anna.edits(&set, r#"title: " Отчёт за ноябрь ", priority: NORMAL"#).await.done();
        assert_eq!(same["task"]["version"], 1);
        anna.edits(&set, r#"description: "По форме 2", requiresReview: false"#).await.done();

        let heard = live.next().await;
        assert_eq!(
            heard["changes"],
            json!([
                { "field": "description", "from": "", "to": "По форме 2" },
                { "field": "requiresReview", "from": "true", "to": "false" },
            ])
        );
        assert_eq!(petr.told().await, ["TASK_UPDATED", "TASK_CREATED"]);
        assert_eq!(anna.told().await, [""; 0]);
    }

    async fn a_deadline_taken_away_and_set_again_is_counted_and_the_first_one_stays(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let counted = |task: &Value| (task["deadlineMoves"].clone(), task["originalDeadline"].clone());
        let first = json!("2026-12-01T15:00:00.000Z");

        let given = anna.moves_deadline(&set, Some("2026-12-01T15:00:00Z")).await.done()["task"].clone();
        assert_eq!(counted(&given), (json!(0), first.clone()), "the first deadline is no move");
        let moved = anna.moves_deadline(&set, Some("2026-12-02T15:00:00Z")).await.done()["task"].clone();
        assert_eq!(counted(&moved), (json!(1), first.clone()));
        let taken = anna.moves_deadline(&set, None).await.done()["task"].clone();
        assert_eq!((&taken["deadline"], counted(&taken)), (&Value::Null, (json!(2), first.clone())));
        let again = anna.moves_deadline(&set, Some("2026-12-05T15:00:00Z")).await.done()["task"].clone();
        assert_eq!(counted(&again), (json!(2), first));
        assert_eq!(anna.moves_deadline(&set, Some("2026-12-05T15:00:00Z")).await.mend(), ["SAME_VALUE at deadline"]);
    }

    async fn an_extended_deadline_brings_back_what_an_overdue_task_was(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let waiting = anna.creates(task().for_(&petr).due("2026-11-24T10:00:00Z")).await;
        let begun = anna.creates(task().for_(&petr).due("2026-11-24T10:00:00Z")).await;
        petr.moves(&begun, "START").await.done();
        world.pass(HOUR);
        assert_eq!(overdue::expire_due(&world.app).await.unwrap(), 2);
        assert_eq!(overdue::expire_due(&world.app).await.unwrap(), 0, "once a deadline");

        for (set, was) in [(&waiting, "NEW"), (&begun, "IN_PROGRESS")] {
            let overdue = anna.sees(set).await;
            assert_eq!((&overdue["status"], &overdue["statusBeforeOverdue"]), (&json!("OVERDUE"), &json!(was)));
            let moved = anna.moves_deadline(set, Some("2026-11-25T10:00:00Z")).await.done()["task"].clone();
            assert_eq!((&moved["status"], &moved["statusBeforeOverdue"]), (&json!(was), &Value::Null));
        }
        let told = ["TASK_DEADLINE_CHANGED", "TASK_DEADLINE_CHANGED", "TASK_OVERDUE", "TASK_OVERDUE"];
        assert_eq!(petr.told().await[..4], told);
        assert_eq!(anna.told().await, ["TASK_OVERDUE", "TASK_OVERDUE", "TASK_STATUS_CHANGED"]);

        // The new deadline can be missed as well.
        world.pass(DAY);
        assert_eq!(overdue::expire_due(&world.app).await.unwrap(), 2);
    }

    async fn a_task_handed_in_late_and_returned_is_overdue_again_but_is_not_recorded_twice(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr).due("2026-11-24T10:00:00Z")).await;
        world.pass(HOUR);
        overdue::expire_due(&world.app).await.unwrap();
        petr.moves(&set, "SUBMIT").await.done();
        let returned = anna.moves_because(&set, "RETURN", Some("Нет подписи")).await.done()["task"].clone();
        assert_eq!(
            (&returned["status"], &returned["statusBeforeOverdue"]),
            (&json!("OVERDUE"), &json!("IN_PROGRESS"))
        );
        assert_eq!(overdue::expire_due(&world.app).await.unwrap(), 0);
        assert_eq!(petr.told().await.iter().filter(|kind| *kind == "TASK_OVERDUE").count(), 1);
    }

    async fn a_deleted_task_is_gone_from_every_list_and_can_be_restored_for_thirty_days(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        let olga = world.admin().await;
        let set = anna.creates(task().for_(&petr)).await;
        let number = set["number"].as_i64().unwrap();
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;

        let gone = anna.deletes(&set).await.done();
        assert_eq!(gone["deletedId"], set["id"]);
        assert_eq!(gone["restorableUntil"], "2026-12-24T09:00:00.000Z");
        let heard = live.next().await;
        assert_eq!((&heard["__typename"], &heard["taskId"]), (&json!("TaskDeleted"), &set["id"]));
        assert_eq!(petr.told().await, ["TASK_DELETED", "TASK_CREATED"]);

        for person in [&anna, &petr, &boris, &olga] {
            assert_eq!(person.lists("first: 10").await, [0; 0]);
        }
        for (person, seen) in [(&anna, true), (&olga, true), (&petr, false), (&boris, false)] {
            let deleted = person.lists("first: 10, filter: { deleted: true }").await;
            assert_eq!(deleted, if seen { vec![number] } else { vec![] });
            assert_eq!(person.sees(&set).await.is_null(), !seen);
            let by_number = person.asks("query ($n: Int!) { task(number: $n) { id } }", json!({ "n": number })).await;
            assert_eq!(by_number.ok()["task"].is_null(), !seen);
        }
        assert_eq!(petr.moves(&set, "START").await.mend(), ["NOT_FOUND at id"]);
        assert_eq!(anna.edits(&set, r#"title: "Поздно""#).await.mend(), ["WRONG_STATUS at id"]);
        assert_eq!(anna.deletes(&set).await.mend(), ["WRONG_STATUS at id"]);
        assert_eq!(anna.says(&set, "Поздно").await.mend(), ["WRONG_STATUS at taskId"]);

        world.pass(DAY * 29);
        let back = anna.restores(&set).await.done()["task"].clone();
        assert_eq!((&back["status"], &back["version"]), (&json!("NEW"), &json!(3)));
        assert_eq!(live.next().await["__typename"], "TaskRestored");
        assert_eq!(petr.lists("first: 10").await, [number]);
        assert_eq!(petr.told().await[0], "TASK_ASSIGNED");
        assert_eq!(anna.restores(&set).await.mend(), ["WRONG_STATUS at id"]);
    }

    async fn after_thirty_days_a_deleted_task_is_gone_for_good(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        petr.says(&set, "Начинаю").await.done();
        anna.deletes(&set).await.done();
        world.pass(DAY * 30);
        assert_eq!(anna.restores(&set).await.mend(), ["NOT_FOUND at id"]);

        let kept = anna.creates(task().for_(&petr)).await;
        anna.deletes(&kept).await.done();
        purge::purge_deleted(&world.app).await.unwrap();
        assert_eq!(anna.lists("first: 10, filter: { deleted: true }").await, [kept["number"].as_i64().unwrap()]);
        assert_eq!(anna.sees(&set).await, Value::Null);
        assert_eq!(petr.told().await, ["TASK_DELETED", "TASK_CREATED"], "of the one that can be restored");
        assert_eq!(world.rows().await["comments"], 0);
    }

    async fn a_task_given_to_another_is_gone_for_the_one_and_there_for_the_other(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Новов", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        petr.moves(&set, "START").await.done();
        let cursor = petr.live_cursor().await;
        let mut before = petr.hears_tasks(Some(&cursor)).await;
        let mut after = ivan.hears_tasks(Some(&cursor)).await;
        let mut creators = anna.hears_tasks(Some(&cursor)).await;

        let given = anna.assigns(&set, &ivan).await.done()["task"].clone();
        assert_eq!((&given["status"], &given["assignee"]["name"]), (&json!("IN_PROGRESS"), &json!("Иван Новов")));

        let heard = before.next().await;
        assert_eq!((&heard["__typename"], &heard["taskId"]), (&json!("TaskDeleted"), &set["id"]));
        let heard = after.next().await;
        assert_eq!((&heard["__typename"], &heard["task"]["id"]), (&json!("TaskAssigned"), &set["id"]));
        let heard = creators.next().await;
        assert_eq!([&heard["giver"]["name"], &heard["taker"]["name"]], ["Пётр Иванов", "Иван Новов"]);
        assert_eq!(petr.told().await[0], "TASK_UNASSIGNED");
        assert_eq!(ivan.told().await, ["TASK_ASSIGNED"]);
        assert_eq!(petr.sees(&set).await, Value::Null);
        assert_eq!(petr.moves(&set, "SUBMIT").await.mend(), ["NOT_FOUND at id"]);
        assert_eq!(anna.assigns(&set, &ivan).await.mend(), ["SAME_VALUE at assigneeId"]);

        // What happens next is the new assignee's alone.
        ivan.moves(&set, "SUBMIT").await.done();
        assert_eq!(after.next().await["__typename"], "TaskStatusChanged");
        anna.creates(task().for_(&petr).titled("Другая")).await;
        assert_eq!(before.next().await["task"]["title"], "Другая");
    }

    async fn the_last_task_done_tells_both_that_all_are(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        boris.creates(task().for_(&petr)).await;
        let reviewed = anna.creates(task().for_(&petr)).await;
        let simple = anna.creates(task().for_(&petr).without_review()).await;
        let deleted = anna.creates(task().for_(&petr)).await;
        anna.deletes(&deleted).await.done();
        let mut live = petr.hears_tasks(Some(&petr.live_cursor().await)).await;

        let done = petr.moves(&simple, "SUBMIT").await.done()["task"].clone();
        assert_eq!((&done["status"], done["completedAt"].is_null()), (&json!("DONE"), false));
        petr.moves(&reviewed, "SUBMIT").await.done();
        assert!(!anna.told().await.contains(&"ALL_TASKS_COMPLETED".to_owned()), "one waits for review");
        anna.moves(&reviewed, "ACCEPT").await.done();

        assert_eq!(anna.told().await[..2], ["ALL_TASKS_COMPLETED", "TASK_STATUS_CHANGED (read)"]);
        assert_eq!(petr.told().await[..2], ["ALL_TASKS_COMPLETED", "TASK_STATUS_CHANGED"]);
        for _ in 0..3 {
            assert_eq!(live.next().await["__typename"], "TaskStatusChanged");
        }
        let heard = live.next().await;
        assert_eq!(heard["__typename"], "AllTasksCompleted");
        assert_eq!([&heard["creator"]["name"], &heard["assignee"]["name"]], ["Анна Руководова", "Пётр Иванов"]);
        assert_eq!(heard["actor"], Value::Null);
    }

    async fn two_last_tasks_done_at_once_tell_it_exactly_once(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for round in 1..=12 {
            let one = anna.creates(task().for_(&petr).without_review()).await;
            let two = anna.creates(task().for_(&petr).without_review()).await;
            let (first, second) = tokio::join!(petr.moves(&one, "SUBMIT"), petr.moves(&two, "SUBMIT"));
            first.done();
            second.done();
            let told = event::Entity::find()
                .filter(event::Column::Kind.eq(Stored(EventKind::AllTasksCompleted)))
                .count(world.app.db.reads())
                .await
                .unwrap();
            assert_eq!(told, round);
        }
    }
}
