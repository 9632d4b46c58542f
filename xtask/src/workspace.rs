//! Where things are in the repository. Never creates anything.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The build folder. The server embeds `target/web` and `target/playground`, so it is always the workspace's own.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// The server's executable.
pub(crate) fn vekha(release: bool) -> PathBuf {
    let profile = if release { "release" } else { "debug" };
    target().join(profile).join(format!("vekha{}", std::env::consts::EXE_SUFFIX))
}
