//! Chance that can be repeated: a failed test shows its seed, and `VEKHA_TEST_SEED` runs it with that one again.

/// A source of chance; its seed is on standard output.
pub(crate) fn seeded() -> fastrand::Rng {
    let given = std::env::var("VEKHA_TEST_SEED").ok();
    let seed =
        given.map_or_else(|| fastrand::u64(..), |seed| seed.parse().expect("VEKHA_TEST_SEED is a number"));
    println!("seed {seed}");
    fastrand::Rng::with_seed(seed)
}
