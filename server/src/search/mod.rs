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

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
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
    /// Whether questions are put to the engine. Only [`Search::probe`] says so: a question that is not answered may be a bad one, and
    /// then costs who asked it alone. Once the engine is found not to answer, who keeps the index tries until it does.
    answering: AtomicBool,
    /// Whether it is being tried.
    probing: AtomicBool,
    /// In milliseconds.
    patience: AtomicU64,
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
        Ok(Search::by(engine))
    }

    /// By this engine.
    pub fn by(engine: Box<dyn Engine>) -> Self {
        let search = Search {
            engine,
            answering: AtomicBool::new(true),
            probing: AtomicBool::new(false),
            patience: AtomicU64::default(),
        };
        search.wait_for(PATIENCE);
        search
    }

    /// Waits longer for the engine than [`PATIENCE`], or less long: what is to be found does not hang on how fast a machine is.
    pub fn wait_for(&self, patience: Duration) {
        self.patience.store(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
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
        let patience = Duration::from_millis(self.patience.load(Ordering::Relaxed));
        match tokio::time::timeout(patience, self.engine.search(question)).await {
            Ok(answered) => answered,
            Err(_) => Err(EngineError::Failed(anyhow::anyhow!("no answer within {patience:?}"))),
        }
    }

    /// Tries whether the engine answers.
    async fn probe(&self) -> bool {
        let answers = self.ask(&Question { limit: 1, ..Question::default() }).await;
        self.set_answering(answers.is_ok());
        answers.is_ok()
    }

    /// Tries it beside who asks, once for all whose questions were not answered meanwhile.
    fn suspect(self: &Arc<Self>) {
        if self.probing.swap(true, Ordering::Relaxed) {
            return;
        }
        let search = Arc::clone(self);
        tokio::spawn(async move {
            search.probe().await;
            search.probing.store(false, Ordering::Relaxed);
        });
    }

    /// What the engine found; `None` where it does not answer, or not this question in time.
    pub async fn find(self: &Arc<Self>, question: &Question) -> Option<Found> {
        if !self.is_answering() {
            return None;
        }
        match self.ask(question).await {
            Ok(found) => Some(found),
            Err(error) => {
                tracing::warn!(%error, "a question is not answered by the search engine; the database answers");
                self.suspect();
                None
            }
        }
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
    if let Some(found) = app.search.find(question).await {
        metrics::counter!("vekha_search_answers_total", "by" => "engine").increment(1);
        return Ok((found, false));
    }
    metrics::counter!("vekha_search_answers_total", "by" => "database").increment(1);
    Ok((database::search(&app.db, question, database::LOOKING).await?, true))
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        Error::unavailable(error)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{Semaphore, watch};

    use super::*;
    use crate::log::Position;
    use engine::{Change, Standing};

    /// How an engine takes a question.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Way {
        Answers,
        Fails,
        Hangs,
    }

    /// Takes questions for a person's tasks in one way, and all others in another.
    #[derive(Debug)]
    struct Stub {
        bad: watch::Receiver<Way>,
        others: watch::Receiver<Way>,
        asked: Arc<Semaphore>,
    }

    #[async_trait::async_trait]
    impl Engine for Stub {
        async fn consumer(&self) -> Answered<String> {
            Ok("stub".to_owned())
        }

        async fn standing(&self) -> Answered<Option<Standing>> {
            Ok(None)
        }

        async fn begin(&self, _epoch: &str) -> Answered<()> {
            Ok(())
        }

        async fn fill(&self, _changes: Vec<Change>) -> Answered<()> {
            Ok(())
        }

        async fn switch(&self, _epoch: &str, _position: Position) -> Answered<()> {
            Ok(())
        }

        async fn apply(&self, _changes: Vec<Change>, _epoch: &str, _position: Position) -> Answered<()> {
            Ok(())
        }

        async fn release(&self) {}

        async fn search(&self, question: &Question) -> Answered<Found> {
            self.asked.add_permits(1);
            let way = if question.people.is_some() { *self.bad.borrow() } else { *self.others.borrow() };
            match way {
                Way::Answers => Ok(Found::default()),
                Way::Fails => Err(EngineError::Failed(anyhow::anyhow!("no"))),
                Way::Hangs => std::future::pending().await,
            }
        }
    }

    struct Tried {
        search: Arc<Search>,
        bad: watch::Sender<Way>,
        others: watch::Sender<Way>,
        asked: Arc<Semaphore>,
    }

    fn with_stub(way: Way) -> Tried {
        let (bad, others) = (watch::Sender::new(way), watch::Sender::new(Way::Answers));
        let asked = Arc::new(Semaphore::new(0));
        let stub = Stub { bad: bad.subscribe(), others: others.subscribe(), asked: Arc::clone(&asked) };
        Tried { search: Arc::new(Search::by(Box::new(stub))), bad, others, asked }
    }

    fn bad_question() -> Question {
        Question { people: Some(Vec::new()), ..Question::default() }
    }

    /// Returns once the engine was asked so often.
    async fn asked(tried: &Tried, times: u32) {
        let asked = tried.asked.acquire_many(times);
        tokio::time::timeout(PATIENCE * 20, asked).await.expect("the engine is asked").unwrap().forget();
    }

    async fn settled(search: &Search) {
        let tried = async {
            while search.probing.load(Ordering::Relaxed) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE * 20, tried).await.expect("the engine is tried to the end");
    }

    #[tokio::test]
    async fn a_bad_question_costs_who_asked_it_alone() {
        for way in [Way::Fails, Way::Hangs] {
            let tried = with_stub(way);
            for _ in 0..2 {
                assert_eq!(tried.search.find(&bad_question()).await, None, "{way:?}");
                // The question, and the trial of the engine that it causes.
                asked(&tried, 2).await;
                settled(&tried.search).await;
                assert!(tried.search.is_answering(), "{way:?}");
                assert!(tried.search.find(&Question::default()).await.is_some(), "{way:?}");
                asked(&tried, 1).await;
            }
        }
    }

    #[tokio::test]
    async fn an_engine_that_is_down_is_not_waited_for_twice() {
        for way in [Way::Fails, Way::Hangs] {
            let tried = with_stub(way);
            tried.others.send_replace(way);
            assert_eq!(tried.search.find(&Question::default()).await, None);
            asked(&tried, 2).await;
            settled(&tried.search).await;
            assert!(!tried.search.is_answering(), "{way:?}");
            assert_eq!(tried.search.find(&Question::default()).await, None);
            assert_eq!(tried.asked.available_permits(), 0, "nobody asks it");
            tried.bad.send_replace(Way::Answers);
            tried.others.send_replace(Way::Answers);
            assert!(tried.search.probe().await);
            assert!(tried.search.find(&bad_question()).await.is_some(), "{way:?}");
        }
    }
}
