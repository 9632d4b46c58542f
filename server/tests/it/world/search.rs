//! Worlds whose tasks are found: by the engine inside, or by a real Elasticsearch beside.

use std::sync::Arc;

use server::clock::{Clock, Random};
use server::config::Config;
use server::db::Location;
use server::log::{self, consumer};
use server::search;
use tempfile::TempDir;

use super::{BEGINNING, Hearing, World, database, moment};

/// Declares tests that run on both engines.
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)+) => { $(
        $(#[$meta])*
        async fn $name($world: $crate::world::World) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn tantivy() {
                super::$name($crate::world::World::with_tantivy().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn elasticsearch() {
                super::$name($crate::world::World::with_elasticsearch().await).await;
            }
        }
    )+ };
}
pub(crate) use both_engines;

/// The address of the server that the tests share.
pub(crate) fn elasticsearch() -> String {
    std::env::var("VEKHA_TEST_ELASTICSEARCH_URL").expect(
        "VEKHA_TEST_ELASTICSEARCH_URL names an Elasticsearch for tests; `cargo xtask test` starts one",
    )
}

/// The name of an index that no other test has.
pub(crate) fn index_name() -> String {
    let letters: String = Random.token().unwrap().chars().filter(char::is_ascii_alphanumeric).collect();
    format!("t{}", letters.to_lowercase())
}

impl World {
    /// On SQLite, with the index inside.
    pub(crate) async fn with_tantivy() -> World {
        Self::searching(|_| {}).await
    }

    /// On SQLite, with an index of its own in Elasticsearch.
    pub(crate) async fn with_elasticsearch() -> World {
        Self::with_elasticsearch_at(&elasticsearch()).await
    }

    /// The same at another address.
    pub(crate) async fn with_elasticsearch_at(address: &str) -> World {
        Self::searching(|config| {
            config.elasticsearch_url = Some(address.parse().unwrap());
            config.elasticsearch_index = index_name();
        })
        .await
    }

    /// On PostgreSQL, as a large company has it.
    pub(crate) async fn grown() -> World {
        let folder = TempDir::new().unwrap();
        let location = Location::Postgres { url: database::fresh().await, connections: 12 };
        let mut config = Self::config(location, &folder);
        config.elasticsearch_url = Some(elasticsearch().parse().unwrap());
        config.elasticsearch_index = index_name();
        Self::searching_by(config, folder).await
    }

    async fn searching(change: impl FnOnce(&mut Config)) -> World {
        let folder = TempDir::new().unwrap();
        let mut config = Self::config(Location::Sqlite(folder.path().join("vekha.sqlite")), &folder);
        change(&mut config);
        Self::searching_by(config, folder).await
    }

    async fn searching_by(config: Config, folder: TempDir) -> World {
        let clock = Clock::standing_at(moment(BEGINNING));
        Self::start(config, clock, Arc::new(folder), Hearing::Hints).await.keeps_index()
    }

    /// The same process, ended and started again.
    pub(crate) async fn restarted(self) -> World {
        self.stopped().await.starts().await
    }

    /// The process, ended in order.
    pub(crate) async fn stopped(mut self) -> Stopped {
        self.stop.cancel();
        while self.running.join_next().await.is_some() {}
        Stopped {
            config: self.app.config.clone(),
            clock: self.app.clock.clone(),
            folder: Arc::clone(&self.folder),
        }
    }

    /// Another process of the same company, with the same index where it is beside.
    pub(crate) async fn another_searching_process(&self) -> World {
        let folder = TempDir::new().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..self.app.config.clone() };
        Self::start(config, self.app.clock.clone(), Arc::new(folder), Hearing::Hints).await.keeps_index()
    }

    fn keeps_index(mut self) -> World {
        self.running.spawn(search::keep(Arc::clone(&self.app), self.stop.clone()));
        self
    }

    /// Returns once the index has all that is written now.
    pub(crate) async fn indexed(&self) {
        let db = &self.app.db;
        let mut commits = db.commits();
        let name = self.app.search.engine().consumer().await.unwrap();
        let end = log::end(db).await.unwrap();
        while consumer::place(db, &name, self.app.hub.epoch()).await.unwrap().is_none_or(|place| place < end)
        {
            commits.changed().await.unwrap();
        }
    }
}

/// A process that has ended, and can be started again where it was.
pub(crate) struct Stopped {
    config: Config,
    clock: Clock,
    folder: Arc<TempDir>,
}

impl Stopped {
    pub(crate) async fn starts(self) -> World {
        World::start(self.config, self.clock, self.folder, Hearing::Hints).await.keeps_index()
    }
}
