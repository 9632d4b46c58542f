//! `cargo xtask test`: installs what the tests need, runs all of them, and stops what it started.

use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::elasticsearch::Server;
use crate::postgres::{Cluster, Writes};
use crate::steps::Steps;
use crate::tools::{CHROMIUM, LIBREOFFICE, NGINX, OPENSSL, POSTGRESQL, Packages};
use crate::{build, bundle, client, playground, process, tools, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// One part alone
    #[arg(long)]
    only: Option<Part>,
    /// Days in the browser at moments that are hard for calendars, alone
    #[arg(long, conflicts_with = "only")]
    dates: bool,
    /// Part of a test's name: only such tests run
    filter: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The rules
    Domain,
    /// The server and its migrations, on SQLite and on PostgreSQL
    Server,
    /// The client's parts that need no browser
    Web,
    /// A real browser and real protocol clients against the real binary
    Browser,
    /// This tool
    Xtask,
}

/// What runs beside the tests.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) postgres: Option<String>,
    pub(crate) elasticsearch: Option<String>,
}

impl Beside {
    /// How the tests are told.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let postgres = self.postgres.as_deref().map(|url| ("VEKHA_TEST_POSTGRES_URL", url));
        let elasticsearch = self.elasticsearch.as_deref().map(|url| ("VEKHA_TEST_ELASTICSEARCH_URL", url));
        postgres.into_iter().chain(elasticsearch)
    }
}

/// Runs the tests; a part that fails does not stop the later ones.
pub(crate) fn test(options: &Options) -> Result<()> {
    if options.dates {
        return dates(options.filter.as_deref());
    }
    let wanted = |part: Part| options.only.is_none_or(|only| only == part);
    let filter = options.filter.as_deref();
    let filter = filter.as_slice();
    let databases = wanted(Part::Server) || wanted(Part::Browser) || wanted(Part::Xtask);
    let engines = wanted(Part::Server) || wanted(Part::Browser);
    let mut steps = Steps::default();
    let mut cluster = None;
    let mut engine = None;

    let ready = steps
        .run("prerequisites", || prerequisites(databases, wanted(Part::Server), wanted(Part::Browser)))
        && (!databases
            || steps.run("PostgreSQL", || {
                cluster = Some(Cluster::start(Writes::InMemory)?);
                Ok(())
            }))
        && (!engines
            || steps.run("Elasticsearch", || {
                engine = Some(Server::start()?);
                Ok(())
            }));
    if !ready {
        return steps.finish();
    }
    let beside = Beside {
        postgres: cluster.as_ref().map(Cluster::url),
        elasticsearch: engine.as_ref().map(Server::url),
    };

    if wanted(Part::Domain) {
        steps.run("domain", || cargo_test(&["domain"], filter, &Beside::default()));
    }
    if wanted(Part::Xtask) {
        steps.run("xtask", || cargo_test(&["xtask"], filter, &Beside::default()));
    }
    if wanted(Part::Web) {
        steps.run("client", || cargo_test(&["web"], filter, &Beside::default()));
    }
    if wanted(Part::Server) {
        server(&mut steps, filter, &beside);
    }
    if wanted(Part::Browser) && built(&mut steps) {
        steps.run("browser and protocol", || browser(options.filter.as_deref(), &beside));
    }
    steps.finish()
}

/// Nothing else has to run beside them.
fn dates(filter: Option<&str>) -> Result<()> {
    let mut steps = Steps::default();
    if steps.run("prerequisites", || prerequisites(false, false, true)) && built(&mut steps) {
        let files = ["e2e/dates.test.mjs".to_owned()];
        steps.run("dates", || node_test(&files, "1", filter, &Beside::default()));
    }
    steps.finish()
}

/// Whether the binary that browsers are tested with could be built.
fn built(steps: &mut Steps) -> bool {
    steps.run("build client", || client::build(client::Optimised::Wholly))
        && steps.run("build playground", || playground::build(false))
        && steps.run("build server", || build::server(false))
}

fn prerequisites(databases: bool, spreadsheets: bool, browser: bool) -> Result<()> {
    let mut programs = Vec::new();
    if databases {
        programs.push(&POSTGRESQL);
    }
    if spreadsheets {
        programs.push(&LIBREOFFICE);
    }
    if browser {
        programs.extend([&CHROMIUM, &NGINX, &OPENSSL]);
        tools::wasm_target()?;
        tools::node()?;
        tools::npm_ci(&workspace::root().join("e2e"), Packages::Needed)?;
    }
    tools::install(&programs)
}

/// Together they are compiled once: what the schema needs alone would be another build of the drivers of both databases.
const SERVER: [&str; 3] = ["bench", "migration", "vekha"];

/// What measures time runs by itself and one test after the other: a transaction of any test holds back the logs of all, since
/// they share one PostgreSQL.
fn server(steps: &mut Steps, filter: &[&str], beside: &Beside) {
    const MEASURING: [&str; 4] = ["faults", "without_hints", "freshness", "the_worst_document"];
    if !filter.is_empty() {
        steps.run("server", || cargo_test(&SERVER, filter, beside));
        return;
    }
    let tests = |arguments: &[&str]| cargo_test(&SERVER, arguments, beside);
    let apart = MEASURING.into_iter().flat_map(|name| ["--skip", name]);
    let rest: Vec<_> = std::iter::once("--").chain(apart).collect();
    steps.run("server", || tests(&rest));
    let measuring = ["--test", "it", "--", "--test-threads=1"].into_iter().chain(MEASURING);
    steps.run("server under faults", || tests(&measuring.collect::<Vec<_>>()));
}

fn cargo_test(packages: &[&str], arguments: &[&str], beside: &Beside) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.arg("test").args(packages.iter().flat_map(|package| ["--package", package])).args(arguments);
    cargo.envs(beside.variables());
    process::run(&mut cargo)
}

/// Two files at a time, which mostly wait for a page to be drawn; what measures time runs by itself.
fn browser(filter: Option<&str>, beside: &Beside) -> Result<()> {
    const MEASURING: &str = "live.test.mjs";
    let folder = workspace::root().join("e2e");
    let is_test =
        |file: &Path| file.to_string_lossy().ends_with(".test.mjs") && file.parent() == Some(&*folder);
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .context("cannot list e2e")?
        .flatten()
        .map(|entry| entry.path())
        .filter(|file| is_test(file))
        .map(|file| bundle::relative(&file, &workspace::root()))
        .collect::<Result<_>>()?;
    files.sort();
    let (measuring, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.ends_with(MEASURING));
    if measuring.is_empty() || others.is_empty() {
        bail!("there are no tests in {}, or not {MEASURING}", folder.display());
    }
    let measured = node_test(&measuring, "1", filter, beside);
    node_test(&others, "2", filter, beside).and(measured)
}

/// Runs files of tests, so many at a time.
fn node_test(files: &[String], at_once: &str, filter: Option<&str>, beside: &Beside) -> Result<()> {
    let mut node = process::command("node");
    node.args(["--test", "--test-reporter=spec", "--test-concurrency", at_once]);
    node.args(filter.map(|filter| format!("--test-name-pattern={filter}")));
    node.args(files);
    node.env("VEKHA", workspace::vekha(false));
    node.envs(tools::chromium().map(|path| ("CHROMIUM", path)));
    node.envs(tools::nginx().map(|path| ("NGINX", path)));
    node.envs(crate::postgres::programs().map(|programs| ("PSQL", programs.join("psql"))));
    node.envs(beside.variables());
    process::run(&mut node)
}
