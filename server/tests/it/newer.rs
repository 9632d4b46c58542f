//! Fault 24: what a later version writes into the database that this one works with, too: kinds of events, names in closed sets and
//! columns that it does not know. Everything that reads goes on, and nothing is written over what is not understood.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use serde_json::{Value, json};
use server::db::columns::UserId;
use server::task::overdue::expire_due;

use crate::export::{EXPORT, input};
use crate::world::{Person, Scribe, World, both_databases, both_engines, task, written};

/// What the later version's process does in one transaction.
async fn later(world: &World, statements: &[String]) {
    let sqlite = world.app.db.backend() == DatabaseBackend::Sqlite;
    let write = world.app.db.write().await.unwrap();
    if sqlite {
        // As its migration lets more names through.
        write.execute_unprepared("PRAGMA ignore_check_constraints = ON").await.unwrap();
    }
    for statement in statements {
        write.execute_unprepared(statement).await.unwrap();
    }
    if sqlite {
        write.execute_unprepared("PRAGMA ignore_check_constraints = OFF").await.unwrap();
    }
    write.commit().await.unwrap();
}

/// An event as the later version writes it.
fn event(task: &Value, around: &Person, kind: &str, payload: &Value) -> String {
    let (number, person) = (&task["number"], around.user);
    format!(
        "INSERT INTO events (at, kind, actor_id, task_id, creator_id, assignee_id, measure, payload)
         VALUES (1, '{kind}', {person}, {number}, {person}, {person}, 'ESCALATED', '{payload}')"
    )
}

fn escalated(task: &Value, around: &Person) -> String {
    event(task, around, "TASK_ESCALATED", &json!({ "kind": "TASK_ESCALATED", "to": { "level": 2 } }))
}

