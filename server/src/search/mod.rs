//! Finds tasks by words, person, status and deadline. One question, two engines ([`Engine`]) and, when neither answers in time, the
//! database. What is found is read from the database before anybody is shown it; an engine only says which, and in which order.

pub mod analysis;
pub mod database;
mod elasticsearch;
pub mod engine;
pub mod graphql;
pub mod highlight;
mod indexer;
mod people;
pub mod relevance;
mod tantivy;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::StatusKind;

pub use indexer::{keep, rebuild};

use crate::app::App;
use crate::config::Config;
use crate::db::columns::Timestamp;
use crate::error::{Error, Result};
use engine::{Answered, Engine, EngineError, Found, Order, Place, Question};
use relevance::Words;

/// An engine that takes longer is not waited for.
pub const PATIENCE: Duration = Duration::from_millis(500);

/// The engine of this process, and whether it answers.
#[derive(Debug)]
pub struct Search {
    engine: Box<dyn Engine>,
    /// Whether questions are put to the engine. One that is not answered ends it, so that the others need not wait; who keeps the
    /// index tries until the engine answers again.
    answering: AtomicBool,
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct TaskSearch {
    /// Words of title and description.
    pub text: String,
    /// The name of whoever carries it out or set it.
    pub person: Option<String>,
    /// Any of these.
    pub statuses: Option<Vec<StatusKind>>,
    /// Due at this moment or later.
    pub deadline_from: Option<Timestamp>,
    /// Due before this moment.
    pub deadline_to: Option<Timestamp>,
    /// What comes first.
    pub order: Order,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The places of the page, in order, and how many there are.
    pub found: Found,
    /// Whether more follow.
    pub has_next: bool,
    /// The words that were looked for.
    pub words: Words,
    /// Whether the database answered, which forgives nothing and may not reach the oldest tasks.
    pub degraded: bool,
}

impl Search {
    /// The engine that the configuration names.
    pub fn of(config: &Config) -> Result<Self> {
        let engine: Box<dyn Engine> = match &config.elasticsearch_url {
            Some(url) => Box::new(elasticsearch::Elastic::new(url, &config.elasticsearch_index)?),
            None => Box::new(tantivy::Tantivy::new(config.data_dir.join("search"))),
        };
        Ok(Search { engine, answering: AtomicBool::new(true) })
    }

    /// The engine itself.
    pub fn engine(&self) -> &dyn Engine {
        &*self.engine
    }

    /// Whether questions are put to the engine.
    pub fn is_answering(&self) -> bool {
        self.answering.load(Ordering::Relaxed)
    }

    fn set_answering(&self, answering: bool) {
        if self.answering.swap(answering, Ordering::Relaxed) != answering {
            tracing::info!(answering, "the search engine");
        }
    }

    async fn ask(&self, question: &Question) -> Answered<Found> {
        match tokio::time::timeout(PATIENCE, self.engine.search(question)).await {
            Ok(answered) => answered,
            Err(_) => Err(EngineError::Failed(anyhow::anyhow!("no answer within {PATIENCE:?}"))),
        }
    }

    /// Tries whether the engine answers.
    async fn probe(&self) -> bool {
        let answers = self.ask(&Question { limit: 1, ..Question::default() }).await;
        self.set_answering(answers.is_ok());
        answers.is_ok()
    }
}

/// Finds a page of tasks: `limit` after a place in the order.
pub async fn find(app: &App, asked: &TaskSearch, after: Option<Place>, limit: usize) -> Result<Answer> {
    let words = Words::parse(&asked.text);
    let people = match &asked.person {
        Some(name) => Some(people::named(&app.db, name).await?),
        None => None,
    };
    let mut question = Question {
        words,
        people,
        statuses: asked.statuses.clone(),
        deadline_from: asked.deadline_from,
        deadline_to: asked.deadline_to,
        order: asked.order,
        after,
        // One more than is shown tells whether there are others.
        limit: limit.saturating_add(1),
    };
    let (mut found, degraded) = answer(app, &question).await?;
    let has_next = found.places.len() > limit;
    found.places.truncate(limit);
    Ok(Answer { found, has_next, words: std::mem::take(&mut question.words), degraded })
}

async fn answer(app: &App, question: &Question) -> Result<(Found, bool)> {
    if app.search.is_answering() {
        match app.search.ask(question).await {
            Ok(found) => {
                metrics::counter!("vekha_search_answers_total", "by" => "engine").increment(1);
                return Ok((found, false));
            }
            Err(error) => {
                app.search.set_answering(false);
                tracing::warn!(%error, "the search engine does not answer; the database does");
            }
        }
    }
    metrics::counter!("vekha_search_answers_total", "by" => "database").increment(1);
    Ok((database::search(&app.db, question, database::LOOKING).await?, true))
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        Error::unavailable(error)
    }
}
