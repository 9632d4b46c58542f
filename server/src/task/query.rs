//! Reads tasks: one, a keyset page, counts. What a person may not see is filtered in the statement.

use std::sync::Arc;

use domain::policy::{Capability, Operation, decide};
use domain::{Priority, Role, StatusKind, validate};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseBackend, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    Statement,
};
use serde::{Deserialize, Serialize};

use super::happened::{By, Happened, in_time};
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::{Ranked, Stored, TaskId, Timestamp, UserId};
use crate::db::keyset::{Keyset, Place};
use crate::db::newer::{self, Readable};
use crate::db::page::{Page, PageRequest};
use crate::entity::task;
use crate::error::Result;

/// Which tasks.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Any of these.
    pub statuses: Option<Vec<StatusKind>>,
    /// Any of these.
    pub priorities: Option<Vec<Priority>>,
    /// Carried out by any of these.
    pub assignees: Option<Vec<UserId>>,
    /// Set by any of these.
    pub creators: Option<Vec<UserId>>,
    /// Due at this moment or later.
    pub deadline_from: Option<Timestamp>,
    /// Due before this moment.
    pub deadline_to: Option<Timestamp>,
    /// Whether there is a deadline.
    pub has_deadline: Option<bool>,
    /// Part of the title, folded as [`validate::fold`] does.
    pub text: Option<String>,
    /// What happened to it, and when.
    pub happened: Option<Happened>,
    /// Done, and handed in before its deadline or not.
    pub on_time: Option<bool>,
    /// Done, and handed in before its first deadline or not.
    pub on_time_by_original_deadline: Option<bool>,
    /// Those that were deleted and can be restored, instead of those that are there.
    pub deleted: bool,
}

/// What a list is sorted by; the number decides between equals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderField {
    /// Without a deadline last.
    Deadline,
    /// When it was set.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// How much it matters.
    Priority,
    /// By the folded title.
    Title,
    /// By the number.
    Number,
}

impl OrderField {
    fn column(self) -> task::Column {
        match self {
            OrderField::Deadline => task::Column::DeadlineKey,
            OrderField::CreatedAt => task::Column::CreatedAt,
            OrderField::UpdatedAt => task::Column::UpdatedAt,
            OrderField::Priority => task::Column::Priority,
            OrderField::Title => task::Column::TitleKey,
            OrderField::Number => task::Column::Id,
        }
    }

    /// The place of a row in this order.
    pub fn key(self, row: &task::Model) -> Key {
        let sort = match self {
            OrderField::Deadline => Sort::Number(row.deadline_key.0),
            OrderField::CreatedAt => Sort::Number(row.created_at.0),
            OrderField::UpdatedAt => Sort::Number(row.updated_at.0),
            OrderField::Priority => Sort::Number(row.priority.rank()),
            OrderField::Title => Sort::Text(row.title_key.clone()),
            OrderField::Number => Sort::Number(row.id.0),
        };
        Key { order: self, sort, id: row.id }
    }
}

/// A sort order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskOrder {
    /// What is compared.
    pub field: OrderField,
    /// Largest first.
    pub descending: bool,
}

/// A place in a list of that order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    order: OrderField,
    sort: Sort,
    id: TaskId,
}

