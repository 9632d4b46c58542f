//! How many statements an answer costs: a number for each kind of list, whatever its length.

use sea_orm::Statement;
use serde_json::{Value, json};

use crate::world::{Person, World, both_databases, task};

/// The statements that answering takes, less the look-up of who asks.
async fn cost(world: &World, person: &Person, document: &str, variables: Value) -> usize {
    // Everything written before is read by now: what runs next is the answer's.
    person.live_cursor().await;
    world.statements.lock().clear();
    let answer = person.asks(document, variables).await.ok();
    assert!(!answer.to_string().contains("[]"), "nothing is measured on an empty list: {answer}");
    let statements = std::mem::take(&mut *world.statements.lock());
    let of_answer = |statement: &&Statement| !is_the_tailers(&statement.sql);
    statements.iter().filter(of_answer).count() - 1
}

/// The tailer looks for what is new from time to time.
fn is_the_tailers(statement: &str) -> bool {
    statement.contains(r#"FROM "events" WHERE ("events"."xid""#)
        || statement.contains(r#"FROM "events" WHERE "events"."xid""#)
}

const TASKS: &str = "query ($n: Int!) { tasks(first: $n) {
    nodes { number title creator { name } assignee { name } availableActions viewerCan { edit } }
    edges { cursor node { creator { name } } } pageInfo { hasNextPage } liveCursor } }";
const NOTIFICATIONS: &str = "query ($n: Int!) { notifications(first: $n) { unreadCount nodes { kind text
    actor { name } task { title creator { name } assignee { name } }
    event { ... on Happened { actor { name } } ... on TaskCommented { comment { body } } } } } }";
const CALENDAR: &str = r#"query ($n: Int!) { calendar(from: "2026-12-01", to: "2026-12-31", timeZone: "UTC") {
    date totalCount overdueCount tasks(first: $n) { title creator { name } assignee { name } } } }"#;
const STATISTICS: &str = r#"query ($from: Date!) { statistics(from: $from, to: "2026-12-31", timeZone: "Europe/Moscow") {
    created completed onTime late onTimeByOriginalDeadline overdueNow returned deadlineMoves deadlinesMoved
    medianCompletionSeconds medianReviewSeconds byStatus { status count } byDay { date created completed overdue }
    byAssignee { assignee { name } open overdueNow completed onTime late returned medianCompletionSeconds } } }"#;
const HISTORY: &str =
    "query ($id: ID!, $n: Int!) { node(id: $id) { ... on Task { history(first: $n) { nodes {
    ... on Happened { at actor { name } } ... on TaskCreated { task { title assignee { name } } }
    ... on TaskCommented { comment { body author { name } } } } } } } }";
const COMMENTS: &str = "query ($id: ID!, $n: Int!) { node(id: $id) { ... on Task { comments(first: $n) {
    nodes { body author { name } viewerCan { edit } } } } } }";
const NODES: &str =
    "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Task { title creator { name } assignee { name } } } }";

both_databases! {
    async fn an_answer_costs_as_much_for_one_row_as_for_many(world: World) {
        let anna = world.supervisor().await;
        let mut managers = Vec::new();
        for name in ["Пётр Иванов", "Иван Новов", "Яна Ёлкина", "Олег Смирнов"] {
            managers.push(world.person(name, domain::Role::Manager).await);
        }
        let mut tasks = Vec::new();
        for number in 0..24 {
            let due = format!("2026-12-{:02}T15:00:00Z", 1 + number % 12);
            let set = anna.creates(task().for_(&managers[number % 4]).due(&due)).await;
            managers[number % 4].says(&set, "Готовлю").await.done();
            tasks.push(set);
        }
        let of_all = &tasks[0];
        for _ in 0..3 {
            anna.says(of_all, "Как дела?").await.done();
            managers[0].moves(of_all, "START").await.done();
            managers[0].says(of_all, "Хорошо").await.done();
            managers[0].moves(of_all, "PAUSE").await.done();
        }
        let id = &of_all["id"];
        let some: Vec<&Value> = tasks.iter().map(|task| &task["id"]).collect();

        // A list of tasks takes its rows and their people.
        // Notifications: rows, the unread, and then events, tasks, comments, people, and the rows of the others told.
        // Statistics: nine of figures within a transaction, and people.
        // The calendar: counts of the days, their first tasks, people. A history: the task, and then as notifications.
        let cases = [
            ("tasks", TASKS, json!({ "n": 2 }), json!({ "n": 24 }), 2),
            ("notifications", NOTIFICATIONS, json!({ "n": 2 }), json!({ "n": 24 }), 7),
            ("calendar", CALENDAR, json!({ "n": 1 }), json!({ "n": 20 }), 3),
            ("statistics", STATISTICS, json!({ "from": "2026-11-24" }), json!({ "from": "2026-01-01" }), 12),
            ("history", HISTORY, json!({ "id": id, "n": 3 }), json!({ "id": id, "n": 14 }), 8),
            ("comments", COMMENTS, json!({ "id": id, "n": 1 }), json!({ "id": id, "n": 7 }), 3),
            ("nodes", NODES, json!({ "ids": &some[..1] }), json!({ "ids": some }), 2),
        ];
        for (name, document, few, many, most) in cases {
            let (few, many) =
                (cost(&world, &anna, document, few).await, cost(&world, &anna, document, many).await);
            assert!(many <= most, "{name}: {many} statements, {most} at most");
            assert!(many <= few + 1, "{name}: {few} statements for few rows, {many} for many");
        }
        let counted = "{ tasks(first: 24) { totalCount nodes { number assignee { name } } } }";
        assert_eq!(cost(&world, &anna, counted, Value::Null).await, 3, "counting is one more");
    }
}
