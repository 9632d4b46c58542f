//! What is found for what was typed, and in which order: `cases.txt` over the tasks of `corpus.txt`, the same on both engines.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::Role;
use serde_json::{Value, json};

use crate::world::{Person, World, both_engines, task};

const CORPUS: &str = include_str!("corpus.txt");
const CASES: &str = include_str!("cases.txt");

/// Longer than any question should take, however busy the machine; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(60);

const SEARCH: &str =
    "query ($input: TaskSearchInput!, $first: Int) { taskSearch(input: $input, first: $first) {
    totalCount degraded nodes { number } } }";

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A question, and what is expected of the answer.
struct Case<'a> {
    question: &'a str,
    input: Value,
    first: Vec<&'a str>,
    found: Vec<&'a str>,
    absent: Vec<&'a str>,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Self {
        let mut parts = line.split('|');
        // A blank at the end finishes the last word: the line has one more before its bar.
        let question = parts.next().unwrap();
        let question = question.strip_suffix(' ').unwrap_or(question);
        let mut case = Case { question, input: json!({}), first: vec![], found: vec![], absent: vec![] };
        for part in parts {
            let (kind, keys) = part.split_once(':').unwrap_or_else(|| panic!("{line}"));
            let keys = keys.split(',').map(str::trim).collect();
            match kind.trim() {
                "first" => case.first = keys,
                "found" => case.found = keys,
                "absent" => case.absent = keys,
                other => panic!("{other}: {line}"),
            }
        }
        match question.strip_prefix("person: ") {
            None => case.input["text"] = json!(question),
            Some(person) => {
                let (person, text) = person.split_once("; text: ").unwrap_or((person, ""));
                case.input["person"] = json!(person);
                case.input["text"] = json!(text);
            }
        }
        case
    }
}

/// Everything of the corpus; the numbers by their keys.
async fn company(world: &World) -> (Person, BTreeMap<&'static str, i64>) {
    let supervisor = world.person("Вера Постановская", Role::Supervisor).await;
    let mut people: BTreeMap<&str, Person> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for line in lines(CORPUS) {
        let [key, name, title, description] = line.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        if !people.contains_key(name) {
            people.insert(name, world.person(name, Role::Manager).await);
        }
        let new = task().for_(&people[name]).titled(title).with("description", json!(description));
        let created = supervisor.creates(new).await;
        assert_eq!(numbers.insert(key, created["number"].as_i64().unwrap()), None, "{key} is there twice");
    }
    (world.admin().await, numbers)
}

both_engines! {
    async fn every_case_finds_what_it_should(world: World) {
        let (admin, numbers) = company(&world).await;
        world.indexed().await;
        world.app.search.wait_for(PATIENCE);
        let keys: BTreeMap<i64, &str> = numbers.iter().map(|(key, number)| (*number, *key)).collect();
        let mut wrong = Vec::new();
        let mut tried = 0;
        for case in lines(CASES).map(Case::parse) {
            let answer = admin.asks(SEARCH, json!({ "input": case.input, "first": 100 })).await.ok()["taskSearch"].clone();
            assert_eq!(answer["degraded"], json!(false), "{}", case.question);
            let found: Vec<&str> = answer["nodes"].as_array().unwrap().iter()
                .map(|node| keys[&node["number"].as_i64().unwrap()])
                .collect();
            assert_eq!(answer["totalCount"], json!(found.len()));
            let in_order = found.starts_with(&case.first);
            let all = case.found.iter().all(|key| found.contains(key));
            let none = case.absent.iter().all(|key| !found.contains(key));
            assert!(case.first.iter().chain(&case.found).chain(&case.absent).all(|key| numbers.contains_key(key)));
            if !(in_order && all && none) {
                wrong.push(format!("{}: {found:?}\n    first {:?}, found {:?}, absent {:?}",
                    case.question, case.first, case.found, case.absent));
            }
            tried += 1;
        }
        assert!(wrong.is_empty(), "{} of {tried} cases:\n{}", wrong.len(), wrong.join("\n"));
        assert!(tried >= 80);
        println!("{tried} cases over {} tasks", numbers.len());
    }
}
