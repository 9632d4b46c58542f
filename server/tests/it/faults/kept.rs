//! Fault 21: a model of what was acknowledged, held against what a restart finds. In each round something fails, picked by a seed: the
//! process is killed, its disk is full or fails, another program holds the database, its log cannot be written, its clock is wrong.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::Duration;

use sea_orm::ConnectionTrait;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{Connection, Executor};
use tokio::task::JoinSet;

use super::client::{Client, Tried};
use super::io::{FAILS, FULL, Faults};
use super::killed::is_whole;
use super::process::{Place, Process};
use super::{held, rounds};
use crate::world::seeded;

const WRITERS: usize = 4;
/// Rounds for each that is asked for.
const ROUNDS: usize = 5;
/// How far the clock goes ahead; back it goes by an hour.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What fails in a round.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Killed,
    Filled,
    Failing,
    Held,
    Mute,
    Ahead,
    Back,
}

const ALL: [Fault; 7] =
    [Fault::Killed, Fault::Filled, Fault::Failing, Fault::Held, Fault::Mute, Fault::Ahead, Fault::Back];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    model("21, a model on SQLite", Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    model("21, a model on PostgreSQL", Place::postgres().await).await;
}

async fn start(place: &Place, mute: bool) -> Process {
    let log = if mute {
        Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap())
    } else {
        Stdio::null()
    };
    Process::start_logging(place, log, "info").await
}

async fn model(name: &str, place: Place) {
    let mut rng = seeded();
    let (seed, rounds) = (rng.get_seed(), ROUNDS * rounds());
    let (place, faults) = place.with_faults();
    let mut process = start(&place, false).await;
    let mut anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let mut kept = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for round in 0..rounds {
        let fault = ALL[rng.usize(..ALL.len())];
        seen.insert(format!("{fault:?}"));
        let context = format!("seed {seed}, round {round}, {fault:?}");
        if matches!(fault, Fault::Mute) {
            process.kill().await;
            process = start(&place, true).await;
        }
        // A token lasts ten minutes, a run may last hours.
        anna = anna.at(&process.url).signs_in("anna").await;
        let holder = begin(fault, &place, &faults, &mut rng).await;
        let mut writer = anna.clone();
        if matches!(fault, Fault::Ahead | Fault::Back) {
            writer = writer.signs_in("anna").await;
        }
        let writing = tokio::spawn(writes_of(writer, petr.clone(), round.to_string(), rng.usize(1..6)));
        match fault {
            Fault::Killed => {
                for _ in 0..rng.usize(..400) {
                    tokio::task::yield_now().await;
                }
                process.kill().await;
                process = start(&place, false).await;
            }
            // Whoever comes first waits as long as a statement may take: it is let go before.
            Fault::Held => {
                for _ in 0..rng.usize(..20) {
                    anna.readiness().await;
                }
                release(holder).await;
            }
            Fault::Filled | Fault::Failing | Fault::Mute | Fault::Ahead | Fault::Back => {}
        }
        kept.extend(writing.await.unwrap());
        end(&place, &faults).await;

        anna = anna.at(&process.url);
        anna.is_writable(true).await;
        let number = anna.tries_to_create(&format!("{round} after"), &petr).await.done(&context);
        assert!(kept.insert(number), "{context}: a number is given once");
        if rng.bool() {
            process.kill().await;
            process = start(&place, false).await;
        }
        println!("{context}: {} acknowledged", kept.len());
        let found = place.database().await;
        is_whole(&found, &kept).await;
        found.close().await.unwrap();
    }
    drop(process);
    is_whole(&place.database().await, &kept).await;
    held(
        name,
        &format!("{rounds} rounds of {}", Vec::from_iter(seen).join(", ").to_lowercase()),
        seed,
        &format!("{} acknowledged, 0 lost", kept.len()),
    );
}

/// Several at once ask for changes; those that were acknowledged.
async fn writes_of(anna: Client, petr: Client, titles: String, each: usize) -> Vec<i64> {
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (anna, petr, titles) = (anna.clone(), petr.clone(), titles.clone());
        writers.spawn(async move {
            let mut done = Vec::new();
            for number in 0..each {
                match anna.tries_to_create(&format!("{titles}.{writer}.{number}"), &petr).await {
                    Tried::Done(number) => done.push(number),
                    Tried::Refused(code, message) => assert_eq!(code, "UNAVAILABLE", "{message}"),
                    Tried::Gone => break,
                }
            }
            done
        });
    }
    writers.join_all().await.into_iter().flatten().collect()
}

/// Lets something fail. What holds the database, if anything does.
async fn begin(
    fault: Fault,
    place: &Place,
    faults: &Faults,
    rng: &mut fastrand::Rng,
) -> Option<SqliteConnection> {
    match fault {
        Fault::Killed | Fault::Mute => {}
        Fault::Ahead => faults.set_clock_ahead(A_DAY),
        Fault::Back => faults.set_clock_back(A_DAY / 24),
        Fault::Filled | Fault::Failing | Fault::Held if place.is_on_postgres() => {
            let db = place.database().await;
            let statement = format!(
                "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF random() < {} THEN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END IF; \
                 RETURN NEW; END $$",
                rng.f64()
            );
            db.reads().execute_unprepared(&statement).await.unwrap();
            let trigger = "CREATE OR REPLACE TRIGGER full_disk BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION full_disk()";
            db.reads().execute_unprepared(trigger).await.unwrap();
            db.close().await.unwrap();
        }
        Fault::Filled => faults.fill(rng.i64(0..400_000)),
        Fault::Failing if rng.bool() => faults.fail_once_after(rng.i64(0..200), FAILS),
        Fault::Failing => faults.fail_after(rng.i64(0..200), if rng.bool() { FAILS } else { FULL }),
        Fault::Held => {
            let file = format!("sqlite://{}", place.file("vekha.sqlite").display());
            let mut other = SqliteConnection::connect(&file).await.unwrap();
            let held = async { while other.execute("BEGIN IMMEDIATE").await.is_err() {} };
            held.await;
            return Some(other);
        }
    }
    None
}

async fn release(holder: Option<SqliteConnection>) {
    if let Some(mut holder) = holder {
        holder.execute("ROLLBACK").await.unwrap();
        holder.close().await.unwrap();
    }
}

/// Lets nothing fail any more.
async fn end(place: &Place, faults: &Faults) {
    faults.mend();
    faults.set_clock_ahead(Duration::ZERO);
    if place.is_on_postgres() {
        let db = place.database().await;
        db.reads().execute_unprepared("DROP TRIGGER IF EXISTS full_disk ON events").await.unwrap();
        db.close().await.unwrap();
    }
}
