//! The edge of the contract: merges the roots of the features and holds what they share. No rule is decided here.

pub mod context;
pub mod enums;
pub mod guard;
pub mod ids;
pub mod pages;
pub mod payload;
pub mod present;
pub mod scalars;
