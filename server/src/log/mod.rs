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
mod settled;
mod tailer;
mod visibility;

pub use append::{Fact, append};
pub use cursor::{Cursor, Position};
pub use event::{Event, FieldChange};
pub use hint::exchange_hints;
pub use live::{Follow, Live, MOST_REPLAYED, follow};
pub use read::{
    Entry, Replay, end, end_statement, epoch, history, history_statement, nth_statement, of_event_up_to,
    of_ids, replay, replay_statement, rotate_epoch, settled_statement,
};
pub use settled::OpenTransaction;
pub use tailer::tail;
pub use visibility::{View, view, view_of_notifications};
