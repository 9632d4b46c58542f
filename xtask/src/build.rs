//! `cargo xtask build`: the server with the client and the playground inside.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::client::Optimised;
use crate::{client, playground, process, tools, workspace};

#[derive(Args)]
pub(crate) struct Options {
    /// Optimised, with the client's files inside the binary
    #[arg(long)]
    pub(crate) release: bool,
    /// The client compiled quickly, neither small nor fast: for the loop of editing and looking
    #[arg(long, conflicts_with = "release")]
    pub(crate) quick: bool,
}

/// Builds all parts and returns the path of the executable. A debug build reads the client's files from `target/` when it
/// runs; a release build carries them.
pub(crate) fn build(options: &Options) -> Result<PathBuf> {
    tools::wasm_target()?;
    tools::node()?;
    client::build(match options {
        Options { quick: true, .. } => Optimised::Hardly,
        Options { quick: false, .. } => Optimised::Wholly,
    })?;
    playground::build(options.release)?;
    server(options.release)?;
    let executable = workspace::vekha(options.release);
    println!("built {}", executable.display());
    Ok(executable)
}

/// Builds the server alone.
pub(crate) fn server(release: bool) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["build", "--package", "vekha"]);
    if release {
        cargo.arg("--release");
    }
    process::run(&mut cargo)
}
