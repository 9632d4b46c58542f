//! A disk that fails and a clock that is wrong, for processes that are started so: what `io-faults` reads, written from here.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

/// Files that faults are for.
const FILES: &str = "vekha.sqlite";

const MODE: u64 = 0;
const LEFT: u64 = 1;
const ERRNO: u64 = 2;
const FAILED: u64 = 4;
const AHEAD: u64 = 5;

/// `EIO`
pub(super) const FAILS: i64 = 5;
/// `ENOSPC`
pub(super) const FULL: i64 = 28;

/// What disk and clock of the processes of a place do.
pub(super) struct Faults {
    path: PathBuf,
    control: File,
}

impl Faults {
    pub(super) fn of(folder: &Path) -> Faults {
        let path = folder.join("faults");
        let control =
            OpenOptions::new().create(true).truncate(true).read(true).write(true).open(&path).unwrap();
        control.write_all_at(&[0; 64], 0).unwrap();
        Faults { path, control }
    }

    /// A process that is started so has these faults.
    pub(super) fn put_into(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", library())
            .env("VEKHA_IO_FAULTS", &self.path)
            .env("VEKHA_IO_FAULTS_FILES", FILES);
    }

    fn set(&self, place: u64, value: i64) {
        self.control.write_all_at(&value.to_ne_bytes(), place * 8).unwrap();
    }

    fn get(&self, place: u64) -> i64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, place * 8).unwrap();
        i64::from_ne_bytes(bytes)
    }

    fn begin(&self, mode: i64, left: i64, error: i64) {
        for (place, value) in [(MODE, 0), (LEFT, left), (ERRNO, error), (FAILED, 0), (MODE, mode)] {
            self.set(place, value);
        }
    }

    /// The call that comes after so many fails.
    pub(super) fn fail_once_after(&self, calls: i64, error: i64) {
        self.begin(1, calls, error);
    }

    /// The call that comes after so many fails, and every later one.
    pub(super) fn fail_after(&self, calls: i64, error: i64) {
        self.begin(2, calls, error);
    }

    /// Files can grow by so many bytes and no more.
    pub(super) fn fill(&self, left: i64) {
        self.begin(3, left, FULL);
    }

    /// The disk is as it should be again. Gives how many calls failed.
    pub(super) fn mend(&self) -> i64 {
        self.set(MODE, 0);
        self.get(FAILED)
    }

    /// The clock on the wall is ahead by so much.
    pub(super) fn set_clock_ahead(&self, by: Duration) {
        self.set(AHEAD, i64::try_from(by.as_millis()).unwrap());
    }

    /// The clock on the wall is behind by so much.
    pub(super) fn set_clock_back(&self, by: Duration) {
        self.set(AHEAD, -i64::try_from(by.as_millis()).unwrap());
    }
}

/// Cargo puts it beside the tests.
fn library() -> PathBuf {
    let beside = std::env::current_exe().unwrap().with_file_name("libio_faults.so");
    assert!(beside.is_file(), "{} is made with the tests", beside.display());
    beside
}
