//! `cargo xtask bench beside`: what Vekha takes beside hand-written floors that do the same work over the same rows, on the same cores
//! in one run. Rounds are interleaved, and what counts is the median of the ratios within a round: figures of a machine that does
//! other things move together. Every body is looked at before it is timed.
//!
//! Never a part of the product, and never a test: a figure fails nothing but this command.

#![allow(
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "figures are of this moment of this machine, rounded when they are printed; printing them is what this is for"
)]

mod account;
mod company;
mod entrant;
mod floor;
mod load;
mod processor;
mod ratio;
mod report;
mod scenario;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use scenario::Scenario;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures
    Beside(Options),
    /// Serves what is measured beside Vekha
    Floor(floor::Options),
}

/// What is measured, and how long.
#[derive(Args, Clone)]
pub(crate) struct Options {
    /// The scenarios; all where none is named
    pub(crate) scenarios: Vec<Scenario>,
    /// The optimised binary of Vekha
    #[arg(long)]
    pub(crate) vekha: PathBuf,
    /// The address of a PostgreSQL that is measured as well, with its writes on the disk
    #[arg(long)]
    pub(crate) postgres: Option<String>,
    /// Tasks of the company
    #[arg(long, default_value_t = 100_000)]
    pub(crate) tasks: u32,
    /// Rounds of each scenario, in which every entrant has its turn
    #[arg(long, default_value_t = 5)]
    pub(crate) rounds: u32,
    /// Seconds of a turn
    #[arg(long, default_value_t = 3)]
    pub(crate) seconds: u64,
    /// Connections that ask at once
    #[arg(long, default_value_t = 16)]
    pub(crate) connections: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Beside(options) => scenario::run(&options).await,
        Command::Floor(options) => floor::serve(&options).await,
    }
}