impl Key {
    /// Whether it is a place in a list of this order: one of another would be compared with what it is not.
    pub fn is_of(&self, order: OrderField) -> bool {
        let comparable = match &self.sort {
            Sort::Number(_) => order != OrderField::Title,
            Sort::Text(text) => order == OrderField::Title && !text.contains('\0'),
        };
        comparable && self.order == order
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Sort {
    Number(i64),
    Text(String),
}

impl Sort {
    fn value(&self) -> SimpleExpr {
        match self {
            Sort::Number(number) => Expr::val(*number),
            Sort::Text(text) => Expr::val(text.clone()),
        }
    }
}

/// The task, if this person may see it.
pub async fn one(app: &App, viewer: &Viewer, id: TaskId) -> Result<Option<task::Model>> {
    let row = task::Entity::find_by_id(id).one(app.db.reads()).await?;
    Ok(row.filter(|row| is_visible(viewer, row)))
}

/// Those of the tasks that this person may see.
pub async fn some(app: &App, viewer: &Viewer, ids: Vec<TaskId>) -> Result<Vec<task::Model>> {
    let rows = task::Entity::find().filter(task::Column::Id.is_in(ids));
    let rows = newer::readable(rows, app.db.reads()).await?;
    Ok(rows.into_iter().filter(|row| is_visible(viewer, row)).collect())
}

/// Whether this person may know of the task.
pub fn is_visible(viewer: &Viewer, row: &task::Model) -> bool {
    decide(row.actor(viewer.id, viewer.role), Operation::See, row.facts()).is_ok()
}

/// A page of the tasks that this person may see.
pub async fn page(
    app: &App,
    viewer: &Viewer,
    filter: &Filter,
    order: TaskOrder,
    request: &PageRequest<Key>,
) -> Result<Page<Arc<task::Model>>> {
    let statement = page_statement(app.db.backend(), viewer, filter, order, request);
    let rows = Readable::<task::Model>::find_by_statement(statement).all(app.db.reads()).await?;
    Ok(Page::readable(request, rows)?.map(Arc::new))
}

/// The statement behind [`page`]; apart, so that tests can ask the database how it would run it.
pub fn page_statement(
    backend: DatabaseBackend,
    viewer: &Viewer,
    filter: &Filter,
    order: TaskOrder,
    request: &PageRequest<Key>,
) -> Statement {
    let column = (order.field != OrderField::Number).then(|| order.field.column());
    let keyset = Keyset { column, key: task::Column::Id, descending: order.descending };
    let select = task::Entity::find().filter(condition(viewer, filter));
    keyset.page(backend, select, request, |key| Place { value: key.sort.value(), key: Expr::val(key.id.0) })
}

/// How many tasks of the filter this person may see.
pub async fn count(app: &App, viewer: &Viewer, filter: &Filter) -> Result<i64> {
    let count = task::Entity::find().filter(condition(viewer, filter)).count(app.db.reads()).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// What of the tasks is asked for and may be seen.
pub fn condition(viewer: &Viewer, filter: &Filter) -> Condition {
    Condition::all()
        .add(visible(viewer, filter.deleted))
        .add_option(
            filter.statuses.as_ref().map(|some| any(task::Column::Status, some.iter().copied().map(Stored))),
        )
        .add_option(
            filter
                .priorities
                .as_ref()
                .map(|some| any(task::Column::Priority, some.iter().copied().map(Ranked))),
        )
        .add_option(filter.assignees.as_ref().map(|some| any(task::Column::AssigneeId, some.iter().copied())))
        .add_option(filter.creators.as_ref().map(|some| any(task::Column::CreatorId, some.iter().copied())))
        .add_option(filter.deadline_from.map(|from| {
            task::Column::DeadlineKey.gte(from).and(task::Column::DeadlineKey.lt(Timestamp::NEVER))
        }))
        .add_option(filter.deadline_to.map(|to| task::Column::DeadlineKey.lt(to)))
        .add_option(filter.has_deadline.map(|has| match has {
            true => task::Column::Deadline.is_not_null(),
            false => task::Column::Deadline.is_null(),
        }))
        .add_option(filter.happened.map(Happened::condition))
        .add_option(filter.on_time.map(|is| in_time(By::Deadline, is)))
        .add_option(filter.on_time_by_original_deadline.map(|is| in_time(By::OriginalDeadline, is)))
        .add_option(filter.text.as_deref().map(validate::fold).filter(|text| !text.is_empty()).map(|text| {
            Expr::col(task::Column::TitleKey)
                .like(LikeExpr::new(format!("%{}%", escaped(&text))).escape('\\'))
        }))
}

/// The same as [`domain::policy`] says of [`Operation::See`], for the database.
fn visible(viewer: &Viewer, deleted: bool) -> Condition {
    if deleted {
        let own = match viewer.role {
            Role::Admin => Condition::all(),
            Role::Supervisor => Condition::all().add(task::Column::CreatorId.eq(viewer.id)),
            Role::Manager => Condition::all().add(Expr::val(1).eq(0)),
        };
        return own.add(task::Column::DeletedAt.is_not_null());
    }
    Condition::all().add(task::Column::DeletedAt.is_null()).add_option(
        (!viewer.role.can(Capability::SeeAllTasks)).then(|| task::Column::AssigneeId.eq(viewer.id)),
    )
}

/// One value is asked for as such, so that an index in the order of the list serves.
fn any<V: Into<sea_orm::Value>>(
    column: task::Column,
    mut values: impl ExactSizeIterator<Item = V>,
) -> SimpleExpr {
    match (values.len(), values.next()) {
        (1, Some(only)) => column.eq(only),
        (_, first) => column.is_in(first.into_iter().chain(values)),
    }
}

/// Text in which LIKE's own signs stand for themselves.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
