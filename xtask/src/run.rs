//! `cargo xtask run`: builds everything and serves it in development mode.

use anyhow::Result;
use clap::Args;

use crate::{build, process};

#[derive(Args)]
pub(crate) struct Options {
    /// Fill a fresh data folder with a company of 12 people and 400 tasks
    #[arg(long)]
    demo: bool,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Optimised; takes several times as long to build
    #[arg(long)]
    release: bool,
    /// The client compiled quickly, neither small nor fast: for the loop of editing and looking
    #[arg(long, conflicts_with = "release")]
    quick: bool,
}

/// Builds, then becomes the server: a signal reaches it directly and its exit status is ours.
pub(crate) fn run(options: &Options) -> Result<()> {
    let executable = build::build(&build::Options { release: options.release, quick: options.quick })?;
    let mut server = process::command(executable);
    server.arg("serve").env("VEKHA_MODE", "development");
    if options.demo {
        server.arg("--demo");
    }
    if let Some(listen) = &options.listen {
        server.env("VEKHA_LISTEN", listen);
    }
    let configured = std::env::var("VEKHA_LISTEN").ok();
    let listen = options.listen.clone().or(configured).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    println!("Vekha at http://{listen}, the playground at http://{listen}/playground; Ctrl+C stops it");
    become_process(server)
}

#[cfg(unix)]
fn become_process(mut command: std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_process(mut command: std::process::Command) -> Result<()> {
    process::run(&mut command)
}
