//! `cargo xtask bench`: what the server takes on a large company, optimised, in figures. Nothing else should run meanwhile.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::postgres::Cluster;
use crate::process;
use crate::tools::{self, POSTGRESQL};

#[derive(Args)]
pub(crate) struct Options {
    what: Bench,
    /// Tasks of the company
    #[arg(long, default_value_t = 1_000_000)]
    tasks: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Bench {
    /// Finding tasks by the index inside
    Search,
    /// Statistics and their export, on both databases
    Export,
    /// One person's list beside another who asks for too much, on both databases
    Load,
}

/// Runs one of them; an answer that is not right fails it.
pub(crate) fn bench(options: &Options) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["bench", "--package", "vekha", "--bench"]);
    cargo.arg(match options.what {
        Bench::Search => "search",
        Bench::Export => "export",
        Bench::Load => "load",
    });
    cargo.args(["--", "--tasks"]).arg(options.tasks.to_string());
    if options.what == Bench::Search {
        return process::run(&mut cargo);
    }
    tools::install(&[&POSTGRESQL])?;
    let cluster = Cluster::start()?;
    process::run(cargo.arg("--postgres").arg(cluster.url()))
}
