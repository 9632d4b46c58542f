//! What the two engines have in common: what they are asked, what they answer, what they are told. Says nothing of how.

use std::cmp::Ordering;
use std::fmt::Debug;

use domain::{Code, StatusKind};
use sea_orm::{EntityTrait, FromQueryResult, QuerySelect, Select};
use serde::{Deserialize, Serialize};

use super::analysis::{Token, tokens};
use super::relevance::Words;
use crate::db::columns::{TaskId, Timestamp, UserId};
use crate::entity::task;
use crate::log::Position;

/// The form of the documents. An index of another form is built anew: raise it with every change of what is put into one.
pub const FORM: u64 = 3;

/// Why an engine did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// There is no index, or not the one that was written to.
    #[error("the index is missing")]
    Missing,
    /// Anything else: to be tried again.
    #[error("{0:#}")]
    Failed(anyhow::Error),
}

/// What may go wrong in an engine's own parts.
macro_rules! failures {
    ($($error:ty,)+) => { $(
        impl From<$error> for EngineError {
            fn from(error: $error) -> Self {
                EngineError::Failed(error.into())
            }
        }
    )+ };
}

failures! {
    anyhow::Error,
    std::io::Error,
    serde_json::Error,
    ::tantivy::TantivyError,
    ::tantivy::directory::error::OpenDirectoryError,
    ::elasticsearch::Error,
    tokio::task::JoinError,
    getrandom::Error,
}

/// What an engine answers.
pub type Answered<T> = Result<T, EngineError>;

/// What is asked of an engine.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Words that the text of a task has.
    pub words: Words,
    /// Carried out or set by any of these.
    pub people: Option<Vec<UserId>>,
    /// Any of these.
    pub statuses: Option<Vec<StatusKind>>,
    /// Due at this moment or later.
    pub deadline_from: Option<Timestamp>,
    /// Due before this moment.
    pub deadline_to: Option<Timestamp>,
    /// What comes first.
    pub order: Order,
    /// Only what comes after this place in the order.
    pub after: Option<Place>,
    /// How many at the most.
    pub limit: usize,
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// The best match; of equals the newest.
    #[default]
    Relevance,
    /// The earliest deadline; of equals the oldest. Without a deadline last.
    Deadline,
}

/// A task's place in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its score, or its deadline.
    pub rank: i64,
    /// The task.
    pub id: TaskId,
}

impl Order {
    /// Which of two places comes first.
    pub fn compare(self, one: &Place, other: &Place) -> Ordering {
        match self {
            Order::Relevance => (other.rank, other.id).cmp(&(one.rank, one.id)),
            Order::Deadline => (one.rank, one.id).cmp(&(other.rank, other.id)),
        }
    }
}

/// What an engine found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The places of the page, in order.
    pub places: Vec<Place>,
    /// How many there are on all pages.
    pub total: u64,
}

/// What an index knows of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The words of its title.
    pub title: Vec<Token>,
    /// The words of its description.
    pub description: Vec<Token>,
    /// The name of its status, also of one that only a later version knows.
    pub status: String,
    /// Who set it.
    pub creator: UserId,
    /// Who carries it out.
    pub assignee: UserId,
    /// When it is due; [`Timestamp::NEVER`] without a deadline.
    pub deadline: Timestamp,
}

/// What of a task's row goes into an index. Read as it is stored: the index is to have what a later version wrote, for that will
/// not write it again.
#[derive(Clone, Debug, FromQueryResult)]
#[expect(missing_docs, reason = "the columns, named as in the contract")]
pub struct Source {
    pub id: TaskId,
    pub title: String,
    pub description: String,
    pub status: String,
    pub creator_id: UserId,
    pub assignee_id: UserId,
    pub deadline_key: Timestamp,
    pub deleted_at: Option<Timestamp>,
    pub version: i64,
}

impl Source {
    /// The statement that reads such rows.
    pub fn select() -> Select<task::Entity> {
        task::Entity::find().select_only().columns([
            task::Column::Id,
            task::Column::Title,
            task::Column::Description,
            task::Column::Status,
            task::Column::CreatorId,
            task::Column::AssigneeId,
            task::Column::DeadlineKey,
            task::Column::DeletedAt,
            task::Column::Version,
        ])
    }
}

impl From<&task::Model> for Source {
    fn from(row: &task::Model) -> Self {
        Source {
            id: row.id,
            title: row.title.clone(),
            description: row.description.clone(),
            status: row.status.0.code().to_owned(),
            creator_id: row.creator_id,
            assignee_id: row.assignee_id,
            deadline_key: row.deadline_key,
            deleted_at: row.deleted_at,
            version: row.version,
        }
    }
}

/// What an index is told of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The task.
    pub id: TaskId,
    /// The version it has now; an index that knows a later one keeps that. [`Change::GONE`] for what is gone for good.
    pub version: i64,
    /// What it is now; `None` if it is deleted.
    pub document: Option<Document>,
}

impl Change {
    /// After every version of a task.
    pub const GONE: i64 = i64::MAX / 2;

    /// What the row says.
    pub fn of(row: &Source) -> Self {
        let document = row.deleted_at.is_none().then(|| Document {
            title: tokens(&row.title),
            description: tokens(&row.description),
            status: row.status.clone(),
            creator: row.creator_id,
            assignee: row.assignee_id,
            deadline: row.deadline_key,
        });
        Change { id: row.id, version: row.version, document }
    }

    /// A task whose row is gone.
    pub fn gone(id: TaskId) -> Self {
        Change { id, version: Change::GONE, document: None }
    }
}

/// The words of a field as both engines take them: analysed already, with blanks between. Once each: how often a task has a word
/// does not count.
pub fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut seen = std::collections::HashSet::new();
    let once: Vec<&str> = words.filter(|word| seen.insert(*word)).collect();
    once.join(" ")
}

/// What an index says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The form of its documents.
    pub form: u64,
    /// The life of the log that it follows.
    pub epoch: String,
    /// The place in the log up to which it is certain to have everything, where it knows by itself.
    pub position: Option<Position>,
}

/// One of the two that search. Writing is the right of who holds the lease on [`Engine::consumer`]; asking is everyone's.
#[async_trait::async_trait]
pub trait Engine: Debug + Send + Sync {
    /// The reader of the log that keeps this index: one for each index that there is.
    async fn consumer(&self) -> Answered<String>;

    /// What the index that answers says of itself; `None` where there is none.
    async fn standing(&self) -> Answered<Option<Standing>>;

    /// Begins an empty index beside the one that answers, in place of one that was begun earlier.
    async fn begin(&self, epoch: &str) -> Answered<()>;

    /// Adds to the index that was begun.
    async fn fill(&self, changes: Vec<Change>) -> Answered<()>;

    /// Lets the index that was begun answer from now on, and drops the one before. Up to that place it has everything.
    async fn switch(&self, epoch: &str, position: Position) -> Answered<()>;

    /// Brings the index that answers up to that place; done when it is lasting and can be found.
    async fn apply(&self, changes: Vec<Change>, epoch: &str, position: Position) -> Answered<()>;

    /// Lets go of what only who writes needs.
    async fn release(&self);

    /// Finds.
    async fn search(&self, question: &Question) -> Answered<Found>;
}
