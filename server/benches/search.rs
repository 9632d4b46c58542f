//! `cargo xtask bench search`: finding tasks among a million of them, by the index inside. Prints how long the index takes to build,
//! its size, and how long questions wait that have words, a person, a status and a time of the deadline. Each question is made from a
//! task that it has to find, and its answer is checked before anything is timed.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench that meets the unexpected is to fail, and says what it measured"
)]

mod arguments;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Code, StatusKind, validate};
use fastrand::Rng;
use sea_orm::{ConnectionTrait, EntityTrait};
use server::App;
use server::clock::Clock;
use server::config::{Config, Hsts, Mode};
use server::db::Location;
use server::db::columns::{TaskId, Timestamp};
use server::entity::{task, user};
use server::search::analysis::tokens;
use server::search::engine::{Order, Place, Question};
use server::search::relevance::Words;
use server::search::{Answer, TaskSearch, database, find, rebuild};
use tempfile::TempDir;

use arguments::Arguments;

const PEOPLE: usize = 300;
/// Words that the company uses; the first ones far more often than the last.
const VOCABULARY: usize = 30_000;
const QUESTIONS: usize = 2_000;
/// Of these, so many are put to the database as well, which answers while no engine does.
const INSTEAD: usize = 100;
/// Tasks on a page of what is found.
const SHOWN: usize = 20;
/// Tasks in one statement that writes.
const WRITTEN: usize = 500;
/// Milliseconds of 1 January 2026 in UTC, and of a day.
const JANUARY: i64 = 1_767_225_600_000;
const DAY: i64 = 86_400_000;

/// Of the goals: half of the questions and ninety-nine of a hundred wait no longer.
const GOALS: [(&str, usize, Duration); 2] =
    [("p50", 50, Duration::from_millis(2)), ("p99", 99, Duration::from_millis(20))];

const COMMON: [&str; 40] = [
    "отчёт",
    "договор",
    "счёт",
    "заявка",
    "клиент",
    "поставка",
    "склад",
    "проверить",
    "подготовить",
    "согласовать",
    "отправить",
    "позвонить",
    "встреча",
    "презентация",
    "бюджет",
    "оплата",
    "акт",
    "сверка",
    "отгрузка",
    "скидка",
    "реклама",
    "закупка",
    "ремонт",
    "офис",
    "сервер",
    "сайт",
    "перевод",
    "обучение",
    "отпуск",
    "зарплата",
    "налог",
    "аренда",
    "доставка",
    "документы",
    "подпись",
    "срок",
    "план",
    "смета",
    "проект",
    "report",
];
const SYLLABLES: [&str; 32] = [
    "ба", "ве", "ги", "до", "жу", "за", "ки", "ло", "ма", "не", "по", "ра", "си", "то", "фу", "ха", "це",
    "чи", "ша", "щу", "лен", "мир", "ток", "вар", "стр", "пре", "кон", "тан", "рин", "сол", "бер", "дым",
];
const NAMES: [&str; 12] = [
    "Анна",
    "Пётр",
    "Ольга",
    "Иван",
    "Мария",
    "Сергей",
    "Елена",
    "Дмитрий",
    "Наталья",
    "Алексей",
    "Ирина",
    "Юлия",
];
const SURNAMES: [&str; 25] = [
    "Иваненко",
    "Соколенко",
    "Кузнецкая",
    "Попович",
    "Лебедь",
    "Козлюк",
    "Новак",
    "Морозко",
    "Волчек",
    "Фёдорчук",
    "Орлик",
    "Смирных",
    "Белых",
    "Черных",
    "Зимняя",
    "Гончар",
    "Мельник",
    "Бондарь",
    "Ткач",
    "Коваль",
    "Шевчук",
    "Бойко",
    "Кравец",
    "Олейник",
    "Полищук",
];

