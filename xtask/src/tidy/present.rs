//! What tests may not ask: which day the machine thinks it is. A test that asks is red on days that nobody has seen yet. Browsers and the
//! servers behind them go by `e2e/harness/clock.mjs`, a `World` by the clock that it was given.

use super::rust::without_comment;
use super::{Source, Violation};

/// Written in parts, so that this file does not break its own rule.
const ASKS: [&str; 6] = [
    concat!("Date.", "now("),
    concat!("new Date", "()"),
    concat!("Utc::", "now("),
    concat!("Local::", "now("),
    concat!("SystemTime::", "now("),
    concat!("Clock::", "System"),
];

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let is_script = source.has_extension(&["mjs", "js"]) && source.path.starts_with("e2e/");
    let is_rust = source.has_extension(&["rs"]);
    if !is_script && !is_rust {
        return Vec::new();
    }
    let mut violations = Vec::new();
    let mut in_tests = is_script || source.path.contains("/tests/") || source.path.ends_with("/tests.rs");
    for (number, line) in source.lines() {
        let code = without_comment(line);
        in_tests |= code.trim() == "#[cfg(test)]";
        for asks in ASKS.into_iter().filter(|asks| in_tests && code.contains(asks)) {
            let rule = format!("`{asks}`: a test does not ask the machine what day it is");
            violations.push(source.violation(number, rule));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    /// The lines that are found in a file of that path, made of one line a way to ask.
    fn found(path: &str, before: &str) -> Vec<usize> {
        let asks = ASKS.map(|asks| format!("let now = {asks});\n")).concat();
        check(&source(path, &format!("{before}{asks}"))).into_iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn no_test_asks_the_machine_what_day_it_is() {
        let all: Vec<_> = (1..=ASKS.len()).collect();
        for path in
            ["e2e/board.test.mjs", "e2e/harness/days.mjs", "server/tests/it/live.rs", "web/src/text/tests.rs"]
        {
            assert_eq!(found(path, ""), all, "{path}");
        }
        let inside: Vec<_> = all.iter().map(|line| line + 1).collect();
        assert_eq!(found("server/src/seed.rs", "#[cfg(test)]\n"), inside);
    }

    #[test]
    fn the_program_may_and_so_may_words_about_it() {
        assert!(found("server/src/clock.rs", "").is_empty());
        assert!(found("server/playground/playground.js", "").is_empty());
        assert!(found("docs/flaky-tests.md", "").is_empty());
        let spoken = format!("// {} would be the machine's\nconst at = performance.now();\n", ASKS[0]);
        assert_eq!(check(&source("e2e/lists.test.mjs", &spoken)), []);
    }
}
