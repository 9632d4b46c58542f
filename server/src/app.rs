//! What the parts of a process share. Built once at start; holds no rule and no request.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::auth::{Hashing, Secrets};
use crate::clock::{Clock, Random};
use crate::config::Config;
use crate::db::{self, Database};
use crate::error::Result;
use crate::log::{self, hub::Hub};
use crate::parts::{Pace, Parts};
use crate::schedule;
use crate::search::{self, Search};
use crate::throttle::Throttles;

/// One process of Vekha.
#[derive(Debug)]
pub struct App {
    /// What it was told.
    pub config: Config,
    /// Rows.
    pub db: Database,
    /// Who listens.
    pub hub: Arc<Hub>,
    /// The present moment.
    pub clock: Clock,
    /// Tokens and keys.
    pub random: Random,
    /// What tokens are signed with.
    pub secrets: Secrets,
    /// Password hashing, bounded.
    pub hashing: Hashing,
    /// How often things may be done.
    pub throttles: Throttles,
    /// Finds tasks.
    pub search: Arc<Search>,
    /// What runs beside requests.
    pub parts: Arc<Parts>,
}

impl App {
    /// Opens the database, brings its schema up to date and finds the end of the log.
    pub async fn open(config: Config, clock: Clock) -> Result<Arc<Self>> {
        let secrets = Secrets::load(&config, Random)?;
        let db = Database::connect(&config.database).await?;
        db.migrate().await?;
        Self::with_database(config, clock, secrets, Hashing::default(), db).await
    }

    /// The same over a database that is open and up to date.
    pub async fn with_database(
        config: Config,
        clock: Clock,
        secrets: Secrets,
        hashing: Hashing,
        db: Database,
    ) -> Result<Arc<Self>> {
        let epoch = log::epoch(&db).await?;
        let hub = Hub::new(epoch, log::end(&db).await?);
        let search = Arc::new(Search::of(&config)?);
        let throttles = Throttles::of(&config);
        Ok(Arc::new(App {
            config,
            db,
            hub,
            clock,
            random: Random,
            secrets,
            hashing,
            throttles,
            search,
            parts: Arc::default(),
        }))
    }

    /// Starts what runs beside requests: the tailer, hints between processes, the schedule, the search index, the watch over writes.
    pub fn start(self: &Arc<Self>, stop: &CancellationToken) -> JoinSet<()> {
        let mut tasks = self.follow_log(stop);
        let (app, stopped) = (Arc::clone(self), stop.clone());
        self.keep(&mut tasks, "schedule", stop, move || schedule::run(Arc::clone(&app), stopped.clone()));
        let (app, stopped) = (Arc::clone(self), stop.clone());
        self.keep(&mut tasks, "search", stop, move || search::keep(Arc::clone(&app), stopped.clone()));
        let (db, stopped) = (self.db.clone(), stop.clone());
        self.keep(&mut tasks, "writes", stop, move || db::watch_writes(db.clone(), stopped.clone()));
        tasks
    }

    /// Starts what makes changes heard: the tailer, and hints between processes.
    pub fn follow_log(&self, stop: &CancellationToken) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let hints = Arc::new(Notify::new());
        let (db, hub, clock) = (self.db.clone(), Arc::clone(&self.hub), self.clock.clone());
        let (heard, stopped) = (Arc::clone(&hints), stop.clone());
        self.keep(&mut tasks, LOG, stop, move || {
            log::tail(db.clone(), Arc::clone(&hub), clock.clone(), Arc::clone(&heard), stopped.clone())
        });
        if self.db.postgres_pool().is_some() {
            let (db, stopped) = (self.db.clone(), stop.clone());
            self.keep(&mut tasks, "hints", stop, move || {
                log::exchange_hints(db.clone(), Arc::clone(&hints), stopped.clone())
            });
        }
        tasks
    }

    /// Whether changes are heard of: the log is read, by a part that runs.
    pub fn follows_log(&self) -> bool {
        self.hub.is_followed() && !self.parts.ended().contains(&LOG)
    }

    fn keep<Part>(
        &self,
        tasks: &mut JoinSet<()>,
        name: &'static str,
        stop: &CancellationToken,
        begin: impl Fn() -> Part + Send + Sync + 'static,
    ) where
        Part: Future<Output = ()> + Send + 'static,
    {
        let (parts, stop) = (Arc::clone(&self.parts), stop.clone());
        tasks.spawn(async move { parts.keep(name, Pace::default(), &stop, begin).await });
    }
}

/// The part that reads the log.
const LOG: &str = "log";
/// How long a process that goes down waits for what is under way.
pub const DRAIN: Duration = Duration::from_secs(10);
