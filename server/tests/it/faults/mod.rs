//! Faults: what must hold while processes are killed, connections are cut and rights are taken away. Each test prints one line of
//! figures, which `cargo xtask faults` makes a table of. `VEKHA_FAULT_ROUNDS` says how much is tried: 2 where it is not given,
//! 20 for the figures of the requirements.

mod backup;
mod busy;
mod client;
mod crowded;
mod cut;
mod discretion;
mod disk;
mod engine_back;
mod engine_down;
mod gateway;
mod held;
mod hung;
mod io;
mod kept;
mod killed;
mod left_open;
mod migrating;
mod mute;
mod overdue;
mod private;
mod process;
mod readers;
mod replayed;
mod revoked;
mod unhinted;
mod wrong_clock;

/// How much is tried.
fn rounds() -> usize {
    let given = std::env::var("VEKHA_FAULT_ROUNDS").ok();
    given.map_or(2, |rounds| rounds.parse().expect("VEKHA_FAULT_ROUNDS is a number"))
}

/// Says what was tried and seen. Called at the end: a test that fails says so itself.
fn held(fault: &str, tried: &str, seed: impl Into<Option<u64>>, figures: &str) {
    let seed = seed.into().map_or_else(|| "no chance".to_owned(), |seed| format!("seed {seed}"));
    println!("\nfault {fault} | {tried} | {seed} | {figures}");
}
