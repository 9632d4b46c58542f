//! The event log: the one place where a change is told. Append in the transaction of the change; read from a cursor.
//! Nothing here decides who may see what ([`domain::policy`]) or who is told ([`domain::fanout`]).

mod append;
pub mod consumer;
mod cursor;
mod event;
mod hint;
pub mod hub;
mod live;
mod read;
mod tailer;
mod visibility;

pub use append::{Fact, append};
pub use cursor::{Cursor, Position};
pub use event::{Event, FieldChange};
pub use hint::exchange_hints;
pub use live::{Follow, Live, MOST_REPLAYED, follow};
pub use read::{Entry, Replay, end, epoch, history, history_statement, of_ids, replay, rotate_epoch, up_to};
pub use tailer::tail;
pub use visibility::{View, view};
