//! What documents ask for, counted in nodes before they run: pages multiply, wherever their size comes from; no list and no question is
//! missing from the tables; the client's own documents have room (row 10 of the security requirements).

use std::time::{Duration, Instant};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{BaseType, DocumentOperations, OperationType};
use serde_json::{Map, Value, json};
use server::graphql::gate::{self, QUERY_BYTES};
use server::graphql::nodes::{DEAR, EVENT_NODES, LISTS, NODES, NodeCount, WEIGHTS};

use crate::contract::{fields, types};
use crate::served::{Served, Setup};

/// Every document of the client, as `web` makes them; a test there keeps the file.
const CLIENT: &str = include_str!("../../../web/documents.graphql");
/// So often has each of them room.
const ROOM: u64 = 4;

fn contract() -> NodeCount {
    NodeCount::of(&server::graphql::sdl())
}

fn count_with(query: &str, variables: Value) -> u64 {
    let document = parse_query(query).unwrap();
    let Value::Object(variables) = variables else { panic!("variables are an object") };
    contract().count(&document, gate::chosen(&document, None).unwrap(), &variables)
}

fn count(query: &str) -> u64 {
    count_with(query, json!({}))
}

#[test]
fn pages_multiply() {
    let one = count("{ tasks(first: 1) { nodes { id } } }");
    let hundred = count("{ tasks(first: 100) { nodes { id } } }");
    assert!((100..=130).contains(&(hundred - one)), "{one} {hundred}");
    let history = |first: u32| {
        count(&format!(
            "{{ tasks(first: 100) {{ nodes {{ history(first: {first}) {{ nodes {{ __typename }} }} }} }} }}"
        ))
    };
    assert!(history(100) - history(1) >= 9_900, "a hundred times a hundred");
    let within = "{ task(number: 1) { history(first: 100) { nodes { ... on TaskCreated { task {
        history(first: 100) { nodes { ... on TaskCreated { task {
        history(first: 100) { nodes { __typename } } } } } } } } } } } }";
    assert!(count(within) > 1_000_000);
    let edges = count("{ tasks(first: 100) { edges { node { id } } nodes { id } } }");
    assert!(edges > hundred + 150, "both are rows");
}

#[test]
fn a_page_is_as_large_as_argument_variable_or_default_says() {
    let of = |first: u32| count(&format!("{{ tasks(first: {first}) {{ nodes {{ id }} }} }}"));
    assert_eq!(count("{ tasks { nodes { id } } }"), of(50), "the default");
    assert_eq!(count("{ tasks(last: 7) { nodes { id } } }"), of(7));
    assert_eq!(count("{ tasks(first: 3, last: 7) { nodes { id } } }"), of(7), "which is refused later");
    assert_eq!(count("{ tasks(first: null) { nodes { id } } }"), of(50));
    for first in [
        "2147483647",
        "-1",
        "0",
        "-2147483648",
        "99999999999999999999",
        "1.5",
        "\"9\"",
        "{a: 1}",
        "true",
        "A",
    ] {
        let counted = count(&format!("{{ tasks(first: {first}) {{ nodes {{ id }} }} }}"));
        assert!(counted == of(100) || first == "0" && counted == of(1), "{first}: {counted}");
    }
    let by = |definition: &str, given: Value| {
        count_with(&format!("query ({definition}) {{ tasks(first: $n) {{ nodes {{ id }} }} }}"), given)
    };
    assert_eq!(by("$n: Int", json!({ "n": 9 })), of(9));
    assert_eq!(by("$n: Int = 8", json!({})), of(8), "what it falls back to");
    assert_eq!(by("$n: Int = 8", json!({ "n": null })), of(50), "null is none");
    assert_eq!(by("$n: Int", json!({})), of(50));
    assert_eq!(by("$n: Int", json!({ "n": -5 })), of(100));
    assert_eq!(by("$n: Int", json!({ "n": "many" })), of(100));
    assert_eq!(by("$n: Int = 8", json!({ "n": 1e30 })), of(100));
    assert_eq!(
        count("{ task(number: 1) { comments { nodes { id } } } }"),
        count("{ task(number: 1) { comments(first: 20) { nodes { id } } } }")
    );
}

