//! The contract in `/schema.graphql`: written from the server, and compared with it.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{build, process, workspace};

/// Writes what the server prints.
pub(crate) fn write() -> Result<()> {
    let printed = printed()?;
    fs::write(path(), printed).context("cannot write schema.graphql")
}

/// An error when the file is not what the server prints.
pub(crate) fn check() -> Result<()> {
    let printed = printed()?;
    let kept = fs::read_to_string(path()).context("cannot read schema.graphql")?;
    if let Some(line) = first_difference(&kept, &printed) {
        bail!("schema.graphql differs from the server's at line {line}; `cargo xtask schema` writes it anew");
    }
    Ok(())
}

fn printed() -> Result<String> {
    build::server(false)?;
    process::output(process::command(workspace::vekha(false)).arg("schema"))
}

fn path() -> std::path::PathBuf {
    workspace::root().join("schema.graphql")
}

/// The number of the first line that differs, from 1.
fn first_difference(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a\n", "a"), Some(2));
    }
}
