//! The rules of the repository that no compiler checks: import directions, names, sizes, tests that ask the calendar, and words that do
//! not belong in what is committed. Reads sources and changes none.

mod imports;
mod manifest;
mod present;
mod rust;
mod text;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::{process, workspace};

/// A file that git tracks or would: its path from the root, with forward slashes, and its text.
struct Source {
    path: String,
    text: String,
}

/// What a rule found.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    path: String,
    /// From 1; 0 speaks of the file as a whole.
    line: usize,
    rule: String,
}

impl Source {
    fn violation(&self, line: usize, rule: impl Into<String>) -> Violation {
        Violation { path: self.path.clone(), line, rule: rule.into() }
    }

    fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
    }

    /// The lines with their numbers, from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }
}

/// Checks every file; an error lists all violations.
pub(crate) fn check() -> Result<()> {
    let sources = sources()?;
    let mut violations = Vec::new();
    for source in &sources {
        violations.extend(text::check(source));
        violations.extend(manifest::check(source));
        violations.extend(present::check(source));
        if source.has_extension(&["rs"]) {
            violations.extend(rust::check(source));
            violations.extend(imports::check(source));
        }
    }
    for violation in &violations {
        println!("{}:{}: {}", violation.path, violation.line, violation.rule);
    }
    if !violations.is_empty() {
        bail!("{} violations in {} files", violations.len(), sources.len());
    }
    println!("{} files are tidy", sources.len());
    Ok(())
}

fn sources() -> Result<Vec<Source>> {
    let mut git = process::command("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = process::output(&mut git)?;
    let mut sources = Vec::new();
    for path in names.split('\0').filter(|path| !path.is_empty()) {
        let file = workspace::root().join(path);
        if file.is_file() {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {path}"))?;
            // What is not text has no lines to look at.
            let text = String::from_utf8(bytes).unwrap_or_default();
            sources.push(Source { path: path.to_owned(), text });
        }
    }
    Ok(sources)
}

#[cfg(test)]
fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}
