//! Finding tasks, on both engines.

mod asked;
mod degraded;
pub(crate) mod kept;
mod model;
mod relevance;
