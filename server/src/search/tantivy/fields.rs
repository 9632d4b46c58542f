//! The fields of a document in the index: words and stems are looked up by their lists of documents; what narrows a question is read of
//! a document as it is met.
//!
//! All words and stems are terms of one field, each with a mark at its end that says where it stands and what it is: to find what is near
//! a word, one dictionary is walked and not four that are much alike.

use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

use crate::search::analysis::Token;
use crate::search::engine::{Document, joined};
use crate::search::relevance;

/// The name of a field whose values are read by document.
pub(super) mod column {
    pub(in super::super) const ID: &str = "id";
    pub(in super::super) const STATUS: &str = "status";
    pub(in super::super) const CREATOR: &str = "creator";
    pub(in super::super) const ASSIGNEE: &str = "assignee";
    pub(in super::super) const DEADLINE: &str = "deadline";
}

/// What the last byte of a term says. No letter is so small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Where the term stands.
    pub(super) field: relevance::Field,
    /// Whether it is a stem, not a word.
    pub(super) is_stem: bool,
}

impl Mark {
    /// Bytes up to this one are marks.
    pub(super) const LAST: u8 = 4;

    pub(super) const ALL: [Mark; 4] = [
        Mark { field: relevance::Field::Title, is_stem: false },
        Mark { field: relevance::Field::Title, is_stem: true },
        Mark { field: relevance::Field::Description, is_stem: false },
        Mark { field: relevance::Field::Description, is_stem: true },
    ];

    fn byte(self) -> u8 {
        match (self.field, self.is_stem) {
            (relevance::Field::Title, false) => 1,
            (relevance::Field::Title, true) => 2,
            (relevance::Field::Description, false) => 3,
            (relevance::Field::Description, true) => 4,
        }
    }

    pub(super) fn of(byte: u8) -> Option<Self> {
        Mark::ALL.into_iter().find(|mark| mark.byte() == byte)
    }

    /// The text as a term.
    pub(super) fn term(self, text: &str) -> String {
        format!("{text}{}", char::from(self.byte()))
    }

    /// A term without its mark, and the mark.
    pub(super) fn split(term: &[u8]) -> Option<(&[u8], Self)> {
        let (mark, text) = term.split_last()?;
        Some((text, Mark::of(*mark)?))
    }
}

/// The fields of a document.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub(super) id: Field,
    pub(super) terms: Field,
    status: Field,
    pub(super) creator: Field,
    pub(super) assignee: Field,
    deadline: Field,
}

impl Fields {
    pub(super) fn schema() -> (Schema, Self) {
        // Only whether a task has a word counts: neither how often nor where.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic);
        let mut schema = Schema::builder();
        let fields = Fields {
            id: schema.add_i64_field(column::ID, INDEXED | FAST),
            terms: schema.add_text_field("terms", TextOptions::default().set_indexing_options(indexing)),
            status: schema.add_text_field(column::STATUS, FAST),
            creator: schema.add_i64_field(column::CREATOR, INDEXED | FAST),
            assignee: schema.add_i64_field(column::ASSIGNEE, INDEXED | FAST),
            deadline: schema.add_i64_field(column::DEADLINE, FAST),
        };
        (schema.build(), fields)
    }

    pub(super) fn document(&self, id: i64, document: &Document) -> TantivyDocument {
        let mut fields = TantivyDocument::new();
        fields.add_i64(self.id, id);
        for mark in Mark::ALL {
            let tokens = match mark.field {
                relevance::Field::Title => &document.title,
                relevance::Field::Description => &document.description,
            };
            let text = |token: &Token| mark.term(if mark.is_stem { &token.stem } else { &token.word });
            let terms: Vec<String> = tokens.iter().map(text).collect();
            fields.add_text(self.terms, joined(terms.iter().map(String::as_str)));
        }
        fields.add_text(self.status, &document.status);
        fields.add_i64(self.creator, document.creator.0);
        fields.add_i64(self.assignee, document.assignee.0);
        fields.add_i64(self.deadline, document.deadline.0);
        fields
    }
}
