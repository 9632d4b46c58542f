//! The rules of Vekha: which status follows which, who may do what, who is told, and the limits of every input.
//!
//! Pure functions over facts: no I/O, no clock, no identifiers of its own, no dependency. What is true of the world is
//! passed in, a decision comes back.
#![no_std]

extern crate alloc;

pub mod character;
mod code;
pub mod event;
pub mod fanout;
pub mod fold;
pub mod policy;
pub mod statistics;
pub mod status;
pub mod validate;
pub mod zone;

pub use code::Code;
pub use event::{EventKind, NotificationKind};
pub use policy::Role;
pub use status::{Action, Priority, Status, StatusKind};
