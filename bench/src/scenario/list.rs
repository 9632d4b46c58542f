//! A list as people look at it all day.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{Place, of_each};
use crate::company::Database;
use crate::entrant::{Entrant, Process, Requests};
use crate::load::{self, Expected, Request};
use crate::report::Goal;

const DOCUMENT: &str = "query List { tasks(first: 50, filter: { statuses: [IN_PROGRESS] }) { nodes {
    id number title status priority deadline creator { id name } assignee { id name } } pageInfo { hasNextPage endCursor } } }";

const NO_SESSION: &str = "floor";
const SESSION: &str = "floor with session";

/// See docs/performance.md.
fn goal(database: &Database) -> Goal {
    let least = match database {
        Database::Sqlite => 0.65,
        Database::Postgres(_) => 0.8,
    };
    Goal { beside: SESSION, least }
}

fn of_vekha() -> Result<Vec<Request>> {
    of_each(|_, token| Request {
        line: "POST /graphql".to_owned(),
        token: Some(token),
        body: json!({ "query": DOCUMENT }).to_string(),
    })
}

fn of_floor() -> Result<Vec<Request>> {
    Ok(vec![Request { line: "GET /list".to_owned(), token: None, body: String::new() }])
}

fn of_floor_with_session() -> Result<Vec<Request>> {
    of_each(|_, token| Request {
        line: "GET /list/session".to_owned(),
        token: Some(token),
        body: String::new(),
    })
}

pub(super) async fn measure(place: &Place<'_>) -> Result<()> {
    let company = place.copy("list").await?;
    let all: [(&str, Process, Requests); 3] = [
        ("vekha", Process::vekha(&place.options.vekha, &company)?, of_vekha),
        (NO_SESSION, Process::floor(&company)?, of_floor),
        (SESSION, Process::floor(&company)?, of_floor_with_session),
    ];
    let mut entrants = Vec::new();
    let mut rows: Option<Value> = None;
    for (name, process, requests) in all {
        let first = requests()?.into_iter().next().context("nothing to ask")?;
        let body = load::ask(process.address, &first).await?;
        let answer: Value = serde_json::from_slice(&body)?;
        let nodes = answer.pointer("/data/tasks/nodes").cloned().unwrap_or_default();
        ensure!(nodes.as_array().is_some_and(|nodes| nodes.len() == 50), "{name}: {answer}");
        let same = rows.get_or_insert_with(|| nodes.clone());
        ensure!(*same == nodes, "{name} answers with other rows: {nodes}");
        entrants.push(Entrant::new(name, process, &company, requests, Expected::Body(Arc::new(body))).await?);
    }
    place.compare("List of 50", &entrants, goal(&place.company.database)).await
}