#[test]
fn lists_that_are_given_count_by_their_length() {
    let ids: Vec<String> = (0..100).map(|id| format!("\"{id}\"")).collect();
    let literal = count(&format!("{{ nodes(ids: [{}]) {{ id }} }}", ids.join(" ")));
    let variable =
        count_with("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": vec!["1"; 100] }));
    assert_eq!(literal, variable);
    assert!(literal > 100 && literal > 50 * count("{ nodes(ids: [\"1\"]) { id } }"));

    let counts = |filter: Value, times: usize| {
        count_with(
            "query ($f: [TaskFilter!]!) { taskCounts(filters: $f) }",
            json!({ "f": vec![filter; times] }),
        )
    };
    assert!(counts(json!({}), 20) <= NODES, "twenty are allowed");
    assert!(counts(json!({ "text": "отчёт" }), 20) > NODES, "but not twenty that look at every title");
    let text = "{ taskCounts(filters: [{ text: \"а\" }, { text: \"б\" }]) }";
    assert!(count(text) > 2_000, "{}", count(text));
    let member = "query ($t: String!) { taskCounts(filters: [{ text: $t }]) }";
    assert_eq!(count_with(member, json!({ "t": "а" })), count("{ taskCounts(filters: [{ text: \"а\" }]) }"));
    let default = "query ($f: [TaskFilter!]! = [{ text: \"а\" }]) { taskCounts(filters: $f) }";
    assert_eq!(count(default), count("{ taskCounts(filters: [{ text: \"а\" }]) }"));
    let people = json!({ "assigneeIds": vec!["1"; 100], "creatorIds": vec!["1"; 100] });
    assert!(counts(people, 1) >= counts(json!({}), 1) + 200);
}

#[test]
fn fragments_count_wherever_they_are_spread_and_directives_take_nothing_away() {
    let plain = count("{ tasks(first: 100) { nodes { id title } } }");
    let spread = count(
        "{ tasks(first: 100) { ...Page } } fragment Page on TaskConnection { nodes { ...Row } } fragment Row on Task { id title }",
    );
    assert_eq!(spread, plain);
    let twice = count("{ ...Q ...Q } fragment Q on Query { tasks(first: 100) { nodes { id title } } }");
    assert!(twice >= 2 * plain - 1, "{twice} {plain}");
    let left_out = count("{ tasks(first: 100) @include(if: false) { nodes @skip(if: true) { id title } } }");
    assert_eq!(left_out, plain);
    let kinds = "{ task(number: 1) { history(first: 100) { nodes {
        ... on TaskCreated { at cursor } ... on TaskOverdue { at cursor } ... on TaskAssigned { at cursor } } } } }";
    let one = "{ task(number: 1) { history(first: 100) { nodes { ... on TaskCreated { at cursor } } } } }";
    assert_eq!(count(kinds), count(one), "an event is of one kind");
    let both = "{ task(number: 1) { history(first: 100) { nodes { ... on Happened { at cursor } ... on TaskCreated { at cursor } } } } }";
    assert!(count(both) > count(one));
}

#[test]
fn the_documents_that_stopped_the_server_are_refused() {
    let aliased = |field: &str| {
        let fields: String = (0..15).map(|index| format!("a{index}: {field} ")).collect();
        count(&format!("{{ {fields} }}"))
    };
    for field in [
        "tasks(first: 100) { nodes { history(first: 100) { nodes { __typename } } } }",
        "tasks(first: 100) { nodes { comments(first: 100) { nodes { id } totalCount } } }",
        "tasks(filter: { text: \"нет\" }) { totalCount }",
        "statistics(from: \"2026-01-01\", to: \"2026-12-31\", timeZone: \"UTC\") { created }",
        "taskCounts(filters: [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}])",
        "calendar(from: \"2026-12-01\", to: \"2026-12-31\", timeZone: \"UTC\") { tasks(first: 100) { id } }",
    ] {
        assert!(aliased(field) > NODES, "{field}: {}", aliased(field));
    }
}

#[test]
fn every_list_and_every_question_is_in_the_tables() {
    let mut missing = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for definition in types() {
        let name = definition.name.node.to_string();
        for field in fields(&definition) {
            let field_name = field.name.node.as_str();
            let path = format!("{name}.{field_name}");
            let is_list = matches!(field.ty.node.base, BaseType::List(_));
            let is_row = name.ends_with("Connection") && matches!(field_name, "nodes" | "edges");
            if is_list
                && !is_row
                && field_name != "userErrors"
                && !LISTS.iter().any(|(known, _)| *known == path)
            {
                missing.push(format!("LISTS: {path}"));
            }
            let is_root = ["Query", "Mutation", "Subscription"].contains(&name.as_str());
            let counts = name.ends_with("Connection") && field_name.ends_with("Count");
            let asks = is_root || counts || !field.arguments.is_empty();
            if asks && !WEIGHTS.iter().any(|(known, _)| *known == path) {
                missing.push(format!("WEIGHTS: {path}"));
            }
            known.push(path);
        }
    }
    assert_eq!(missing, [""; 0]);
    let named = LISTS.iter().map(|(path, _)| *path).chain(WEIGHTS.iter().map(|(path, _)| *path));
    let stale: Vec<&str> = named.filter(|path| !known.iter().any(|known| known == path)).collect();
    assert_eq!(stale, [""; 0], "the contract has no such field");
}

