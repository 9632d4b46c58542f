//! A company in a fresh database, and people in it who ask through the contract.

mod database;
mod live;
mod person;
mod scribe;
mod search;
mod seed;
mod task;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{Role, validate};
use parking_lot::Mutex;
use sea_orm::{ActiveModelTrait, ConnectionTrait, NotSet, Set, Statement};
use server::app::App;
use server::auth::{Bounds, Cost, Hashing, Precedence, Secrets};
use server::clock::{Clock, Random};
use server::config::{Config, Hsts, Mode};
use server::db::columns::{Locale, SessionId, Stored, Theme, Timestamp, UserId};
use server::db::{Database, Location, Write};
use server::entity::{session, user};
use server::graphql::{Schema, schema};
use server::log;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::device::PASSWORD;

pub(crate) use database::{both_databases, empty_postgres, fresh as fresh_postgres};
pub(crate) use live::Live;
pub(crate) use person::{Answer, Person};
pub(crate) use scribe::{Scribe, written};
pub(crate) use search::{both_engines, elasticsearch};
pub(crate) use seed::seeded;
pub(crate) use task::{NewTask, task};

/// Tuesday, 24 November 2026, 9:00 in UTC: when every world begins.
pub(crate) const BEGINNING: &str = "2026-11-24T09:00:00.000Z";

/// A process of the server over a database of its own.
pub(crate) struct World {
    pub(crate) app: Arc<App>,
    pub(crate) schema: Schema,
    pub(crate) location: Location,
    /// Every statement that the process ran, oldest first.
    pub(crate) statements: Arc<Mutex<Vec<Statement>>>,
    stop: CancellationToken,
    running: JoinSet<()>,
    folder: Arc<TempDir>,
}

/// How a process learns that another one wrote.
#[derive(Clone, Copy)]
enum Hearing {
    Hints,
    Polls,
}

impl World {
    pub(crate) async fn sqlite() -> World {
        let folder = TempDir::new().unwrap();
        let location = Location::Sqlite(folder.path().join("vekha.sqlite"));
        Self::over(location, Clock::standing_at(moment(BEGINNING)), Arc::new(folder), Hearing::Hints).await
    }

    pub(crate) async fn postgres() -> World {
        let folder = TempDir::new().unwrap();
        let location = Location::Postgres { url: database::fresh().await, connections: 12 };
        Self::over(location, Clock::standing_at(moment(BEGINNING)), Arc::new(folder), Hearing::Hints).await
    }

    /// Another process over the same database, with the same clock.
    pub(crate) async fn another_process(&self) -> World {
        self.beside(self.app.clock.clone(), Hearing::Hints).await
    }

    /// Another process over the same database, which hints do not reach.
    pub(crate) async fn another_process_without_hints(&self) -> World {
        self.beside(self.app.clock.clone(), Hearing::Polls).await
    }

    /// Another process over the same database, whose clock is wrong.
    pub(crate) async fn another_process_at(&self, moment: Timestamp) -> World {
        self.beside(Clock::standing_at(moment), Hearing::Hints).await
    }

    async fn beside(&self, clock: Clock, hearing: Hearing) -> World {
        Self::over(self.location.clone(), clock, Arc::clone(&self.folder), hearing).await
    }

    async fn over(location: Location, clock: Clock, folder: Arc<TempDir>, hearing: Hearing) -> World {
        Self::start(Self::config(location, &folder), clock, folder, hearing).await
    }

