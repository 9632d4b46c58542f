//! `cargo xtask bench load`: another person's list of 50 while one account sends the dearest documents that are admitted over four
//! connections, as fast as it can; the real binary on SQLite and, where an address is given, on PostgreSQL. Prints what each of these
//! documents takes alone, how long it takes to refuse one of its kind that is too large, and the list's p50 and p95 quiet and beside them.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench that meets the unexpected is to fail, and says what it measured"
)]

mod arguments;
mod company;

use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use serde_json::{Value, json};
use server::db::Location;
use server::graphql::gate;
use server::graphql::nodes::{NODES, NodeCount};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use arguments::Arguments;
use company::{account, asks, fill, fresh, sign_in, start};

const CROWDING: &str = "olga@example.com";
const OTHER: &str = "anna@example.com";
const CONNECTIONS: usize = 4;
/// Lists of the other person in one measurement.
const LISTS: usize = 200;
/// Measurements of each document, of which the median ratio counts.
const ROUNDS: usize = 5;
/// The list's p50 beside the crowd, as a multiple of itself without.
const GOAL: f64 = 5.0;
/// Refusals of each kind.
const REFUSALS: usize = 50;
/// How many milliseconds half of the refusals take at most.
const REFUSED_WITHIN: f64 = 5.0;

const LIST: &str =
    "{ tasks(first: 50, filter: { statuses: [DONE] }) { nodes { id number title status priority deadline
    creator { id name } assignee { id name } } pageInfo { hasNextPage endCursor } } }";

/// A field as often as a document with it is admitted, and once more.
struct Dearest {
    what: &'static str,
    admitted: Value,
    too_large: Value,
}

/// The kinds that take longest.
fn documents() -> Vec<Dearest> {
    let contract = NodeCount::of(&server::graphql::sdl());
    let dearest = |what: &'static str, field: &str| {
        let document = |times: usize| {
            let fields: String = (0..times).map(|index| format!("a{index}: {field} ")).collect();
            format!("{{ {fields} }}")
        };
        let fits = |times: &usize| {
            let parsed = parse_query(document(*times)).unwrap();
            contract.count(&parsed, gate::chosen(&parsed, None).unwrap(), &serde_json::Map::new()) <= NODES
        };
        let most = (1..=gate::ALIASES).take_while(fits).last().expect("one is admitted");
        Dearest {
            what,
            admitted: json!({ "query": document(most) }),
            too_large: json!({ "query": document(most + 1) }),
        }
    };
    let texts: Vec<String> = (0..11).map(|n| format!("{{ text: \"нет такой {n}\" }}")).collect();
    vec![
        dearest("rows with their history", "tasks(first: 100) { nodes { title description creator { name } assignee { name }
            history(first: 10) { nodes { ... on Happened { at actor { name } } } } } }"),
        dearest("histories alone", "tasks(first: 100) { nodes { history(first: 1) { nodes { __typename } } } }"),
        dearest("rows with all their fields", "tasks(first: 100) { nodes { id number title description status priority deadline
            originalDeadline createdAt updatedAt creator { id name role } assignee { id name role } availableActions
            viewerCan { edit assign delete } } }"),
        dearest("counts by text", &format!("taskCounts(filters: [{}])", texts.join(" "))),
        dearest("lists by text", "tasks(filter: { text: \"нет такой\" }) { totalCount nodes { id } }"),
        dearest("totals", "tasks(first: 1) { totalCount }"),
        dearest("years of statistics", "statistics(from: \"2026-01-01\", to: \"2026-12-31\", timeZone: \"Europe/Berlin\") {
            created byDay { date created completed overdue } byAssignee { open completed } }"),
        dearest("searches", "taskSearch(input: { text: \"отчёт ветер\" }, first: 100) { totalCount edges { node { title }
            highlights { field } } }"),
    ]
}

