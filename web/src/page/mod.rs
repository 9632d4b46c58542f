//! What a person sees at each address.

mod board;
mod calendar;
pub mod entry;
mod list;
mod new_task;
mod not_found;
mod notifications;
mod palette;
mod people;
mod profile;
pub mod shell;
mod statistics;
mod task;
