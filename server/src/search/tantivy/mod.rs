//! The embedded engine: an index of tantivy in the data folder. It belongs to one process at a time; a second one in the same folder
//! may ask but not write. What is in a document and what is found is [`super::engine`]'s and [`super::relevance`]'s.
//!
//! `search/id` names the reader of the log that keeps the index, `search/current` the folder of the index that answers. An index
//! says with each commit up to which place in the log it is, so that one that was copied or brought back goes on from there.

mod fields;
mod filters;
mod lists;
mod matches;
mod near;
mod page;
mod search;
mod terms;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use tantivy::directory::MmapDirectory;
use tantivy::merge_policy::NoMergePolicy;
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Term};

use fields::Fields;

use super::engine::{Answered, Change, Engine, EngineError, FORM, Found, Question, Standing};
use crate::clock::Random;
use crate::db;
use crate::log::Position;

/// Memory of a writer that keeps up with changes; the least that tantivy takes.
const KEEPING: usize = 15_000_000;
/// Memory of a writer that fills a new index.
const FILLING: usize = 150_000_000;

/// The index in the data folder.
#[derive(Clone, Debug)]
pub struct Tantivy {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    fields: Fields,
    state: Mutex<State>,
    /// Held by who writes; never while waiting for `state`.
    writers: Mutex<Writers>,
}

#[derive(Default)]
struct State {
    current: Option<Current>,
}

/// The index that answers.
#[derive(Clone)]
struct Current {
    name: String,
    index: Index,
    reader: IndexReader,
}

#[derive(Default)]
struct Writers {
    keeping: Option<(String, IndexWriter)>,
    filling: Option<(String, IndexWriter)>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Inner").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Tantivy {
    /// The engine over a folder of its own. Touches nothing yet.
    pub fn new(folder: PathBuf) -> Self {
        let (_, fields) = Fields::schema();
        Tantivy {
            inner: Arc::new(Inner { folder, fields, state: Mutex::default(), writers: Mutex::default() }),
        }
    }

    /// Reading and writing files blocks.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Answered<T> + Send + 'static,
    ) -> Answered<T> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&inner)).await?
    }
}

#[async_trait::async_trait]
impl Engine for Tantivy {
    async fn consumer(&self) -> Answered<String> {
        self.blocking(|inner| {
            fs::create_dir_all(&inner.folder)?;
            let file = inner.folder.join("id");
            let id = match fs::read_to_string(&file) {
                Ok(id) if !id.trim().is_empty() => id,
                Ok(_) | Err(_) => {
                    let id = fresh_name()?;
                    write_whole(&file, &id)?;
                    id
                }
            };
            Ok(format!("search:tantivy:{}", id.trim()))
        })
        .await
    }

    async fn standing(&self) -> Answered<Option<Standing>> {
        self.blocking(Inner::standing).await
    }

    async fn begin(&self, _epoch: &str) -> Answered<()> {
        self.blocking(Inner::begin).await
    }

    async fn fill(&self, changes: Vec<Change>) -> Answered<()> {
        self.blocking(move |inner| {
            let writers = inner.writers.lock();
            let Some((_, writer)) = &writers.filling else { return Err(EngineError::Missing) };
            for change in &changes {
                if let Some(document) = &change.document {
                    writer.add_document(inner.fields.document(change.id.0, document))?;
                }
            }
            Ok(())
        })
        .await
    }

    async fn switch(&self, epoch: &str, position: Position) -> Answered<()> {
        let standing = standing_at(epoch, position);
        self.blocking(move |inner| inner.switch(&standing)).await
    }

    async fn apply(&self, changes: Vec<Change>, epoch: &str, position: Position) -> Answered<()> {
        let standing = standing_at(epoch, position);
        self.blocking(move |inner| inner.apply(&changes, &standing)).await
    }

    async fn release(&self) {
        let released = self.blocking(|inner| {
            *inner.writers.lock() = Writers::default();
            Ok(())
        });
        if let Err(error) = released.await {
            tracing::warn!(%error, "the index was not let go of");
        }
    }

    async fn search(&self, question: &Question) -> Answered<Found> {
        let question = question.clone();
        // Held until the thread is through, also where nobody waits for it any more: who asks what takes long waits for themselves.
        let turn = db::turn().await;
        self.blocking(move |inner| {
            let _turn = turn;
            let Some(current) = inner.state.lock().current.clone() else { return Err(EngineError::Missing) };
            Ok(search::search(&current.reader.searcher(), &inner.fields, &question)?)
        })
        .await
    }
}

fn standing_at(epoch: &str, position: Position) -> Standing {
    Standing { form: FORM, epoch: epoch.to_owned(), position: Some(position) }
}

impl Inner {
    /// Opens the index that the pointer names, or sees what another process did to it.
    fn standing(&self) -> Answered<Option<Standing>> {
        let named = fs::read_to_string(self.folder.join("current")).unwrap_or_default();
        let path = self.folder.join(&named);
        if named.is_empty() || !path.join("meta.json").is_file() {
            self.state.lock().current = None;
            return Ok(None);
        }
        let known = self.state.lock().current.clone().filter(|current| current.name == named);
        let current = match known {
            Some(current) => {
                current.reader.reload()?;
                current
            }
            None => match open(&named, &path) {
                Ok(current) => current,
                Err(error) => {
                    tracing::warn!(%error, "the index cannot be opened and is built anew");
                    return Ok(None);
                }
            },
        };
        let payload = current.index.load_metas()?.payload;
        let standing = payload.and_then(|payload| serde_json::from_str::<Standing>(&payload).ok());
        // An index of another form has other fields than are asked for.
        let answers = standing.as_ref().is_some_and(|standing| standing.form == FORM);
        self.state.lock().current = answers.then_some(current);
        Ok(standing)
    }