    fn config(location: Location, folder: &TempDir) -> Config {
        Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: None,
            data_dir: folder.path().to_owned(),
            database: location,
            elasticsearch_url: None,
            elasticsearch_index: "vekha-tasks".to_owned(),
            secrets: None,
            mode: Mode::Development,
            registration: None,
            changes_per_minute: 300,
            hsts: Hsts::Host,
            metrics_token: None,
            trusted_proxies: "127.0.0.0/8,::1".parse().unwrap(),
        }
    }

    async fn start(config: Config, clock: Clock, folder: Arc<TempDir>, hearing: Hearing) -> World {
        let location = config.database.clone();
        let secrets = Secrets::of_key("k1", *b"0123456789abcdef0123456789abcdef");
        let mut db = Database::connect(&location).await.unwrap();
        db.migrate().await.unwrap();
        let statements = Arc::new(Mutex::new(Vec::new()));
        let ran = Arc::clone(&statements);
        db.observe(move |info| ran.lock().push(info.statement.clone()));
        let hashing = Hashing::new(Cost::FOR_TESTS, Bounds { at_once: 8, waiting: 1_000 });
        let app = App::with_database(config, clock, secrets, hashing, db).await.unwrap();
        let stop = CancellationToken::new();
        // Without the schedule: a test says itself when a job runs.
        let running = match hearing {
            Hearing::Hints => app.follow_log(&stop),
            Hearing::Polls => {
                let (db, hub, clock) = (app.db.clone(), Arc::clone(&app.hub), app.clock.clone());
                let mut running = JoinSet::new();
                running.spawn(log::tail(db, hub, clock, Arc::default(), stop.clone()));
                running
            }
        };
        World { schema: schema(Arc::clone(&app)), app, location, statements, stop, running, folder }
    }

    /// Lets time pass for everything that asks the clock.
    pub(crate) fn pass(&self, duration: Duration) {
        self.app.clock.advance(duration);
    }

    /// The same process after what makes changes heard has ended. For a test that makes thousands of them, for nobody.
    pub(crate) async fn telling_nobody(mut self) -> World {
        self.stop.cancel();
        while self.running.join_next().await.is_some() {}
        self
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// How many rows each table has.
    pub(crate) async fn rows(&self) -> BTreeMap<&'static str, i64> {
        let mut rows = BTreeMap::new();
        for table in ["tasks", "comments", "events", "notifications", "idempotency_keys", "users", "sessions"]
        {
            let count = Statement::from_string(
                self.app.db.backend(),
                format!("SELECT COUNT(*) AS count FROM {table}"),
            );
            let row = self.app.db.reads().query_one_raw(count).await.unwrap().unwrap();
            rows.insert(table, row.try_get("", "count").unwrap());
        }
        rows
    }

    /// A person with a session, signed in.
    pub(crate) async fn person(&self, name: &str, role: Role) -> Person {
        let write = self.app.db.write().await.unwrap();
        let row = user::ActiveModel {
            id: NotSet,
            name: Set(name.to_owned()),
            name_key: Set(validate::fold(name)),
            email: Set(format!("{}@example.ru", Random.token().unwrap().to_lowercase())),
            password_hash: Set(self.app.hashing.hash(PASSWORD, Random, Precedence::Known).await.unwrap()),
            role: Set(Stored(role)),
            active: Set(true),
            locale: Set(Some(Stored(Locale::Ru))),
            theme: Set(Stored(Theme::System)),
            time_zone: Set("Europe/Moscow".to_owned()),
            shortcuts: Set(true),
            created_at: Set(self.now()),
            last_seen_at: Set(None),
        };
        let row = row.insert(&*write).await.unwrap();
        let session = self.session(&write, row.id).await;
        write.commit().await.unwrap();
        Person::new(self, row.id, session)
    }

    async fn session(&self, write: &Write, user: UserId) -> SessionId {
        let session = session::ActiveModel {
            id: NotSet,
            user_id: Set(user),
            created_at: Set(self.now()),
            last_used_at: Set(self.now()),
            expires_at: Set(self.now().plus(Duration::from_secs(30 * 24 * 60 * 60))),
            ended_at: Set(None),
            device: Set("a test".to_owned()),
            address: Set("127.0.0.1".to_owned()),
        };
        session.insert(&**write).await.unwrap().id
    }

    pub(crate) async fn admin(&self) -> Person {
        self.person("Ольга Админова", Role::Admin).await
    }

    pub(crate) async fn supervisor(&self) -> Person {
        self.person("Анна Руководова", Role::Supervisor).await
    }

    pub(crate) async fn manager(&self) -> Person {
        self.person("Пётр Иванов", Role::Manager).await
    }

    pub(crate) async fn supervisor_and_manager(&self) -> (Person, Person) {
        (self.supervisor().await, self.manager().await)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A moment out of its RFC 3339 form.
pub(crate) fn moment(text: &str) -> Timestamp {
    Timestamp(chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis())
}
