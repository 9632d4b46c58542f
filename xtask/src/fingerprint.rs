//! Skips work whose inputs have not changed: a fingerprint of names, sizes and times of the inputs is kept beside the
//! output. Never reads the contents of an input.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// The inputs of one piece of work. This program is one of them: when it changes, what it made is made again.
pub(crate) struct Inputs {
    paths: Vec<PathBuf>,
    variant: String,
}

impl Inputs {
    /// `variant` tells apart outputs that the same files can have, such as debug and release.
    pub(crate) fn new(variant: &str, paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let paths = paths.into_iter().chain(std::env::current_exe()).collect();
        Self { paths, variant: variant.to_owned() }
    }

    /// Runs `work` unless `stamp` shows that it ran on these very inputs. Folders count with all that is in them; what
    /// does not exist counts as absent. Returns whether it ran.
    pub(crate) fn changed(&self, stamp: &Path, work: impl FnOnce() -> Result<()>) -> Result<bool> {
        let now = self.describe()?;
        if fs::read_to_string(stamp).is_ok_and(|before| before == now) {
            return Ok(false);
        }
        work()?;
        fs::write(stamp, now).with_context(|| format!("cannot write {}", stamp.display()))?;
        Ok(true)
    }

    fn describe(&self) -> Result<String> {
        let mut files = BTreeSet::new();
        for path in &self.paths {
            collect(path, &mut files)?;
        }
        let mut text = format!("{}\n", self.variant);
        for file in files {
            let metadata = file.metadata().with_context(|| format!("cannot read {}", file.display()))?;
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
            writeln!(text, "{} {} {modified}", file.display(), metadata.len())?;
        }
        Ok(text)
    }
}

fn collect(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
            collect(&entry?.path(), files)?;
        }
    } else if path.exists() {
        files.insert(path.to_path_buf());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_done_once_for_the_same_inputs_and_again_for_others() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let input = folder.path().join("input");
        let stamp = folder.path().join("stamp");
        fs::write(&input, "one").expect("written");
        let changed =
            |variant: &str| Inputs::new(variant, [input.clone()]).changed(&stamp, || Ok(())).expect("done");
        assert!(changed("debug"));
        assert!(!changed("debug"));
        fs::write(&input, "other").expect("written");
        assert!(changed("debug"));
        assert!(changed("release"));
        assert!(!changed("release"));
    }

    #[test]
    fn failed_work_is_tried_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let stamp = folder.path().join("stamp");
        let inputs = Inputs::new("debug", []);
        assert!(inputs.changed(&stamp, || anyhow::bail!("broken")).is_err());
        assert!(inputs.changed(&stamp, || Ok(())).expect("done"));
    }
}
