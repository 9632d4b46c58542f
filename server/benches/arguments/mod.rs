//! What `cargo xtask bench` tells a bench.

use clap::Parser;

#[derive(Parser)]
pub(crate) struct Arguments {
    /// Said by `cargo bench`
    #[arg(long)]
    bench: bool,
    /// Tasks of the company
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) tasks: u32,
    /// The address of a PostgreSQL that is measured as well
    #[arg(long)]
    pub(crate) postgres: Option<String>,
}

impl Arguments {
    /// Nothing is to be measured unless `cargo bench` runs it: `cargo test --benches` gives arguments of its own.
    pub(crate) fn of_bench() -> Option<Arguments> {
        std::env::args().any(|argument| argument == "--bench").then(Arguments::parse)
    }
}
