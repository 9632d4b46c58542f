//! Reads people: one, a keyset page, counts, many by id.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use domain::policy::Capability;
use domain::validate::limit;
use domain::{Role, validate};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    Statement,
};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::auth::{self, Viewer};
use crate::db::Database;
use crate::db::columns::{Stored, UserId};
use crate::db::keyset::{Keyset, Place};
use crate::db::newer::{self, Readable};
use crate::db::page::{Page, PageRequest};
use crate::entity::{comment, task, user};
use crate::error::{Error, Result};
use crate::task::query::escaped;

/// Which people.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of the name; for administrators, of the address too.
    pub text: Option<String>,
    /// Any of these.
    pub roles: Option<Vec<Role>>,
    /// Whether they may sign in. For administrators; others are shown those who may.
    pub active: Option<bool>,
}

/// A place in the list: by name, then by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    name_key: String,
    id: UserId,
}

impl From<&user::Model> for Key {
    fn from(row: &user::Model) -> Self {
        Key { name_key: row.name_key.clone(), id: row.id }
    }
}

/// A page of people by name.
pub async fn page(
    app: &App,
    viewer: &Viewer,
    filter: &Filter,
    request: &PageRequest<Key>,
) -> Result<Page<Arc<user::Model>>> {
    let statement = page_statement(app.db.backend(), viewer, filter, request);
    let rows = Readable::<user::Model>::find_by_statement(statement).all(app.db.reads()).await?;
    Ok(Page::readable(request, rows)?.map(Arc::new))
}

/// The statement behind [`page`]; apart, so that tests can ask the database how it would run it.
pub fn page_statement(
    backend: DatabaseBackend,
    viewer: &Viewer,
    filter: &Filter,
    request: &PageRequest<Key>,
) -> Statement {
    let keyset = Keyset { column: Some(user::Column::NameKey), key: user::Column::Id, descending: false };
    let select = user::Entity::find().filter(condition(viewer, filter));
    keyset.page(backend, select, request, |key| Place {
        value: Expr::val(key.name_key.clone()),
        key: Expr::val(key.id.0),
    })
}

/// How many people there are of the filter.
pub async fn count(app: &App, viewer: &Viewer, filter: &Filter) -> Result<i64> {
    let count = user::Entity::find().filter(condition(viewer, filter)).count(app.db.reads()).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

fn condition(viewer: &Viewer, filter: &Filter) -> Condition {
    let text = filter.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    Condition::all()
        .add_option(text.map(|text| {
            // Whoever is not shown an address does not find out about it either.
            let email = viewer.role.can(Capability::ManagePeople);
            Condition::any()
                .add(contains(user::Column::NameKey, &validate::fold(text)))
                .add_option(email.then(|| contains(user::Column::Email, &auth::sought(text))))
        }))
        .add_option(
            filter.roles.as_ref().map(|some| user::Column::Role.is_in(some.iter().copied().map(Stored))),
        )
        .add_option(may_sign_in(viewer, filter).map(|active| user::Column::Active.eq(active)))
}

/// Whether somebody may sign in is shown to who manages people alone, and nobody else finds it out by a filter: to everyone else the list
/// is of those to whom tasks can be given.
fn may_sign_in(viewer: &Viewer, filter: &Filter) -> Option<bool> {
    if viewer.role.can(Capability::ManagePeople) { filter.active } else { Some(true) }
}

fn contains(column: user::Column, text: &str) -> SimpleExpr {
    Expr::col(column).like(LikeExpr::new(format!("%{}%", escaped(text))).escape('\\'))
}

/// A person, if the viewer may know of them: who may list people, anybody; everyone, themselves and the people of the tasks
/// that are theirs to carry out.
pub async fn one(app: &App, viewer: &Viewer, id: UserId) -> Result<Option<user::Model>> {
    let mut select = user::Entity::find_by_id(id);
    if !viewer.role.can(Capability::ListPeople) && id != viewer.id {
        select =
            select.filter(Condition::any().add(sets_tasks_for(viewer)).add(comments_on_tasks_of(viewer)));
    }
    Ok(select.one(app.db.reads()).await?)
}

fn sets_tasks_for(viewer: &Viewer) -> SimpleExpr {
    user::Column::Id.in_subquery(
        Query::select()
            .column(task::Column::CreatorId)
            .from(task::Entity)
            .and_where(task::Column::AssigneeId.eq(viewer.id))
            .and_where(task::Column::DeletedAt.is_null())
            .to_owned(),
    )
}

fn comments_on_tasks_of(viewer: &Viewer) -> SimpleExpr {
    let tasks = Query::select()
        .column(task::Column::Id)
        .from(task::Entity)
        .and_where(task::Column::AssigneeId.eq(viewer.id))
        .and_where(task::Column::DeletedAt.is_null())
        .to_owned();
    user::Column::Id.in_subquery(
        Query::select()
            .column(comment::Column::AuthorId)
            .from(comment::Entity)
            .and_where(comment::Column::TaskId.in_subquery(tasks))
            .and_where(comment::Column::DeletedAt.is_null())
            .to_owned(),
    )
}

/// Loads people by id, many in one statement.
pub struct UserLoader(pub Database);

impl Loader<UserId> for UserLoader {
    type Value = Arc<user::Model>;
    type Error = Error;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Arc<user::Model>>, Error> {
        if keys.len() > limit::PAGE {
            return Err(Error::internal("more people are asked for at once than a page has"));
        }
        let found = user::Entity::find().filter(user::Column::Id.is_in(keys.iter().copied()));
        let rows = newer::readable(found, self.0.reads()).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}
