//! Statistics as a table: what is in it, who may have it, and how it is sent.

use std::time::Duration;

use csv::{ReaderBuilder, StringRecord};
use domain::Role;
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::{Value, json};
use server::statistics::export::Export;
use server::task::overdue::expire_due;

use crate::served::{PASSWORD, Served, SignedIn};
use crate::world::{Person, World, both_databases, task};

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;
const EXPORT: &str = "mutation ($input: StatisticsExportInput!) { statisticsExport(input: $input) {
    url expiresAt userErrors { code field message } } }";
const PERIOD: &str = "from: \"2026-11-24\", to: \"2026-11-30\", timeZone: \"Europe/Moscow\"";

fn input(more: &Value) -> Value {
    let mut input = json!({ "from": "2026-11-24", "to": "2026-11-30", "timeZone": "Europe/Moscow" });
    for (field, value) in more.as_object().unwrap() {
        input[field] = value.clone();
    }
    json!({ "input": input })
}

fn token(url: &Value) -> &str {
    url.as_str().unwrap().rsplit_once("/download/").unwrap().1
}

/// The table that a person is given.
async fn text(world: &World, person: &Person, more: &Value) -> String {
    let offered = person.asks(EXPORT, input(more)).await.done();
    let viewer = person.viewer().await;
    let export = Export::open(&world.app, &viewer, token(&offered["url"])).unwrap();
    let pieces: Vec<_> = export.csv(world.app.clone(), viewer).try_collect().await.unwrap();
    String::from_utf8(pieces.concat()).unwrap()
}

struct Read {
    head: StringRecord,
    rows: Vec<StringRecord>,
}

impl Read {
    fn of(text: &str, separator: u8) -> Read {
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = ReaderBuilder::new().delimiter(separator).from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        Read { head, rows: reader.records().map(Result::unwrap).collect() }
    }

    fn cell<'a>(&self, row: &'a StringRecord, column: &str) -> &'a str {
        &row[self.head.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"))]
    }

    fn how_many(&self, meets: impl Fn(&dyn Fn(&str) -> String) -> bool) -> i64 {
        self.rows.iter().filter(|row| meets(&|column| self.cell(row, column).to_owned())).count() as i64
    }

    fn sum(&self, column: &str) -> i64 {
        self.rows.iter().map(|row| self.cell(row, column).parse::<i64>().unwrap()).sum()
    }
}

/// What a week can bring: in time, late, moved, returned, deferred, overdue, and what came before it.
async fn a_week(world: &World) -> (Person, Person) {
    let (anna, petr) = world.supervisor_and_manager().await;
    let due = |day: u32| format!("2026-11-{day:02}T15:00:00Z");
    let new = |title: &str| task().for_(&petr).titled(title);
    let in_time = anna.creates(new("=В срок; \"дважды\"").due(&due(25)).without_review()).await;
    let late = anna.creates(new("Поздно").due(&due(24)).without_review()).await;
    let moved = anna.creates(new("Перенесена дважды").due(&due(24))).await;
    let returned = anna.creates(new("Возвращена").due(&due(28))).await;
    let deferred = anna.creates(new("Отложена")).await;
    anna.creates(new("Просрочена").due(&due(25))).await;
    anna.creates(new("Удалена")).await;
    anna.moves(&deferred, "DEFER").await.done();
    anna.moves_deadline(&moved, Some(&due(26))).await.done();
    anna.moves_deadline(&moved, Some(&due(27))).await.done();
    world.pass(Duration::from_secs(HOUR));
    petr.moves(&in_time, "SUBMIT").await.done();
    petr.moves(&returned, "SUBMIT").await.done();
    anna.moves_because(&returned, "RETURN", Some("Не то")).await.done();
    world.pass(Duration::from_secs(DAY));
    expire_due(&world.app).await.unwrap();
    petr.moves(&late, "SUBMIT").await.done();
    petr.moves(&moved, "SUBMIT").await.done();
    petr.moves(&returned, "SUBMIT").await.done();
    world.pass(Duration::from_secs(DAY));
    expire_due(&world.app).await.unwrap();
    anna.moves(&moved, "ACCEPT").await.done();
    (anna, petr)
}