#[tokio::main]
async fn main() {
    let Some(Arguments { tasks, .. }) = Arguments::of_bench() else { return };
    let tasks = tasks as usize;
    let seed = 2_026;
    let mut rng = Rng::with_seed(seed);
    let folder = TempDir::new().unwrap();
    let app = App::open(config(folder.path()), Clock::System).await.unwrap();
    let begun = Instant::now();
    fill(&app, &mut rng, tasks).await;
    println!(
        "{tasks} tasks of {PEOPLE} people, seed {seed}: written in {:.1} s",
        begun.elapsed().as_secs_f64()
    );

    let begun = Instant::now();
    rebuild(&app).await.unwrap();
    let took = begun.elapsed();
    app.search.engine().standing().await.unwrap();
    let index = folder.path().join("search");
    println!("index built in {:.1} s, {:.0} MB on disk", took.as_secs_f64(), size(&index) as f64 / 1e6);

    let people = user::Entity::find().all(app.db.reads()).await.unwrap();
    let mut questions = Vec::new();
    while questions.len() < QUESTIONS {
        let id = TaskId(rng.i64(1..=tasks as i64));
        let source = task::Entity::find_by_id(id).one(app.db.reads()).await.unwrap().unwrap();
        let asked = question(&mut rng, &source, &people);
        let answer = find(&app, &asked, None, SHOWN).await.unwrap();
        check(&app, &asked, &source, &answer).await;
        questions.push(asked);
    }
    let mut waited = Vec::new();
    for asked in &questions {
        let begun = Instant::now();
        let answer = find(&app, asked, None, SHOWN).await.unwrap();
        waited.push((begun.elapsed(), asked));
        assert!(!answer.degraded, "{asked:?}");
    }
    waited.sort_by_key(|(waited, _)| *waited);
    let at = |percent: usize| waited[(waited.len() - 1) * percent / 100].0;
    let (slowest, asked) = waited.last().unwrap();
    println!(
        "{} questions: p50 {:?}, p90 {:?}, p99 {:?}; slowest {slowest:?}: {asked:?}",
        waited.len(),
        at(50),
        at(90),
        at(99)
    );
    for (name, percent, goal) in GOALS {
        let met = if at(percent) <= goal { "met" } else { "MISSED" };
        println!("goal: {name} at most {goal:?}: {met}");
    }
    let mut waited = Vec::new();
    for asked in &questions[..INSTEAD] {
        let question = Question {
            words: Words::parse(&asked.text),
            statuses: asked.statuses.clone(),
            deadline_from: asked.deadline_from,
            deadline_to: asked.deadline_to,
            limit: SHOWN,
            ..Question::default()
        };
        let begun = Instant::now();
        database::search(&app.db, &question, database::LOOKING).await.unwrap();
        waited.push(begun.elapsed());
    }
    waited.sort_unstable();
    println!(
        "the database instead of the engine: p50 {:?}, slowest {:?}",
        waited[INSTEAD / 2],
        waited[INSTEAD - 1]
    );
}

fn config(folder: &Path) -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        public_url: None,
        data_dir: folder.to_owned(),
        database: Location::Sqlite(folder.join("vekha.sqlite")),
        elasticsearch_url: None,
        elasticsearch_index: "vekha-tasks".to_owned(),
        secrets: None,
        mode: Mode::Production,
        registration: None,
        changes_per_minute: 300,
        hsts: Hsts::Off,
        metrics_token: None,
        trusted_proxies: "127.0.0.0/8".parse().unwrap(),
    }
}

/// Words of every frequency, as in what people write: the word of rank n about 1/n as often as the first.
fn word<'a>(rng: &mut Rng, vocabulary: &'a [String]) -> &'a str {
    let rank = (vocabulary.len() as f64).powf(rng.f64()) as usize - 1;
    &vocabulary[rank.min(vocabulary.len() - 1)]
}

fn vocabulary(rng: &mut Rng) -> Vec<String> {
    let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
    while words.len() < VOCABULARY {
        words.push((0..rng.usize(2..=5)).map(|_| SYLLABLES[rng.usize(..SYLLABLES.len())]).collect());
    }
    words
}

fn text(rng: &mut Rng, vocabulary: &[String], words: usize) -> String {
    (0..words).map(|_| word(rng, vocabulary)).collect::<Vec<_>>().join(" ")
}

