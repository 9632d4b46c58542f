//! What the program keeps is its owner's alone: the database holds everybody's tasks and the hashes of passwords, the index their texts.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::umask;

/// Bits of the group and of others.
const OF_OTHERS: u32 = 0o077;
/// What a data folder holds, by how the names begin: the database and what lies beside it, the index, the secret, the lock, and drafts of these;
/// and what a volume has of itself.
const OWN: [&str; 7] =
    ["vekha.sqlite", ".vekha.sqlite", "search", "secret", ".secret-", "lock", "lost+found"];
/// Files that are looked at in the folder and those below it, at the most.
const MOST: usize = 10_000;

/// Whatever is made from now on is nobody else's.
pub(crate) fn by_default() {
    umask(Mode::from_raw_mode(OF_OTHERS));
}

/// Takes a folder and what is in it from everybody else, as versions before did not. A folder that holds more than the program's own is left as it
/// is, and said to be so: it may be another's.
pub(crate) fn mend(folder: &Path) {
    match try_mend(folder) {
        Ok(0) => {}
        Ok(mended) => tracing::info!(
            folder = %folder.display(),
            mended,
            "what others could read in the data folder is its owner's alone now"
        ),
        Err(error) => tracing::warn!(
            folder = %folder.display(),
            %error,
            "VEKHA_DATA_DIR: others on this machine may read what is kept there"
        ),
    }
}

/// How many files and folders were others' too.
fn try_mend(folder: &Path) -> io::Result<usize> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)?.take(MOST) {
        names.push(entry?.file_name());
    }
    let is_own = |name: &std::ffi::OsString| {
        let name = name.to_string_lossy();
        OWN.iter().any(|own| name.starts_with(own))
    };
    let (own, others): (Vec<_>, Vec<_>) = names.into_iter().partition(is_own);
    let mut left = MOST;
    let mut mended = 0;
    for name in own.iter().filter(|name| *name != "lost+found") {
        mended += mend_below(&folder.join(name), &mut left)?;
    }
    match others.first() {
        None => Ok(mended + mend_one(folder)?),
        Some(_) if !is_others(folder)? => Ok(mended),
        Some(other) => Err(io::Error::other(format!(
            "it holds {} too, so that its mode was left as it is: it should be 0700",
            other.to_string_lossy()
        ))),
    }
}

fn mend_below(path: &Path, left: &mut usize) -> io::Result<usize> {
    if *left == 0 {
        return Err(io::Error::other("there are too many files in it"));
    }
    *left -= 1;
    let kind = fs::symlink_metadata(path)?.file_type();
    if kind.is_symlink() {
        return Ok(0);
    }
    let mut mended = mend_one(path)?;
    if kind.is_dir() {
        for entry in fs::read_dir(path)? {
            mended += mend_below(&entry?.path(), left)?;
        }
    }
    Ok(mended)
}

fn mend_one(path: &Path) -> io::Result<usize> {
    let mode = match fs::metadata(path) {
        Ok(metadata) => metadata.permissions().mode(),
        // Another process has put it away meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    if mode & OF_OTHERS == 0 {
        return Ok(0);
    }
    fs::set_permissions(path, Permissions::from_mode(mode & !OF_OTHERS))?;
    Ok(1)
}

fn is_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & OF_OTHERS != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn open(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_others_could_read_they_cannot_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("search")).unwrap();
        for name in ["vekha.sqlite", "vekha.sqlite-wal", "secret", "search/meta.json"] {
            fs::write(path(name), "").unwrap();
            open(&path(name), 0o644);
        }
        open(&path("search"), 0o755);
        open(folder.path(), 0o755);
        assert_eq!(try_mend(folder.path()).unwrap(), 6);
        for (name, expected) in
            [("", 0o700), ("search", 0o700), ("search/meta.json", 0o600), ("vekha.sqlite-wal", 0o600)]
        {
            assert_eq!(mode(&path(name)), expected, "{name}");
        }
        assert_eq!(try_mend(folder.path()).unwrap(), 0);
    }

    #[test]
    fn a_folder_with_something_of_somebody_else_is_left_to_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["vekha.sqlite", "somebody-elses"] {
            fs::write(path(name), "").unwrap();
            open(&path(name), 0o644);
        }
        open(folder.path(), 0o755);
        assert!(try_mend(folder.path()).unwrap_err().to_string().contains("somebody-elses"));
        assert_eq!((mode(folder.path()), mode(&path("somebody-elses"))), (0o755, 0o644));
        assert_eq!(mode(&path("vekha.sqlite")), 0o600, "its own it takes");
    }
}
