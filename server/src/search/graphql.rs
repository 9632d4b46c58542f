//! Search in the contract: a thin resolver over [`super::find`].

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use domain::policy::Capability;
use domain::validate::limit;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::engine::{Order, Place};
use super::relevance::Words;
use super::{Answer, TaskSearch, find, highlight};
use crate::app::App;
use crate::auth::Viewer;
use crate::db::columns::{TaskId, Timestamp};
use crate::entity::task;
use crate::error::{Error, Refused, Result};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::TaskStatus;
use crate::graphql::guard::Can;
use crate::graphql::pages::{self, PageArguments, PageInfo};
use crate::graphql::scalars::int;
use crate::task::graphql::{Task, distinct};
use crate::task::query;

/// Finding tasks.
#[derive(Clone, Copy, Debug, Default)]
pub struct SearchQuery;

/// Finding tasks.
#[Object]
impl SearchQuery {
    /// [ADMIN] Full text, person and deadline, through the search engine. `first`: 1 to 100.
    #[graphql(guard = "Can(Capability::SearchTasks)")]
    async fn task_search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is looked for.")] input: TaskSearchInput,
        #[graphql(default_with = "Some(20)", desc = "That many from the start, 1 to 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Tasks after this place.")] after: Option<String>,
    ) -> Result<TaskSearchConnection> {
        let arguments = PageArguments::forward(first.unwrap_or(20), after);
        TaskSearchConnection::read(ctx.app(), ctx.viewer()?, input.check()?, arguments).await
    }
}

/// What is looked for. Fields that are not given do not narrow.
#[derive(Clone, Debug, Default, InputObject)]
pub struct TaskSearchInput {
    /// Words of title and description, at most 200 characters; the last may be unfinished. Forms of the words, typos and words typed
    /// on the other keyboard layout are found too; a number is that of a task. Empty: filters alone.
    text: Option<String>,
    /// A person's name in any of its cases, as assignee or creator, at most 100 characters; typos forgiven.
    person: Option<String>,
    /// Any of these.
    statuses: Option<Vec<TaskStatus>>,
    /// Half-open: from <= deadline < to.
    deadline_from: Option<Timestamp>,
    /// Half-open: from <= deadline < to.
    deadline_to: Option<Timestamp>,
    /// What comes first.
    #[graphql(default_with = "Some(TaskSearchOrder::Relevance)")]
    order_by: Option<TaskSearchOrder>,
}

/// What comes first of what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TaskSearchOrder {
    /// The best match; of equals the newest.
    Relevance,
    /// The earliest deadline; without one last.
    Deadline,
}

impl TaskSearchInput {
    fn check(self) -> Result<TaskSearch> {
        let longer = |text: &Option<String>, most: usize| {
            text.as_ref().is_some_and(|text| text.chars().count() > most)
        };
        if longer(&self.text, limit::FILTER_TEXT) {
            return Err(bad("input.text is at most 200 characters"));
        }
        if longer(&self.person, limit::NAME) {
            return Err(bad("input.person is at most 100 characters"));
        }
        Ok(TaskSearch {
            text: self.text.unwrap_or_default(),
            person: self.person.filter(|name| !name.trim().is_empty()),
            statuses: self.statuses.map(distinct),
            deadline_from: self.deadline_from,
            deadline_to: self.deadline_to,
            order: match self.order_by {
                Some(TaskSearchOrder::Deadline) => Order::Deadline,
                Some(TaskSearchOrder::Relevance) | None => Order::Relevance,
            },
        })
    }
}

fn bad(message: &'static str) -> Error {
    Error::Refused(Refused::BadInput(message))
}

/// A place among what was found for one question: of another question it says nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Key {
    question: String,
    place: Place,
}

