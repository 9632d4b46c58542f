//! Fault 21: the disk fails or is full at each step of a write. What is refused is said to be, what is acknowledged is there.

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;
use server::db::{Database, Location};

use super::client::{Client, Tried};
use super::held;
use super::io::{FAILS, FULL, Faults};
use super::killed::is_whole;
use super::process::{Place, Process};

/// So many steps would be more than any write has.
const STEPS: i64 = 2_000;

fn acknowledged(tried: Tried<i64>, refused: &mut usize) -> Option<i64> {
    match tried {
        Tried::Done(number) => Some(number),
        Tried::Refused(code, message) => {
            assert_eq!(code, "UNAVAILABLE", "{message}");
            assert!(!message.is_empty());
            *refused += 1;
            None
        }
        Tried::Gone => panic!("the process answers whatever its disk does"),
    }
}

/// Two writes while the disk fails from a step on, then one after it is mended: for each step of a write.
async fn at_each_step(fail: impl Fn(&Faults, i64), fault: &str) {
    let (place, faults) = Place::sqlite().with_faults();
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let (mut kept, mut refused, mut steps) = (BTreeSet::new(), 0, 0);
    for step in 0..STEPS {
        steps = step;
        fail(&faults, step);
        for attempt in 0..2 {
            let tried = anna.tries_to_create(&format!("{step}.{attempt}"), &petr).await;
            kept.extend(acknowledged(tried, &mut refused));
        }
        let untouched = faults.mend() == 0;
        let number = anna.creates(&format!("{step} after"), &petr).await.unwrap();
        assert!(kept.insert(number), "a number is given once");
        if untouched {
            break;
        }
    }
    assert!(steps > 3 && steps < STEPS - 1, "each step of a write was tried: {steps}");
    assert!(refused > 0);
    anna.is_writable(true).await;
    is_whole(&place.database().await, &kept).await;

    let backup = place.file("backup.sqlite");
    let copied = place.command(&["backup", backup.to_str().unwrap()]).output().await.unwrap();
    assert!(copied.status.success());
    is_whole(&Database::connect(&Location::Sqlite(backup)).await.unwrap(), &kept).await;

    process.kill().await;
    drop(Process::start(&place).await);
    is_whole(&place.database().await, &kept).await;
    held(
        &format!("21, {fault}"),
        &format!("{steps} steps of a write, two writes each"),
        None,
        &format!("{refused} refused, {} acknowledged, 0 lost", kept.len()),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_fails_once() {
    at_each_step(|faults, step| faults.fail_once_after(step, FAILS), "an error once").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_full_from_there_on() {
    at_each_step(|faults, step| faults.fail_after(step, FULL), "full from there on").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_and_freed_again() {
    let (place, faults) = Place::sqlite().with_faults();
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let mut kept = BTreeSet::from([anna.creates("before", &petr).await.unwrap()]);
    let (mut refused, mut signed_in) = (0, 0);

    faults.fill(0);
    for number in 0..4 {
        kept.extend(acknowledged(anna.tries_to_create(&format!("{number}"), &petr).await, &mut refused));
        match anna.tries_to_sign_in("petr").await {
            Tried::Done(again) => {
                assert_eq!(again.viewer().await, petr.id, "a token is of somebody");
                signed_in += 1;
            }
            Tried::Refused(code, _) => assert_eq!(code, "UNAVAILABLE"),
            Tried::Gone => panic!("the process answers"),
        }
    }
    assert!(refused > 0);
    anna.is_writable(false).await;
    assert!(anna.asks("{ tasks(first: 10) { nodes { number } } }", serde_json::Value::Null).await.is_ok());

    faults.mend();
    // By itself, though nobody asks for a change.
    anna.is_writable(true).await;
    let after = anna.creates("after", &petr).await.unwrap();
    assert!(kept.insert(after));
    assert_eq!(anna.signs_in("petr").await.viewer().await, petr.id);
    is_whole(&place.database().await, &kept).await;
    process.kill().await;
    drop(Process::start(&place).await);
    is_whole(&place.database().await, &kept).await;
    held(
        "21, a full disk",
        "4 writes and 4 sign-ins",
        None,
        &format!("{refused} refused, {signed_in} signed in, {} acknowledged, 0 lost", kept.len()),
    );
}

/// Makes statements fail as they do on a full disk, at a table or when the transaction is to last.
async fn full_at(db: &Database, table: &str, last: bool) {
    let when =
        if last { "CREATE CONSTRAINT TRIGGER full_disk AFTER" } else { "CREATE TRIGGER full_disk BEFORE" };
    let deferred = if last { "DEFERRABLE INITIALLY DEFERRED" } else { "" };
    for statement in [
        "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
            .to_owned(),
        format!("{when} INSERT OR UPDATE ON {table} {deferred} FOR EACH ROW EXECUTE FUNCTION full_disk()"),
    ] {
        db.reads().execute_unprepared(&statement).await.unwrap();
    }
}

/// PostgreSQL's own disk is its own affair: here it says what it says when that is full, at each table that a write goes through and at
/// the commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_says_that_its_disk_is_full() {
    let place = Place::postgres().await;
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let db = place.database().await;
    let (mut kept, mut refused) = (BTreeSet::new(), 0);
    for last in [false, true] {
        for table in ["tasks", "events", "notifications"] {
            full_at(&db, table, last).await;
            for number in 0..2 {
                let tried = anna.tries_to_create(&format!("{table} {number}"), &petr).await;
                assert_eq!(acknowledged(tried, &mut refused), None);
            }
            db.reads().execute_unprepared(&format!("DROP TRIGGER full_disk ON {table}")).await.unwrap();
            kept.insert(anna.creates(&format!("{table} after"), &petr).await.unwrap());
        }
    }
    for table in ["tasks", "write_trial"] {
        full_at(&db, table, false).await;
    }
    assert_eq!(acknowledged(anna.tries_to_create("full", &petr).await, &mut refused), None);
    anna.is_writable(false).await;
    for table in ["tasks", "write_trial"] {
        db.reads().execute_unprepared(&format!("DROP TRIGGER full_disk ON {table}")).await.unwrap();
    }
    anna.is_writable(true).await;
    kept.insert(anna.creates("after", &petr).await.unwrap());
    is_whole(&db, &kept).await;
    process.kill().await;
    drop(Process::start(&place).await);
    is_whole(&db, &kept).await;
    held(
        "21, PostgreSQL full",
        "at 3 tables and at the commit, two writes each",
        None,
        &format!("{refused} refused, {} acknowledged, 0 lost", kept.len()),
    );
}