async fn figures(person: &Person) -> Value {
    let document = format!(
        "{{ statistics({PERIOD}) {{ created completed onTime late onTimeByOriginalDeadline overdueNow returned deadlineMoves
            deadlinesMoved byStatus {{ status count }} }} }}"
    );
    person.asks(&document, Value::Null).await.ok()["statistics"].clone()
}

both_databases! {
    async fn a_table_adds_up_to_the_figures_of_its_period(world: World) {
        let (anna, _) = a_week(&world).await;
        let found = figures(&anna).await;
        let table = Read::of(&text(&world, &anna, &json!({})).await, b';');
        let within = |moment: String| ("2026-11-24".."2026-12-01").contains(&moment.as_str());
        let sums = json!({
            "created": table.how_many(|cell| within(cell("Создана"))),
            "completed": table.how_many(|cell| within(cell("Завершена"))),
            "onTime": table.how_many(|cell| within(cell("Завершена")) && cell("В срок") == "да"),
            "late": table.how_many(|cell| within(cell("Завершена")) && cell("В срок") == "нет"),
            "onTimeByOriginalDeadline":
                table.how_many(|cell| within(cell("Завершена")) && cell("В первый срок") == "да"),
            "overdueNow": table.how_many(|cell| cell("Статус") == "Просрочена"),
            "returned": table.how_many(|cell| cell("Возвратов за период") != "0"),
            "deadlineMoves": table.sum("Переносов за период"),
            "deadlinesMoved": table.how_many(|cell| cell("Переносов за период") != "0"),
            "byStatus": [
                { "status": "NEW", "count": table.how_many(|cell| cell("Статус") == "Ждёт выполнения") },
                { "status": "IN_PROGRESS", "count": table.how_many(|cell| cell("Статус") == "Выполняется") },
                { "status": "IN_REVIEW", "count": table.how_many(|cell| cell("Статус") == "Ждёт контроля") },
                {
                    "status": "DONE",
                    "count": table.how_many(|cell| cell("Статус") == "Завершена" && within(cell("Завершена"))),
                },
                { "status": "DEFERRED", "count": table.how_many(|cell| cell("Статус") == "Отложена") },
                { "status": "OVERDUE", "count": table.how_many(|cell| cell("Статус") == "Просрочена") },
            ],
        });
        assert_eq!(sums, found);
        let some = json!({ "created": 7, "completed": 3, "onTime": 2, "late": 1, "onTimeByOriginalDeadline": 1,
            "overdueNow": 1, "returned": 1, "deadlineMoves": 2, "deadlinesMoved": 1 });
        for (figure, expected) in some.as_object().unwrap() {
            assert_eq!(&found[figure], expected, "{figure}");
        }
        let late = |title: &str| {
            let row = table.rows.iter().find(|row| table.cell(row, "Задача").contains(title)).unwrap();
            (table.cell(row, "Дней просрочки").to_owned(), table.cell(row, "Крайний срок").to_owned())
        };
        // Handed in within a day of the deadline; with each day that it is not, another one; and in time.
        assert_eq!(late("Поздно"), ("1".to_owned(), "2026-11-24 18:00".to_owned()));
        assert_eq!(late("Просрочена"), ("1".to_owned(), "2026-11-25 18:00".to_owned()));
        assert_eq!(late("дважды\""), ("0".to_owned(), "2026-11-25 18:00".to_owned()));
        assert_eq!(late("Отложена"), (String::new(), String::new()));
    }

    async fn a_table_is_for_spreadsheets(world: World) {
        let (anna, petr) = a_week(&world).await;
        let russian = text(&world, &anna, &json!({})).await;
        assert!(russian.starts_with("\u{feff}Номер;Задача;Статус;Постановщик;Исполнитель;"), "{russian}");
        assert!(russian.contains("\r\n1;\"'=В срок; \"\"дважды\"\"\";Завершена;Анна Руководова;Пётр Иванов;2026-11-24 12:00;"), "{russian}");
        assert_eq!(russian.matches('\n').count(), russian.matches("\r\n").count(), "every line ends as RFC 4180 says");
        let english = text(&world, &anna, &json!({ "locale": "EN", "delimiter": "COMMA", "timeZone": "UTC" })).await;
        assert!(english.contains("\r\n1,\"'=В срок; \"\"дважды\"\"\",Done,Анна Руководова,Пётр Иванов,2026-11-24 09:00,"), "{english}");
        let nobodys = text(&world, &anna, &json!({ "assigneeIds": [anna.id()] })).await;
        assert_eq!(Read::of(&nobodys, b';').rows.len(), 0);
        let his = text(&world, &anna, &json!({ "assigneeIds": [petr.id()] })).await;
        assert_eq!(his, russian);
    }

    async fn a_table_is_read_in_pages_and_every_task_is_in_it_once(world: World) {
        const TASKS: usize = 2_300;
        let (anna, petr) = world.supervisor_and_manager().await;
        let postgres = world.app.db.backend() == DatabaseBackend::Postgres;
        let (with, numbers, yes, no) = if postgres {
            (String::new(), format!("generate_series(1, {TASKS}) AS numbers(n)"), "TRUE", "FALSE")
        } else {
            let numbers = format!("WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT {TASKS})");
            (numbers, "numbers".to_owned(), "1", "0")
        };
        let now = world.now();
        let fill = format!(
            "INSERT INTO tasks (title, title_key, description, status, priority, requires_review, deadline_key,
                deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at, version)
             {with} SELECT 'Задача ' || n, '', '', 'NEW', 1, {yes}, 9223372036854775807, {no}, 0, 0, {}, {}, {now}, {now}, 1
             FROM {numbers}",
            anna.user, petr.user, now = now.0
        );
        let write = world.app.db.write().await.unwrap();
        write.execute_unprepared(&fill).await.unwrap();
        write.commit().await.unwrap();
        let table = Read::of(&text(&world, &anna, &json!({})).await, b';');
        let numbers: Vec<usize> = table.rows.iter().map(|row| row[0].parse().unwrap()).collect();
        assert_eq!(numbers, (1..=TASKS).collect::<Vec<_>>());
    }

    async fn a_person_who_is_disabled_meanwhile_gets_no_more(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr)).await;
        let offered = anna.asks(EXPORT, input(&json!({}))).await.done();
        let viewer = anna.viewer().await;
        let export = Export::open(&world.app, &viewer, token(&offered["url"])).unwrap();
        let mut pieces = Box::pin(export.csv(world.app.clone(), viewer));
        assert!(pieces.try_next().await.unwrap().is_some(), "the headings");
        world.disables(&anna).await;
        assert!(pieces.try_next().await.is_err());
    }

    async fn a_period_that_cannot_be_is_told_where_it_is_wrong(world: World) {
        let anna = world.supervisor().await;
        for (more, expected) in [
            (json!({ "to": "2027-11-25" }), "TOO_LONG at input.to"),
            (json!({ "to": "2026-11-23" }), "INVALID at input.to"),
            (json!({ "timeZone": "Mars/Olympus" }), "INVALID at input.timeZone"),
        ] {
            let answer = anna.asks(EXPORT, input(&more)).await;
            if expected.starts_with("TOO_LONG") {
                let said = &answer.clone().payload()["userErrors"][0]["message"];
                assert_eq!(said, "Слишком длинный период: можно не больше 366 дней.");
            }
            assert_eq!(answer.mend(), [expected]);
        }
    }

    async fn managers_are_given_none(world: World) {
        let petr = world.person("Пётр Иванов", Role::Manager).await;
        assert_eq!(petr.asks(EXPORT, input(&json!({}))).await.codes(), ["FORBIDDEN"]);
    }
}

