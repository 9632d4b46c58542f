//! The rules as tables: every combination is printed and reviewed as a snapshot, so that a change of a rule shows as a
//! change of a table.

mod fanout;
mod policy;
mod statistics;
mod status;
mod validate;
mod zone;
