//! What `docs/security.md` names exists: a test that was renamed or taken out leaves no promise behind that nothing keeps.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where the tests of that name are.
fn source(file: &str) -> Option<String> {
    let places = [
        format!("server/tests/it/{file}.rs"),
        format!("server/tests/it/{file}/mod.rs"),
        format!("server/src/{file}.rs"),
        format!("domain/tests/it/{file}.rs"),
    ];
    places.iter().find_map(|place| fs::read_to_string(root().join(place)).ok())
}

/// Each test that the text names and that there is not.
fn missing(text: &str) -> Vec<String> {
    let named = Regex::new("`([a-z0-9_/]+)::([a-z0-9_]+)`").unwrap();
    let exists = |file: &str, function: &str| {
        source(file).is_some_and(|text| Regex::new(&format!(r"\bfn {function}\(")).unwrap().is_match(&text))
    };
    named
        .captures_iter(text)
        .map(|name| (name[1].to_owned(), name[2].to_owned()))
        .filter(|(file, function)| !exists(file, function))
        .map(|(file, function)| format!("{file}::{function}"))
        .collect()
}

#[test]
fn every_test_that_is_named_exists() {
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    assert_eq!(missing(&text), [""; 0]);
    assert_eq!(missing("`promises::no_such_test` `no_such_file::x` `promises::missing`").len(), 2);
}

#[test]
fn every_row_says_what_keeps_it() {
    let text = fs::read_to_string(root().join("docs/security.md")).unwrap();
    let (_, table) = text.split_once("|---|---|---|\n").unwrap();
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 40);
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 3, "{row}");
        let is_kept =
            cells[2].contains("::") || cells[2].contains("**") || cells[2].contains("none is asked for");
        assert!(is_kept, "{row}");
    }
}
