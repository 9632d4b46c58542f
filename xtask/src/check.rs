//! `cargo xtask check`: everything about the sources that can be told without running the tests.

use anyhow::Result;

use crate::steps::Steps;
use crate::{deny, process, schema, tidy, tools};

/// Runs every check, also after one has failed.
pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || process::run(process::cargo().args(["fmt", "--all", "--check"])));
    steps.run("tidy", tidy::check);
    steps.run("licences, bans, sources", deny::licenses);
    steps.run("advisories", deny::advisories);
    steps.run("clippy", || clippy(&["--workspace", "--exclude", "web", "--all-targets"]));
    steps.run("clippy, client", || {
        tools::wasm_target()?;
        clippy(&["--package", "web", "--target", "wasm32-unknown-unknown"])
    });
    steps.run("clippy, client's tests", || clippy(&["--package", "web", "--all-targets"]));
    steps.run("schema", schema::check);
    steps.finish()
}

fn clippy(selection: &[&str]) -> Result<()> {
    process::run(process::cargo().arg("clippy").args(selection).args(["--", "--deny", "warnings"]))
}
