//! `cargo xtask bench`: what the server takes, optimised, in figures: on a large company, and beside what was written by hand. Nothing
//! else should run meanwhile.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::postgres::{Cluster, Writes};
use crate::tools::{self, POSTGRESQL};
use crate::{process, workspace};

#[derive(Args)]
pub(crate) struct Options {
    what: Bench,
    /// Of `beside`: its scenarios; all where none is named
    scenarios: Vec<String>,
    /// Tasks of the company; a million, and 100,000 of `beside`
    #[arg(long)]
    tasks: Option<u32>,
    /// Of `beside`: how often every entrant has its turn
    #[arg(long)]
    rounds: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Bench {
    /// Finding tasks by the index inside
    Search,
    /// Statistics and their export, on both databases
    Export,
    /// One person's list beside another who asks for too much, on both databases
    Load,
    /// Vekha beside hand-written floors, on both databases
    Beside,
}

/// Runs one of them; an answer that is not right fails it.
pub(crate) fn bench(options: &Options) -> Result<()> {
    let target = match options.what {
        Bench::Search => "search",
        Bench::Export => "export",
        Bench::Load => "load",
        Bench::Beside => return beside(options),
    };
    let mut cargo = process::cargo();
    cargo.args(["bench", "--package", "vekha", "--bench", target, "--", "--tasks"]);
    cargo.arg(options.tasks.unwrap_or(1_000_000).to_string());
    if options.what == Bench::Search {
        return process::run(&mut cargo);
    }
    tools::install(&[&POSTGRESQL])?;
    let cluster = Cluster::start(Writes::InMemory)?;
    process::run(cargo.arg("--postgres").arg(cluster.url()))
}

fn beside(options: &Options) -> Result<()> {
    process::run(process::cargo().args(["build", "--release", "--package", "vekha", "--package", "bench"]))?;
    tools::install(&[&POSTGRESQL])?;
    let cluster = Cluster::start(Writes::OnDisk)?;
    let built = workspace::target().join("release");
    let mut bench = process::command(built.join("bench"));
    bench.arg("beside").args(&options.scenarios);
    bench.arg("--vekha").arg(built.join("vekha")).arg("--postgres").arg(cluster.url());
    for (name, number) in [("--tasks", options.tasks), ("--rounds", options.rounds)] {
        if let Some(number) = number {
            bench.arg(name).arg(number.to_string());
        }
    }
    process::run(&mut bench)
}
