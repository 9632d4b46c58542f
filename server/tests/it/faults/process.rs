//! The real binary, started, killed and started again.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use server::db::{Database, Location};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use super::io::Faults;
use crate::world::{empty_postgres, fresh_postgres};

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(90);

/// Who shows it reads the figures of a process, and who holds its log back.
const METRICS_TOKEN: &str = "reads-the-figures-of-tests";

/// What a process says at an address that is for operators.
pub(super) async fn told_to_operators(url: &str, path: &str) -> String {
    let asked = reqwest::Client::new().get(format!("{url}{path}")).bearer_auth(METRICS_TOKEN);
    asked.send().await.unwrap().text().await.unwrap()
}

/// Where processes keep what they know.
#[derive(Clone)]
pub(super) struct Place {
    folder: Arc<TempDir>,
    postgres: Option<String>,
    faults: Option<Arc<Faults>>,
}

impl Place {
    pub(super) fn sqlite() -> Place {
        Place { folder: Arc::new(TempDir::new().unwrap()), postgres: None, faults: None }
    }

    pub(super) async fn postgres() -> Place {
        Place { postgres: Some(fresh_postgres().await), ..Place::sqlite() }
    }

    /// A database of PostgreSQL without a schema.
    pub(super) async fn empty_postgres() -> Place {
        Place { postgres: Some(empty_postgres().await), ..Place::sqlite() }
    }

    /// The same folder, with another database.
    pub(super) fn on_postgres(&self, url: String) -> Place {
        Place { postgres: Some(url), ..self.clone() }
    }

    /// The same, where disk and clock of servers do what is said.
    pub(super) fn with_faults(self) -> (Place, Arc<Faults>) {
        let faults = Arc::new(Faults::of(self.folder.path()));
        (Place { faults: Some(Arc::clone(&faults)), ..self }, faults)
    }

    /// Whether it is on PostgreSQL.
    pub(super) fn is_on_postgres(&self) -> bool {
        self.postgres.is_some()
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
        command.env("VEKHA_METRICS_TOKEN", METRICS_TOKEN);
        // One person writes what many would.
        command.env("VEKHA_CHANGES_PER_MINUTE", "1000000");
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
        Self::start_logging(place, Stdio::inherit(), "error").await
    }

    /// The same, with its log somewhere else.
    pub(super) async fn start_logging(place: &Place, log: Stdio, filter: &str) -> Process {
        let mut command = place.command(&["serve"]);
        if let Some(faults) = &place.faults {
            faults.put_into(&mut command);
        }
        Self::start_by(command, log, filter).await
    }

    /// Starts one by a shell that has done something before.
    pub(super) async fn start_after(before: &str, command: &Command) -> Process {
        Self::start_by(after(before, command), Stdio::inherit(), "error").await
    }

    async fn start_by(mut command: Command, log: Stdio, filter: &str) -> Process {
        let begun = Instant::now();
        command
            .env("VEKHA_LOG", filter)
            .stderr(log)
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

    /// SIGTERM: what is under way is finished. Whether it ended well.
    pub(super) async fn terminate(mut self) -> bool {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").arg(id).status().await.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("the process ends").unwrap().success()
    }

    /// Its standard error, where that is a pipe.
    pub(super) fn takes_log(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// SIGKILL: nothing is finished.
    pub(super) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// The command, given by a shell that has done something before.
pub(super) fn after(before: &str, command: &Command) -> Command {
    let command = command.as_std();
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("{before} && exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}
