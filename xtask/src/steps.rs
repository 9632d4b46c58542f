//! The steps of a long command: each is named, timed and reported in a table at the end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What has been run so far. A failed step does not stop the later ones, so that one run shows everything.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: String,
    took: Duration,
    failed: bool,
}

impl Steps {
    /// Runs one step; returns whether it succeeded.
    pub(crate) fn run(&mut self, name: &str, step: impl FnOnce() -> Result<()>) -> bool {
        println!("\n== {name}");
        let start = Instant::now();
        let result = step();
        let took = start.elapsed();
        if let Err(error) = &result {
            println!("FAILED {name}: {error:#}");
        }
        println!("== {name}: {:.1} s", took.as_secs_f64());
        self.done.push(Step { name: name.to_owned(), took, failed: result.is_err() });
        result.is_ok()
    }

    /// Prints the table; an error names the steps that failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!();
        for step in &self.done {
            let outcome = if step.failed { "FAILED" } else { "ok" };
            println!("{:<44} {:>8.1} s  {outcome}", step.name, step.took.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|step| step.took).sum();
        println!("{:<44} {:>8.1} s", "total", total.as_secs_f64());
        let failed: Vec<_> =
            self.done.iter().filter(|step| step.failed).map(|step| step.name.as_str()).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_and_the_later_ones_still_run() {
        let mut steps = Steps::default();
        assert!(steps.run("first", || Ok(())));
        assert!(!steps.run("second", || bail!("broken")));
        assert!(steps.run("third", || Ok(())));
        let error = steps.finish().expect_err("one step failed").to_string();
        assert_eq!(error, "failed: second");
    }
}