impl Key {
    fn question(asked: &TaskSearch) -> String {
        let digest = Sha256::digest(format!("{asked:?}"));
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A page of what was found.
#[derive(Clone, Debug)]
pub struct TaskSearchConnection {
    edges: Vec<TaskSearchEdge>,
    page_info: PageInfo,
    total: u64,
    degraded: bool,
}

/// A task that was found, with its place.
#[derive(Clone, Debug)]
pub struct TaskSearchEdge {
    cursor: String,
    node: Task,
    words: Arc<Words>,
}

/// What was found in a field of a task.
#[derive(Clone, Debug, SimpleObject)]
pub struct Highlight {
    /// `title` or `description`.
    field: &'static str,
    /// Pieces of the field around what was found, in its order; each cut into parts that together are its text. The title is one
    /// fragment, the description at most three.
    fragments: Vec<Vec<HighlightPart>>,
}

/// A part of a fragment. Plain text, never markup.
#[derive(Clone, Debug, SimpleObject)]
pub struct HighlightPart {
    /// The text as it stands.
    text: String,
    /// Whether it is what was looked for.
    #[graphql(name = "match")]
    is_match: bool,
}

impl From<highlight::Part> for HighlightPart {
    fn from(part: highlight::Part) -> Self {
        HighlightPart { text: part.text, is_match: part.is_match }
    }
}

impl TaskSearchConnection {
    async fn read(app: &App, viewer: &Viewer, asked: TaskSearch, arguments: PageArguments) -> Result<Self> {
        let request = arguments.request::<Key>(20)?;
        let question = Key::question(&asked);
        if request.after.as_ref().is_some_and(|key| key.question != question) {
            return Err(bad("not a cursor of this search"));
        }
        let size = usize::try_from(request.size).unwrap_or(limit::PAGE);
        let after = request.after.map(|key| key.place);
        let Answer { found, has_next, words, degraded } = find(app, &asked, after, size).await?;
        let cursor = |place: &Place| pages::cursor(&Key { question: question.clone(), place: *place });
        let page_info = PageInfo {
            has_next_page: has_next,
            has_previous_page: after.is_some(),
            start_cursor: found.places.first().map(cursor),
            end_cursor: found.places.last().map(cursor),
        };
        let ids = found.places.iter().map(|place| place.id).collect();
        // What was deleted since the index learned of it is not among the rows.
        let rows = query::some(app, viewer, ids).await?.into_iter().map(Arc::new).collect();
        let tasks: HashMap<TaskId, Task> =
            Task::many(app, rows).await?.into_iter().map(|task| (task.row.id, task)).collect();
        let words = Arc::new(words);
        let edges = found.places.iter().filter_map(|place| {
            let node = tasks.get(&place.id)?.clone();
            Some(TaskSearchEdge { cursor: cursor(place), node, words: Arc::clone(&words) })
        });
        Ok(TaskSearchConnection { edges: edges.collect(), page_info, total: found.total, degraded })
    }
}

/// A page of what was found.
#[Object]
impl TaskSearchConnection {
    /// The tasks with their places.
    async fn edges(&self) -> &[TaskSearchEdge] {
        &self.edges
    }

    /// The tasks alone.
    async fn nodes(&self) -> Vec<Task> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many tasks there are on all pages; while degraded, of the newest thousand that may match.
    async fn total_count(&self) -> i32 {
        int(i64::try_from(self.total).unwrap_or(i64::MAX))
    }

    /// True when the engine did not answer and the database did, which forgives no typos and, of very many tasks, looks at the newest.
    async fn degraded(&self) -> bool {
        self.degraded
    }
}

/// A task that was found.
#[Object]
impl TaskSearchEdge {
    /// Its place.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The task.
    async fn node(&self) -> &Task {
        &self.node
    }

    /// What of it was looked for; nothing where filters alone were asked for.
    async fn highlights(&self) -> Vec<Highlight> {
        let task: &task::Model = &self.node.row;
        let parts = |fragment: Vec<highlight::Part>| fragment.into_iter().map(Into::into).collect();
        let title = highlight::whole(&self.words, &task.title).into_iter().map(parts).collect();
        let description =
            highlight::fragments(&self.words, &task.description).into_iter().map(parts).collect();
        let fields: [(&'static str, Vec<Vec<HighlightPart>>); 2] =
            [("title", title), ("description", description)];
        let found = fields.into_iter().filter(|(_, fragments)| !fragments.is_empty());
        found.map(|(field, fragments)| Highlight { field, fragments }).collect()
    }
}
