//! Lists of tasks against a model of them: every order, both directions, page by page from either end.

use std::collections::BTreeMap;

use domain::{Priority, Role, StatusKind, validate};
use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::{EntityTrait, NotSet, QueryOrder, Set};
use serde_json::{Value, json};
use server::db::columns::{Ranked, Stored, TaskId, Timestamp, UserId};
use server::entity::task::{self as row, Model};
use server::graphql::ids;

use crate::world::{Person, World, both_databases, moment, task};

/// People and some two hundred tasks among them, the same in every run.
struct Company {
    supervisors: [Person; 2],
    managers: [Person; 3],
    administrator: Person,
    tasks: Vec<Model>,
}

const TITLES: [&str; 10] = [
    "Отчёт",
    "отчет 2",
    "ОТЧЁТ за год",
    "Смета",
    "смета 10%",
    "смета 10_1",
    "Ёлка",
    "яблоко",
    "Contract",
    "contract \\ draft",
];

/// What of a task is drawn at random: few values each, so that many are equal.
fn drawn() -> impl Strategy<Value = (usize, usize, usize, Option<i64>, usize, usize, i64, bool)> {
    let deadline = prop_oneof![1 => Just(None), 3 => (0..12_i64).prop_map(Some)];
    (
        0..2_usize,
        0..3_usize,
        0..TITLES.len(),
        deadline,
        0..6_usize,
        0..3_usize,
        0..9_i64,
        prop::bool::weighted(0.1),
    )
}

impl Company {
    async fn of(world: &World) -> Company {
        let supervisors = [world.supervisor().await, world.person("Борис Другов", Role::Supervisor).await];
        let managers = [
            world.manager().await,
            world.person("Иван Новов", Role::Manager).await,
            world.person("Яна Ёлкина", Role::Manager).await,
        ];
        let administrator = world.admin().await;
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(Config::default(), rng);
        let mut rows = Vec::new();
        for _ in 0..200 {
            let (creator, assignee, title, deadline, status, priority, hour, deleted) =
                drawn().new_tree(&mut runner).unwrap().current();
            rows.push(new_row(
                supervisors[creator].user,
                managers[assignee].user,
                TITLES[title],
                deadline.map(|day| hours(24 * day)),
                (
                    [
                        StatusKind::New,
                        StatusKind::InProgress,
                        StatusKind::InReview,
                        StatusKind::Done,
                        StatusKind::Deferred,
                        StatusKind::New,
                    ][status],
                    [Priority::Low, Priority::Normal, Priority::High][priority],
                ),
                (hours(hour), hours(hour * 7 % 9), deleted),
            ));
        }
        let write = world.app.db.write().await.unwrap();
        row::Entity::insert_many(rows).exec_without_returning(&*write).await.unwrap();
        write.commit().await.unwrap();
        let tasks =
            row::Entity::find().order_by_asc(row::Column::Id).all(world.app.db.reads()).await.unwrap();
        Company { supervisors, managers, administrator, tasks }
    }

    /// The numbers of those that are asked for, in the order of the rows.
    fn numbers(&self, wanted: impl Fn(&Model) -> bool) -> Vec<i64> {
        self.tasks.iter().filter(|task| wanted(task)).map(|task| task.id.0).collect()
    }
}

fn hours(hours: i64) -> Timestamp {
    Timestamp(moment("2026-12-01T00:00:00Z").0 + hours * 3_600_000)
}

