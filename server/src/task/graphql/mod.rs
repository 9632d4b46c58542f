//! Tasks in the contract: thin resolvers over the commands and queries beside.

mod calendar;
mod event;
mod input;
mod mutation;
mod object;
mod query;
mod subscription;

pub use event::{Happened, Resync, TaskEvent};
pub use input::{distinct, people_of};
pub use mutation::TaskMutation;
pub use object::{People, Task};
pub use query::TaskQuery;
pub use subscription::TaskSubscription;