/// The text in a column.
async fn stored(world: &World, select: &str) -> String {
    let statement = Statement::from_string(world.app.db.backend(), select.to_owned());
    let row = world.app.db.reads().query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Three tasks of Petr: one that stays as it is, one whose status and one whose priority only the later version knows. Another of
/// somebody whose role it does not know.
struct Company {
    anna: Person,
    petr: Person,
    plain: Value,
    blocked: Value,
    urgent: Value,
    of_auditor: Value,
    auditor: UserId,
}

impl Company {
    async fn of(world: &World) -> Company {
        let (anna, petr) = (world.admin().await, world.manager().await);
        let auditor = world.person("Яна Ревизорова", domain::Role::Manager).await;
        let due = "2026-11-24T12:00:00Z";
        let new = |title: &str, person: &Person| task().for_(person).titled(title).due(due);
        let plain = anna.creates(new("Обычная", &petr)).await;
        let blocked = anna.creates(new("Застрявшая", &petr)).await;
        let urgent = anna.creates(new("Срочнейшая", &petr)).await;
        let of_auditor = anna.creates(new("Ревизия", &auditor)).await;
        let petr_is = petr.user;
        if world.app.db.backend() == DatabaseBackend::Postgres {
            let lets_through =
                ["tasks DROP CONSTRAINT tasks_status_known", "users DROP CONSTRAINT users_role_known"];
            later(world, &lets_through.map(|constraint| format!("ALTER TABLE {constraint}"))).await;
        }
        later(
            world,
            &[
                "ALTER TABLE tasks ADD COLUMN colour TEXT NOT NULL DEFAULT 'NONE'".to_owned(),
                "ALTER TABLE events ADD COLUMN origin TEXT NOT NULL DEFAULT ''".to_owned(),
                "ALTER TABLE notifications ADD COLUMN snoozed_at INTEGER".to_owned(),
                "ALTER TABLE users ADD COLUMN badge TEXT NOT NULL DEFAULT 'NONE'".to_owned(),
                escalated(&plain, &petr),
                format!("UPDATE tasks SET status = 'BLOCKED' WHERE id = {}", blocked["number"]),
                event(
                    &blocked,
                    &petr,
                    "TASK_STATUS_CHANGED",
                    &json!({ "kind": "TASK_STATUS_CHANGED", "from": "NEW", "to": "BLOCKED", "action": "BLOCK", "reason": null }),
                ),
                format!("UPDATE tasks SET priority = 9 WHERE id = {}", urgent["number"]),
                format!("UPDATE users SET locale = 'KK', theme = 'SEPIA' WHERE id = {petr_is}"),
                format!("UPDATE users SET role = 'AUDITOR' WHERE id = {}", auditor.user),
                format!(
                    "INSERT INTO notifications (recipient_id, kind, event_id, task_id, created_at)
                     SELECT {petr_is}, 'TASK_ESCALATED', MAX(id), {}, 1 FROM events",
                    plain["number"]
                ),
            ],
        )
        .await;
        Company { anna, petr, plain, blocked, urgent, of_auditor, auditor: auditor.user }
    }
}

both_databases! {
    async fn live_goes_on_and_is_read_afresh_once(world: World) {
        let company = Company::of(&world).await;
        let Company { anna, petr, plain, .. } = &company;
        let scribe = Scribe::new(&world, anna, plain).await;
        let before = petr.live_cursor().await;
        let mut live = petr.hears_tasks(Some(&before)).await;
        let mut bell = petr.hears_notifications(Some(&before)).await;

        for _ in 0..20 {
            later(&world, &[escalated(plain, petr)]).await;
        }
        scribe.writes("after").await;
        petr.live_cursor().await;
        assert!(world.app.hub.is_followed(), "the tailer goes on, and so does readiness");

        let mut heard = Vec::new();
        while heard.last().is_none_or(|kind| kind != "TaskUpdated") {
            heard.push(live.next().await["__typename"].as_str().unwrap().to_owned());
        }
        assert_eq!(heard, ["Resync", "Resync", "TaskUpdated"], "at the beginning of twenty, and at their end");
        assert_eq!(bell.next().await["__typename"], "NotificationReceived");

        // Whoever was away is told in the same way.
        let mut live = petr.hears_tasks(Some(&before)).await;
        let mut heard = Vec::new();
        while heard.last().is_none_or(|kind| kind != "TaskUpdated") {
            heard.push(live.next().await["__typename"].as_str().unwrap().to_owned());
        }
        assert_eq!(heard, ["Resync", "Resync", "TaskUpdated"]);
    }

    async fn what_may_have_taken_rights_away_closes_the_sockets_of_the_person(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let others = anna.hears_tasks(None).await;
        let live = petr.hears_tasks(None).await;
        let payload = json!({ "kind": "ROLE_CHANGED", "from": "MANAGER", "to": "AUDITOR" });
        let (at, subject) = (1, petr.user);
        later(&world, &[format!(
            "INSERT INTO events (at, kind, subject_id, payload) VALUES ({at}, 'ROLE_CHANGED', {subject}, '{payload}')"
        )])
        .await;
        assert_eq!(live.closed().await, server::log::hub::Closing::RoleChanged);
        assert_eq!(others.closing(), None);
    }

    async fn notices_of_an_unknown_kind_are_left_out(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let before = petr.live_cursor().await;
        let mut bell = petr.hears_notifications(Some(&before)).await;
        later(&world, &[
            escalated(&set, &anna),
            format!(
                "INSERT INTO notifications (recipient_id, kind, event_id, task_id, created_at)
                 SELECT {}, 'TASK_ESCALATED', MAX(id), {}, 1 FROM events",
                petr.user, set["number"]
            ),
        ])
        .await;
        assert_eq!(bell.next().await["__typename"], "Resync");
        assert_eq!(petr.told().await, ["TASK_CREATED"]);
    }

    async fn lists_counts_and_figures_answer(world: World) {
        let company = Company::of(&world).await;
        let Company { anna, petr, plain, blocked, urgent, of_auditor, .. } = &company;
        anna.live_cursor().await;
        for order in ["DEADLINE", "CREATED_AT", "UPDATED_AT", "PRIORITY", "TITLE", "NUMBER"] {
            let mut numbers = anna.lists(&format!("first: 50, orderBy: {{ field: {order}, direction: ASC }}")).await;
            numbers.sort_unstable();
            assert_eq!(numbers, [plain["number"].as_i64().unwrap(), of_auditor["number"].as_i64().unwrap()], "{order}");
        }
        let document = r#"{ tasks(first: 50) { totalCount nodes { number assignee { name role } } }
            taskCounts(filters: [{}]) users(first: 50) { nodes { name } }
            calendar(from: "2026-11-20", to: "2026-11-30", timeZone: "UTC") { totalCount tasks { number } }
            statistics(from: "2026-11-20", to: "2026-11-30", timeZone: "UTC") { created overdueNow byStatus { status count } byAssignee { open } } }"#;
        let all = anna.asks(document, Value::Null).await.ok();
        assert_eq!(all["tasks"]["totalCount"], 4, "they are there, and not shown");
        assert_eq!(all["users"]["nodes"].as_array().unwrap().len(), 2);
        assert_eq!(all["calendar"][0]["tasks"].as_array().unwrap().len(), 2);
        assert_eq!(all["statistics"]["created"], 4);
        let of_auditor_is = anna.sees(of_auditor).await;
        assert_eq!((&of_auditor_is["title"], &of_auditor_is["assignee"]), (&json!("Ревизия"), &Value::Null));

        // Asked for alone it is for a later version, and not a fault of ours.
        for newer in [blocked, urgent] {
            let document = "query ($id: ID!) { node(id: $id) { id } }";
            assert_eq!(anna.asks(document, json!({ "id": newer["id"] })).await.codes(), ["UNAVAILABLE"]);
        }
        let ids = json!({ "ids": [plain["id"], blocked["id"]] });
        let nodes = anna.asks("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids).await.ok();
        assert_eq!(nodes["nodes"][0]["id"], plain["id"]);
        assert_eq!(nodes["nodes"][1], Value::Null);

        let history = "query ($id: ID!) { node(id: $id) { ... on Task { history(first: 50) { nodes { __typename } } } } }";
        let history = anna.asks(history, json!({ "id": plain["id"] })).await.ok();
        assert_eq!(history["node"]["history"]["nodes"], json!([{ "__typename": "TaskCreated" }]));
        petr.told().await;
    }

    async fn what_is_not_understood_is_not_written_over(world: World) {
        let company = Company::of(&world).await;
        let Company { anna, petr, plain, blocked, urgent, auditor, .. } = &company;
        anna.live_cursor().await;
        for newer in [blocked, urgent] {
            let arguments = format!("id: {}, version: 1, action: START", newer["id"]);
            assert_eq!(anna.changes("taskTransition", &arguments).await.codes(), ["UNAVAILABLE"]);
            let arguments = format!("input: {{ id: {}, version: 1, title: \"Другое\" }}", newer["id"]);
            assert_eq!(anna.changes("taskUpdate", &arguments).await.codes(), ["UNAVAILABLE"]);
        }
        let auditor = server::graphql::ids::encode(*auditor).0;
        let role = format!("mutation {{ userRoleChange(id: {auditor:?}, role: MANAGER) {{ userErrors {{ code }} }} }}");
        assert_eq!(anna.asks(&role, Value::Null).await.codes(), ["UNAVAILABLE"]);
        let profile = "mutation { profileUpdate(input: { name: \"Пётр Новый\" }) { userErrors { code } } }";
        petr.asks(profile, Value::Null).await.done();
        petr.moves(plain, "START").await.done();

        world.pass(std::time::Duration::from_secs(24 * 60 * 60));
        assert_eq!(expire_due(&world.app).await.unwrap(), 2, "others than those become overdue");

        let stored = async |column: &str, table: &str, id: &Value| {
            stored(&world, &format!("SELECT {column} FROM {table} WHERE id = {id}")).await
        };
        assert_eq!(stored("status", "tasks", &blocked["number"]).await, "BLOCKED");
        assert_eq!(stored("CAST(priority AS TEXT)", "tasks", &urgent["number"]).await, "9");
        let petr_is = json!(petr.user.0);
        assert_eq!(stored("theme", "users", &petr_is).await, "SEPIA");
        assert_eq!(stored("locale", "users", &petr_is).await, "KK");
        assert_eq!(stored("name", "users", &petr_is).await, "Пётр Новый");
        // What this version added since has what the later one gives who does not know better.
        let set = anna.creates(task().for_(petr)).await;
        assert_eq!(stored("colour", "tasks", &set["number"]).await, "NONE");
    }

    async fn the_table_has_names_that_only_a_later_version_knows(world: World) {
        use futures_util::TryStreamExt;
        let company = Company::of(&world).await;
        let offered = company.anna.asks(EXPORT, input(&json!({}))).await.done();
        let token = offered["url"].as_str().unwrap().rsplit_once("/download/").unwrap().1;
        let viewer = company.anna.viewer().await;
        let export = server::statistics::export::Export::open(&world.app, &viewer, token).unwrap();
        let pieces: Vec<_> = export.csv(world.app.clone(), viewer).try_collect().await.unwrap();
        let table = String::from_utf8(pieces.concat()).unwrap();
        assert_eq!(table.lines().count(), 5, "{table}");
        assert!(table.contains("BLOCKED"), "{table}");
    }
}

both_engines! {
    async fn the_index_goes_on_and_has_what_a_later_version_wrote(world: World) {
        let company = Company::of(&world).await;
        world.indexed().await;
        assert_eq!(crate::search::kept::indexed(&world).await.len(), 4, "nothing is taken out of it");
        later(&world, &[
            format!("UPDATE tasks SET title = 'Перекрашенная', version = version + 1 WHERE id = {}", company.blocked["number"]),
            escalated(&company.blocked, &company.petr),
        ])
        .await;
        let set = company.anna.creates(task().for_(&company.petr).titled("Последняя")).await;
        world.indexed().await;
        assert_eq!(crate::search::kept::indexed(&world).await.len(), 5);
        let found = |text: &str| {
            let document = "query ($text: String!) { taskSearch(input: { text: $text }) { nodes { id } degraded } }";
            company.anna.asks(document, json!({ "text": text }))
        };
        let last = found("последняя").await.ok();
        assert_eq!(last["taskSearch"]["nodes"][0]["id"], set["id"]);
        found("перекрашенная").await.ok();
    }
}

/// A scribe's words are read past what is not understood.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_go_on_side_by_side() {
    let one = World::postgres().await;
    let other = one.another_process().await;
    let (anna, petr) = one.supervisor_and_manager().await;
    let set = anna.creates(task().for_(&petr)).await;
    let scribe = Scribe::new(&one, &anna, &set).await;
    petr.at(&other).live_cursor().await;
    let mut live = petr.at(&other).hears_tasks(None).await;
    for round in 0..3 {
        later(&one, &[escalated(&set, &anna)]).await;
        scribe.writes(&round.to_string()).await;
    }
    let mut heard = Vec::new();
    while heard.len() < 3 {
        let next = live.next().await;
        if next["__typename"] != "Resync" {
            heard.push(written(&next).to_owned());
        }
    }
    assert_eq!(heard, ["0", "1", "2"]);
}
