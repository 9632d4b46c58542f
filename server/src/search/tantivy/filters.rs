//! What narrows a question beside its words: read of a document when it is met, so that it costs nothing for documents that are not.

use std::ops::Range;

use domain::Code;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::fields::column;
use crate::db::columns::Timestamp;
use crate::search::engine::Question;

/// The filters of a question in a segment.
pub(super) struct Filters {
    people: Option<People>,
    statuses: Option<Statuses>,
    deadlines: Option<Deadlines>,
}

struct People {
    either: [Column<i64>; 2],
    /// In order.
    asked: Vec<i64>,
}

struct Statuses {
    column: Column<u64>,
    /// As the column numbers them.
    asked: Vec<u64>,
}

struct Deadlines {
    column: Column<i64>,
    asked: Range<i64>,
}

impl Filters {
    pub(super) fn of(segment: &SegmentReader, question: &Question) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let people = match &question.people {
            Some(people) => {
                let mut asked: Vec<i64> = people.iter().map(|person| person.0).collect();
                asked.sort_unstable();
                Some(People {
                    either: [columns.i64(column::ASSIGNEE)?, columns.i64(column::CREATOR)?],
                    asked,
                })
            }
            None => None,
        };
        let mut statuses = None;
        if let Some(any_of) = &question.statuses
            && let Some(codes) = columns.str(column::STATUS)?
        {
            let mut asked = Vec::new();
            for status in any_of {
                asked.extend(codes.dictionary().term_ord(status.code())?);
            }
            statuses = Some(Statuses { column: codes.ords().clone(), asked });
        }
        let deadlines = match (question.deadline_from, question.deadline_to) {
            (None, None) => None,
            (from, to) => {
                let from = from.map_or(i64::MIN, |from| from.0);
                let asked = from..to.unwrap_or(Timestamp::NEVER).0;
                Some(Deadlines { column: columns.i64(column::DEADLINE)?, asked })
            }
        };
        Ok(Filters { people, statuses, deadlines })
    }

    /// Leaves the people out: who comes by their lists is theirs.
    pub(super) fn without_people(self) -> Self {
        Filters { people: None, ..self }
    }

    /// Of all documents of the segment those that may pass, in order; a whole column is read faster at once.
    pub(super) fn of_all(&self, count: DocId) -> Vec<DocId> {
        let Some(Deadlines { column, asked }) = &self.deadlines else { return (0..count).collect() };
        let mut documents = Vec::new();
        if asked.start < asked.end {
            let asked = asked.start..=asked.end.saturating_sub(1);
            column.get_docids_for_value_range(asked, 0..count, &mut documents);
        }
        documents
    }

    /// Whether a document is asked for.
    pub(super) fn pass(&self, document: DocId) -> bool {
        let deadline = self.deadlines.as_ref().is_none_or(|Deadlines { column, asked }| {
            column.first(document).is_some_and(|deadline| asked.contains(&deadline))
        });
        deadline
            && self.statuses.as_ref().is_none_or(|Statuses { column, asked }| {
                column.first(document).is_some_and(|status| asked.contains(&status))
            })
            && self.people.as_ref().is_none_or(|People { either, asked }| {
                let mut people = either.iter().filter_map(|column| column.first(document));
                people.any(|person| asked.binary_search(&person).is_ok())
            })
    }
}