/// Variables as the client sends them at their largest, by name.
fn sent(name: &str) -> Option<Value> {
    Some(match name {
        // `client::people::AT_HAND`, the largest page of the client.
        "first" => json!(100),
        "ids" => json!(vec!["VGFzazox"; 100]),
        // The side bar counts its lists.
        "filters" => {
            json!(vec![json!({ "statuses": ["NEW", "IN_PROGRESS"], "assigneeIds": ["VXNlcjox"] }); 10])
        }
        "filter" => json!({ "text": "отчёт", "assigneeIds": vec!["VXNlcjox"; 20], "statuses": ["NEW"] }),
        "people" => json!(vec!["VXNlcjox"; 100]),
        _ => return None,
    })
}

#[test]
fn every_document_of_the_client_has_room() {
    let contract = contract();
    let document = parse_query(CLIENT).unwrap();
    let DocumentOperations::Multiple(operations) = &document.operations else { panic!("there are several") };
    let mut rows = Vec::new();
    for (name, operation) in operations {
        let variables: Map<String, Value> = operation
            .node
            .variable_definitions
            .iter()
            .filter_map(|definition| {
                let name = definition.node.name.node.as_str();
                Some((name.to_owned(), sent(name)?))
            })
            .collect();
        let nodes = contract.count(&document, &operation.node, &variables);
        let most = if operation.node.ty == OperationType::Subscription { EVENT_NODES } else { NODES };
        rows.push((nodes, most, name.to_string()));
    }
    rows.sort();
    println!("{:>8} {:>7}  document", "nodes", "room");
    for (nodes, most, name) in rows.iter().rev() {
        println!("{nodes:>8} {:>6.1}x  {name}", *most as f64 / *nodes as f64);
    }
    assert!(rows.len() > 30, "{} documents", rows.len());
    for (nodes, most, name) in rows {
        assert!(nodes * ROOM <= most, "{name}: {nodes} nodes of {most}");
        assert!(nodes < DEAR || most == EVENT_NODES, "{name} waits for other dear documents");
    }
}

/// The largest documents that parse, of many nodes, with much in their variables.
fn largest() -> Vec<(&'static str, String, Value)> {
    let filled = |header: &str, part: &str, footer: &str, most: usize| {
        let times = ((QUERY_BYTES - header.len() - footer.len()) / part.len()).min(most);
        format!("{header}{}{footer}", part.repeat(times))
    };
    let filters = vec![json!({ "text": "а", "assigneeIds": vec!["1"; 20] }); 400];
    vec![
        (
            "fields of a page",
            filled(
                "{ tasks(first: 100) { nodes { ",
                "history(first: 100) { nodes { __typename } } ",
                "} } }",
                130,
            ),
            json!({}),
        ),
        (
            "spreads of one fragment",
            filled(
                "fragment F on Task { history(first: 100) { nodes { __typename } } } query { tasks(first: 100) { nodes { ",
                "...F ",
                "} } }",
                100,
            ),
            json!({}),
        ),
        (
            "one variable again and again",
            filled("query ($f: [TaskFilter!]!) { ", "taskCounts(filters: $f) ", "}", 380),
            json!({ "f": filters }),
        ),
    ]
}

#[test]
fn the_worst_document_within_the_limits_is_counted_within_its_time() {
    let contract = contract();
    for (name, query, variables) in largest() {
        let Value::Object(variables) = variables else { panic!("variables are an object") };
        let times = (0..5).map(|_| {
            let began = Instant::now();
            let admitted = gate::admit(&query, None, true).unwrap_or_else(|error| panic!("{name}: {error}"));
            let operation = gate::chosen(&admitted.document, None).unwrap();
            assert!(contract.admit(&admitted.document, operation, &variables).is_err(), "{name}");
            began.elapsed()
        });
        let took = times.min().unwrap();
        println!("{name}: {} bytes refused in {took:?}", query.len());
        // 5 ms of an optimised build.
        assert!(took < Duration::from_millis(50), "{name}: {took:?}");
    }
}

#[tokio::test]
async fn too_many_nodes_are_refused_over_http_and_over_a_socket() {
    let server = Served::with(Setup::default()).await;
    let anna = server.registers("Анна").await;
    let dear = "{ tasks(first: 100) { nodes { history(first: 100) { nodes { ... on TaskCreated { task { id title } } } } } } }";
    let answer = server.posts(&json!({ "query": dear }), Some(&anna.token)).await;
    assert_eq!(answer.status(), 400);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TOO_COMPLEX");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("nodes; at most 20000"), "{answer}");

    let mut socket = server.signed_in_socket(&anna.token).await;
    socket.subscribes("1", dear).await;
    let refused = socket.hears_type("error").await;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_COMPLEX");
    let events = "subscription { taskEvents { ... on TaskCreated { task { history(first: 100) { nodes {
        ... on TaskCreated { task { comments(first: 20) { nodes { id } } } } } } } } } }";
    socket.subscribes("2", events).await;
    let refused = socket.hears_type("error").await;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "TOO_COMPLEX", "of one event");
    socket.subscribes("3", "{ tasks(first: 100) { nodes { id } } }").await;
    assert!(socket.hears_type("next").await["payload"]["data"]["tasks"].is_object());
}
