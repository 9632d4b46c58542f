//! The table of a scenario, and how far Vekha is from its goal.

use crate::entrant::Turn;
use crate::ratio::Spread;

/// How many times as much as another one Vekha is to do.
pub(crate) struct Goal {
    pub(crate) beside: &'static str,
    pub(crate) least: f64,
}

/// Everybody's turns in a scenario, by round; the first is Vekha's.
pub(crate) struct Report<'a> {
    pub(crate) title: String,
    pub(crate) entrants: Vec<(&'a str, usize, Vec<Turn>)>,
    pub(crate) goal: Goal,
}

impl Report<'_> {
    /// Prints it.
    pub(crate) fn print(&self) {
        println!("\n{}", self.title);
        println!(
            "{:<22} {:>24} {:>9} {:>9} {:>11} {:>9} {:>8}",
            "", "answers a second", "p50 ms", "CPU us", "PostgreSQL", "asking", "bytes"
        );
        for (name, bytes, turns) in &self.entrants {
            let of = |figure: fn(&Turn) -> f64| {
                Spread::of(turns.iter().map(figure)).map_or(0.0, |spread| spread.median)
            };
            let rates = Spread::of(turns.iter().map(|turn| turn.a_second));
            println!(
                "{name:<22} {:>24} {:>9.1} {:>9.0} {:>11.0} {:>9.0} {bytes:>8}",
                rates.map_or_else(String::new, |rates| format!("{rates:.0}")),
                of(|turn| turn.half),
                of(|turn| turn.server),
                of(|turn| turn.postgres),
                of(|turn| turn.asking),
            );
        }
        let Some(((first, _, ours), others)) = self.entrants.split_first() else { return };
        for (name, _, theirs) in others {
            let Some((by_rate, by_processor)) = ratios(ours, theirs) else { continue };
            // One that differs by more than twice between rounds is the machine's.
            let (counts, why) =
                if by_rate.is_wide() { (by_processor, "processor") } else { (by_rate, "rate") };
            let goal = Some(&self.goal).filter(|goal| goal.beside == *name);
            let verdict = goal.map_or_else(String::new, |goal| {
                let is_met = if counts.median >= goal.least { "met" } else { "missed" };
                format!("; by {why} at least {} is the goal: {is_met}", goal.least)
            });
            println!("{first} / {name}: by rate {by_rate}, by processor {by_processor}{verdict}");
        }
    }
}

/// By how much we do more, and take less.
fn ratios(ours: &[Turn], theirs: &[Turn]) -> Option<(Spread, Spread)> {
    let figures = |turns: &[Turn], figure: fn(&Turn) -> f64| turns.iter().map(figure).collect::<Vec<_>>();
    let by_rate =
        Spread::of_ratios(&figures(ours, |turn| turn.a_second), &figures(theirs, |turn| turn.a_second))?;
    let by_processor = Spread::of_ratios(&figures(theirs, Turn::of_both), &figures(ours, Turn::of_both))?;
    Some((by_rate, by_processor))
}
