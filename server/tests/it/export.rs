//! Statistics as a table: what is in it, who may have it, and what a spreadsheet makes of it.

use std::process::{Command, Output};
use std::time::Duration;

use csv::{ReaderBuilder, StringRecord};
use domain::Role;
use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseBackend};
use serde_json::{Value, json};
use server::statistics::export::Export;
use server::task::overdue::expire_due;
use tempfile::TempDir;

use crate::world::{Person, World, both_databases, task};

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;
pub(crate) const EXPORT: &str =
    "mutation ($input: StatisticsExportInput!) { statisticsExport(input: $input) {
    url expiresAt userErrors { code field message } } }";
const PERIOD: &str = "from: \"2026-11-24\", to: \"2026-11-30\", timeZone: \"Europe/Moscow\"";

pub(crate) fn input(more: &Value) -> Value {
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

/// What LibreOffice Calc has in its cells once it has opened the file, as a person opens it whose system separates by semicolons.
fn opened_by_libreoffice(table: &str) -> String {
    // Rarely it dies of itself at its start, before it has said that it converts anything: that says nothing of the file.
    let begins = |ran: &Output| ran.status.success() || !ran.stdout.is_empty();
    let mut tries = (0..3).map(|_| convert(table));
    let (folder, ran) = tries.find(|(_, ran)| begins(ran)).expect("LibreOffice starts, if at the third try");
    assert!(ran.status.success(), "{ran:?}");
    std::fs::read_to_string(folder.path().join("opened/table.csv"))
        .unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// Has LibreOffice open a table and write it anew, with a profile that nobody else uses.
fn convert(table: &str) -> (TempDir, Output) {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("table.csv"), table).unwrap();
    // <https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html>: the separator, what text is quoted by and
    // UTF-8; on the way out also that all text is quoted and cells are as they are shown.
    let ran = Command::new("soffice")
        .arg(format!("-env:UserInstallation={}", url::Url::from_file_path(place("profile")).unwrap()))
        .args(["--headless", "--infilter=CSV:59,34,76,1"])
        .args(["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false", "--outdir"])
        .args([&place("opened"), &place("table.csv")])
        .output()
        .expect("LibreOffice Calc is installed; `cargo xtask test` installs it");
    (folder, ran)
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

    async fn libreoffice_opens_a_table(world: World) {
        let (anna, _) = a_week(&world).await;
        let russian = text(&world, &anna, &json!({})).await;
        // Text comes in quotes; what does not is a number or a moment, that a spreadsheet can count with.
        let opened = opened_by_libreoffice(&russian);
        let lines: Vec<&str> = opened.lines().collect();
        assert!(lines[0].starts_with("\"Номер\",\"Задача\",\"Статус\",\"Постановщик\",\"Исполнитель\","), "{opened}");
        assert_eq!(
            lines[1],
            "1,\"'=В срок; \"\"дважды\"\"\",\"Завершена\",\"Анна Руководова\",\"Пётр Иванов\",2026-11-24 12:00:00,\
             2026-11-25 18:00:00,2026-11-25 18:00:00,0,2026-11-24 13:00:00,2026-11-24 13:00:00,\"да\",\"да\",0,0"
        );
        let opened = Read::of(&format!("\u{feff}{opened}"), b',');
        let written = Read::of(&russian, b';');
        assert_eq!(opened.head, written.head);
        let text_of = |table: &Read| -> Vec<Vec<String>> {
            let columns = ["Номер", "Задача", "Статус", "Постановщик", "Исполнитель", "В срок", "Дней просрочки"];
            table.rows.iter().map(|row| columns.map(|column| table.cell(row, column).to_owned()).to_vec()).collect()
        };
        assert_eq!(text_of(&opened), text_of(&written));
    }

    async fn libreoffice_counts_nothing_in_a_table_of_another_separator(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        for title in ["Счёт;=1000+234", "Счёт;\"=1000+234", "Счёт;;+1000+234", "=1000+234;Счёт", "Счёт,;=1000+234"] {
            anna.creates(task().for_(&petr).titled(title)).await;
        }
        let opened = opened_by_libreoffice(&text(&world, &anna, &json!({ "delimiter": "COMMA" })).await);
        assert!(opened.contains("1000+234") && !opened.contains("1234"), "{opened}");
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
