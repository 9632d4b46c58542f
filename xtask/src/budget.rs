//! What the client may weigh on its way to a browser. A build that is heavier fails, and says which part is.

use anyhow::{Result, bail};

use crate::bundle::Weight;

/// A kilobyte of the budgets, in bytes.
const KB: usize = 1_024;

struct Budget {
    what: &'static str,
    /// In bytes, as sent.
    limit: usize,
    counts: fn(&str) -> bool,
}

/// What is waited for at first, by kind, and everything that may follow.
const BUDGETS: [Budget; 5] = [
    Budget { what: "wasm of the first page", limit: 350 * KB, counts: |path| path.ends_with("/web_bg.wasm") },
    Budget {
        what: "wasm of the other chunks",
        limit: 256 * KB,
        counts: |path| path.ends_with(".wasm") && !path.ends_with("/web_bg.wasm"),
    },
    Budget { what: "scripts", limit: 10 * KB, counts: |path| path.ends_with(".js") },
    Budget { what: "style", limit: 20 * KB, counts: |path| path.ends_with(".css") },
    Budget { what: "fonts", limit: 70 * KB, counts: |path| path.ends_with(".woff2") },
];

/// Prints what each part weighs.
///
/// # Errors
///
/// When a part is over its budget.
pub(crate) fn hold(weights: &[Weight]) -> Result<()> {
    for budget in &BUDGETS {
        for weight in weights.iter().filter(|weight| (budget.counts)(&weight.path)) {
            println!("{:>9} {:>9}  {}", weight.whole, weight.sent, weight.path);
        }
    }
    let over = over(weights);
    if !over.is_empty() {
        bail!("the client is over its budget: {}", over.join("; "));
    }
    Ok(())
}

fn over(weights: &[Weight]) -> Vec<String> {
    let mut over = Vec::new();
    for Budget { what, limit, counts } in &BUDGETS {
        let sent: usize =
            weights.iter().filter(|weight| counts(&weight.path)).map(|weight| weight.sent).sum();
        println!("{what}: {sent} of {limit} bytes");
        if sent > *limit {
            over.push(format!("{what} weighs {sent} bytes and may weigh {limit}"));
        }
    }
    over
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weight(path: &str, sent: usize) -> Weight {
        Weight { path: path.to_owned(), whole: sent, sent }
    }

    #[test]
    fn a_part_over_its_budget_is_named() {
        let within = [weight("assets/client-1/web_bg.wasm", 350 * KB), weight("assets/style-1.css", 20 * KB)];
        assert!(hold(&within).is_ok());
        let heavy = [weight("assets/client-1/web_bg.wasm", 350 * KB + 1)];
        let said = hold(&heavy).expect_err("over").to_string();
        assert!(said.contains("wasm of the first page weighs 358401 bytes and may weigh 358400"), "{said}");
    }

    #[test]
    fn files_of_a_kind_count_together() {
        let scripts = [weight("sw.js", 6 * KB), weight("assets/client-1/web.js", 5 * KB)];
        assert_eq!(over(&scripts).len(), 1);
    }
}
