//! What is kept is its owner's alone, whatever mask the process was started with: the folder, what is in it, a backup, and what a backup that
//! everybody could read is restored to.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use super::client::Client;
use super::process::{Place, Process, after};

/// Longer than anything should take; reached only by a test that fails.
const PATIENCE: Duration = Duration::from_secs(30);
const MASK: &str = "umask 022";

/// The files and folders that others may do something with.
fn of_others(path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let metadata = fs::symlink_metadata(path).unwrap();
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        found.push(format!("{} {mode:o}", path.display()));
    }
    if metadata.is_dir() {
        found.extend(fs::read_dir(path).unwrap().flat_map(|entry| of_others(&entry.unwrap().path())));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_on_the_machine_reads_what_is_kept() {
    let place = Place::sqlite();
    let folder = place.file("");
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    fs::write(place.file("vekha.sqlite"), "").unwrap();
    fs::set_permissions(place.file("vekha.sqlite"), Permissions::from_mode(0o644)).unwrap();

    let process = Process::start_after(MASK, &place.command(&["serve"])).await;
    let anna = Client::register(&process.url, "anna").await;
    anna.creates("Nobody else's", &anna).await.unwrap();
    let kept = async {
        while !(place.file("search/current").is_file() && place.file("vekha.sqlite-wal").is_file()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, kept).await.expect("database and index are there");
    assert_eq!(of_others(&folder), Vec::<String>::new());

    let elsewhere = TempDir::new().unwrap();
    let copy = elsewhere.path().join("copy");
    let status = after(MASK, &place.command(&["backup", copy.to_str().unwrap()])).status().await.unwrap();
    assert!(status.success());
    assert_eq!(of_others(&copy), Vec::<String>::new());

    process.kill().await;
    fs::set_permissions(&copy, Permissions::from_mode(0o644)).unwrap();
    let status = after(MASK, &place.command(&["restore", copy.to_str().unwrap()])).status().await.unwrap();
    assert!(status.success());
    assert_eq!(of_others(&folder), Vec::<String>::new());
}
