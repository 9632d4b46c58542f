//! What a person sees at each address.

mod board;
mod calendar;
pub mod chunk;
pub mod entry;
mod filter;
mod help;
mod list;
mod new_task;
mod not_found;
mod notifications;
mod palette;
mod people;
mod place;
mod profile;
mod reason;
mod search;
pub mod shell;
mod statistics;
mod task;
