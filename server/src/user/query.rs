//! Reads people.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::db::Database;
use crate::db::columns::UserId;
use crate::entity::user;
use crate::error::Error;

/// Loads people by id, many in one statement.
pub struct UserLoader(pub Database);

impl Loader<UserId> for UserLoader {
    type Value = Arc<user::Model>;
    type Error = Error;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Arc<user::Model>>, Error> {
        let found = user::Entity::find()
            .filter(user::Column::Id.is_in(keys.iter().copied()))
            .all(self.0.reads())
            .await;
        let rows = found?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}
