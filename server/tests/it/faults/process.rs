//! The real binary, started, killed and started again.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use server::db::{Database, Location};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

use crate::world::fresh_postgres;

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where processes keep what they know.
#[derive(Clone)]
pub(super) struct Place {
    folder: Arc<TempDir>,
    postgres: Option<String>,
}

impl Place {
    pub(super) fn sqlite() -> Place {
        Place { folder: Arc::new(TempDir::new().unwrap()), postgres: None }
    }

    pub(super) async fn postgres() -> Place {
        Place { postgres: Some(fresh_postgres().await), ..Place::sqlite() }
    }

    /// The same folder, with another database.
    pub(super) fn on_postgres(&self, url: String) -> Place {
        Place { postgres: Some(url), ..self.clone() }
    }

    /// A file in the folder.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The address of the database on PostgreSQL.
    pub(super) fn url(&self) -> &str {
        self.postgres.as_deref().unwrap()
    }

    /// A command of the binary, over what is here.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vekha"));
        command.args(arguments).env("VEKHA_DATA_DIR", self.folder.path()).env("VEKHA_LOG", "error");
        if let Some(url) = &self.postgres {
            command.env("VEKHA_DATABASE_URL", url);
            command.env("VEKHA_SECRETS", "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        }
        command
    }

    /// The same database, seen beside the processes.
    pub(super) async fn database(&self) -> Database {
        let location = match &self.postgres {
            Some(url) => Location::Postgres { url: url.clone(), connections: 3 },
            None => Location::Sqlite(self.folder.path().join("vekha.sqlite")),
        };
        Database::connect(&location).await.unwrap()
    }
}

/// A process of the server. Killed when dropped.
pub(super) struct Process {
    /// Where it is reached.
    pub(super) url: String,
    /// From being started to being ready.
    pub(super) began_in: Duration,
    child: Child,
    // Held open: a process whose output nobody takes would end.
    _output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts one and waits until it is ready.
    pub(super) async fn start(place: &Place) -> Process {
        let begun = Instant::now();
        let mut command = place.command(&["serve"]);
        command
            .env("VEKHA_LISTEN", "127.0.0.1:0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let announced = tokio::time::timeout(PATIENCE, output.read_line(&mut line)).await;
        announced.expect("the process says where it is").unwrap();
        let url =
            line.trim().strip_prefix("Vekha: ").unwrap_or_else(|| panic!("it said {line:?}")).to_owned();
        let ready = async {
            while !reqwest::get(format!("{url}/health/ready"))
                .await
                .is_ok_and(|answer| answer.status().is_success())
            {}
        };
        tokio::time::timeout(PATIENCE, ready).await.expect("the process becomes ready");
        Process { url, began_in: begun.elapsed(), child, _output: output }
    }

    /// SIGKILL: nothing is finished.
    pub(super) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}
