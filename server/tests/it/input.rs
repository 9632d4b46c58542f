//! Input out of its limits: told with code and path, all at once, and nothing is written. Requests that arrive together or
//! twice.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::Role;
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};
use server::db::columns::{CommentId, TaskId, UserId};
use server::entity::user;
use server::graphql::ids;

use crate::world::{Answer, Person, both_databases, task};

async fn says_once(person: &Person, task: &Value, body: &str, key: &str) -> Answer {
    let document = "mutation ($task: ID!, $body: String!, $key: String) {
        commentAdd(taskId: $task, body: $body, idempotencyKey: $key) { comment { id } userErrors { code field } } }";
    person.asks(document, json!({ "task": task["id"], "body": body, "key": key })).await
}

/// What every mutation that takes the id of a task answers for this one.
async fn changes_of(person: &Person, id: &str) -> Vec<Answer> {
    let id = json!(id);
    let at = |rest: &str| format!("id: {id}, version: 1{rest}");
    let payload = "{ userErrors { code field message } }";
    let documents = [
        format!("taskUpdate(input: {{ {} }}) {payload}", at(r#", title: "Новое""#)),
        format!("taskDeadlineChange({}) {payload}", at(r#", deadline: "2026-12-01T15:00:00Z""#)),
        format!("taskAssign({}) {payload}", at(&format!(", assigneeId: {:?}", person.id()))),
        format!("taskTransition({}) {payload}", at(", action: START")),
        format!("taskDelete({}) {payload}", at("")),
        format!("taskRestore(id: {id}) {payload}"),
        format!(r#"commentAdd(taskId: {id}, body: "Что?") {payload}"#),
        format!(r#"commentUpdate(id: {id}, body: "Что?") {payload}"#),
        format!("commentDelete(id: {id}) {payload}"),
    ];
    join_all(
        documents
            .iter()
            .map(async |document| person.asks(&format!("mutation {{ {document} }}"), Value::Null).await),
    )
    .await
}

/// A deadline that has already passed when the request arrives.
const PAST: &str = "2026-11-24T09:00:00Z";

both_databases! {
    async fn a_task_to_be_set_is_told_each_of_its_faults_by_code_and_path(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let gone = world.person("Глеб Ушедший", Role::Manager).await;
        let row = user::Entity::find_by_id(gone.user).one(world.app.db.reads()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.active = Set(false);
        let write = world.app.db.write().await.unwrap();
        row.update(&*write).await.unwrap();
        write.commit().await.unwrap();
        let before = world.rows().await;

        let new = || task().for_(&petr);
        let cases = [
            (new().titled(""), "REQUIRED at input.title"),
            (new().titled(" \u{a0}\t "), "REQUIRED at input.title"),
            (new().titled(&"я".repeat(201)), "TOO_LONG at input.title"),
            (new().titled("a\u{1b}b"), "INVALID at input.title"),
            (new().titled("\u{200b}\u{3164}"), "REQUIRED at input.title"),
            (new().titled("a\0b"), "INVALID at input.title"),
            (new().with("description", json!("я".repeat(20_001))), "TOO_LONG at input.description"),
            (new().with("description", json!("a\u{7}b")), "INVALID at input.description"),
            (new().due(PAST), "IN_THE_PAST at input.deadline"),
            (new().due("1969-12-31T23:59:59Z"), "IN_THE_PAST at input.deadline"),
            (new().due("9999-12-31T23:59:59-23:59"), "INVALID at input.deadline"),
            (new().due("9999-12-31T23:59:59Z"), "INVALID at input.deadline"),
            (new().due("2126-11-26T09:00:00Z"), "INVALID at input.deadline"),
            (new().with("idempotencyKey", json!("")), "REQUIRED at input.idempotencyKey"),
            (new().with("idempotencyKey", json!("k".repeat(65))), "TOO_LONG at input.idempotencyKey"),
            (new().with("idempotencyKey", json!("ключ")), "INVALID at input.idempotencyKey"),
            (new().with("idempotencyKey", json!("a\0b")), "INVALID at input.idempotencyKey"),
            (new().with("assigneeId", json!("nonsense")), "NOT_FOUND at input.assigneeId"),
            (new().with("assigneeId", json!("")), "NOT_FOUND at input.assigneeId"),
            (new().with("assigneeId", json!(ids::encode(TaskId(1)))), "NOT_FOUND at input.assigneeId"),
            (new().with("assigneeId", json!(ids::encode(UserId(999_999)))), "NOT_FOUND at input.assigneeId"),
            (new().for_(&gone), "NOT_FOUND at input.assigneeId"),
        ];
        for (new, expected) in cases {
            assert_eq!(anna.tries_to_create(new).await.mend(), [expected]);
        }
        let worst = task()
            .titled("")
            .with("description", json!("я".repeat(20_001)))
            .due(PAST)
            .with("idempotencyKey", json!(" "))
            .with("assigneeId", json!("nonsense"));
        let mut told = anna.tries_to_create(worst).await.mend();
        told.sort();
        assert_eq!(told, [
            "INVALID at input.idempotencyKey", "IN_THE_PAST at input.deadline", "NOT_FOUND at input.assigneeId",
            "REQUIRED at input.title", "TOO_LONG at input.description",
        ]);
        let documents = [
            "mutation { taskCreate(input: { title: null, assigneeId: \"x\" }) { task { id } } }",
            "mutation { taskCreate(input: { title: \"Без исполнителя\" }) { task { id } } }",
            "mutation { taskCreate(input: { title: \"a\", assigneeId: \"x\", deadline: \"завтра\" }) { task { id } } }",
            "mutation { taskCreate(input: { title: \"a\", assigneeId: \"x\", creatorId: \"x\" }) { task { id } } }",
        ];
        for document in documents {
            assert_eq!(anna.asks(document, Value::Null).await.codes(), ["BAD_USER_INPUT"], "{document}");
        }
        assert_eq!(world.rows().await, before, "nothing is half written");

        let largest = new()
            .titled(&"я".repeat(200))
            .with("description", json!("я".repeat(20_000)))
            .due("2026-11-24T09:00:00.001Z")
            .with("idempotencyKey", json!("k".repeat(64)));
        anna.creates(largest).await;
    }

    async fn what_is_wrong_is_said_in_the_persons_language(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let refused = anna.tries_to_create(task().for_(&petr).titled(&"я".repeat(201))).await.payload();
        assert_eq!(refused["userErrors"][0]["message"], "Слишком длинно: можно не больше 200 знаков.");
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "title"]));
        assert_eq!(refused["task"], Value::Null);
    }

    async fn an_edit_is_told_all_of_its_faults_at_once(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let before = world.rows().await;
        let long = "я".repeat(20_001);
        let fields = format!("title: \" \", description: {long:?}, priority: null, requiresReview: null");
        let mut told = anna.edits(&set, &fields).await.mend();
        told.sort();
        assert_eq!(told, [
            "REQUIRED at input.priority", "REQUIRED at input.requiresReview", "REQUIRED at input.title",
            "TOO_LONG at input.description",
        ]);
        let nulls = anna.edits(&set, "title: null, description: null").await.mend();
        assert_eq!(nulls, ["REQUIRED at input.title", "REQUIRED at input.description"]);
        assert_eq!(anna.sees(&set).await, set);
        assert_eq!(world.rows().await, before);
    }

    async fn a_deadline_is_in_the_future_at_every_move(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        for next in ["2026-11-25T09:00:00Z", "2026-11-26T09:00:00Z"] {
            let before = world.rows().await;
            assert_eq!(anna.moves_deadline(&set, Some(PAST)).await.mend(), ["IN_THE_PAST at deadline"]);
            assert_eq!(world.rows().await, before);
            anna.moves_deadline(&set, Some(next)).await.done();
        }
    }

    async fn a_comment_is_told_its_faults(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let said = petr.says(&set, &"я".repeat(10_000)).await.done()["comment"].clone();
        let before = world.rows().await;
        assert_eq!(petr.says(&set, " \n ").await.mend(), ["REQUIRED at body"]);
        assert_eq!(petr.says(&set, &"я".repeat(10_001)).await.mend(), ["TOO_LONG at body"]);
        assert_eq!(petr.says(&set, "a\0b").await.mend(), ["INVALID at body"]);
        let both = says_once(&petr, &set, "", "ключ").await.mend();
        assert_eq!(both, ["REQUIRED at body", "INVALID at idempotencyKey"]);
        let document = "mutation ($id: ID!) { commentUpdate(id: $id, body: \" \") { userErrors { code field } } }";
        assert_eq!(petr.asks(document, json!({ "id": said["id"] })).await.mend(), ["REQUIRED at body"]);
        assert_eq!(world.rows().await, before);
    }

    async fn ids_of_nothing_of_others_and_of_another_type_answer_alike(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        let ivan = world.person("Иван Чужов", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        let deleted = anna.creates(task().for_(&petr)).await;
        anna.deletes(&deleted).await.done();
        let said = petr.says(&set, "Тайна").await.done()["comment"].clone();
        let before = world.rows().await;
        let text = |id: &Value| id.as_str().unwrap().to_owned();
        let odd = ["nonsense", "", "0", "Task:1", "VGFzazox\0", "😀"];
        let of_type = [ids::encode(TaskId(999_999)).0, ids::encode(CommentId(999_999)).0, anna.id()];
        let missing: Vec<String> = odd.iter().map(ToString::to_string).chain(of_type).collect();
        // What this person may not see is as what is not there: to a manager a task of another's, to a supervisor one that was
        // deleted by who set it.
        let cases = [
            (&ivan, vec![text(&set["id"]), text(&said["id"]), text(&deleted["id"])]),
            (&boris, vec![text(&deleted["id"])]),
        ];
        for (person, hidden) in cases {
            let mut answers = Vec::new();
            for id in missing.iter().chain(&hidden) {
                let found = person.asks("query ($id: ID!) { node(id: $id) { __typename } }", json!({ "id": id })).await;
                if *id != anna.id() {
                    assert_eq!(found.ok()["node"], Value::Null, "{id}");
                }
                let of_id: Vec<Value> = changes_of(person, id)
                    .await
                    .into_iter()
                    .map(|answer| json!({ "data": answer.data, "errors": answer.errors }))
                    .collect();
                assert_eq!(of_id.len(), 9);
                answers.push(of_id);
            }
            assert!(answers.iter().all(|answer| answer == &answers[0]));
            let told = answers[0][3]["data"]["taskTransition"]["userErrors"][0].clone();
            assert_eq!((&told["code"], &told["field"]), (&json!("NOT_FOUND"), &json!(["id"])));
        }
        let (own, foreign) = (set["number"].as_i64().unwrap(), 999_999);
        for number in [own, foreign, 0, -1] {
            let answer = ivan.asks("query ($n: Int!) { task(number: $n) { id } }", json!({ "n": number })).await;
            assert_eq!(answer.ok()["task"], Value::Null);
        }
        assert_eq!(world.rows().await, before);
    }

    async fn who_saw_an_old_version_is_given_the_current_task_and_overwrites_nothing(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        anna.edits(&set, r#"title: "Отчёт за год""#).await.done();
        let before = world.rows().await;
        let id = &set["id"];
        let stale = [
            ("taskUpdate", format!(r#"input: {{ id: {id}, version: 1, title: "Старое" }}"#)),
            ("taskDeadlineChange", format!(r#"id: {id}, version: 1, deadline: "2026-12-01T15:00:00Z""#)),
            ("taskAssign", format!("id: {id}, version: 1, assigneeId: {:?}", anna.id())),
            ("taskTransition", format!("id: {id}, version: 1, action: DEFER")),
            // Of a version that never was, and of an action that does not fit either: the version is told.
            ("taskTransition", format!("id: {id}, version: 99, action: REOPEN")),
        ];
        for (mutation, arguments) in stale {
            let answer = anna.changes(mutation, &arguments).await;
            assert_eq!(answer.clone().mend(), ["STALE_VERSION at version"], "{mutation}");
            let current = answer.payload()["task"].clone();
            assert_eq!((&current["title"], &current["version"]), (&json!("Отчёт за год"), &json!(2)));
        }
        let document = format!("mutation {{ taskDelete(id: {id}, version: 1) {{ deletedId userErrors {{ code field }} }} }}");
        assert_eq!(anna.asks(&document, Value::Null).await.mend(), ["STALE_VERSION at version"]);
        assert_eq!(world.rows().await, before);
    }

    async fn of_fifty_writers_at_once_one_wins_each_round(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        for version in 1..=4 {
            let writers = (0..50).map(async |writer| {
                let input = format!(
                    "input: {{ id: {}, version: {version}, title: \"Писатель {writer} в круге {version}\" }}",
                    set["id"]
                );
                anna.changes("taskUpdate", &input).await
            });
            let (won, lost): (Vec<Answer>, Vec<Answer>) = join_all(writers)
                .await
                .into_iter()
                .partition(|answer| answer.clone().mend().is_empty());
            assert_eq!((won.len(), lost.len()), (1, 49));
            let winner = won[0].clone().payload()["task"].clone();
            assert_eq!(winner["version"], version + 1);
            for answer in lost {
                assert_eq!(answer.clone().mend(), ["STALE_VERSION at version"]);
                assert_eq!(answer.payload()["task"]["title"], winner["title"]);
            }
        }
        assert_eq!(world.rows().await["events"], 5);
    }

    async fn a_request_repeated_under_its_key_is_made_once(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let new = || task().for_(&petr).due("2026-11-24T10:00:00Z").with("idempotencyKey", json!("k-1"));
        let answers = join_all((0..20).map(async |_| anna.creates(new()).await)).await;
        let made: BTreeSet<String> = answers.iter().map(Value::to_string).collect();
        assert_eq!(made.len(), 1, "20 equal answers");
        let rows = world.rows().await;
        assert_eq!((rows["tasks"], rows["events"], rows["notifications"]), (1, 1, 1));

        let other = anna.tries_to_create(new().titled("Другое")).await;
        assert_eq!(other.mend(), ["KEY_REUSED at input.idempotencyKey"]);
        let said = says_once(&anna, &answers[0], "Готово?", "k-1").await;
        assert_eq!(said.mend(), ["KEY_REUSED at idempotencyKey"]);
        assert_eq!(world.rows().await, rows);

        // Another person's key is another key.
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        boris.creates(new()).await;
        // The same answer even when the deadline has passed meanwhile; after a day the key is free again.
        world.pass(Duration::from_secs(24 * 60 * 60 - 1));
        assert_eq!(anna.creates(new()).await["id"], answers[0]["id"]);
        world.pass(Duration::from_secs(1));
        let later = new().titled("Другое").due("2026-12-24T10:00:00Z");
        let again = join_all((0..20).map(async |_| anna.creates(later.clone()).await["id"].clone())).await;
        assert!(again.iter().all(|id| *id == again[0] && *id != answers[0]["id"]));
        assert_eq!(world.rows().await["tasks"], 3);
    }

    async fn a_comment_repeated_under_its_key_is_said_once(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let said = join_all((0..20).map(async |_| says_once(&petr, &set, "Готовлю", "k-1").await.done())).await;
        assert!(said.iter().all(|answer| answer == &said[0]));
        assert_eq!(world.rows().await["comments"], 1);
        assert_eq!(says_once(&petr, &set, "Готов", "k-1").await.mend(), ["KEY_REUSED at idempotencyKey"]);
    }
}
