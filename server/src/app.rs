//! What the parts of a process share. Built once at start; holds no rule and no request.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::auth::{Hashing, Secrets};
use crate::clock::{Clock, Random};
use crate::config::Config;
use crate::db::Database;
use crate::error::Result;
use crate::log::{self, hub::Hub};
use crate::schedule;
use crate::search::{self, Search};

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
    /// Finds tasks.
    pub search: Arc<Search>,
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
        Ok(Arc::new(App { config, db, hub, clock, random: Random, secrets, hashing, search }))
    }

    /// Starts what runs beside requests: the tailer, hints between processes, the schedule, the search index.
    pub fn start(self: &Arc<Self>, stop: &CancellationToken) -> JoinSet<()> {
        let mut tasks = self.follow_log(stop);
        tasks.spawn(schedule::run(Arc::clone(self), stop.clone()));
        tasks.spawn(search::keep(Arc::clone(self), stop.clone()));
        tasks
    }

    /// Starts what makes changes heard: the tailer, and hints between processes.
    pub fn follow_log(&self, stop: &CancellationToken) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        let hints = Arc::new(Notify::new());
        let (db, hub, clock) = (self.db.clone(), Arc::clone(&self.hub), self.clock.clone());
        tasks.spawn(log::tail(db, hub, clock, Arc::clone(&hints), stop.clone()));
        tasks.spawn(log::exchange_hints(self.db.clone(), hints, stop.clone()));
        tasks
    }
}

/// How long a process that goes down waits for what is under way.
pub const DRAIN: Duration = Duration::from_secs(10);
