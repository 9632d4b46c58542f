//! Somebody who asks through the contract, as they are at that moment.

use std::sync::Arc;

use async_graphql::{Request, Variables};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use server::app::App;
use server::auth::Viewer;
use server::db::columns::{Locale, SessionId, UserId};
use server::entity::{event, user};
use server::graphql::context::Asker;
use server::graphql::{Schema, ids};
use server::log::Position;

use super::{Live, NewTask, World};

/// Somebody signed in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) app: Arc<App>,
    pub(crate) schema: Schema,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
}

/// What the server answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) data: Value,
    pub(crate) errors: Vec<Value>,
}

impl Answer {
    /// The codes of top-level errors.
    pub(crate) fn codes(&self) -> Vec<&str> {
        self.errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("none")).collect()
    }

    /// The data, which came without errors.
    pub(crate) fn ok(self) -> Value {
        assert!(self.errors.is_empty(), "unexpected errors: {:?}", self.errors);
        self.data
    }

    /// The payload of the one mutation, which came without errors of any kind.
    pub(crate) fn done(self) -> Value {
        let payload = self.payload();
        assert_eq!(payload["userErrors"], json!([]));
        payload
    }

    /// The payload of the one mutation.
    pub(crate) fn payload(self) -> Value {
        let data = self.ok();
        data.as_object().unwrap().values().next().unwrap().clone()
    }

    /// `CODE at path` for each thing that can be mended.
    pub(crate) fn mend(self) -> Vec<String> {
        let errors = self.payload()["userErrors"].clone();
        errors
            .as_array()
            .unwrap()
            .iter()
            .map(|error| {
                let path: Vec<&str> =
                    error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                format!("{} at {}", error["code"].as_str().unwrap(), path.join("."))
            })
            .collect()
    }
}

const TASK: &str = "id number title description status statusBeforeOverdue priority requiresReview deadline
    originalDeadline deadlineMoves returns creator { id name } assignee { id name } createdAt updatedAt startedAt
    submittedAt completedAt version availableActions viewerCan { edit assign moveDeadline delete comment }";

impl Person {
    pub(crate) fn new(world: &World, user: UserId, session: SessionId) -> Self {
        Person { app: Arc::clone(&world.app), schema: world.schema.clone(), user, session }
    }

    /// The same person at another process.
    pub(crate) fn at(&self, world: &World) -> Person {
        Person {
            app: Arc::clone(&world.app),
            schema: world.schema.clone(),
            user: self.user,
            session: self.session,
        }
    }

    /// The same person on another device.
    pub(crate) async fn signs_in_again(&self, world: &World) -> Person {
        let write = world.app.db.write().await.unwrap();
        let session = world.session(&write, self.user).await;
        write.commit().await.unwrap();
        Person { session, ..self.clone() }
    }

    /// The person's opaque id.
    pub(crate) fn id(&self) -> String {
        ids::encode(self.user).0
    }

    /// The person's row as it is now.
    pub(crate) async fn row(&self) -> user::Model {
        user::Entity::find_by_id(self.user).one(self.app.db.reads()).await.unwrap().unwrap()
    }

    pub(crate) async fn viewer(&self) -> Viewer {
        let row = self.row().await;
        Viewer {
            id: row.id,
            role: row.role.0,
            session: self.session,
            locale: row.locale.map_or(Locale::Ru, |locale| locale.0),
            time_zone: row.time_zone.parse().unwrap(),
            expires_at: self.app.clock.now().plus(std::time::Duration::from_secs(600)),
        }
    }

    pub(crate) async fn asker(&self) -> Asker {
        let viewer = self.viewer().await;
        Asker {
            locale: viewer.locale,
            viewer: Some(viewer),
            address: "127.0.0.1".to_owned(),
            device: "a test".to_owned(),
            refresh_cookie: None,
        }
    }

    /// Asks.
    pub(crate) async fn asks(&self, document: &str, variables: Value) -> Answer {
        let request =
            Request::new(document).variables(Variables::from_json(variables)).data(self.asker().await);
        let response = self.schema.execute(request).await;
        Answer {
            data: response.data.into_json().unwrap(),
            errors: response.errors.iter().map(|error| serde_json::to_value(error).unwrap()).collect(),
        }
    }

    /// Sets a task; the answer as it came.
    pub(crate) async fn tries_to_create(&self, task: NewTask) -> Answer {
        let document = format!(
            "mutation ($input: TaskCreateInput!) {{ taskCreate(input: $input) {{ task {{ {TASK} }} userErrors {{ code field message }} }} }}"
        );
        self.asks(&document, json!({ "input": task.input() })).await
    }

    /// Sets a task.
    pub(crate) async fn creates(&self, task: NewTask) -> Value {
        self.tries_to_create(task).await.done()["task"].clone()
    }

    /// Changes a task by one of the mutations that answer with it; `arguments` as in the contract.
    pub(crate) async fn changes(&self, mutation: &str, arguments: &str) -> Answer {
        let document = format!(
            "mutation {{ {mutation}({arguments}) {{ task {{ {TASK} }} userErrors {{ code field message }} }} }}"
        );
        self.asks(&document, Value::Null).await
    }

    /// Moves a task to another status, by the version that it has now.
    pub(crate) async fn moves(&self, task: &Value, action: &str) -> Answer {
        self.moves_because(task, action, None).await
    }

