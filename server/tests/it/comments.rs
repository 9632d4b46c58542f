//! What people say about tasks: said, changed, removed, and heard by who sees the task.

use domain::Role;
use serde_json::{Value, json};

use crate::world::{Answer, Person, both_databases, task};

async fn changes(person: &Person, comment: &Value, body: &str) -> Answer {
    let document = "mutation ($id: ID!, $body: String!) { commentUpdate(id: $id, body: $body) {
        comment { id body editedAt } task { id } userErrors { code field } } }";
    person.asks(document, json!({ "id": comment["id"], "body": body })).await
}

async fn removes(person: &Person, comment: &Value) -> Answer {
    let document = "mutation ($id: ID!) { commentDelete(id: $id) {
        comment { id } task { id } userErrors { code field } } }";
    person.asks(document, json!({ "id": comment["id"] })).await
}

async fn reads(person: &Person, task: &Value, arguments: &str) -> Value {
    let document = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Task {{ comments({arguments}) {{
            totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ body author {{ name }} viewerCan {{ edit delete }} }} }} }} }} }}"
    );
    person.asks(&document, json!({ "id": task["id"] })).await.ok()["node"]["comments"].clone()
}

both_databases! {
    async fn what_is_said_is_heard_and_told_to_the_others(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let boris = world.person("Борис Другов", Role::Supervisor).await;
        let set = anna.creates(task().for_(&petr)).await;
        let mut live = anna.hears_tasks(Some(&anna.live_cursor().await)).await;

        let said = petr.says(&set, "  Готовлю\nчерновик ").await.done();
        assert_eq!(said["comment"]["body"], "Готовлю\nчерновик");
        assert_eq!(said["comment"]["viewerCan"], json!({ "edit": true, "delete": true }));
        assert_eq!(said["task"]["id"], set["id"]);

        let heard = live.next().await;
        assert_eq!((&heard["__typename"], &heard["actor"]["name"]), (&json!("TaskCommented"), &json!("Пётр Иванов")));
        assert_eq!(heard["comment"]["body"], "Готовлю\nчерновик");
        assert_eq!(anna.told().await, ["TASK_COMMENTED"]);
        assert_eq!(petr.told().await, ["TASK_CREATED"], "own comments notify nobody");

        boris.says(&set, "И мне копию").await.done();
        assert_eq!(anna.told().await, ["TASK_COMMENTED", "TASK_COMMENTED"]);
        assert_eq!(petr.told().await[0], "TASK_COMMENTED");
        assert_eq!(petr.sees(&set).await["version"], 1, "a comment is no new version of the task");
    }

    async fn a_comment_is_changed_by_its_author_alone_and_heard_again(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let olga = world.admin().await;
        let ivan = world.person("Иван Чужов", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        let said = petr.says(&set, "Готовлю").await.done()["comment"].clone();
        let mut live = anna.hears_tasks(Some(&anna.live_cursor().await)).await;

        assert_eq!(changes(&anna, &said, "Готовит").await.mend(), ["NOT_ALLOWED at id"]);
        assert_eq!(changes(&olga, &said, "Готовит").await.mend(), ["NOT_ALLOWED at id"]);
        assert_eq!(changes(&ivan, &said, "Готовит").await.mend(), ["NOT_FOUND at id"]);
        assert_eq!(changes(&petr, &said, "Готовлю").await.done()["comment"]["editedAt"], Value::Null);
        let changed = changes(&petr, &said, "Подготовлен").await.done();
        assert_eq!(changed["comment"]["editedAt"], "2026-11-24T09:00:00.000Z");

        let heard = live.next().await;
        assert_eq!((&heard["__typename"], &heard["comment"]["body"]), (&json!("TaskCommented"), &json!("Подготовлен")));
        assert_eq!(anna.told().await, ["TASK_COMMENTED"], "an edit is not told again");
    }

    async fn a_comment_is_removed_by_its_author_or_an_administrator(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let olga = world.admin().await;
        let set = anna.creates(task().for_(&petr)).await;
        let one = petr.says(&set, "Раз").await.done()["comment"].clone();
        let two = petr.says(&set, "Два").await.done()["comment"].clone();
        let mut live = anna.hears_tasks(Some(&anna.live_cursor().await)).await;

        assert_eq!(removes(&anna, &one).await.mend(), ["NOT_ALLOWED at id"]);
        assert_eq!(removes(&petr, &one).await.done()["comment"], Value::Null);
        assert_eq!(removes(&olga, &two).await.done()["task"]["id"], set["id"]);
        for _ in 0..2 {
            let heard = live.next().await;
            assert_eq!((&heard["__typename"], &heard["comment"]), (&json!("TaskCommented"), &Value::Null));
        }
        assert_eq!(reads(&petr, &set, "first: 10").await["totalCount"], 0);
        assert_eq!(removes(&petr, &one).await.mend(), ["NOT_FOUND at id"]);
        assert_eq!(changes(&petr, &one, "Снова").await.mend(), ["NOT_FOUND at id"]);
        let node = petr.asks("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": one["id"] })).await;
        assert_eq!(node.ok()["node"], Value::Null);
    }

    async fn comments_are_read_oldest_first_page_by_page(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        for number in 1..=5 {
            petr.says(&set, &number.to_string()).await.done();
        }
        let bodies = |page: &Value| -> Vec<String> {
            page["nodes"].as_array().unwrap().iter().map(|node| node["body"].as_str().unwrap().to_owned()).collect()
        };
        let first = reads(&anna, &set, "first: 3").await;
        assert_eq!(bodies(&first), ["1", "2", "3"]);
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(5), &json!(true)));
        assert_eq!(first["nodes"][0]["viewerCan"], json!({ "edit": false, "delete": false }));
        let after = format!("first: 3, after: {}", first["pageInfo"]["endCursor"]);
        let second = reads(&anna, &set, &after).await;
        assert_eq!(bodies(&second), ["4", "5"]);
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
    }

    async fn who_may_not_see_the_task_hears_and_reads_nothing_of_it(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Чужов", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        let mut live = ivan.hears_tasks(Some(&ivan.live_cursor().await)).await;
        let said = petr.says(&set, "Готовлю").await.done()["comment"].clone();
        let node = ivan.asks("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": said["id"] })).await;
        assert_eq!(node.ok()["node"], Value::Null);
        anna.creates(task().for_(&ivan).titled("Своя")).await;
        assert_eq!(live.next().await["task"]["title"], "Своя");
    }
}
