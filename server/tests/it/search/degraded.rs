//! What the database answers in the place of an engine: here none is there.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use serde_json::json;
use server::search::database;
use server::search::engine::Question;
use server::search::relevance::Words;

use crate::world::{Person, both_databases, task};

/// The titles that are found.
async fn titles(admin: &Person, text: &str) -> Vec<String> {
    let document = "query ($input: TaskSearchInput!) { taskSearch(input: $input) { totalCount degraded nodes { title } } }";
    let answer = admin.asks(document, json!({ "input": { "text": text } })).await.ok()["taskSearch"].clone();
    assert_eq!(answer["degraded"], json!(true));
    let nodes = answer["nodes"].as_array().unwrap();
    assert_eq!(answer["totalCount"], json!(nodes.len()));
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

both_databases! {
    async fn titles_and_descriptions_are_looked_at(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let set = async |title: &str, description: &str| {
            anna.creates(task().for_(&petr).titled(title).with("description", json!(description))).await
        };
        set("Название", "Согласовать договор поставки").await;
        set("Начало", "Договоры аренды").await;
        set("Крупно", "СРОЧНО: ДОГОВОР, 100% предоплата").await;
        set("Договор", "").await;
        set("Ёлки", "Привезти зелёную ёлку и Счёт от Vekha GmbH").await;
        set("Проценты", "скидка 100 рублей").await;
        let admin = world.admin().await;
        // The title weighs more; of equals the newest comes first.
        assert_eq!(titles(&admin, "договор").await, ["Договор", "Крупно", "Название", "Начало"]);
        assert_eq!(titles(&admin, "договоров").await, ["Договор", "Крупно", "Начало", "Название"]);
        assert_eq!(titles(&admin, "согласовать договор ").await, ["Название"]);
        for asked in ["елку ", "ёлку ", "ЗЕЛЕНАЯ", "счет ", "vekha", "GMBH "] {
            assert_eq!(titles(&admin, asked).await, ["Ёлки"], "{asked}");
        }
        assert_eq!(titles(&admin, "аренда договор").await, ["Начало"]);
        assert_eq!(titles(&admin, "ljujdjh").await.len(), 4, "on the other layout");
        assert_eq!(titles(&admin, "дговор").await, [""; 0], "typos are not forgiven");
        assert_eq!(titles(&admin, "100%").await.len(), 2, "LIKE's own signs stand for nothing");
    }

    async fn words_are_found_however_their_letters_are_written(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for (title, description) in [("За\u{301}мок", "пусто"), ("Пусто", "купить за\u{301}мок, ЗА\u{301}МОК"), ("Мягко", "за\u{ad}мок")] {
            anna.creates(task().for_(&petr).titled(title).with("description", json!(description))).await;
        }
        // As earlier versions kept it.
        let write = world.app.db.write().await.unwrap();
        write.execute_unprepared("UPDATE tasks SET description = 'раи\u{306}он и е\u{308}лка' WHERE title = 'Мягко'").await.unwrap();
        write.commit().await.unwrap();
        anna.creates(task().for_(&petr).titled("Ещё").with("description", json!("за\u{ad}мок"))).await;
        let admin = world.admin().await;
        for asked in ["замок ", "за\u{301}мок ", "за\u{ad}мок "] {
            assert_eq!(titles(&admin, asked).await, ["За\u{301}мок", "Ещё", "Пусто"], "{asked:?}");
        }
        for asked in ["район ", "раи\u{306}он ", "елка "] {
            assert_eq!(titles(&admin, asked).await, ["Мягко"], "{asked:?}");
        }
        assert_eq!(titles(&admin, "раион ").await, [""; 0], "й is not и");
    }

    async fn the_newest_are_looked_at_however_short_the_time(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let old = anna.creates(task().for_(&petr)).await;
        let new = anna.creates(task().for_(&petr)).await;
        // As after very many others: its number is far on.
        let write = world.app.db.write().await.unwrap();
        let far = format!("UPDATE tasks SET id = 1000000 WHERE id = {}", new["number"]);
        write.execute_unprepared(&far).await.unwrap();
        write.commit().await.unwrap();
        let question = Question { words: Words::parse("отчёт"), limit: 10, ..Question::default() };
        let found = async |looking| {
            let found = database::search(&world.app.db, &question, looking).await.unwrap();
            found.places.iter().map(|place| place.id.0).collect::<Vec<_>>()
        };
        assert_eq!(found(Duration::ZERO).await, [1_000_000]);
        assert_eq!(found(Duration::MAX).await, [1_000_000, old["number"].as_i64().unwrap()]);
    }
}