#[tokio::main]
async fn main() {
    let Some(Arguments { tasks, postgres, .. }) = Arguments::of_bench() else { return };
    let mut missed = Vec::new();
    for server in std::iter::once(None).chain(postgres.as_ref().map(Some)) {
        let name = if server.is_some() { "PostgreSQL" } else { "SQLite" };
        println!("\n{name}, {tasks} tasks");
        let folder = TempDir::new().unwrap();
        let location = match server {
            Some(server) => Location::Postgres { url: fresh(server, "load").await, connections: 3 },
            None => Location::Sqlite(folder.path().join("vekha.sqlite")),
        };
        account(&folder, &location, "admin", CROWDING);
        account(&folder, &location, "supervisor", OTHER);
        fill(&location, i64::from(tasks)).await;
        let (url, _process) = start(&folder, &location);
        let client = reqwest::Client::new();
        let crowding = sign_in(&client, &url, CROWDING).await;
        let other = sign_in(&client, &url, OTHER).await;
        let search = json!({ "query": "{ taskSearch(input: { text: \"отчёт\" }, first: 1) { degraded } }" });
        while asks(&client, &url, &search, &crowding).await["taskSearch"]["degraded"] == true {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        println!(
            "{:<28} {:>9} {:>9} {:>17} {:>17} {:>7} {:>9} {:>8}",
            "beside", "alone ms", "refusal", "quiet p50, p95", "p50, p95", "ratio", "answered", "refused"
        );
        for Dearest { what, admitted, too_large } in documents() {
            let refusal = refusals(&client, &url, &too_large, &crowding).await;
            let (alone, code) = timed(&client, &url, &admitted, &crowding).await;
            let alone = match code.as_deref() {
                None => format!("{alone:.0}"),
                // The deadline of an execution, which is what bounds it here.
                Some("UNAVAILABLE") => format!("> {alone:.0}"),
                Some(code) => panic!("{what}: {code}"),
            };
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                rounds.push(beside(&client, &url, &admitted, &crowding, &other).await);
            }
            rounds.sort_by(|one, other| one.ratio().total_cmp(&other.ratio()));
            let median = &rounds[ROUNDS / 2];
            println!(
                "{what:<28} {alone:>9} {refusal:>9.1} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>6.1}x {:>9} {:>8}",
                median.quiet.0,
                median.quiet.1,
                median.loaded.0,
                median.loaded.1,
                median.ratio(),
                median.answered,
                median.refused
            );
            if median.ratio() > GOAL {
                missed.push(format!("{name}, {what}: {:.1}x", median.ratio()));
            }
            if refusal > REFUSED_WITHIN {
                missed.push(format!("{name}, {what}: refused in {refusal:.1} ms"));
            }
        }
    }
    println!(
        "goal: p50 at most {GOAL}x, a refusal within {REFUSED_WITHIN} ms: {}",
        if missed.is_empty() { "met".to_owned() } else { format!("MISSED: {}", missed.join("; ")) }
    );
}

/// Milliseconds that an answer took, and the code of what went wrong.
async fn timed(client: &reqwest::Client, url: &str, document: &Value, token: &str) -> (f64, Option<String>) {
    let begun = Instant::now();
    let sent = client.post(format!("{url}/graphql")).bearer_auth(token).json(document).send();
    let answer: Value = sent.await.unwrap().json().await.unwrap();
    let code = answer.pointer("/errors/0/extensions/code").map(|code| code.as_str().unwrap().to_owned());
    (begun.elapsed().as_secs_f64() * 1_000.0, code)
}

/// Milliseconds of half of the refusals.
async fn refusals(client: &reqwest::Client, url: &str, document: &Value, token: &str) -> f64 {
    let mut took = Vec::new();
    for _ in 0..REFUSALS {
        let (milliseconds, code) = timed(client, url, document, token).await;
        assert_eq!(code.as_deref(), Some("TOO_COMPLEX"));
        took.push(milliseconds);
    }
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

struct Round {
    quiet: (f64, f64),
    loaded: (f64, f64),
    answered: usize,
    refused: usize,
}

impl Round {
    fn ratio(&self) -> f64 {
        self.loaded.0 / self.quiet.0
    }
}

async fn beside(client: &reqwest::Client, url: &str, document: &Value, crowding: &str, other: &str) -> Round {
    let quiet = lists(client, url, other).await;
    let stop = CancellationToken::new();
    let mut crowd = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (client, stop, document) = (client.clone(), stop.clone(), document.clone());
        let (address, token) = (format!("{url}/graphql"), crowding.to_owned());
        crowd.spawn(async move {
            let (mut answered, mut refused) = (0_usize, 0_usize);
            while !stop.is_cancelled() {
                let sent = client.post(&address).bearer_auth(&token).json(&document).send();
                let Some(answer) =
                    stop.run_until_cancelled(async { sent.await.unwrap().bytes().await }).await
                else {
                    break;
                };
                let answer: Value = serde_json::from_slice(&answer.unwrap()).unwrap();
                if answer.get("errors").is_none() { answered += 1 } else { refused += 1 }
            }
            (answered, refused)
        });
    }
    let list = json!({ "query": LIST });
    asks(client, url, &list, other).await;
    let loaded = lists(client, url, other).await;
    stop.cancel();
    let (mut answered, mut refused) = (0, 0);
    for (one, more) in crowd.join_all().await {
        answered += one;
        refused += more;
    }
    Round { quiet, loaded, answered, refused }
}

/// Milliseconds of half of the lists and of 95 of a hundred.
async fn lists(client: &reqwest::Client, url: &str, token: &str) -> (f64, f64) {
    let list = json!({ "query": LIST });
    let mut took = Vec::new();
    for _ in 0..LISTS {
        let begun = Instant::now();
        let answer = asks(client, url, &list, token).await;
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(answer["tasks"]["nodes"].as_array().unwrap().len(), 50);
    }
    took.sort_by(f64::total_cmp);
    (took[took.len() / 2], took[took.len() * 95 / 100])
}