async fn asks(served: &Served, person: &SignedIn, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables });
    served.posts(&body, Some(&person.token)).await.json::<Value>().await.unwrap()["data"].clone()
}

async fn address(served: &Served, person: &SignedIn) -> String {
    let data = asks(served, person, EXPORT, input(&json!({}))).await;
    data["statisticsExport"]["url"].as_str().unwrap().to_owned()
}

async fn status(served: &Served, url: &str, person: Option<&SignedIn>) -> u16 {
    let request = served.client.get(url);
    let request = match person {
        Some(person) => request.bearer_auth(&person.token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_comes_as_a_file_that_is_kept_nowhere() {
    let served = Served::start().await;
    let olga = served.registers("Ольга Админова").await;
    let url = address(&served, &olga).await;
    assert!(url.starts_with(&served.url("/download/")), "{url}");
    let answer = served.client.get(&url).bearer_auth(&olga.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8; header=present");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename=\"statistics_2026-11-24_2026-11-30.csv\"; \
         filename*=UTF-8''%D0%A1%D1%82%D0%B0%D1%82%D0%B8%D1%81%D1%82%D0%B8%D0%BA%D0%B0%5F2026%2D11%2D24%5F2026%2D11%2D30%2Ecsv"
    );
    assert!(answer.text().await.unwrap().contains("Номер;Задача;"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_for_one_person_as_they_were_and_for_five_minutes() {
    let served = Served::start().await;
    let (olga, vera) = (served.registers("Ольга Админова").await, served.registers("Вера Другова").await);
    let becomes = async |role: &str| {
        let change = "mutation ($id: ID!, $role: Role!) { userRoleChange(id: $id, role: $role) { userErrors { code } } }";
        asks(&served, &olga, change, json!({ "id": vera.id, "role": role })).await;
    };
    becomes("SUPERVISOR").await;
    let (hers, others) = (address(&served, &vera).await, address(&served, &olga).await);
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200);
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200, "as often as she likes");
    assert_eq!(status(&served, &others, Some(&vera)).await, 403, "another's");
    assert_eq!(status(&served, &hers, Some(&olga)).await, 403, "an administrator is not her");
    assert_eq!(status(&served, &hers, None).await, 403, "who has found it");
    let parts = |url: &str| {
        let (place, token) = url.rsplit_once('/').unwrap();
        let (said, signature) = token.split_once('.').unwrap();
        (format!("{place}/{said}"), signature.to_owned())
    };
    let ((said, signature), (_, of_another)) = (parts(&hers), parts(&others));
    for tampered in [format!("{said}.{of_another}"), said.clone(), format!("{said}x.{signature}")] {
        assert_eq!(status(&served, &tampered, Some(&vera)).await, 403, "{tampered}");
    }
    becomes("ADMIN").await;
    assert_eq!(status(&served, &hers, Some(&vera)).await, 403, "she is not what she was");
    becomes("SUPERVISOR").await;
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200);
    served.app.clock.advance(Duration::from_secs(5 * 60 - 1));
    assert_eq!(status(&served, &hers, Some(&vera)).await, 200);
    let fresh = address(&served, &vera).await;
    served.app.clock.advance(Duration::from_secs(1));
    assert_eq!(status(&served, &hers, Some(&vera)).await, 403, "five minutes are over");
    assert_eq!(status(&served, &fresh, Some(&vera)).await, 200);
    let disable = "mutation ($id: ID!) { userActiveChange(id: $id, active: false) { userErrors { code } } }";
    asks(&served, &olga, disable, json!({ "id": vera.id })).await;
    assert_eq!(status(&served, &fresh, Some(&vera)).await, 403, "she is disabled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_opens_it_with_its_cookie_which_stays_good() {
    let served = Served::start().await;
    let register = json!({
        "query": "mutation ($input: RegisterInput!) { register(input: $input) { accessToken viewer { id } } }",
        "variables": { "input": { "name": "Ольга", "email": "olga@example.ru", "password": PASSWORD } },
    });
    let answer = served.posts(&register, None).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let session: Value = answer.json().await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let registered = &session["data"]["register"];
    let olga = SignedIn { id: text(&registered["viewer"]["id"]), token: text(&registered["accessToken"]) };
    let url = address(&served, &olga).await;
    let opens = async |cookie: &str| {
        served.client.get(&url).header("cookie", cookie).send().await.unwrap().status().as_u16()
    };
    assert_eq!(opens(&cookie).await, 200);
    assert_eq!(opens("vekha_refresh=somebody").await, 403);
    let refreshed = served
        .client
        .post(served.url("/graphql"))
        .header("cookie", &cookie)
        .json(&json!({ "query": "mutation { refresh { accessToken userErrors { code } } }" }))
        .send()
        .await
        .unwrap();
    let next = refreshed.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_ne!(next, cookie, "opening an address does not use the token up");
    assert_eq!(opens(&next).await, 200);
    assert_eq!(opens(&cookie).await, 200, "for as long as its successor may not have arrived");
    served.app.clock.advance(Duration::from_secs(11));
    assert_eq!(opens(&cookie).await, 403);
    asks(&served, &olga, "mutation { logout { userErrors { code } } }", Value::Null).await;
    assert_eq!(opens(&next).await, 403, "after signing out");
}
