//! `cargo xtask faults`: what must hold while processes are killed, connections are cut and rights are taken away. Tries each
//! fault alone, as often as asked, and prints a table. The numbers are those of the fault requirements.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::elasticsearch::Server;
use crate::postgres::{Cluster, Writes};
use crate::process;
use crate::test::Beside;
use crate::tools::{self, POSTGRESQL};

#[derive(Args)]
pub(crate) struct Options {
    /// How much is tried: 2 is what every test run does, 20 gives the figures of the requirements
    #[arg(long, default_value_t = 2)]
    rounds: u32,
    /// These faults alone, by number
    only: Vec<u8>,
}

/// A fault, and the tests of the server that try it.
struct Fault {
    number: u8,
    what: &'static str,
    tests: &'static [&'static str],
}

const FAULTS: &[Fault] = &[
    Fault { number: 1, what: "kill -9 under writers", tests: &["faults::killed::"] },
    Fault { number: 2, what: "kill -9 between commit and hint", tests: &["faults::unhinted::"] },
    Fault { number: 3, what: "client cut at random", tests: &["faults::cut::"] },
    Fault { number: 4, what: "role revoked in a stream of events", tests: &["faults::revoked::"] },
    Fault { number: 5, what: "refresh race across two processes", tests: &["refresh::two_processes_race"] },
    Fault { number: 6, what: "overdue job on three processes", tests: &["faults::overdue::"] },
    Fault { number: 7, what: "many writers on SQLite", tests: &["faults::busy::"] },
    Fault {
        number: 8,
        what: "headers and bodies that do not end",
        tests: &["faults_http::a_header_that_does_not_end", "faults_http::a_body_that_drips"],
    },
    Fault { number: 9, what: "fragment bombs", tests: &["faults_http::under_fragment_bombs"] },
    Fault { number: 10, what: "log replayed into the search index", tests: &["faults::replayed::"] },
    Fault { number: 11, what: "search engine down, slow, refusing", tests: &["faults::engine_down::"] },
    Fault { number: 12, what: "search engine back, index deleted", tests: &["faults::engine_back::"] },
    Fault { number: 13, what: "database away", tests: &["faults_http::while_the_database_is_away"] },
    Fault { number: 14, what: "hints lost", tests: &["processes::without_hints"] },
    Fault { number: 15, what: "readers that never read", tests: &["faults::readers::"] },
    Fault {
        number: 16,
        what: "SIGTERM with open sockets",
        tests: &["faults_http::a_process_that_is_told_to_end"],
    },
    Fault { number: 18, what: "backup under writers, and restore", tests: &["faults::backup::"] },
    Fault { number: 19, what: "migrations up, down, up; two at once", tests: &["migrations::"] },
    Fault {
        number: 21,
        what: "disk full or failing, database held",
        tests: &["faults::disk::", "faults::held::", "faults::kept::"],
    },
    Fault { number: 22, what: "log that cannot be written", tests: &["faults::mute::"] },
    Fault { number: 23, what: "clock ahead, clock back", tests: &["faults::wrong_clock::", "clocks::"] },
    Fault { number: 24, what: "what a later version writes", tests: &["newer::"] },
    Fault {
        number: 25,
        what: "a transaction that is left open",
        tests: &["faults::left_open::", "log::a_transaction_in_another_database"],
    },
    Fault { number: 26, what: "starting while the schema is changed", tests: &["faults::migrating::"] },
    Fault { number: 27, what: "one account with the dearest documents", tests: &["faults::crowded::"] },
    Fault { number: 28, what: "database hangs in an execution", tests: &["faults::hung::"] },
];

/// The faults that need a search engine beside.
const SEARCH: [u8; 4] = [10, 11, 12, 24];

/// What came of a fault.
struct Outcome {
    fault: &'static Fault,
    /// `tried | seed | figures`, as the tests say them; may be none.
    figures: Vec<String>,
    took: Duration,
    failed: Option<String>,
}

/// Tries them; one that does not hold does not stop the later ones.
pub(crate) fn faults(options: &Options) -> Result<()> {
    tools::install(&[&POSTGRESQL])?;
    let cluster = Cluster::start(Writes::InMemory)?;
    let wanted = |fault: &&Fault| options.only.is_empty() || options.only.contains(&fault.number);
    let searches = FAULTS.iter().filter(wanted).any(|fault| SEARCH.contains(&fault.number));
    let engine = if searches { Some(Server::start()?) } else { None };
    let beside = Beside { postgres: Some(cluster.url()), elasticsearch: engine.as_ref().map(Server::url) };
    let outcomes: Vec<Outcome> =
        FAULTS.iter().filter(wanted).map(|fault| attempt(fault, options.rounds, &beside)).collect();
    drop((cluster, engine));
    println!("\n{:>5}  {:<38} {:<7} {:>7}  tried | seed | figures", "fault", "", "result", "time");
    for Outcome { fault, figures, took, failed } in &outcomes {
        let result = if failed.is_some() { "FAILED" } else { "held" };
        let figures = figures.join(&format!("\n{:61}", ""));
        println!(
            "{:>5}  {:<38} {result:<7} {:>5.1} s  {figures}",
            fault.number,
            fault.what,
            took.as_secs_f64()
        );
    }
    let failed: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.failed.as_deref()).collect();
    if failed.is_empty() { Ok(()) } else { bail!("not all faults are withstood:\n{}", failed.join("\n")) }
}

fn attempt(fault: &'static Fault, rounds: u32, beside: &Beside) -> Outcome {
    println!("\n== fault {}: {}", fault.number, fault.what);
    let mut cargo = process::cargo();
    cargo.args(["test", "--package", "vekha", "--test", "it", "--"]).args(fault.tests);
    // One after the other: they measure time.
    cargo.args(["--nocapture", "--test-threads=1"]);
    cargo.envs(beside.variables()).env("VEKHA_FAULT_ROUNDS", rounds.to_string());
    let start = Instant::now();
    let mut figures = Vec::new();
    let ended = watch(&mut cargo, &mut figures);
    let failed = ended.err().map(|error| format!("{}: {error:#}", fault.number));
    Outcome { fault, figures, took: start.elapsed(), failed }
}

/// Runs the tests with their output on the terminal, and keeps what they say of themselves.
fn watch(cargo: &mut Command, figures: &mut Vec<String>) -> Result<()> {
    let mut child = cargo.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let output = child.stdout.take().context("no output")?;
    let mut passed = 0;
    for line in BufReader::new(output).lines() {
        let line = line.context("cannot read the output of the tests")?;
        println!("{line}");
        if let Some(said) = line.strip_prefix("fault ") {
            figures.push(said.split_once(" | ").map_or(said, |(_, said)| said).to_owned());
        }
        passed += passed_tests(&line);
    }
    let status = child.wait().context("cannot wait for cargo")?;
    if !status.success() {
        bail!("{status}");
    }
    if passed == 0 {
        bail!("no test of that name");
    }
    Ok(())
}

/// How many tests passed, from the line in which libtest says it.
fn passed_tests(line: &str) -> u32 {
    let passed = line.strip_prefix("test result: ok. ").and_then(|rest| rest.split_once(" passed"));
    passed.and_then(|(count, _)| count.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_in_which_nothing_passed_is_seen() {
        assert_eq!(passed_tests("test result: ok. 3 passed; 0 failed; 0 ignored"), 3);
        assert_eq!(passed_tests("test result: ok. 0 passed; 0 failed; 0 ignored"), 0);
        assert_eq!(passed_tests("test faults::cut::a ... ok"), 0);
    }
}
