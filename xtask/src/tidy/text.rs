//! Rules for files of every kind: names, sizes, and words that do not belong in what is committed.

use super::{Source, Violation};

/// Names that say nothing of what is in a file.
const EMPTY_NAMES: [&str; 9] =
    ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "services"];

/// A file of code has one subject; past this it surely has two.
const MAX_LINES: usize = 600;
const CODE: [&str; 5] = ["rs", "mjs", "js", "css", "html"];

/// Written in parts, so that this file does not break its own rule.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];

/// Folders of one machine, and hosts that a mirror would replace.
const PLACES: [&str; 9] = [
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("/Us", "ers/"),
    concat!("registry.", "npmjs.org"),
    concat!("static.", "crates.io"),
    concat!("index.", "crates.io"),
    concat!("pypi", ".org"),
    concat!("deb.", "debian.org"),
];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    if EMPTY_NAMES.contains(&stem) {
        violations.push(source.violation(0, format!("`{stem}` does not say what is in the file")));
    }
    let lines = source.text.lines().count();
    if source.has_extension(&CODE) && lines > MAX_LINES {
        violations.push(source.violation(0, format!("{lines} lines; past {MAX_LINES} it has two subjects")));
    }
    for (number, line) in source.lines() {
        for word in UNFINISHED.into_iter().filter(|word| line.contains(word)) {
            violations.push(source.violation(number, format!("`{word}`: finish it or leave it out")));
        }
        for place in PLACES.into_iter().filter(|place| line.contains(place)) {
            violations
                .push(source.violation(number, format!("`{place}` is a place of one machine or network")));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn a_name_has_to_say_something() {
        assert_eq!(check(&source("server/src/utils.rs", "")).len(), 1);
        assert_eq!(check(&source("web/style/common.css", "")).len(), 1);
        assert_eq!(check(&source("server/src/task/mod.rs", "")).len(), 0);
    }

    #[test]
    fn a_long_file_is_named_and_a_long_list_of_versions_is_not() {
        let long = "line\n".repeat(MAX_LINES + 1);
        assert_eq!(check(&source("server/src/app.rs", &long)).len(), 1);
        assert_eq!(check(&source("e2e/package-lock.json", &long)).len(), 0);
        assert_eq!(check(&source("server/src/app.rs", &"line\n".repeat(MAX_LINES))).len(), 0);
    }

    #[test]
    fn unfinished_work_and_places_are_found_where_they_stand() {
        let text = format!("one\n// {} later\nsee {}someone\n", UNFINISHED[0], PLACES[1]);
        let found = check(&source("README.md", &text));
        assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [2, 3]);
    }
}