fn new_row(
    creator: UserId,
    assignee: UserId,
    title: &str,
    deadline: Option<Timestamp>,
    (status, priority): (StatusKind, Priority),
    (created, updated, deleted): (Timestamp, Timestamp, bool),
) -> row::ActiveModel {
    row::ActiveModel {
        id: NotSet,
        title: Set(title.to_owned()),
        title_key: Set(validate::fold(title)),
        description: Set(String::new()),
        status: Set(Stored(status)),
        status_before_overdue: Set(None),
        priority: Set(Ranked(priority)),
        requires_review: Set(true),
        deadline: Set(deadline),
        deadline_key: Set(deadline.unwrap_or(Timestamp::NEVER)),
        original_deadline: Set(deadline),
        deadline_missed: Set(false),
        deadline_moves: Set(0),
        returns: Set(0),
        creator_id: Set(creator),
        assignee_id: Set(assignee),
        created_at: Set(created),
        updated_at: Set(updated),
        started_at: Set(None),
        submitted_at: Set(None),
        completed_at: Set(None),
        deleted_at: Set(deleted.then_some(hours(0))),
        version: Set(1),
    }
}

/// Whether a task belongs to a list.
type Wanted<'a> = Box<dyn Fn(&Model) -> bool + 'a>;

/// A page as the contract gives it.
struct Page {
    numbers: Vec<i64>,
    info: Value,
}

async fn page(person: &Person, arguments: &str) -> Page {
    let document = format!(
        "{{ tasks({arguments}) {{ nodes {{ number }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let tasks = person.asks(&document, Value::Null).await.ok()["tasks"].clone();
    let numbers =
        tasks["nodes"].as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()).collect();
    Page { numbers, info: tasks["pageInfo"].clone() }
}

async fn total(person: &Person, filter: &str) -> i64 {
    let answer = person.asks(&format!("{{ tasks(filter: {filter}) {{ totalCount }} }}"), Value::Null).await;
    answer.ok()["tasks"]["totalCount"].as_i64().unwrap()
}

/// The whole list, read page by page from its start, and from its end.
async fn both_ways(person: &Person, filter: &str, order: &str) -> [Vec<i64>; 2] {
    let mut forward = Vec::new();
    let mut place = String::new();
    loop {
        let page = page(person, &format!("{filter}, {order}, first: 7{place}")).await;
        assert_eq!(page.info["hasPreviousPage"], !forward.is_empty());
        forward.extend(&page.numbers);
        if page.info["hasNextPage"] == false {
            break;
        }
        assert_eq!(page.numbers.len(), 7);
        place = format!(", after: {}", page.info["endCursor"]);
    }
    let mut backward = Vec::new();
    let mut place = String::new();
    loop {
        let page = page(person, &format!("{filter}, {order}, last: 7{place}")).await;
        assert_eq!(page.info["hasNextPage"], !backward.is_empty());
        backward.splice(0..0, page.numbers.iter().copied());
        if page.info["hasPreviousPage"] == false {
            break;
        }
        place = format!(", before: {}", page.info["startCursor"]);
    }
    [forward, backward]
}

/// What two tasks are compared by.
fn sorted_by(field: &str, task: &Model) -> (i64, String, TaskId) {
    let number = match field {
        "DEADLINE" => task.deadline_key.0,
        "CREATED_AT" => task.created_at.0,
        "UPDATED_AT" => task.updated_at.0,
        "PRIORITY" => task.priority.rank(),
        "TITLE" | "NUMBER" => 0,
        other => panic!("{other} is no order"),
    };
    let text = if field == "TITLE" { task.title_key.clone() } else { String::new() };
    (number, text, task.id)
}

