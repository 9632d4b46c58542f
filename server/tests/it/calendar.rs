//! The calendar: which days have tasks due, in the time zone of who asks.

use std::time::Duration;

use domain::Role;
use serde_json::{Value, json};
use server::task::overdue;

use crate::world::{Person, both_databases, task};

async fn days(person: &Person, arguments: &str, tasks: &str) -> Value {
    let document = format!(
        "{{ calendar({arguments}) {{ date totalCount overdueCount tasks{tasks} {{ title assignee {{ name }} }} }} }}"
    );
    person.asks(&document, Value::Null).await.ok()["calendar"].clone()
}

fn dates(days: &Value) -> Vec<&str> {
    days.as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap()).collect()
}

fn titles(day: &Value) -> Vec<&str> {
    day["tasks"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap()).collect()
}

both_databases! {
    async fn a_moment_lies_on_the_day_that_it_is_where_the_person_is(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr).titled("Полночь в Москве").due("2026-11-30T21:00:00Z")).await;
        anna.creates(task().for_(&petr).titled("Минутой раньше").due("2026-11-30T20:59:00Z")).await;
        anna.creates(task().for_(&petr).titled("Без срока")).await;
        let december = r#"from: "2026-12-01", to: "2026-12-31""#;
        let november = r#"from: "2026-11-01", to: "2026-11-30""#;
        let moscow = days(&anna, &format!(r#"{december}, timeZone: "Europe/Moscow""#), "").await;
        assert_eq!(dates(&moscow), ["2026-12-01"]);
        assert_eq!(titles(&moscow[0]), ["Полночь в Москве"]);
        let utc = days(&anna, &format!(r#"{november}, timeZone: "UTC""#), "").await;
        assert_eq!((dates(&utc), &utc[0]["totalCount"]), (vec!["2026-11-30"], &json!(2)));
        assert_eq!(dates(&days(&anna, &format!(r#"{december}, timeZone: "UTC""#), "").await), [""; 0]);
    }

    async fn a_day_counts_all_and_shows_the_first_by_deadline(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let ivan = world.person("Иван Новов", Role::Manager).await;
        for hour in [15, 9, 12] {
            let due = format!("2026-12-01T{hour:02}:00:00Z");
            anna.creates(task().for_(&petr).titled(&hour.to_string()).due(&due)).await;
        }
        anna.creates(task().for_(&ivan).titled("Ивана").due("2026-12-01T10:00:00Z")).await;
        anna.creates(task().for_(&petr).titled("Завтра").due("2026-12-02T10:00:00Z")).await;
        let deleted = anna.creates(task().for_(&petr).due("2026-12-01T11:00:00Z")).await;
        anna.deletes(&deleted).await.done();
        world.pass(Duration::from_secs(7 * 24 * 60 * 60 + 60));
        assert_eq!(overdue::expire_due(&world.app).await.unwrap(), 1);

        let week = r#"from: "2026-11-30", to: "2026-12-06", timeZone: "UTC""#;
        let seen = days(&anna, week, "(first: 3)").await;
        assert_eq!(dates(&seen), ["2026-12-01", "2026-12-02"]);
        assert_eq!(titles(&seen[0]), ["9", "Ивана", "12"]);
        assert_eq!(titles(&seen[1]), ["Завтра"]);
        assert_eq!((&seen[0]["totalCount"], &seen[0]["overdueCount"]), (&json!(4), &json!(1)));
        assert_eq!((&seen[1]["totalCount"], &seen[1]["overdueCount"]), (&json!(1), &json!(0)));
        assert_eq!(seen[0]["tasks"][1]["assignee"]["name"], "Иван Новов");

        let own = days(&petr, week, "").await;
        assert_eq!(titles(&own[0]), ["9", "12", "15"]);
        assert_eq!(own[0]["totalCount"], 3);
        let of_ivan = format!("{week}, filter: {{ assigneeIds: [{:?}] }}", ivan.id());
        assert_eq!(titles(&days(&anna, &of_ivan, "").await[0]), ["Ивана"]);
    }

    async fn a_day_is_as_long_as_the_clocks_make_it(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        // Clocks in Berlin are put forward on 28 March 2027, when the day has 23 hours, and back on 31 October, when it has 25.
        for (title, due) in [
            ("весна, первая минута", "2027-03-27T23:00:00Z"),
            ("весна, последняя минута", "2027-03-28T21:59:00Z"),
            ("весна, следующий день", "2027-03-28T22:00:00Z"),
            ("осень, первая минута", "2027-10-30T22:00:00Z"),
            ("осень, последняя минута", "2027-10-31T22:59:00Z"),
            ("осень, следующий день", "2027-10-31T23:00:00Z"),
        ] {
            anna.creates(task().for_(&petr).titled(title).due(due)).await;
        }
        let spring = days(&anna, r#"from: "2027-03-28", to: "2027-03-29", timeZone: "Europe/Berlin""#, "").await;
        assert_eq!(titles(&spring[0]), ["весна, первая минута", "весна, последняя минута"]);
        assert_eq!(titles(&spring[1]), ["весна, следующий день"]);
        let autumn = days(&anna, r#"from: "2027-10-31", to: "2027-11-01", timeZone: "Europe/Berlin""#, "").await;
        assert_eq!(titles(&autumn[0]), ["осень, первая минута", "осень, последняя минута"]);
        assert_eq!(titles(&autumn[1]), ["осень, следующий день"]);
    }

    async fn a_span_out_of_its_limits_is_refused(world: World) {
        let anna = world.supervisor().await;
        for arguments in [
            r#"from: "2026-01-01", to: "2026-03-04", timeZone: "UTC""#,
            r#"from: "2026-01-02", to: "2026-01-01", timeZone: "UTC""#,
            r#"from: "2026-02-30", to: "2026-03-01", timeZone: "UTC""#,
            r#"from: "2026-01-01", to: "2026-01-02", timeZone: "Mars/Olympus""#,
        ] {
            let answer = anna.asks(&format!("{{ calendar({arguments}) {{ date }} }}"), Value::Null).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{arguments}");
        }
        let whole = days(&anna, r#"from: "2026-01-01", to: "2026-03-03", timeZone: "UTC""#, "").await;
        assert_eq!(whole, json!([]));
    }
}
