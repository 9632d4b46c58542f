//! People in the contract: thin resolvers over the commands and queries beside.

mod invitation;
mod mutation;
mod object;
mod query;

pub use mutation::{UserMutation, UserPayload};
pub use object::{Profile, Session, User};
pub use query::UserQuery;
