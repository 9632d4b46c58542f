//! What narrows a list of tasks and what is found of all of them: the choices, their spelling in an address, and the chips that show
//! them. Knows neither rows nor where they come from.

mod chips;
mod choice;
mod choices;
mod fields;
mod find;
mod period;

pub use chips::Filters;
pub use choice::{Changed, Choice, Grouping};
pub use fields::Field;
pub use find::Find;
