//! A private PostgreSQL for the tests: started on a folder of its own, reached through a socket in it, gone afterwards.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{process, tools};

/// Every test holds connections of its own, and tests run side by side.
const CONNECTIONS: u32 = 400;
const START: Duration = Duration::from_secs(30);

/// Where it has what was committed.
#[derive(Clone, Copy)]
pub(crate) enum Writes {
    /// Not necessarily on the disk: tests lose nothing that they need.
    InMemory,
    /// On the disk, as in use: what is measured has to last.
    OnDisk,
}

impl Writes {
    fn settings(self) -> &'static [&'static str] {
        match self {
            // Commits stay synchronous: see `docs/flaky-tests.md`.
            Writes::InMemory => &["fsync=off", "full_page_writes=off"],
            Writes::OnDisk => &[],
        }
    }
}

/// A running server; stopped and removed when dropped.
pub(crate) struct Cluster {
    folder: PathBuf,
    server: Child,
}

impl Cluster {
    /// Starts a fresh one. Has to be called from the main thread: where the system offers it, the server is told to stop
    /// when the thread that started it ends, so that it does not outlive a killed run.
    pub(crate) fn start(writes: Writes) -> Result<Self> {
        let programs = programs().context("PostgreSQL is not installed")?;
        // A socket's path may have 107 bytes at most, and the server's user has to reach it: not a folder of the workspace.
        let folder = std::env::temp_dir().join(format!("vekha-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        if tools::is_root() {
            process::run(process::command("chown").arg("postgres").arg(&folder))?;
        }
        let data = folder.join("data");
        let mut initdb = as_its_user(&programs.join("initdb"), &folder);
        initdb.args([
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        process::output(initdb.arg("--pgdata").arg(&data))?;

        let log = File::create(log(&folder))?;
        let mut postgres = as_its_user(&programs.join("postgres"), &folder);
        postgres.arg("-D").arg(&data).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let sockets = format!("unix_socket_directories={}", folder.display());
        let connections = format!("max_connections={CONNECTIONS}");
        let settings = ["listen_addresses=", &sockets, &connections];
        for setting in settings.iter().chain(writes.settings()) {
            postgres.args(["-c", setting]);
        }
        let server = postgres.spawn().context("cannot start PostgreSQL")?;
        let mut cluster = Self { folder, server };
        cluster.wait(&programs)?;
        Ok(cluster)
    }

    /// The address of the database `postgres`, in the form that libpq and sqlx both read.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.display())
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let start = Instant::now();
        while !process::succeeds(
            process::command(programs.join("pg_isready")).arg("--host").arg(&self.folder),
        ) {
            if self.server.try_wait()?.is_some() || start.elapsed() > START {
                let log = fs::read_to_string(log(&self.folder)).unwrap_or_default();
                bail!("PostgreSQL did not start:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown: connections are closed, its processes end, the socket goes.
        let asked = process::succeeds(process::command("kill").arg("-INT").arg(self.server.id().to_string()));
        if !asked {
            self.server.kill().ok();
        }
        self.server.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// The folder of the server's programs: the newest that is installed.
pub(crate) fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let newest = debian.filter(|folder| folder.join("initdb").is_file()).max_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    newest.or_else(|| tools::on_path("initdb")?.parent().map(Path::to_path_buf))
}

/// PostgreSQL refuses to run as root: there it runs as its own user.
fn as_its_user(program: &Path, folder: &Path) -> Command {
    let mut command = if tools::on_path("setpriv").is_some() {
        let mut setpriv = process::command("setpriv");
        setpriv.arg("--pdeathsig=INT");
        if tools::is_root() {
            setpriv.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=-all"]);
        }
        setpriv.arg(program);
        setpriv
    } else {
        process::command(program)
    };
    command.current_dir(folder);
    command
}

fn log(folder: &Path) -> PathBuf {
    folder.join("log")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let cluster = Cluster::start(Writes::InMemory).expect("started");
        let psql = programs().expect("installed").join("psql");
        let answer =
            process::output(process::command(psql).arg(cluster.url()).args(["-Atc", "select 6 * 7"]));
        assert_eq!(answer.expect("answered").trim(), "42");
        let folder = cluster.folder.clone();
        drop(cluster);
        assert!(!folder.exists());
    }
}
