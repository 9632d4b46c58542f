//! What has to be on the machine: found, installed where that can be done without asking, or named in the message.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// The oldest Node whose test runner the browser tests use.
const NODE: u32 = 20;

/// The compiler's target for browsers; rustup adds it where it is missing.
pub(crate) fn wasm_target() -> Result<()> {
    let target = "wasm32-unknown-unknown";
    let libraries =
        process::output(process::command("rustc").args(["--print", "target-libdir", "--target", target]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    process::run(process::command("rustup").args(["target", "add", target]))
        .context("the compiler lacks its target wasm32-unknown-unknown: install rustup, which adds it")
}

/// Node and npm; they cannot be installed from here in a way that suits everyone.
pub(crate) fn node() -> Result<()> {
    let version = process::output(process::command("node").arg("--version"))
        .with_context(|| format!("Node {NODE} or newer is needed: install nodejs"))?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE) {
        bail!("Node {NODE} or newer is needed, and this is {}: install a newer nodejs", version.trim());
    }
    process::output(process::command("npm").arg("--version")).context("npm is needed: install npm")?;
    Ok(())
}

/// Which packages of a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packages {
    /// What its programs and tests need
    Needed,
    /// What measures besides, which is ten times as much
    All,
}

impl Packages {
    /// Under which names it is kept what was installed: all of them hold what is needed.
    fn marks(self) -> &'static [&'static str] {
        match self {
            Packages::Needed => &[".installed-lock.json"],
            Packages::All => &[".installed-lock.json", ".installed-all-lock.json"],
        }
    }
}

/// The packages of a folder, exactly as its `package-lock.json` says; nothing is done when they are there already.
pub(crate) fn npm_ci(folder: &Path, packages: Packages) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("cannot read the package-lock.json of {}", folder.display()))?;
    let modules = folder.join("node_modules");
    let is_marked = |mark| fs::read(modules.join(mark)).is_ok_and(|installed| installed == lock);
    if packages.marks().iter().all(is_marked) {
        return Ok(());
    }
    node()?;
    let mut npm = process::command("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    match packages {
        Packages::Needed => npm.arg("--omit=dev"),
        Packages::All => npm.arg("--include=dev"),
    };
    process::run(&mut npm)?;
    for mark in packages.marks() {
        fs::write(modules.join(mark), &lock)?;
    }
    Ok(())
}

/// A program that the tests run, and the Debian package that has it.
pub(crate) struct Program {
    /// What people call it.
    pub(crate) name: &'static str,
    pub(crate) package: &'static str,
    pub(crate) find: fn() -> Option<PathBuf>,
}

/// The database server; the folder of its programs.
pub(crate) const POSTGRESQL: Program =
    Program { name: "PostgreSQL", package: "postgresql", find: crate::postgres::programs };

/// The browser.
pub(crate) const CHROMIUM: Program = Program { name: "Chromium", package: "chromium", find: chromium };

/// What opens the tables that are exported; without a screen.
pub(crate) const LIBREOFFICE: Program =
    Program { name: "LibreOffice Calc", package: "libreoffice-calc-nogui", find: || on_path("soffice") };

/// The proxy that docker-compose.yml puts before the processes.
pub(crate) const NGINX: Program = Program { name: "nginx", package: "nginx-light", find: nginx };

/// What makes that proxy's certificate.
pub(crate) const OPENSSL: Program =
    Program { name: "OpenSSL", package: "openssl", find: || on_path("openssl") };

/// Installs with apt what is missing, where this user may; an error names what to install otherwise.
pub(crate) fn install(programs: &[&Program]) -> Result<()> {
    let missing: Vec<_> = programs.iter().filter(|program| (program.find)().is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|program| program.name).collect::<Vec<_>>().join(" and ");
    let packages: Vec<_> = missing.iter().map(|program| program.package).collect();
    let Some(apt) = apt() else {
        bail!("the tests need {names}: install the Debian packages {} or their like", packages.join(" "));
    };
    println!("installing {names}");
    let update = process::run(apt().arg("update"));
    process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(&packages))
        .or_else(|error| update.and(Err(error)))
        .with_context(|| format!("the tests need {names}: install {}", packages.join(" ")))?;
    match missing.iter().find(|program| (program.find)().is_none()) {
        Some(program) => bail!("{} is not there though its package was installed", program.name),
        None => Ok(()),
    }
}

/// `apt-get`, quiet and without questions, where there is one and this user may install: root, or sudo without a password.
fn apt() -> Option<fn() -> Command> {
    if !process::succeeds(process::command("apt-get").arg("--version")) {
        None
    } else if is_root() {
        Some(|| {
            let mut command = process::command("apt-get");
            command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
            command
        })
    } else if process::succeeds(process::command("sudo").args(["--non-interactive", "true"])) {
        Some(|| {
            let mut command = process::command("sudo");
            command.args(["--non-interactive", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"]);
            command
        })
    } else {
        None
    }
}

pub(crate) fn is_root() -> bool {
    process::output(process::command("id").arg("--user")).is_ok_and(|id| id.trim() == "0")
}

/// The browser: `CHROMIUM`, or the first that is installed.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].into_iter().find_map(on_path)
}

/// The proxy, where Debian puts it out of people's way.
pub(crate) fn nginx() -> Option<PathBuf> {
    on_path("nginx").or_else(|| Some(PathBuf::from("/usr/sbin/nginx")).filter(|file| file.is_file()))
}

/// Where a program is on `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A folder for tools that are installed for this workspace alone.
pub(crate) fn folder() -> PathBuf {
    workspace::target().join("tools")
}
