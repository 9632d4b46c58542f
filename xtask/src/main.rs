//! `cargo xtask`: what a person types to run, build, check and test Vekha. Knows how the parts are put together and
//! nothing of what they do.

#![expect(clippy::print_stdout, reason = "a command-line tool: its output is its product")]

mod bench;
mod budget;
mod build;
mod bundle;
mod check;
mod client;
mod deny;
mod elasticsearch;
mod faults;
mod fingerprint;
mod measure;
mod names;
mod playground;
mod postgres;
mod process;
mod run;
mod schema;
mod steps;
mod test;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Builds, runs and tests Vekha.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything and serve it in development mode
    Run(run::Options),
    /// Build the server with the client inside
    Build(build::Options),
    /// Formatting, lints, tidiness, schema and licences
    Check,
    /// Install what the tests need, then run them
    Test(test::Options),
    /// Kill, cut and revoke, and see that nothing is lost
    Faults(faults::Options),
    /// Measure the server on a large company
    Bench(bench::Options),
    /// How fast the client is in a browser
    Measure(measure::Options),
    /// Write /schema.graphql from the server
    Schema,
    /// The rules of the repository that no compiler checks
    Tidy,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Run(options) => run::run(&options),
        Command::Build(options) => build::build(&options).map(|_| ()),
        Command::Check => check::check(),
        Command::Test(options) => test::test(&options),
        Command::Faults(options) => faults::faults(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Measure(options) => measure::measure(&options),
        Command::Schema => schema::write(),
        Command::Tidy => tidy::check(),
    }
}
