//! How many files the process may have open, and how many of them connections may be. A process that runs out of them can
//! accept nobody and open no file of its own, so connections stay below.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The soft limit is raised no further: what is counted in the kernel by each possible descriptor stays small.
const MOST_FILES: u64 = 65_536;
/// Connections are no more, however many files there may be: each holds up to a quarter of a megabyte in the kernel.
const MOST_CONNECTIONS: u64 = 16_384;
/// The least that is left for the database, the index and the log.
const RESERVED: u64 = 64;

/// Raises the soft limit of open files as far as the hard one allows, and says how many connections there may be.
pub fn connections() -> usize {
    usize::try_from(connections_of(raised())).unwrap_or(usize::MAX)
}

/// What of so many files connections may be: an eighth stays free.
fn connections_of(files: u64) -> u64 {
    files.saturating_sub(RESERVED.max(files / 8)).clamp(1, MOST_CONNECTIONS)
}

/// The limit after it was raised. `None` of the system's stands for no limit.
fn raised() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let current = current.unwrap_or(MOST_FILES);
    let wanted = maximum.unwrap_or(MOST_FILES).min(MOST_FILES);
    if wanted <= current {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files stays at {current}");
            current
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_everything_else() {
        assert_eq!(connections_of(256), 192);
        assert_eq!(connections_of(1_024), 896);
        assert_eq!(connections_of(65_536), MOST_CONNECTIONS);
        assert_eq!(connections_of(10), 1);
    }
}
