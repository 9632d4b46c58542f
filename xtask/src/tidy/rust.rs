//! Rules for Rust files one by one: a module says what it is for, a test neither waits nor is skipped.

use super::{Source, Violation};

pub(super) fn check(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    if !source.text.starts_with("//!") {
        violations.push(source.violation(1, "a module opens with `//!`: what it is for"));
    }
    let mut in_tests = source.path.contains("/tests/");
    for (number, line) in source.lines() {
        let code = without_comment(line);
        in_tests |= code.trim() == "#[cfg(test)]";
        if code.contains(concat!("#[ig", "nore")) {
            violations.push(source.violation(number, "a test that does not run proves nothing"));
        }
        if code.contains(concat!("db", "g!(")) {
            violations.push(source.violation(number, "left from debugging"));
        }
        if in_tests && code.contains(concat!("sle", "ep(")) {
            violations.push(source.violation(number, "a test waits for an event, not for a time"));
        }
    }
    violations
}

/// A line of code without what stands behind `//`, unless that is part of an address.
pub(super) fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(found) = line.get(from..).and_then(|rest| rest.find("//")) {
        let at = from + found;
        let (code, _) = line.split_at(at);
        if !code.ends_with(':') {
            return code;
        }
        from = at + 2;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;

    #[test]
    fn a_module_says_what_it_is_for() {
        assert_eq!(check(&source("server/src/app.rs", "//! The application.\nfn main() {}\n")), []);
        assert_eq!(check(&source("server/src/app.rs", "fn main() {}\n")).len(), 1);
    }

    #[test]
    fn tests_do_not_wait_for_a_time_and_other_code_may() {
        let waits = concat!("tokio::time::sle", "ep(duration).await;\n");
        assert_eq!(check(&source("server/src/log/tailer.rs", &format!("//! x\n{waits}"))), []);
        assert_eq!(check(&source("server/tests/it/live.rs", &format!("//! x\n{waits}"))).len(), 1);
        assert_eq!(
            check(&source("server/src/app.rs", &format!("//! x\n#[cfg(test)]\nmod tests {{\n{waits}"))).len(),
            1
        );
    }

    #[test]
    fn no_test_is_skipped() {
        let skipped = concat!("//! x\n#[ig", "nore = \"slow\"]\n");
        assert_eq!(check(&source("server/tests/it/live.rs", skipped)).len(), 1);
    }

    #[test]
    fn comments_are_no_code_and_addresses_are_no_comments() {
        assert_eq!(without_comment("a(); // b"), "a(); ");
        assert_eq!(without_comment("let a = \"http://b\";"), "let a = \"http://b\";");
        assert_eq!(without_comment("let a = \"http://b\"; // c"), "let a = \"http://b\"; ");
    }
}