    /// The same with a reason.
    pub(crate) async fn moves_because(&self, task: &Value, action: &str, reason: Option<&str>) -> Answer {
        let version = self.version(task).await;
        let reason = reason.map(|reason| format!(", reason: {reason:?}")).unwrap_or_default();
        self.changes(
            "taskTransition",
            &format!("id: {}, version: {version}, action: {action}{reason}", task["id"]),
        )
        .await
    }

    /// Moves the deadline, by the version that the task has now.
    pub(crate) async fn moves_deadline(&self, task: &Value, deadline: Option<&str>) -> Answer {
        let version = self.version(task).await;
        let deadline = deadline.map_or("null".to_owned(), |deadline| format!("{deadline:?}"));
        self.changes(
            "taskDeadlineChange",
            &format!("id: {}, version: {version}, deadline: {deadline}", task["id"]),
        )
        .await
    }

    /// Gives the task to somebody else, by the version that it has now.
    pub(crate) async fn assigns(&self, task: &Value, to: &Person) -> Answer {
        let version = self.version(task).await;
        let arguments = format!("id: {}, version: {version}, assigneeId: {:?}", task["id"], to.id());
        self.changes("taskAssign", &arguments).await
    }

    /// Changes fields of the task, written as in the contract, by the version that it has now.
    pub(crate) async fn edits(&self, task: &Value, fields: &str) -> Answer {
        let version = self.version(task).await;
        let input = format!("input: {{ id: {}, version: {version}, {fields} }}", task["id"]);
        self.changes("taskUpdate", &input).await
    }

    /// Deletes the task, by the version that it has now.
    pub(crate) async fn deletes(&self, task: &Value) -> Answer {
        let version = self.version(task).await;
        let document = format!(
            "mutation {{ taskDelete(id: {}, version: {version}) {{ deletedId restorableUntil userErrors {{ code field }} }} }}",
            task["id"]
        );
        self.asks(&document, Value::Null).await
    }

    /// Brings the task back.
    pub(crate) async fn restores(&self, task: &Value) -> Answer {
        self.changes("taskRestore", &format!("id: {}", task["id"])).await
    }

    /// Comments on the task.
    pub(crate) async fn says(&self, task: &Value, body: &str) -> Answer {
        let document = "mutation ($task: ID!, $body: String!) { commentAdd(taskId: $task, body: $body) {
            comment { id body author { name } editedAt viewerCan { edit delete } } task { id } userErrors { code field } } }";
        self.asks(document, json!({ "task": task["id"], "body": body })).await
    }

    /// The numbers of a list of tasks; the arguments as in the contract.
    pub(crate) async fn lists(&self, arguments: &str) -> Vec<i64> {
        let answer =
            self.asks(&format!("{{ tasks({arguments}) {{ nodes {{ number }} }} }}"), Value::Null).await;
        let nodes = answer.ok()["tasks"]["nodes"].clone();
        nodes.as_array().unwrap().iter().map(|node| node["number"].as_i64().unwrap()).collect()
    }

    async fn version(&self, task: &Value) -> i64 {
        let id: server::db::columns::TaskId =
            ids::decode(&async_graphql::ID(task["id"].as_str().unwrap().into())).unwrap();
        let row = server::entity::task::Entity::find_by_id(id).one(self.app.db.reads()).await.unwrap();
        row.map_or(1, |row| row.version)
    }

    /// The task as this person sees it; null if they do not.
    pub(crate) async fn sees(&self, task: &Value) -> Value {
        let document = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Task {{ {TASK} }} }} }}");
        self.asks(&document, json!({ "id": task["id"] })).await.ok()["node"].clone()
    }

    /// The sentences of what this person has not read, newest first.
    pub(crate) async fn unread(&self) -> Vec<String> {
        let answer = self
            .asks("{ notifications(unreadOnly: true, first: 100) { nodes { text } } }", Value::Null)
            .await;
        let nodes = answer.ok()["notifications"]["nodes"].clone();
        nodes.as_array().unwrap().iter().map(|node| node["text"].as_str().unwrap().to_owned()).collect()
    }

    /// `KIND` of all that this person was told, newest first; `(read)` where it is.
    pub(crate) async fn told(&self) -> Vec<String> {
        let answer = self.asks("{ notifications(first: 100) { nodes { kind readAt } } }", Value::Null).await;
        let nodes = answer.ok()["notifications"]["nodes"].clone();
        let told = |node: &Value| {
            let read = if node["readAt"].is_null() { "" } else { " (read)" };
            format!("{}{read}", node["kind"].as_str().unwrap())
        };
        nodes.as_array().unwrap().iter().map(told).collect()
    }

    /// The place in the log that lists show once the process has read all that is written.
    pub(crate) async fn live_cursor(&self) -> String {
        let written = event::Entity::find()
            .order_by_desc(event::Column::Xid)
            .order_by_desc(event::Column::Id)
            .one(self.app.db.reads())
            .await
            .unwrap();
        self.app.hub.reaches(written.as_ref().map(Position::from).unwrap_or_default()).await;
        let answer = self.asks("{ tasks(first: 1) { liveCursor } }", Value::Null).await;
        answer.ok()["tasks"]["liveCursor"].as_str().unwrap().to_owned()
    }

    /// Listens to tasks, from a place in the log or from now on.
    pub(crate) async fn hears_tasks(&self, after: Option<&str>) -> Live {
        Live::open(self, live::tasks(after)).await
    }

    /// Listens to notifications, from a place in the log or from now on.
    pub(crate) async fn hears_notifications(&self, after: Option<&str>) -> Live {
        Live::open(self, live::notifications(after)).await
    }
}

use super::live;