both_databases! {
    async fn every_order_from_either_end_is_the_sorted_list(world: World) {
        let company = Company::of(&world).await;
        let (anna, petr) = (&company.supervisors[0], &company.managers[0]);
        let of_assignee = format!("filter: {{ assigneeIds: [{:?}] }}", petr.id());
        let of_creator = format!("filter: {{ creatorIds: [{:?}] }}", anna.id());
        let scopes: [(&Person, &str, Wanted<'_>); 4] = [
            (anna, "filter: {}", Box::new(|_| true)),
            (anna, &of_assignee, Box::new(|task| task.assignee_id == petr.user)),
            (&company.supervisors[1], &of_creator, Box::new(|task| task.creator_id == anna.user)),
            (petr, "filter: { statuses: [NEW, DONE] }", Box::new(|task| {
                task.assignee_id == petr.user && matches!(task.status.0, StatusKind::New | StatusKind::Done)
            })),
        ];
        for (person, filter, wanted) in &scopes {
            for field in ["DEADLINE", "CREATED_AT", "UPDATED_AT", "PRIORITY", "TITLE", "NUMBER"] {
                let mut model: Vec<&Model> =
                    company.tasks.iter().filter(|task| task.deleted_at.is_none() && wanted(task)).collect();
                model.sort_by_key(|task| sorted_by(field, task));
                for direction in ["ASC", "DESC"] {
                    let expected: Vec<i64> = model.iter().map(|task| task.id.0).collect();
                    let order = format!("orderBy: {{ field: {field}, direction: {direction} }}");
                    let [forward, backward] = both_ways(person, filter, &order).await;
                    assert_eq!(forward, expected, "{field} {direction} {filter}");
                    assert_eq!(backward, expected, "{field} {direction} {filter}");
                    model.reverse();
                }
                let counted = total(person, filter.trim_start_matches("filter: ")).await;
                assert_eq!(counted, i64::try_from(model.len()).unwrap());
            }
        }
    }

    async fn a_filter_narrows_by_all_that_it_names(world: World) {
        let company = Company::of(&world).await;
        let [anna, _] = &company.supervisors;
        let [petr, ivan, _] = &company.managers;
        let there = |task: &Model| task.deleted_at.is_none();
        let titled = |task: &Model, part: &str| there(task) && task.title_key.contains(part);
        let between = |task: &Model, from: i64, to: i64| {
            there(task) && task.deadline.is_some_and(|deadline| deadline >= hours(from) && deadline < hours(to))
        };
        let two = format!("{{ assigneeIds: [{:?}, {:?}] }}", petr.id(), ivan.id());
        let nobody = format!("{{ creatorIds: [\"nonsense\", {:?}] }}", petr.id());
        let cases: Vec<(&str, Vec<i64>)> = vec![
            ("{ statuses: [NEW, IN_REVIEW] }", company.numbers(|task| {
                there(task) && matches!(task.status.0, StatusKind::New | StatusKind::InReview)
            })),
            ("{ priorities: [HIGH] }", company.numbers(|task| there(task) && task.priority.0 == Priority::High)),
            ("{ statuses: [] }", vec![]),
            ("{ hasDeadline: true }", company.numbers(|task| there(task) && task.deadline.is_some())),
            ("{ hasDeadline: false }", company.numbers(|task| there(task) && task.deadline.is_none())),
            (&two, company.numbers(|task| {
                there(task) && (task.assignee_id == petr.user || task.assignee_id == ivan.user)
            })),
            (&nobody, vec![]),
            // Half-open: the first moment belongs to the range, the last does not.
            (r#"{ deadlineFrom: "2026-12-02T00:00:00Z", deadlineTo: "2026-12-04T00:00:00Z" }"#,
                company.numbers(|task| between(task, 24, 72))),
            (r#"{ deadlineFrom: "2026-12-02T03:00:00+03:00", deadlineTo: "2026-12-02T00:00:00.001Z" }"#,
                company.numbers(|task| between(task, 24, 25))),
            (r#"{ deadlineFrom: "2026-12-02T00:00:00Z" }"#, company.numbers(|task| between(task, 24, 999))),
            (r#"{ deadlineTo: "2026-12-02T00:00:00Z" }"#, company.numbers(|task| between(task, 0, 24))),
            // Case and ё fold; white space at the ends says nothing; LIKE's own signs stand for themselves.
            (r#"{ text: "ОТЧЁТ" }"#, company.numbers(|task| titled(task, "отчет"))),
            (r#"{ text: " отчет " }"#, company.numbers(|task| titled(task, "отчет"))),
            (r#"{ text: "ёлк" }"#, company.numbers(|task| titled(task, "елка"))),
            (r#"{ text: "CONTRACT" }"#, company.numbers(|task| titled(task, "contract"))),
            (r#"{ text: "10%" }"#, company.numbers(|task| titled(task, "10%"))),
            (r#"{ text: "0_1" }"#, company.numbers(|task| titled(task, "0_1"))),
            (r#"{ text: "%" }"#, company.numbers(|task| titled(task, "%"))),
            (r#"{ text: "_" }"#, company.numbers(|task| titled(task, "_"))),
            (r#"{ text: "\\" }"#, company.numbers(|task| titled(task, "\\"))),
            (r#"{ text: "" }"#, company.numbers(there)),
            (r#"{ text: "смета", priorities: [LOW, NORMAL], hasDeadline: true }"#, company.numbers(|task| {
                titled(task, "смета") && task.priority.0 != Priority::High && task.deadline.is_some()
            })),
        ];
        let filters: Vec<&str> = cases.iter().map(|(filter, _)| *filter).collect();
        for (filter, expected) in &cases {
            let [found, _] =
                both_ways(anna, &format!("filter: {filter}"), "orderBy: { field: NUMBER, direction: ASC }").await;
            assert_eq!(&found, expected, "{filter}");
        }
        let counted = cases.iter().map(|(_, expected)| i64::try_from(expected.len()).unwrap());
        let counts = format!("{{ taskCounts(filters: [{}]) }}", filters[..20].join(", "));
        let answer = anna.asks(&counts, Value::Null).await.ok();
        assert_eq!(answer["taskCounts"], json!(counted.take(20).collect::<Vec<i64>>()));
        assert!(cases.iter().filter(|(_, expected)| expected.is_empty()).count() == 2, "the others find something");
    }

    async fn managers_are_shown_and_counted_their_own_alone(world: World) {
        let company = Company::of(&world).await;
        let [petr, ivan, _] = &company.managers;
        let order = "orderBy: { field: NUMBER, direction: ASC }";
        let own = company.numbers(|task| task.assignee_id == petr.user && task.deleted_at.is_none());
        let of_ivan = format!("filter: {{ assigneeIds: [{:?}] }}", ivan.id());
        assert_eq!(both_ways(petr, "filter: {}", order).await[0], own);
        assert_eq!(both_ways(petr, &of_ivan, order).await[0], [0; 0]);
        assert_eq!(both_ways(petr, "filter: { deleted: true }", order).await[0], [0; 0]);
        assert_eq!(total(petr, "{}").await, i64::try_from(own.len()).unwrap());
        let foreign = company.tasks.iter().find(|task| task.assignee_id == ivan.user).unwrap();
        let answer = petr.asks("query ($n: Int!) { task(number: $n) { id } }", json!({ "n": foreign.id.0 })).await;
        assert_eq!(answer.ok()["task"], Value::Null);
    }

    async fn deleted_tasks_are_listed_for_who_can_restore_them(world: World) {
        let company = Company::of(&world).await;
        let order = "orderBy: { field: NUMBER, direction: ASC }";
        let deleted = |person: &Person| {
            company.numbers(|task| task.deleted_at.is_some() && task.creator_id == person.user)
        };
        for supervisor in &company.supervisors {
            let [listed, _] = both_ways(supervisor, "filter: { deleted: true }", order).await;
            assert_eq!(listed, deleted(supervisor));
            assert!(!listed.is_empty());
        }
        let [listed, _] = both_ways(&company.administrator, "filter: { deleted: true }", order).await;
        assert_eq!(listed, company.numbers(|task| task.deleted_at.is_some()));
    }

    async fn nodes_are_answered_in_their_order_and_what_may_not_be_seen_is_null(world: World) {
        let company = Company::of(&world).await;
        let petr = &company.managers[0];
        let own = company.tasks.iter().rev().filter(|task| task.assignee_id == petr.user && task.deleted_at.is_none());
        let mut wanted: Vec<(Value, Value)> =
            own.take(5).map(|task| (json!(ids::encode(task.id)), json!({ "number": task.id.0 }))).collect();
        let foreign = company.tasks.iter().find(|task| task.assignee_id != petr.user).unwrap();
        wanted.insert(2, (json!(ids::encode(foreign.id)), Value::Null));
        wanted.insert(0, (json!("nonsense"), Value::Null));
        let (asked, expected): (Vec<Value>, Vec<Value>) = wanted.into_iter().unzip();
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Task { number } } }";
        let answer = petr.asks(document, json!({ "ids": asked })).await.ok();
        assert_eq!(answer["nodes"], json!(expected));
        let many = petr.asks(document, json!({ "ids": vec!["nonsense"; 101] })).await;
        assert_eq!(many.codes(), ["BAD_USER_INPUT"]);
    }

    async fn arguments_out_of_their_limits_are_refused(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr)).await;
        let by_title = page(&anna, "orderBy: { field: TITLE, direction: ASC }, first: 1").await;
        let foreign = by_title.info["endCursor"].clone();
        let long = "я".repeat(201);
        let counts = vec!["{}"; 21].join(", ");
        let people = vec![format!("{:?}", petr.id()); 101].join(", ");
        let documents = [
            "{ tasks(first: 0) { nodes { id } } }".to_owned(),
            "{ tasks(first: 101) { nodes { id } } }".to_owned(),
            "{ tasks(last: -1) { nodes { id } } }".to_owned(),
            "{ tasks(first: 1, last: 1) { nodes { id } } }".to_owned(),
            "{ tasks(first: 1, after: \"nonsense\") { nodes { id } } }".to_owned(),
            format!("{{ tasks(first: 1, after: {foreign}) {{ nodes {{ id }} }} }}"),
            format!("{{ tasks(first: 1, after: {foreign}, orderBy: {{ field: NUMBER, direction: ASC }}) {{ nodes {{ id }} }} }}"),
            format!("{{ tasks(filter: {{ text: {long:?} }}) {{ nodes {{ id }} }} }}"),
            "{ tasks(filter: { text: \"a\\u0000b\" }) { nodes { id } } }".to_owned(),
            format!("{{ tasks(filter: {{ assigneeIds: [{people}] }}) {{ nodes {{ id }} }} }}"),
            format!("{{ taskCounts(filters: [{counts}]) }}"),
            "{ tasks(filter: { deadlineFrom: \"tomorrow\" }) { nodes { id } } }".to_owned(),
            "{ notifications(first: 101) { nodes { id } } }".to_owned(),
        ];
        for document in documents {
            let answer = anna.asks(&document, Value::Null).await;
            assert_eq!(answer.codes(), ["BAD_USER_INPUT"], "{document}");
        }
    }

    async fn a_list_and_its_live_cursor_leave_no_gap(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        let mut known: BTreeMap<String, i64> = BTreeMap::new();
        let before = anna.creates(task().for_(&petr)).await;
        let document = "{ tasks(first: 10) { liveCursor nodes { id number } } }";
        let list = petr.asks(document, Value::Null).await.ok()["tasks"].clone();
        for node in list["nodes"].as_array().unwrap() {
            known.insert(node["id"].as_str().unwrap().to_owned(), node["number"].as_i64().unwrap());
        }
        let after = anna.creates(task().for_(&petr).titled("После списка")).await;
        let mut live = petr.hears_tasks(list["liveCursor"].as_str()).await;
        // What the list showed may come again; what it did not show comes for certain.
        loop {
            let heard = live.next().await;
            known.insert(heard["task"]["id"].as_str().unwrap().to_owned(), 0);
            if heard["task"]["title"] == "После списка" {
                break;
            }
        }
        assert!(known.contains_key(before["id"].as_str().unwrap()));
        assert!(known.contains_key(after["id"].as_str().unwrap()));
    }
}
