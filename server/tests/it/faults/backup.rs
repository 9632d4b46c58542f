//! Fault 18: a backup taken under writers is whole, and what is restored from it is another life: old cursors are told to read
//! afresh, and everybody signs in anew.

use std::collections::BTreeSet;
use std::process::Output;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::db::{Database, Location};
use server::entity::{event, task};
use tokio::process::Command;
use tokio::task::JoinSet;

use super::client::Client;
use super::killed::is_whole;
use super::process::{Place, Process};
use super::{held, rounds};
use crate::world::empty_postgres;

const WRITERS: usize = 8;

/// Writes until it is told to stop; what was acknowledged.
struct Writing {
    acknowledged: Arc<Mutex<BTreeSet<i64>>>,
    writers: JoinSet<()>,
}

impl Writing {
    fn begin(anna: &Client, petr: &Client) -> Writing {
        let acknowledged = Arc::new(Mutex::new(BTreeSet::new()));
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (anna, petr, acknowledged) = (anna.clone(), petr.clone(), Arc::clone(&acknowledged));
            writers.spawn(async move {
                for number in 0.. {
                    let task = anna.creates(&format!("{writer}.{number}"), &petr).await.unwrap();
                    acknowledged.lock().insert(task);
                }
            });
        }
        Writing { acknowledged, writers }
    }

    fn so_far(&self) -> BTreeSet<i64> {
        self.acknowledged.lock().clone()
    }

    /// Lets others run until something more was acknowledged.
    async fn goes_on(&self) {
        let before = self.so_far().len();
        while self.so_far().len() == before {
            tokio::task::yield_now().await;
        }
    }

    async fn ends(mut self) {
        self.writers.shutdown().await;
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Who listened before hears that they are to read afresh; who works now is heard.
async fn is_another_life(process: &Process, anna: &Client, before: &str) {
    anna.at(&process.url).is_signed_out().await;
    let anna = anna.at(&process.url).signs_in("anna").await;
    let petr = anna.signs_in("petr").await;
    let mut socket = petr.hears_tasks(before).await;
    let heard = socket.next().await.unwrap();
    assert_eq!(heard["__typename"], "Resync");
    let mut socket = petr.hears_tasks(heard["cursor"].as_str().unwrap()).await;
    let number = anna.creates("После восстановления", &petr).await.unwrap();
    assert_eq!(socket.next().await.unwrap()["task"]["number"], number);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    let (place, rounds) = (Place::sqlite(), rounds());
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let before = anna.live_cursor().await;
    let writing = Writing::begin(&anna, &petr);
    let mut backups = Vec::new();
    let (mut written, mut slowest) = (0, std::time::Duration::ZERO);
    for round in 0..rounds {
        writing.goes_on().await;
        let (file, there) = (place.file(&format!("backup-{round}")), writing.so_far());
        let begun = Instant::now();
        let made = place.command(&["backup", file.to_str().unwrap()]).output().await.unwrap();
        assert!(made.status.success(), "{}", said(&made));
        slowest = slowest.max(begun.elapsed());
        is_whole(&Database::connect(&Location::Sqlite(file.clone())).await.unwrap(), &there).await;
        backups.push(file);
        written = there.len();
    }
    let last = backups.last().unwrap();
    let again = place.command(&["backup", last.to_str().unwrap()]).output().await.unwrap();
    assert!(!again.status.success() && said(&again).contains("is there already"), "{}", said(&again));
    let restore = ["restore", last.to_str().unwrap()];
    let refused = place.command(&restore).output().await.unwrap();
    assert!(!refused.status.success() && said(&refused).contains("stop it first"), "{}", said(&refused));
    writing.ends().await;
    process.kill().await;

    // What is no backup changes nothing.
    let present = task::Entity::find().count(place.database().await.reads()).await.unwrap();
    let torn = place.file("torn");
    let bytes = std::fs::read(last).unwrap();
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    let refused = place.command(&["restore", torn.to_str().unwrap()]).output().await.unwrap();
    assert!(!refused.status.success() && said(&refused).contains("cannot be restored"), "{}", said(&refused));
    assert_eq!(task::Entity::find().count(place.database().await.reads()).await.unwrap(), present);

    let restored = place.command(&restore).output().await.unwrap();
    assert!(restored.status.success(), "{}", said(&restored));
    let aside = said(&restored);
    let aside = aside.lines().find_map(|line| line.strip_prefix("The database of before is ")).unwrap();
    let aside = Database::connect(&Location::Sqlite(aside.into())).await.unwrap();
    assert_eq!(task::Entity::find().count(aside.reads()).await.unwrap(), present, "what was there is kept");
    let backed_up = Database::connect(&Location::Sqlite(last.clone())).await.unwrap();
    let expected = task::Entity::find().count(backed_up.reads()).await.unwrap();
    assert_eq!(task::Entity::find().count(place.database().await.reads()).await.unwrap(), expected);

    let process = Process::start(&place).await;
    is_another_life(&process, &anna, &before).await;
    let figures = format!("{written} tasks in the last, each whole, slowest {} ms", slowest.as_millis());
    held("18, SQLite", &format!("{rounds} backups under {WRITERS} writers"), None, &figures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    let place = Place::postgres().await;
    let process = Process::start(&place).await;
    let anna = Client::register(&process.url, "anna").await;
    let petr = Client::register(&process.url, "petr").await;
    let before = anna.live_cursor().await;
    let writing = Writing::begin(&anna, &petr);
    writing.goes_on().await;
    // As if that server had done far more than the one that its database goes to.
    let database = place.database().await;
    event::Entity::update_many()
        .col_expr(event::Column::Xid, sea_orm::sea_query::Expr::cust("xid + 1000000000000"))
        .filter(event::Column::Id.gt(0))
        .exec(database.reads())
        .await
        .unwrap();
    let told = place.command(&["backup", "nowhere"]).output().await.unwrap();
    assert!(told.status.code() == Some(2) && said(&told).contains("pg_dump"), "{}", said(&told));

    let (there, file) = (writing.so_far(), place.file("dump"));
    let dumped = Command::new("pg_dump").arg("--file").arg(&file).arg(place.url()).output().await.unwrap();
    assert!(dumped.status.success(), "{}", said(&dumped));
    writing.ends().await;
    process.kill().await;
    let other = place.on_postgres(empty_postgres().await);
    let filled = Command::new("psql")
        .args(["--quiet", "--set", "ON_ERROR_STOP=1", "--file"])
        .arg(&file)
        .arg(other.url())
        .output()
        .await
        .unwrap();
    assert!(filled.status.success(), "{}", said(&filled));
    let refused = other.command(&["restore", file.to_str().unwrap()]).output().await.unwrap();
    assert!(refused.status.code() == Some(2) && said(&refused).contains("pg_restore"), "{}", said(&refused));
    let restored = other.command(&["restore"]).output().await.unwrap();
    assert!(restored.status.success(), "{}", said(&restored));

    is_whole(&other.database().await, &there).await;
    let process = Process::start(&other).await;
    let busy = other.command(&["restore"]).output().await.unwrap();
    assert!(!busy.status.success() && said(&busy).contains("stop every server first"), "{}", said(&busy));
    is_another_life(&process, &anna, &before).await;
    held(
        "18, PostgreSQL",
        &format!("a dump under {WRITERS} writers"),
        None,
        &format!("{} tasks, each whole", there.len()),
    );
}
