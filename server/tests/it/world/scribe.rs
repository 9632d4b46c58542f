//! Somebody who writes to the log and changes nothing else: quick, and with transactions held in the hand.

use std::sync::Arc;

use domain::Role;
use sea_orm::{ActiveModelTrait, ActiveValue::Unchanged, EntityTrait, Set};
use serde_json::Value;
use server::app::App;
use server::db::Write;
use server::db::columns::{Stored, TaskId, UserId};
use server::entity::{task, user};
use server::graphql::ids;
use server::log::{Event, Fact, FieldChange, append};

use super::{Person, World};

/// Writes events of one task.
#[derive(Clone)]
pub(crate) struct Scribe {
    app: Arc<App>,
    author: UserId,
    task: task::Model,
}

impl Scribe {
    /// One who writes of that task through this process.
    pub(crate) async fn new(world: &World, author: &Person, task: &Value) -> Scribe {
        let id: TaskId = ids::decode(&async_graphql::ID(task["id"].as_str().unwrap().into())).unwrap();
        let row = task::Entity::find_by_id(id).one(world.app.db.reads()).await.unwrap().unwrap();
        Scribe { app: Arc::clone(&world.app), author: author.user, task: row }
    }

    /// The same at another process.
    pub(crate) fn at(&self, world: &World) -> Scribe {
        Scribe { app: Arc::clone(&world.app), ..self.clone() }
    }

    /// Begins a transaction.
    pub(crate) async fn begins(&self) -> Write {
        self.app.db.write().await.unwrap()
    }

    /// Writes in that transaction.
    pub(crate) async fn puts(&self, write: &Write, text: &str) {
        let change = FieldChange { field: "title".to_owned(), from: None, to: Some(text.to_owned()) };
        let fact = Fact {
            actor: Some(self.author),
            task: Some(&self.task),
            subject: None,
            at: self.app.clock.now(),
        };
        append(write, fact, Event::TaskUpdated { changes: vec![change] }).await.unwrap();
    }

    /// Writes in a transaction of its own.
    pub(crate) async fn writes(&self, text: &str) {
        let write = self.begins().await;
        self.puts(&write, text).await;
        write.commit().await.unwrap();
    }
}

/// What a scribe wrote, out of what was heard.
pub(crate) fn written(heard: &Value) -> &str {
    heard["changes"][0]["to"].as_str().unwrap_or_else(|| panic!("not of a scribe: {heard}"))
}

impl World {
    /// Gives a person another role, whoever may.
    pub(crate) async fn gives_role(&self, person: &Person, role: Role) {
        let from = person.viewer().await.role;
        let row =
            user::ActiveModel { id: Unchanged(person.user), role: Set(Stored(role)), ..Default::default() };
        self.about(person, row, Event::RoleChanged { from, to: role }).await;
    }

    /// Keeps a person out.
    pub(crate) async fn disables(&self, person: &Person) {
        let row = user::ActiveModel { id: Unchanged(person.user), active: Set(false), ..Default::default() };
        self.about(person, row, Event::UserActiveChanged { active: false }).await;
    }

    /// Ends the session that a person is signed in by.
    pub(crate) async fn ends_session(&self, person: &Person) {
        let row =
            user::ActiveModel { id: Unchanged(person.user), last_seen_at: Set(None), ..Default::default() };
        self.about(person, row, Event::SessionsEnded { sessions: vec![person.session] }).await;
    }

    async fn about(&self, person: &Person, row: user::ActiveModel, event: Event) {
        let write = self.app.db.write().await.unwrap();
        row.update(&*write).await.unwrap();
        let fact = Fact { actor: None, task: None, subject: Some(person.user), at: self.now() };
        append(&write, fact, event).await.unwrap();
        write.commit().await.unwrap();
    }
}
