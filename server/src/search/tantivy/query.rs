//! A question as a query of tantivy.

use std::ops::Bound;

use domain::Code;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

use super::Fields;
use crate::db::columns::Timestamp;
use crate::search::engine::Question;
use crate::search::relevance::{Field, Group, Likeness, NUMBER, Way, Word, weight};

/// What the question asks for.
pub(super) fn of(fields: &Fields, question: &Question) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for group in &question.words.groups {
        let occur = if group.required { Occur::Must } else { Occur::Should };
        clauses.push((occur, of_group(fields, group)));
    }
    let filters = filters(fields, question);
    clauses.extend(filters.into_iter().map(|filter| (Occur::Must, worth(filter, 0))));
    if clauses.is_empty() { Box::new(AllQuery) } else { Box::new(BooleanQuery::new(clauses)) }
}

fn filters(fields: &Fields, question: &Question) -> Vec<Box<dyn Query>> {
    let mut filters: Vec<Box<dyn Query>> = Vec::new();
    if let Some(people) = &question.people {
        let either = [fields.assignee, fields.creator];
        let terms = either
            .into_iter()
            .flat_map(|field| people.iter().map(move |person| Term::from_field_i64(field, person.0)));
        filters.push(Box::new(TermSetQuery::new(terms.collect::<Vec<_>>())));
    }
    if let Some(statuses) = &question.statuses {
        let terms = statuses.iter().map(|status| Term::from_field_text(fields.status, status.code()));
        filters.push(Box::new(TermSetQuery::new(terms.collect::<Vec<_>>())));
    }
    if question.deadline_from.is_some() || question.deadline_to.is_some() {
        let at = |moment: Timestamp| Term::from_field_i64(fields.deadline, moment.0);
        let from = question.deadline_from.map_or(Bound::Unbounded, |from| Bound::Included(at(from)));
        let to = question.deadline_to.unwrap_or(Timestamp::NEVER);
        filters.push(Box::new(RangeQuery::new(from, Bound::Excluded(at(to)))));
    }
    filters
}

fn of_group(fields: &Fields, group: &Group) -> Box<dyn Query> {
    best(group.ways.iter().map(|way| of_way(fields, group.required, way)).collect())
}

fn of_way(fields: &Fields, required: bool, way: &Way) -> Box<dyn Query> {
    let words = way.words.iter().map(|word| of_word(fields, required, way.converted, word));
    let mut words: Vec<Box<dyn Query>> = words.collect();
    match words.len() {
        1 => words.swap_remove(0),
        _ => Box::new(BooleanQuery::intersection(words)),
    }
}

fn of_word(fields: &Fields, required: bool, converted: bool, word: &Word) -> Box<dyn Query> {
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    for field in Field::ALL {
        let (words, stems) = fields.of(field);
        for likeness in Likeness::ALL {
            let worth_so_much = weight(field, likeness, required, converted);
            let text = || Term::from_field_text(words, &word.text);
            let stem = || Term::from_field_text(stems, &word.stem);
            let mut put = |query: Box<dyn Query>| ways.push(worth(query, worth_so_much));
            match likeness {
                Likeness::Exact => put(Box::new(TermQuery::new(text(), IndexRecordOption::Basic))),
                Likeness::Form => put(Box::new(TermQuery::new(stem(), IndexRecordOption::Basic))),
                Likeness::Beginning if word.unfinished => {
                    put(Box::new(FuzzyTermQuery::new_prefix(text(), 0, true)));
                }
                Likeness::Near => {
                    if word.edits > 0 {
                        put(Box::new(FuzzyTermQuery::new(text(), word.edits, true)));
                    }
                    if word.stem_edits > 0 {
                        put(Box::new(FuzzyTermQuery::new(stem(), word.stem_edits, true)));
                    }
                }
                Likeness::Beginning => {}
            }
        }
    }
    if let Some(number) = word.number {
        let numbered = TermQuery::new(Term::from_field_i64(fields.id, number.0), IndexRecordOption::Basic);
        ways.push(worth(Box::new(numbered), NUMBER));
    }
    best(ways)
}

fn best(mut ways: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match ways.len() {
        1 => ways.swap_remove(0),
        _ => Box::new(DisjunctionMaxQuery::new(ways)),
    }
}

#[expect(clippy::as_conversions, reason = "weights are small whole numbers, exact in a float")]
fn worth(query: Box<dyn Query>, weight: u32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, weight as f32))
}
