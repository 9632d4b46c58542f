//! People in the contract.

use std::sync::Arc;

use async_graphql::{ID, Object};

use crate::entity::user;
use crate::graphql::{enums::Role, ids};

/// A person.
pub struct User(pub Arc<user::Model>);

/// A person.
#[Object]
impl User {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        ids::encode(self.0.id)
    }

    /// The name as the person writes it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What they are in the company.
    async fn role(&self) -> Role {
        self.0.role.0.into()
    }
}
