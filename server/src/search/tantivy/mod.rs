//! The embedded engine: an index of tantivy in the data folder. It belongs to one process at a time; a second one in the same folder
//! may ask but not write. What is in a document and what is found is [`super::engine`]'s and [`super::relevance`]'s.
//!
//! `search/id` names the reader of the log that keeps the index, `search/current` the folder of the index that answers. An index
//! says with each commit up to which place in the log it is, so that one that was copied or brought back goes on from there.

mod page;
mod query;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::Code;
use parking_lot::Mutex;
use tantivy::directory::MmapDirectory;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::Compressor;
use tantivy::{Index, IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument, Term};

use super::engine::{
    Answered, Change, Document, Engine, EngineError, FORM, Found, Question, Standing, joined,
};
use super::relevance;
use crate::clock::Random;
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

/// The fields of a document.
#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    title_words: Field,
    title_stems: Field,
    description_words: Field,
    description_stems: Field,
    status: Field,
    creator: Field,
    assignee: Field,
    deadline: Field,
}

impl Fields {
    fn schema() -> (Schema, Self) {
        // Only whether a task has a word counts: neither how often nor where.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let words = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let fields = Fields {
            id: schema.add_i64_field("id", INDEXED | FAST),
            title_words: schema.add_text_field("title_words", words.clone()),
            title_stems: schema.add_text_field("title_stems", words.clone()),
            description_words: schema.add_text_field("description_words", words.clone()),
            description_stems: schema.add_text_field("description_stems", words),
            status: schema.add_text_field("status", STRING),
            creator: schema.add_i64_field("creator", INDEXED),
            assignee: schema.add_i64_field("assignee", INDEXED),
            deadline: schema.add_i64_field("deadline", FAST),
        };
        (schema.build(), fields)
    }

    /// The words and the stems of a field.
    fn of(&self, field: relevance::Field) -> (Field, Field) {
        match field {
            relevance::Field::Title => (self.title_words, self.title_stems),
            relevance::Field::Description => (self.description_words, self.description_stems),
        }
    }

    fn document(&self, id: i64, document: &Document) -> TantivyDocument {
        let mut fields = TantivyDocument::new();
        fields.add_i64(self.id, id);
        for (field, tokens) in [
            (relevance::Field::Title, &document.title),
            (relevance::Field::Description, &document.description),
        ] {
            let (words, stems) = self.of(field);
            fields.add_text(words, joined(tokens.iter().map(|token| token.word.as_str())));
            fields.add_text(stems, joined(tokens.iter().map(|token| token.stem.as_str())));
        }
        fields.add_text(self.status, document.status.code());
        fields.add_i64(self.creator, document.creator.0);
        fields.add_i64(self.assignee, document.assignee.0);
        fields.add_i64(self.deadline, document.deadline.0);
        fields
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
        self.blocking(move |inner| {
            let Some(current) = inner.state.lock().current.clone() else { return Err(EngineError::Missing) };
            let query = query::of(&inner.fields, &question);
            Ok(current.reader.searcher().search(&query, &page::Page::of(&question))?)
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
        let current = fs::read_to_string(self.folder.join("current")).unwrap_or_default();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            // What an earlier attempt left.
            if entry.path().is_dir() && entry.file_name().to_str() != Some(&*current) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        let name = fresh_name()?;
        let path = self.folder.join(&name);
        fs::create_dir_all(&path)?;
        let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
        let index = Index::create(MmapDirectory::open(&path)?, Fields::schema().0, settings)?;
        writers.filling = Some((name, index.writer_with_num_threads(2, FILLING)?));
        Ok(())
    }

    fn switch(&self, standing: &Standing) -> Answered<()> {
        let mut writers = self.writers.lock();
        let Some((name, mut writer)) = writers.filling.take() else { return Err(EngineError::Missing) };
        commit(&mut writer, standing)?;
        writer.wait_merging_threads()?;
        let current = open(&name, &self.folder.join(&name))?;
        write_whole(&self.folder.join("current"), &name)?;
        writers.keeping = None;
        let before = self.state.lock().current.replace(current);
        if let Some(before) = before.filter(|before| before.name != name)
            && let Err(error) = fs::remove_dir_all(self.folder.join(&before.name))
        {
            tracing::warn!(%error, "the index before was not removed; the next that is built removes it");
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
