//! A task is set: its row, its event and the notification of who carries it out.

use anyhow::{Result, ensure};
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::json;
use sqlx::Connection;

use super::{Place, of_each};
use crate::company::{Company, Database, FIRST, SUPERVISORS};
use crate::entrant::{Entrant, Process, Requests};
use crate::floor;
use crate::load::{Expected, Request};
use crate::report::Goal;

const DOCUMENT: &str = "mutation Create($input: TaskCreateInput!) { taskCreate(input: $input) { task { id number } userErrors { code } } }";
const TITLE: &str = "Подготовить отчёт для «Северный ветер»";
const DESCRIPTION: &str =
    "Проверить данные в карточке клиента, согласовать с бухгалтерией, приложить документы.";
/// Somebody who sets no tasks.
const ASSIGNEE: i64 = FIRST + SUPERVISORS + 7;

const NO_SESSION: &str = "floor";
const SESSION: &str = "floor with session";

/// See docs/performance.md.
fn goal(database: &Database) -> Goal {
    let least = match database {
        Database::Sqlite => 0.8,
        Database::Postgres(_) => 0.75,
    };
    Goal { beside: NO_SESSION, least }
}

fn deadline() -> String {
    (Utc::now() + TimeDelta::days(30)).to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn of_vekha() -> Result<Vec<Request>> {
    let assignee = floor::id("User", ASSIGNEE);
    of_each(|_, token| Request {
        line: "POST /graphql".to_owned(),
        token: Some(token),
        body: json!({ "query": DOCUMENT, "variables": { "input": {
            "title": TITLE, "description": DESCRIPTION, "assigneeId": assignee, "deadline": deadline() } } })
        .to_string(),
    })
}

fn of_floor(line: &'static str) -> Result<Vec<Request>> {
    of_each(|user, token| Request {
        line: line.to_owned(),
        token: Some(token),
        body:
            json!({ "title": TITLE, "description": DESCRIPTION, "deadline": deadline(), "assignee": ASSIGNEE,
            "creator": user })
            .to_string(),
    })
}

pub(super) async fn measure(place: &Place<'_>) -> Result<()> {
    let vekha = |company: &Company| Process::vekha(&place.options.vekha, company);
    type Start<'a> = &'a dyn Fn(&Company) -> Result<Process>;
    let all: [(&str, &str, Start<'_>, Requests, Expected); 3] = [
        ("vekha", "create_vekha", &vekha, of_vekha, Expected::Part("\"userErrors\":[]")),
        (
            NO_SESSION,
            "create_floor",
            &Process::floor,
            || of_floor("POST /create"),
            Expected::Part("\"number\":"),
        ),
        (
            SESSION,
            "create_session",
            &Process::floor,
            || of_floor("POST /create/session"),
            Expected::Part("\"number\":"),
        ),
    ];
    let mut entrants = Vec::new();
    for (name, copy, start, requests, expected) in all {
        let company = place.copy(copy).await?;
        let process = start(&company)?;
        let before = written(&company).await?;
        let entrant = Entrant::new(name, process, &company, requests, expected).await?;
        let answer = entrant.answer().await?;
        let after = written(&company).await?;
        let more: Vec<i64> = before.iter().zip(&after).map(|(before, after)| after - before).collect();
        ensure!(more == [1, 1, 1], "{name} wrote {more:?} rows: {}", String::from_utf8_lossy(&answer));
        entrants.push(entrant);
    }
    place.compare("A task is created", &entrants, goal(&place.company.database)).await
}

/// Rows of tasks, events and notifications.
async fn written(company: &Company) -> Result<[i64; 3]> {
    const COUNTS: &str = "SELECT (SELECT count(*) FROM tasks), (SELECT count(*) FROM events), (SELECT count(*) FROM notifications)";
    let (tasks, events, notifications) = match &company.database {
        Database::Sqlite => {
            let file = format!("sqlite://{}", company.file().display());
            let mut connection = sqlx::SqliteConnection::connect(&file).await?;
            sqlx::query_as(COUNTS).fetch_one(&mut connection).await?
        }
        Database::Postgres(url) => {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            sqlx::query_as(COUNTS).fetch_one(&mut connection).await?
        }
    };
    Ok([tasks, events, notifications])
}
