//! Answers a question out of the index: segment by segment, from the fewest documents that may answer it.

use tantivy::{Searcher, SegmentReader, Term};

use super::fields::{Fields, column};
use super::filters::Filters;
use super::lists::{List, length, union};
use super::matches::Matches;
use super::page::Page;
use super::terms::{Clause, Dictionaries};
use crate::db::columns::TaskId;
use crate::search::engine::{Found, Order, Place, Question};

/// The page that was asked for, and how many there are.
pub(super) fn search(searcher: &Searcher, fields: &Fields, question: &Question) -> tantivy::Result<Found> {
    let mut page = Page::of(question);
    for segment in searcher.segment_readers() {
        if let Some(matches) = matches(segment, fields, question)? {
            put(&mut page, segment, question.order, &matches)?;
        }
    }
    Ok(page.finish())
}

fn matches(
    segment: &SegmentReader,
    fields: &Fields,
    question: &Question,
) -> tantivy::Result<Option<Matches>> {
    let dictionaries = Dictionaries::of(fields, segment)?;
    let Some(mut clauses) = dictionaries.clauses(&question.words.groups)? else { return Ok(None) };
    // The rarest first, and what need not be there at last.
    clauses.sort_by_key(|clause| (!clause.required, clause.most()));
    let filters = Filters::of(segment, question)?;
    let people = question.people.as_ref().map(|_| people(segment, fields, question)).transpose()?;

    let count = segment.max_doc();
    let rarest = clauses.first().filter(|clause| clause.required);
    let by_words = rarest.map_or(u64::MAX, Clause::most);
    let by_people = people.as_ref().map_or(u64::MAX, |lists| length(lists));
    let (mut documents, filters) = match (rarest, people) {
        _ if by_words.min(by_people) >= count.into() => (filters.of_all(count), filters),
        (_, Some(lists)) if by_people <= by_words => (union(lists.iter(), count)?, filters.without_people()),
        (Some(rarest), _) => (union(rarest.all(), count)?, filters),
        (None, _) => (filters.of_all(count), filters),
    };
    let alive = segment.alive_bitset();
    documents
        .retain(|document| filters.pass(*document) && alive.is_none_or(|alive| alive.is_alive(*document)));
    let mut matches = Matches::new(documents, count);
    for clause in &clauses {
        matches.narrow(clause)?;
    }
    Ok(Some(matches))
}

/// The tasks that one of the people carries out or has set.
fn people(segment: &SegmentReader, fields: &Fields, question: &Question) -> tantivy::Result<Vec<List>> {
    let mut lists = Vec::new();
    for field in [fields.assignee, fields.creator] {
        let index = segment.inverted_index(field)?;
        for person in question.people.iter().flatten() {
            lists.extend(List::of(&index, &Term::from_field_i64(field, person.0), 0)?);
        }
    }
    Ok(lists)
}

fn put(page: &mut Page, segment: &SegmentReader, order: Order, matches: &Matches) -> tantivy::Result<()> {
    let columns = segment.fast_fields();
    let ids = columns.i64(column::ID)?;
    let deadlines = match order {
        Order::Relevance => None,
        Order::Deadline => Some(columns.i64(column::DEADLINE)?),
    };
    for (document, score) in matches.iter() {
        let rank = match &deadlines {
            Some(deadlines) => deadlines.first(document).unwrap_or(i64::MAX),
            None => score.into(),
        };
        page.put(Place { rank, id: TaskId(ids.first(document).unwrap_or_default()) });
    }
    Ok(())
}
