//! People: roles, invitations, profiles.

pub mod graphql;
pub mod query;
