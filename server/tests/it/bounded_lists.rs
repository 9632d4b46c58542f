//! Lists within statements: both databases have a bound of parameters (32,766 on SQLite, 65,535 on PostgreSQL), so that none of them
//! may grow with the data. Every place that has one is here with its bound; a place that is not fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use server::db::columns::Timestamp;
use server::entity::event;

use crate::world::{Person, World, both_databases, task};

/// File, how many such lists it has, and what bounds them.
const PLACES: &[(&str, usize, &str)] = &[
    ("auth/backoff.rs", 3, "three scopes of one attempt"),
    ("auth/login.rs", 1, "two spellings of one address"),
    ("auth/session.rs", 1, "ENDED_AT_ONCE"),
    ("log/append.rs", 1, "people around one event: four"),
    (
        "log/read.rs",
        5,
        "a page of the log (200), at most seven people an entry; ids of a page of notifications (101)",
    ),
    ("notification/mod.rs", 2, "limit::IDS"),
    ("search/database.rs", 3, "people::MEANT twice; six statuses, each once"),
    ("search/indexer.rs", 1, "tasks of one page of the log"),
    ("task/graphql/object.rs", 1, "two people a task of a page, or of 62 days with the longest page each"),
    ("task/happened.rs", 1, "measures: a closed set"),
    ("task/purge.rs", 3, "BATCH"),
    (
        "task/query.rs",
        2,
        "limit::PAGE and one more; members of a filter: limit::IDS, or a closed set, each once",
    ),
    ("user/link.rs", 1, "two people: who gives a link and whom it lets in"),
    ("user/query.rs", 2, "limit::IDS roles; limit::PAGE people of a loader"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_list_within_a_statement_has_a_bound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut found = BTreeMap::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs")) {
        let text = fs::read_to_string(file).unwrap();
        let lists = [".is_in(", ".is_not_in(", "insert_many("].iter().map(|list| text.matches(list).count());
        let name = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        found.insert(name, lists.sum::<usize>());
    }
    found.retain(|_, count| *count > 0);
    let known = PLACES.iter().map(|(file, count, _)| ((*file).to_owned(), *count)).collect();
    assert_eq!(found, known, "a list was added or taken away: say in PLACES what bounds it");
}

/// More rows than either database takes parameters.
const MANY: i64 = 70_000;

/// Runs one statement that makes so many rows, `n` from 1.
async fn many(world: &World, rows: i64, statement: &str) {
    let numbers = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})"
    );
    // PostgreSQL takes the clause before INSERT as well, and so does SQLite.
    let write = world.app.db.write().await.unwrap();
    write.execute_unprepared(&format!("{numbers} {statement}")).await.unwrap();
    write.commit().await.unwrap();
}

async fn tell_many(world: &World, petr: &Person, rows: i64) {
    let statement = format!(
        "INSERT INTO notifications (recipient_id, kind, event_id, created_at)
            SELECT {}, 'TASK_UPDATED', (SELECT MAX(id) FROM events), 1 FROM numbers",
        petr.user.0
    );
    many(world, rows, &statement).await;
}

both_databases! {
    async fn however_much_is_unread_all_of_it_can_be_read(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr)).await;
        let until = petr.live_cursor().await;
        // Nobody listens: what is told of one event is read with it.
        let world = world.telling_nobody().await;
        tell_many(&world, &petr, MANY).await;
        let document = "mutation ($until: Cursor!) { notificationReadAll(until: $until) { unreadCount userErrors { code } } }";
        let left = petr.asks(document, json!({ "until": until })).await.done();
        assert_eq!(left["unreadCount"], 0);
        let unread = petr.asks("{ notifications(unreadOnly: true) { nodes { id } } }", Value::Null).await.ok();
        assert_eq!(unread["notifications"]["nodes"], json!([]));
        let payload = last_payload(&world).await;
        assert!(payload.len() < 200, "an event is not as large as what was unread: {} bytes", payload.len());
    }

    async fn of_many_that_are_read_at_once_other_tabs_are_told_to_read_afresh(world: World) {
        let (anna, petr) = world.supervisor_and_manager().await;
        anna.creates(task().for_(&petr)).await;
        let until = petr.live_cursor().await;
        tell_many(&world, &petr, 100).await;
        let mut other_tab = petr.hears_notifications(None).await;
        let document = "mutation ($until: Cursor!) { notificationReadAll(until: $until) { unreadCount userErrors { code } } }";
        let left = petr.asks(document, json!({ "until": until })).await.done();
        assert_eq!(left["unreadCount"], 0);
        assert_eq!(other_tab.next().await["__typename"], "Resync");
        // And who was away hears the same.
        let mut back = petr.hears_notifications(Some(&until)).await;
        assert_eq!(back.next().await["__typename"], "Resync");
    }

    async fn however_many_sessions_there_are_all_of_them_end(world: World) {
        let petr = world.manager().await;
        let world = world.telling_nobody().await;
        let Timestamp(now) = world.now();
        let statement = format!(
            "INSERT INTO sessions (user_id, created_at, last_used_at, expires_at, device, address)
                SELECT {}, {now}, {now}, {}, 'a program', '127.0.0.1' FROM numbers",
            petr.user.0, now + 86_400_000
        );
        many(&world, MANY, &statement).await;
        let ended = petr.asks("mutation { sessionEndOthers { endedIds userErrors { code } } }", Value::Null).await.done();
        assert_eq!(ended["endedIds"].as_array().unwrap().len(), usize::try_from(MANY).unwrap());
        assert!(last_payload(&world).await.len() < 16 * 1024, "an event names some of them");
    }
}

async fn last_payload(world: &World) -> String {
    let row = event::Entity::find().order_by_desc(event::Column::Id);
    row.one(world.app.db.reads()).await.unwrap().unwrap().payload
}
