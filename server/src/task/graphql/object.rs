//! A task, and what a person may do with it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, ID, Object, SimpleObject};
use domain::Code;
use domain::policy::{Operation, decide};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::event::TaskEventConnection;
use crate::app::App;
use crate::comment::graphql::CommentConnection;
use crate::db::columns::{Timestamp, UserId};
use crate::db::newer::readable;
use crate::entity::{task, user};
use crate::error::Result;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{TaskAction, TaskPriority, TaskStatus};
use crate::graphql::ids;
use crate::graphql::pages::PageArguments;
use crate::graphql::scalars::int;
use crate::user::graphql::User;
use crate::user::query::UserLoader;

/// People already read together with what they belong to.
pub type People = Arc<HashMap<UserId, Arc<user::Model>>>;

/// Something that one person set for another.
#[derive(Clone, Debug)]
pub struct Task {
    /// The row.
    pub row: Arc<task::Model>,
    people: People,
}

impl Task {
    /// A task alone: its people are read when asked for.
    pub fn new(row: task::Model) -> Self {
        Task { row: Arc::new(row), people: People::default() }
    }

    /// A task with people that were read already.
    pub fn with_people(row: Arc<task::Model>, people: People) -> Self {
        Task { row, people }
    }

    /// Tasks with all their people, read in one statement.
    pub async fn many(app: &App, rows: Vec<Arc<task::Model>>) -> Result<Vec<Self>> {
        let ids: BTreeSet<UserId> = rows.iter().flat_map(|row| [row.creator_id, row.assignee_id]).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let people = user::Entity::find().filter(user::Column::Id.is_in(ids));
        let people = readable(people, app.db.reads()).await?;
        let people: People = Arc::new(people.into_iter().map(|row| (row.id, Arc::new(row))).collect());
        Ok(rows.into_iter().map(|row| Task { row, people: Arc::clone(&people) }).collect())
    }
}

/// A person out of those already read, or from the database.
pub(super) async fn person(
    ctx: &Context<'_>,
    people: &People,
    id: UserId,
) -> async_graphql::Result<Option<User>> {
    if let Some(row) = people.get(&id) {
        return Ok(Some(User::new(Arc::clone(row))));
    }
    let loader = ctx.data_unchecked::<DataLoader<UserLoader>>();
    Ok(loader.load_one(id).await?.map(User::new))
}

/// Something that one person set for another.
#[Object]
impl Task {
    /// Opaque id.
    pub(crate) async fn id(&self) -> ID {
        ids::encode(self.row.id)
    }

    /// The number people say aloud.
    async fn number(&self) -> i32 {
        int(self.row.id.0)
    }

    /// 1 to 200 characters.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// At most 20,000 characters; Markdown without HTML.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// What it is.
    async fn status(&self) -> TaskStatus {
        self.row.status.0.into()
    }

    /// What the task was before its deadline passed; null unless status is OVERDUE.
    async fn status_before_overdue(&self) -> Option<TaskStatus> {
        self.row.status_before_overdue.map(|was| was.0.kind().into())
    }

    /// How much it matters.
    async fn priority(&self) -> TaskPriority {
        self.row.priority.0.into()
    }

    /// Whether handing in asks for the creator's decision.
    async fn requires_review(&self) -> bool {
        self.row.requires_review
    }

    /// When it is due.
    async fn deadline(&self) -> Option<Timestamp> {
        self.row.deadline
    }

    /// The first deadline it ever had; never changes after.
    async fn original_deadline(&self) -> Option<Timestamp> {
        self.row.original_deadline
    }

    /// How often the deadline was moved or taken away.
    async fn deadline_moves(&self) -> i32 {
        int(self.row.deadline_moves)
    }

    /// How often the work was returned.
    async fn returns(&self) -> i32 {
        int(self.row.returns)
    }

    /// Who set it.
    async fn creator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        person(ctx, &self.people, self.row.creator_id).await
    }

    /// Who carries it out.
    async fn assignee(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<User>> {
        person(ctx, &self.people, self.row.assignee_id).await
    }

    /// When it was set.
    async fn created_at(&self) -> Timestamp {
        self.row.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        self.row.updated_at
    }

    /// When the assignee first began.
    async fn started_at(&self) -> Option<Timestamp> {
        self.row.started_at
    }

    /// When it was last handed in.
    async fn submitted_at(&self) -> Option<Timestamp> {
        self.row.submitted_at
    }

    /// When it was done; null while it is open.
    async fn completed_at(&self) -> Option<Timestamp> {
        self.row.completed_at
    }

    /// Rises by one with every change; edits carry the one they saw.
    async fn version(&self) -> i32 {
        int(self.row.version)
    }

    /// What the viewer may do to its status now.
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<TaskAction>> {
        let viewer = ctx.viewer()?;
        let actor = self.row.actor(viewer.id, viewer.role);
        let may =
            |action: domain::Action| decide(actor, Operation::Transition(action), self.row.facts()).is_ok();
        Ok(domain::Action::ALL
            .iter()
            .filter(|action| may(**action))
            .filter_map(|action| TaskAction::of(*action))
            .collect())
    }

    /// What else the viewer may do with it now.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Result<TaskPermissions> {
        let viewer = ctx.viewer()?;
        let actor = self.row.actor(viewer.id, viewer.role);
        let may = |operation: Operation| decide(actor, operation, self.row.facts()).is_ok();
        Ok(TaskPermissions {
            edit: may(Operation::Edit),
            assign: may(Operation::Assign),
            move_deadline: may(Operation::MoveDeadline),
            delete: may(Operation::Delete),
            comment: may(Operation::Comment),
        })
    }

    /// Every change: who, when, from what, to what. Newest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)", desc = "That many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Changes after this place, which are older.")] after: Option<String>,
    ) -> Result<TaskEventConnection> {
        TaskEventConnection::of_task(ctx.app(), &self.row, PageArguments::forward(first.unwrap_or(20), after))
            .await
    }

    /// What people said about it, oldest first.
    async fn comments(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "Some(20)", desc = "That many, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Comments after this place.")] after: Option<String>,
    ) -> Result<CommentConnection> {
        CommentConnection::of_task(ctx.app(), self.row.id, PageArguments::forward(first.unwrap_or(20), after))
            .await
    }
}

/// What the viewer may do with a task, beside its status.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct TaskPermissions {
    /// Title, description, priority, whether it needs review.
    edit: bool,
    /// Give it to another person.
    assign: bool,
    /// Set, move or take away the deadline.
    move_deadline: bool,
    /// Delete it.
    delete: bool,
    /// Say something about it.
    comment: bool,
}
