//! `cargo xtask check`: everything about the sources that can be told without running the tests.

use anyhow::Result;

use crate::steps::Steps;
use crate::{deny, process, schema, tidy};

/// Runs every check, also after one has failed.
pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || process::run(process::cargo().args(["fmt", "--all", "--check"])));
    steps.run("tidy", tidy::check);
    steps.run("licences, bans, sources", deny::licenses);
    steps.run("advisories", deny::advisories);
    // The client as well: nothing in it is compiled for browsers alone.
    steps.run("clippy", clippy);
    steps.run("schema", schema::check);
    steps.finish()
}

fn clippy() -> Result<()> {
    process::run(process::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}
