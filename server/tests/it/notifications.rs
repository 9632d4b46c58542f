//! The bell: what a person was told, what of it they read, and how other tabs learn of that.

use domain::Role;
use serde_json::{Value, json};

use crate::world::{Answer, Person, both_databases, task};

async fn bell(person: &Person, arguments: &str) -> Value {
    let document = format!(
        "{{ notifications({arguments}) {{ unreadCount liveCursor pageInfo {{ hasNextPage endCursor }}
            nodes {{ id kind text readAt actor {{ name }} task {{ title }} role event {{ __typename }} }} }} }}"
    );
    person.asks(&document, Value::Null).await.ok()["notifications"].clone()
}

async fn reads(person: &Person, ids: &[&Value]) -> Answer {
    let document =
        "mutation ($ids: [ID!]!) { notificationRead(ids: $ids) { unreadCount userErrors { code } } }";
    person.asks(document, json!({ "ids": ids })).await
}

async fn reads_all(person: &Person, until: &str) -> Answer {
    let document = "mutation ($until: Cursor!) { notificationReadAll(until: $until) { unreadCount userErrors { code } } }";
    person.asks(document, json!({ "until": until })).await
}

both_databases! {
    async fn the_bell_rings_with_the_count_of_what_is_unread(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let mut live = petr.hears_notifications(None).await;
        anna.creates(task().for_(&petr).titled("Раз")).await;
        let heard = live.next().await;
        assert_eq!((&heard["__typename"], &heard["unreadCount"]), (&json!("NotificationReceived"), &json!(1)));
        anna.creates(task().for_(&petr).titled("Два")).await;
        let heard = live.next().await;
        assert_eq!(heard["unreadCount"], 2);
        assert_eq!(heard["notification"]["text"], "Вам поручена задача «Два»");

        let told = bell(&petr, "first: 10").await;
        assert_eq!(told["unreadCount"], 2);
        assert_eq!(
            told["nodes"][0],
            json!({
                "id": heard["notification"]["id"], "kind": "TASK_CREATED", "text": "Вам поручена задача «Два»", "readAt": null,
                "actor": { "name": "Анна Руководова" }, "task": { "title": "Два" }, "role": null,
                "event": { "__typename": "TaskCreated" },
            })
        );
    }

    async fn what_is_read_in_one_tab_is_read_in_the_others(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for title in ["Раз", "Два", "Три"] {
            anna.creates(task().for_(&petr).titled(title)).await;
        }
        let told = bell(&petr, "first: 10").await;
        let mut other_tab = petr.hears_notifications(Some(&petr.live_cursor().await)).await;

        let left = reads(&petr, &[&told["nodes"][0]["id"], &told["nodes"][2]["id"]]).await.done();
        assert_eq!(left["unreadCount"], 1);
        let heard = other_tab.next().await;
        assert_eq!(heard["__typename"], "NotificationsRead");
        assert_eq!(heard["unreadCount"], 1);
        let mut ids: Vec<&Value> = heard["ids"].as_array().unwrap().iter().collect();
        ids.sort_by_key(|id| id.as_str());
        let mut expected = vec![&told["nodes"][0]["id"], &told["nodes"][2]["id"]];
        expected.sort_by_key(|id| id.as_str());
        assert_eq!(ids, expected);

        let unread = bell(&petr, "unreadOnly: true, first: 10").await;
        assert_eq!(unread["nodes"].as_array().unwrap().len(), 1);
        assert_eq!(unread["nodes"][0]["task"]["title"], "Два");
        assert_eq!(bell(&petr, "first: 10").await["nodes"][0]["readAt"], "2026-11-24T09:00:00.000Z");

        // Again: nothing to read, nothing to hear.
        let events = world.rows().await["events"];
        assert_eq!(reads(&petr, &[&told["nodes"][0]["id"]]).await.done()["unreadCount"], 1);
        assert_eq!(world.rows().await["events"], events);
    }

    async fn ids_of_others_and_of_nothing_are_not_read(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Чужов", Role::Manager).await;
        let set = anna.creates(task().for_(&petr)).await;
        let told = bell(&petr, "first: 1").await["nodes"][0]["id"].clone();
        let before = world.rows().await;
        for foreign in [&told, &json!("nonsense"), &set["id"]] {
            assert_eq!(reads(&ivan, &[foreign]).await.done()["unreadCount"], 0);
        }
        assert_eq!(world.rows().await, before);
        assert_eq!(bell(&petr, "first: 1").await["unreadCount"], 1);
        let node = ivan.asks("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": told })).await;
        assert_eq!(node.ok()["node"], Value::Null);
    }

    async fn all_are_read_up_to_what_was_seen_and_not_what_came_after(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr).titled("Раз")).await;
        anna.creates(task().for_(&petr).titled("Два")).await;
        let seen = petr.live_cursor().await;
        anna.creates(task().for_(&petr).titled("Три")).await;
        let mut other_tab = petr.hears_notifications(Some(&petr.live_cursor().await)).await;

        assert_eq!(reads_all(&petr, &seen).await.done()["unreadCount"], 1);
        let heard = other_tab.next().await;
        assert_eq!((&heard["__typename"], &heard["unreadCount"]), (&json!("NotificationsRead"), &json!(1)));
        assert_eq!(heard["ids"].as_array().unwrap().len(), 2);
        assert_eq!(petr.unread().await, ["Вам поручена задача «Три»"]);

        let refused = reads_all(&petr, "nonsense").await;
        assert_eq!(refused.codes(), ["BAD_USER_INPUT"]);
        assert_eq!(reads_all(&petr, &petr.live_cursor().await).await.done()["unreadCount"], 0);
    }

    async fn notifications_are_read_newest_first_page_by_page(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for title in ["1", "2", "3", "4", "5"] {
            anna.creates(task().for_(&petr).titled(title)).await;
        }
        let titles = |page: &Value| -> Vec<String> {
            let nodes = page["nodes"].as_array().unwrap();
            nodes.iter().map(|node| node["task"]["title"].as_str().unwrap().to_owned()).collect()
        };
        let first = bell(&petr, "first: 3").await;
        assert_eq!(titles(&first), ["5", "4", "3"]);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let second = bell(&petr, &format!("first: 3, after: {}", first["pageInfo"]["endCursor"])).await;
        assert_eq!(titles(&second), ["2", "1"]);
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
    }

    async fn a_notification_says_no_more_of_a_task_than_its_reader_may_know(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Новов", Role::Manager).await;
        let set = anna.creates(task().for_(&petr).titled("Тайна")).await;
        anna.assigns(&set, &ivan).await.done();
        anna.edits(&set, r#"title: "Тайна тайн""#).await.done();
        let told = bell(&petr, "first: 10").await;
        assert!(!told.to_string().contains("Тайна"), "{told}");
        let kinds: Vec<&Value> = told["nodes"].as_array().unwrap().iter().map(|node| &node["kind"]).collect();
        assert_eq!(kinds, ["TASK_UNASSIGNED", "TASK_CREATED"]);
        assert_eq!(told["nodes"][0]["text"], "Ваша задача передана другому исполнителю");
    }
}
