//! What may be asked, and what is answered beside the tasks: pages, filters, orders, highlights.

use serde_json::{Value, json};

use crate::world::{Person, both_engines, task};

const SEARCH: &str = "query ($input: TaskSearchInput!, $first: Int, $after: String) {
    taskSearch(input: $input, first: $first, after: $after) { totalCount degraded nodes { title }
        pageInfo { hasNextPage hasPreviousPage endCursor }
        edges { highlights { field fragments { text match } } } } }";

async fn asks(admin: &Person, input: Value) -> Value {
    pages(admin, input, 100, None).await
}

async fn pages(admin: &Person, input: Value, first: i32, after: Option<&str>) -> Value {
    loop {
        let answer = admin.asks(SEARCH, json!({ "input": input, "first": first, "after": after })).await.ok();
        if answer["taskSearch"]["degraded"] == json!(false) {
            return answer["taskSearch"].clone();
        }
    }
}

fn titles(answer: &Value) -> Vec<&str> {
    answer["nodes"].as_array().unwrap().iter().map(|node| node["title"].as_str().unwrap()).collect()
}

both_engines! {
    async fn pages_follow_one_another_in_every_order(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for number in 0..25 {
            let title = if number % 3 == 0 { "Отчёт" } else { "Отчёты по складу" };
            let due = format!("2026-12-{:02}T10:00:00Z", number % 5 + 1);
            anna.creates(task().for_(&petr).titled(&format!("{title} {number}")).due(&due)).await;
        }
        world.indexed().await;
        let admin = world.admin().await;
        for input in [
            json!({ "text": "отчет" }),
            json!({ "text": "отчет", "orderBy": "DEADLINE" }),
            json!({}),
            json!({ "orderBy": "DEADLINE" }),
        ] {
            let whole = asks(&admin, input.clone()).await;
            let mut read: Vec<String> = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let page = pages(&admin, input.clone(), 7, after.as_deref()).await;
                assert_eq!(page["totalCount"], 25);
                assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(after.is_some()));
                read.extend(titles(&page).into_iter().map(ToOwned::to_owned));
                if page["pageInfo"]["hasNextPage"] == json!(false) { break }
                after = page["pageInfo"]["endCursor"].as_str().map(ToOwned::to_owned);
            }
            assert_eq!(read, titles(&whole), "{input}");
            assert_eq!(read.len(), 25);
        }
    }

    async fn a_place_is_one_of_its_question_alone(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for _ in 0..3 {
            anna.creates(task().for_(&petr)).await;
        }
        world.indexed().await;
        let admin = world.admin().await;
        let page = pages(&admin, json!({ "text": "отчёт" }), 1, None).await;
        let after = &page["pageInfo"]["endCursor"];
        for other in [json!({ "text": "ноябрь" }), json!({ "text": "отчёт", "orderBy": "DEADLINE" })] {
            let answer = admin.asks(SEARCH, json!({ "input": other, "after": after })).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"]);
        }
        let long = "ы".repeat(201);
        for wrong in [json!({ "text": long }), json!({ "person": long })] {
            assert_eq!(admin.asks(SEARCH, json!({ "input": wrong })).await.codes(), ["BAD_USER_INPUT"]);
        }
    }

    async fn words_are_found_however_their_letters_are_written(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for (title, description) in [("За\u{301}мок", ""), ("Описание", "за\u{ad}мки для раи\u{306}она"), ("Résumé", "")] {
            anna.creates(task().for_(&petr).titled(title).with("description", json!(description))).await;
        }
        world.indexed().await;
        let admin = world.admin().await;
        for (asked, found) in [
            ("замок ", vec!["За\u{301}мок", "Описание"]),
            ("за\u{301}\u{ad}мок ", vec!["За\u{301}мок", "Описание"]),
            ("район ", vec!["Описание"]),
            ("раи\u{306}он ", vec!["Описание"]),
            ("resume ", vec!["Résumé"]),
            ("re\u{301}sume\u{301} ", vec!["Résumé"]),
        ] {
            assert_eq!(titles(&asks(&admin, json!({ "text": asked })).await), found, "{asked:?}");
        }
    }

    async fn filters_narrow_together(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let vera = world.person("Вера Смирнова", domain::Role::Manager).await;
        let set = |person: &Person, title: &str, due: Option<&str>| {
            let new = task().for_(person).titled(title);
            due.map_or(new.clone(), |due| new.due(due))
        };
        let started = anna.creates(set(&petr, "Отчёт первый", Some("2026-12-01T10:00:00Z"))).await;
        anna.creates(set(&petr, "Отчёт второй", Some("2026-12-02T10:00:00Z"))).await;
        anna.creates(set(&vera, "Отчёт третий", Some("2026-12-03T10:00:00Z"))).await;
        anna.creates(set(&vera, "Отчёт без срока", None)).await;
        petr.moves(&started, "START").await.done();
        world.indexed().await;
        let admin = world.admin().await;
        for (input, expected) in [
            (json!({ "person": "Смирновой", "orderBy": "DEADLINE" }), vec!["Отчёт третий", "Отчёт без срока"]),
            (json!({ "person": "Смирновой", "text": "третий" }), vec!["Отчёт третий"]),
            (json!({ "person": "Руководову" }), vec!["Отчёт без срока", "Отчёт третий", "Отчёт второй", "Отчёт первый"]),
            (json!({ "statuses": ["IN_PROGRESS"] }), vec!["Отчёт первый"]),
            (json!({ "statuses": [] }), vec![]),
            (json!({ "deadlineFrom": "2026-12-02T10:00:00Z" }), vec!["Отчёт третий", "Отчёт второй"]),
            (json!({ "deadlineTo": "2026-12-02T10:00:00Z" }), vec!["Отчёт первый"]),
            (json!({ "deadlineFrom": "2026-12-01T00:00:00Z", "deadlineTo": "2026-12-03T00:00:00Z", "text": "отчеты" }),
                vec!["Отчёт второй", "Отчёт первый"]),
            (json!({ "person": "Никто" }), vec![]),
        ] {
            let answer = asks(&admin, input.clone()).await;
            assert_eq!(titles(&answer), expected, "{input}");
            assert_eq!(answer["totalCount"], json!(expected.len()));
        }
    }

    async fn what_was_found_is_marked_and_stays_text(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let new = task().for_(&petr).titled("Письмо <script>alert(1)</script>")
            .with("description", json!("Внутри письма <b>договор</b> & счёт"));
        anna.creates(new).await;
        world.indexed().await;
        let admin = world.admin().await;
        let marks = |answer: &Value| -> Vec<String> {
            let highlights = answer["edges"][0]["highlights"].as_array().unwrap().clone();
            highlights.iter().map(|highlight| {
                let parts = highlight["fragments"].as_array().unwrap().iter().flat_map(|it| it.as_array().unwrap());
                let shown: String = parts.map(|part| {
                    let text = part["text"].as_str().unwrap();
                    if part["match"] == json!(true) { format!("[{text}]") } else { text.to_owned() }
                }).collect();
                format!("{}: {shown}", highlight["field"].as_str().unwrap())
            }).collect()
        };
        assert_eq!(marks(&asks(&admin, json!({ "text": "письмо" })).await), [
            "title: [Письмо] <script>alert(1)</script>",
            "description: Внутри [письма] <b>договор</b> & счёт",
        ]);
        assert_eq!(marks(&asks(&admin, json!({ "text": "договры" })).await), [
            "description: Внутри письма <b>[договор]</b> & счёт",
        ]);
        assert_eq!(marks(&asks(&admin, json!({})).await), [""; 0]);
    }

    async fn what_is_deleted_is_not_found_until_it_is_restored(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = anna.creates(task().for_(&petr)).await;
        let admin = world.admin().await;
        world.indexed().await;
        assert_eq!(asks(&admin, json!({ "text": "отчёт" })).await["totalCount"], 1);
        anna.deletes(&set).await.done();
        world.indexed().await;
        assert_eq!(asks(&admin, json!({ "text": "отчёт" })).await["totalCount"], 0);
        anna.restores(&set).await.done();
        world.indexed().await;
        assert_eq!(asks(&admin, json!({ "text": "отчёт" })).await["totalCount"], 1);
        anna.edits(&set, r#"title: "Смета""#).await.done();
        world.indexed().await;
        assert_eq!(asks(&admin, json!({ "text": "отчёт" })).await["totalCount"], 0);
        assert_eq!(asks(&admin, json!({ "text": "смета" })).await["totalCount"], 1);
    }

    async fn a_new_name_is_found_at_once(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr)).await;
        world.indexed().await;
        let renamed = "mutation { profileUpdate(input: { name: \"Пётр Сидоров\" }) { userErrors { code } } }";
        petr.asks(renamed, Value::Null).await.done();
        let admin = world.admin().await;
        assert_eq!(asks(&admin, json!({ "person": "Сидорову" })).await["totalCount"], 1);
        assert_eq!(asks(&admin, json!({ "person": "Иванову" })).await["totalCount"], 0);
    }
}
