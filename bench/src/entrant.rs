//! A process that is measured: started, found quiet, asked, and gone with what holds it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sqlx::{Connection, PgConnection};

use crate::company::{Company, Database};
use crate::load::{Expected, Outcome, Request};
use crate::{load, processor};

/// How long an index may take to be built.
const QUIET_WITHIN: Duration = Duration::from_mins(10);
const LOOKED_AT: Duration = Duration::from_secs(1);
/// Of a second, what a process that has nothing to do takes at most.
const IDLE: Duration = Duration::from_millis(30);

/// One of those that are compared.
pub(crate) struct Entrant {
    pub(crate) name: &'static str,
    process: Process,
    requests: Requests,
    pub(crate) expected: Expected,
    /// The first process of PostgreSQL, where the rows are there.
    postgres: Option<u32>,
}

/// Made anew for each turn: tokens are good for ten minutes.
pub(crate) type Requests = fn() -> Result<Vec<Request>>;

/// A process that listens.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What came of a turn, for each answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) a_second: f64,
    /// Milliseconds within which half of the answers came.
    pub(crate) half: f64,
    /// Microseconds of the processor: of the entrant, of PostgreSQL, and of what asked.
    pub(crate) server: f64,
    pub(crate) postgres: f64,
    pub(crate) asking: f64,
}

impl Process {
    /// Vekha over this company.
    pub(crate) fn vekha(binary: &Path, company: &Company) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("serve").envs(company.environment());
        Self::start(command)
    }

    /// What was written by hand, over this company.
    pub(crate) fn floor(company: &Company) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("floor");
        match &company.database {
            Database::Sqlite => command.arg("--sqlite").arg(company.file()),
            Database::Postgres(url) => command.arg("--postgres").arg(url),
        };
        Self::start(command)
    }

    /// Starts what says `NAME: http://ADDRESS` once it listens.
    fn start(mut command: Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start an entrant")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("a pipe")?).read_line(&mut line)?;
        let address = line.trim().rsplit_once("http://").map(|(_, address)| address.parse());
        match address {
            Some(Ok(address)) => Ok(Process { child, address }),
            _ => {
                child.kill().ok();
                child.wait().ok();
                bail!("an entrant said {line:?} instead of its address")
            }
        }
    }

    /// Waits until it has done what it does after a start.
    async fn quiet(&self) -> Result<()> {
        let begun = Instant::now();
        let mut before = processor::of(self.child.id())?;
        loop {
            tokio::time::sleep(LOOKED_AT).await;
            let now = processor::of(self.child.id())?;
            if now - before < IDLE {
                return Ok(());
            }
            if begun.elapsed() > QUIET_WITHIN {
                bail!("an entrant does not come to rest");
            }
            before = now;
        }
    }
}

impl Entrant {
    pub(crate) async fn new(
        name: &'static str,
        process: Process,
        company: &Company,
        requests: Requests,
        expected: Expected,
    ) -> Result<Self> {
        let postgres = match &company.database {
            Database::Sqlite => None,
            Database::Postgres(url) => Some(first_process(url).await?),
        };
        process.quiet().await?;
        Ok(Entrant { name, process, requests, expected, postgres })
    }

    /// The answer to the first of its requests.
    pub(crate) async fn answer(&self) -> Result<Vec<u8>> {
        let requests = (self.requests)()?;
        load::ask(self.process.address, requests.first().context("nothing to ask")?).await
    }

    /// Asks it for so long.
    pub(crate) async fn turn(&self, connections: usize, duration: Duration) -> Result<Turn> {
        let requests = (self.requests)()?;
        let before = self.taken()?;
        let address = self.process.address;
        let outcome = load::run(address, &requests, &self.expected, connections, duration).await;
        let outcome = outcome.with_context(|| self.name)?;
        let after = self.taken()?;
        Ok(Turn::of(&outcome, before, after))
    }

    fn taken(&self) -> Result<[Duration; 3]> {
        let postgres = self.postgres.map(processor::of_family).transpose()?;
        Ok([
            processor::of(self.process.child.id())?,
            postgres.unwrap_or_default(),
            processor::of(std::process::id())?,
        ])
    }
}

impl Turn {
    fn of(outcome: &Outcome, before: [Duration; 3], after: [Duration; 3]) -> Self {
        let each = |before: Duration, after: Duration| {
            after.saturating_sub(before).as_secs_f64() * 1e6 / outcome.waits.len() as f64
        };
        let ([server, postgres, asking], [server_then, postgres_then, asking_then]) = (before, after);
        Turn {
            a_second: outcome.a_second(),
            half: outcome.half(),
            server: each(server, server_then),
            postgres: each(postgres, postgres_then),
            asking: each(asking, asking_then),
        }
    }

    /// What the answer took of the processor where it was made.
    pub(crate) fn of_both(&self) -> f64 {
        self.server + self.postgres
    }
}

/// The process that began all others of the PostgreSQL at this address, which is on this machine.
async fn first_process(url: &str) -> Result<u32> {
    let mut connection = PgConnection::connect(url).await?;
    let own: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await?;
    let first = processor::parent(u32::try_from(own)?)?;
    connection.close().await?;
    Ok(first)
}
