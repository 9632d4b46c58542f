//! `cargo xtask measure`: how fast the client is in a browser. Builds the client as it is delivered, and never judges the
//! figures: the script that takes them knows its goals.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::tools::{CHROMIUM, Packages};
use crate::{build, process, tools, workspace};

#[derive(Args)]
pub(crate) struct Options {
    what: Measure,
    /// The server optimised as well; takes several times as long to build
    #[arg(long)]
    release: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measure {
    /// What Lighthouse says of the first page, a list and the board
    Lighthouse,
    /// How long frames take while much is on the page
    Frames,
}

impl Measure {
    fn script(self) -> &'static str {
        match self {
            Measure::Lighthouse => "e2e/lighthouse.mjs",
            Measure::Frames => "e2e/frames.mjs",
        }
    }

    fn packages(self) -> Packages {
        match self {
            Measure::Lighthouse => Packages::All,
            Measure::Frames => Packages::Needed,
        }
    }
}

/// Builds what is measured, and measures it.
pub(crate) fn measure(options: &Options) -> Result<()> {
    let executable = build::build(&build::Options { release: options.release, quick: false })?;
    tools::npm_ci(&workspace::root().join("e2e"), options.what.packages())?;
    tools::install(&[&CHROMIUM])?;
    let mut node = process::command("node");
    node.arg(options.what.script()).env("VEKHA", executable);
    node.envs(tools::chromium().map(|path| ("CHROMIUM", path)));
    process::run(&mut node)
}
