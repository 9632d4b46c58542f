//! Finding tasks, on both engines.

mod asked;
pub(crate) mod kept;
mod model;
mod relevance;
