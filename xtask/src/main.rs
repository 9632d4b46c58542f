//! Vekha.
fn main() {}