async fn fill(app: &Arc<App>, rng: &mut Rng, tasks: usize) {
    let vocabulary = vocabulary(rng);
    let write = app.db.write().await.unwrap();
    for number in 0..PEOPLE {
        let name = format!("{} {}", NAMES[number % NAMES.len()], SURNAMES[number * 7 % SURNAMES.len()]);
        let person = format!(
            "INSERT INTO users (name, name_key, email, password_hash, role, active, theme, time_zone, shortcuts, created_at)
             VALUES ('{name}', '{}', 'u{number}', '', 'MANAGER', 1, 'SYSTEM', 'UTC', 1, 1)",
            validate::fold(&name)
        );
        write.execute_unprepared(&person).await.unwrap();
    }
    let mut number = 0;
    while number < tasks {
        let rows: Vec<String> = (number..tasks.min(number + WRITTEN))
            .map(|number| {
                let words = rng.usize(3..=8);
                let title = text(rng, &vocabulary, words);
                let words = rng.usize(0..=40);
                let description = text(rng, &vocabulary, words);
                let status = StatusKind::ALL[rng.usize(..StatusKind::ALL.len())];
                let was = if status == StatusKind::Overdue { "'NEW'" } else { "NULL" };
                let created = JANUARY + number as i64 * 360 * DAY / tasks as i64;
                let deadline = if rng.u8(..10) > 0 { Timestamp(created + rng.i64(1..30 * DAY)) } else { Timestamp::NEVER };
                let creator = rng.usize(1..=PEOPLE / 10);
                let assignee = rng.usize(1..=PEOPLE);
                format!(
                    "('{title}', '{}', '{description}', '{}', {was}, 1, 1, {}, {deadline}, 0, 0, 0, {creator}, {assignee}, {created}, {created}, 1)",
                    validate::fold(&title), status.code(),
                    if deadline == Timestamp::NEVER { "NULL".to_owned() } else { deadline.0.to_string() },
                    deadline = deadline.0,
                )
            })
            .collect();
        number += rows.len();
        let statement = format!(
            "INSERT INTO tasks (title, title_key, description, status, status_before_overdue, priority, requires_review, deadline,
                deadline_key, deadline_missed, deadline_moves, returns, creator_id, assignee_id, created_at, updated_at, version)
             VALUES {}",
            rows.join(", ")
        );
        write.execute_unprepared(&statement).await.unwrap();
    }
    write.commit().await.unwrap();
}

/// A question that the task answers: words of it, perhaps mistyped or unfinished; whose it is; its status; the weeks around its deadline.
fn question(rng: &mut Rng, source: &task::Model, people: &[user::Model]) -> TaskSearch {
    let both = format!("{} {}", source.title, source.description);
    let words: Vec<&str> = both.split_whitespace().collect();
    let mut asked: Vec<String> =
        (0..rng.usize(1..=3)).map(|_| words[rng.usize(..words.len())].to_owned()).collect();
    let last = asked.last_mut().unwrap();
    let letters = last.chars().count();
    match rng.u8(..4) {
        // Still being typed.
        0 if letters > 4 => *last = last.chars().take(rng.usize(3..letters)).collect(),
        // A letter is missing.
        1 if letters > 5 => {
            *last = last.chars().take(2).chain(last.chars().skip(3)).collect::<String>() + " "
        }
        _ => last.push(' '),
    }
    let person = people.iter().find(|person| person.id == source.assignee_id).unwrap();
    let known = source.deadline_key != Timestamp::NEVER;
    TaskSearch {
        text: asked.join(" "),
        person: Some(person.name.clone()),
        statuses: Some(vec![source.status.0, StatusKind::ALL[rng.usize(..StatusKind::ALL.len())]]),
        deadline_from: known.then(|| Timestamp(source.deadline_key.0 - rng.i64(1..30) * DAY)),
        deadline_to: known.then(|| Timestamp(source.deadline_key.0 + rng.i64(1..30) * DAY)),
        order: Order::Relevance,
    }
}

/// Every task of the answer is what was asked for, worth what the definition says and in its place; the source is where it has to be.
async fn check(app: &App, asked: &TaskSearch, source: &task::Model, answer: &Answer) {
    assert!(!answer.degraded, "{asked:?}");
    let words = Words::parse(&asked.text);
    let place = |row: &task::Model| {
        let rank = words.score(row.id, &tokens(&row.title), &tokens(&row.description));
        Place { rank: rank.unwrap_or_else(|| panic!("{asked:?} is not {row:?}")).into(), id: row.id }
    };
    let places = &answer.found.places;
    for found in places {
        let row = task::Entity::find_by_id(found.id).one(app.db.reads()).await.unwrap().unwrap();
        assert_eq!(*found, place(&row), "{asked:?}");
        assert!(asked.statuses.as_ref().unwrap().contains(&row.status.0), "{asked:?}: {row:?}");
        assert!(asked.deadline_from.is_none_or(|from| from <= row.deadline_key), "{asked:?}: {row:?}");
        assert!(asked.deadline_to.is_none_or(|to| row.deadline_key < to), "{asked:?}: {row:?}");
    }
    assert!(places.is_sorted_by(|one, other| Order::Relevance.compare(one, other).is_lt()), "{asked:?}");
    let its = place(source);
    let shown = places.contains(&its);
    let after = places.len() == SHOWN && Order::Relevance.compare(places.last().unwrap(), &its).is_lt();
    assert!(shown || after, "{asked:?} does not find {source:?}: {answer:?}");
}

/// Bytes of the files in a folder and those in it.
fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(
            |entry| if entry.path().is_dir() { size(&entry.path()) } else { entry.metadata().unwrap().len() },
        )
        .sum()
}