    fn begin(&self) -> Answered<()> {
        let mut writers = self.writers.lock();
        writers.filling = None;
        // What an earlier attempt left.
        self.sweep(&fs::read_to_string(self.folder.join("current")).unwrap_or_default())?;
        let name = fresh_name()?;
        let path = self.folder.join(&name);
        fs::create_dir_all(&path)?;
        let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
        let index = Index::create(MmapDirectory::open(&path)?, Fields::schema().0, settings)?;
        let writer = index.writer_with_num_threads(2, FILLING)?;
        // What is filled is merged once, at the end.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        writers.filling = Some((name, writer));
        Ok(())
    }

    fn switch(&self, standing: &Standing) -> Answered<()> {
        let mut writers = self.writers.lock();
        let Some((name, mut writer)) = writers.filling.take() else { return Err(EngineError::Missing) };
        commit(&mut writer, standing)?;
        // A question walks the dictionary of each segment.
        let segments = writer.index().searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()?;
        let current = open(&name, &self.folder.join(&name))?;
        write_whole(&self.folder.join("current"), &name)?;
        writers.keeping = None;
        self.state.lock().current = Some(current);
        // Also one of another form, which was never opened.
        if let Err(error) = self.sweep(&name) {
            tracing::warn!(%error, "the index before was not removed; the next that is built removes it");
        }
        Ok(())
    }

    /// Removes all indices but one.
    fn sweep(&self, but: &str) -> std::io::Result<()> {
        for entry in fs::read_dir(&self.folder)?.flatten() {
            if entry.path().is_dir() && entry.file_name().to_str() != Some(but) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    fn apply(&self, changes: &[Change], standing: &Standing) -> Answered<()> {
        let Some(current) = self.state.lock().current.clone() else { return Err(EngineError::Missing) };
        let mut writers = self.writers.lock();
        if writers.keeping.as_ref().is_none_or(|(name, _)| *name != current.name) {
            writers.keeping = None;
            let writer = current.index.writer_with_num_threads(1, KEEPING)?;
            writers.keeping = Some((current.name.clone(), writer));
        }
        let Some((_, writer)) = &mut writers.keeping else { return Err(EngineError::Missing) };
        let written = self.write(writer, changes).and_then(|()| commit(writer, standing));
        if let Err(error) = written {
            // What it holds half written is read from the log again.
            writers.keeping = None;
            return Err(error);
        }
        current.reader.reload()?;
        Ok(())
    }

    fn write(&self, writer: &IndexWriter, changes: &[Change]) -> Answered<()> {
        for change in changes {
            writer.delete_term(Term::from_field_i64(self.fields.id, change.id.0));
            if let Some(document) = &change.document {
                writer.add_document(self.fields.document(change.id.0, document))?;
            }
        }
        Ok(())
    }
}

fn open(name: &str, path: &Path) -> Answered<Current> {
    let index = Index::open(MmapDirectory::open(path)?)?;
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Current { name: name.to_owned(), index, reader })
}

fn commit(writer: &mut IndexWriter, standing: &Standing) -> Answered<()> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&serde_json::to_string(standing)?);
    prepared.commit()?;
    Ok(())
}

fn fresh_name() -> Answered<String> {
    let token = Random.token().map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(token.chars().filter(char::is_ascii_alphanumeric).take(12).collect())
}

/// A file that is there whole or as it was before.
fn write_whole(file: &Path, text: &str) -> Answered<()> {
    let beside = file.with_extension("new");
    let mut written = fs::File::create(&beside)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&beside, file)?;
    if let Some(folder) = file.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::db::columns::{TaskId, Timestamp, UserId};
    use crate::search::analysis::tokens;
    use crate::search::engine::Document;

    fn change(id: i64) -> Change {
        let document = Document {
            title: tokens("Отчёт"),
            description: Vec::new(),
            status: "NEW".to_owned(),
            creator: UserId(1),
            assignee: UserId(1),
            deadline: Timestamp::NEVER,
        };
        Change { id: TaskId(id), version: 1, document: Some(document) }
    }

    #[tokio::test]
    async fn an_index_that_was_built_is_one_segment_and_the_only_folder() {
        let folder = tempfile::tempdir().unwrap();
        // Of another form: it is not opened, and yet it is in the way.
        fs::create_dir(folder.path().join("before")).unwrap();
        fs::write(folder.path().join("current"), "before").unwrap();
        let engine = Tantivy::new(folder.path().to_owned());
        engine.begin("life").await.unwrap();
        for first in 0..50 {
            engine.fill((0..20).map(|it| change(first * 20 + it + 1)).collect()).await.unwrap();
        }
        engine.switch("life", Position::default()).await.unwrap();

        let standing = engine.standing().await.unwrap().unwrap();
        assert_eq!(standing, standing_at("life", Position::default()));
        let current = engine.inner.state.lock().current.clone().unwrap();
        assert_eq!(current.reader.searcher().segment_readers().len(), 1);
        assert_eq!(current.reader.searcher().num_docs(), 1_000);
        let folders = fs::read_dir(folder.path()).unwrap().flatten().filter(|entry| entry.path().is_dir());
        assert_eq!(folders.map(|it| it.file_name()).collect::<Vec<_>>(), [&*current.name]);
    }
}
