//! Which lists of documents of a segment answer a question's words: each way to have a word as the terms that are it. Only dictionaries
//! are read here; no list is.

use std::cmp::Reverse;
use std::io;
use std::sync::Arc;

use tantivy::postings::TermInfo;
use tantivy::{InvertedIndexReader, SegmentReader, Term};

use super::fields::{Fields, Mark};
use super::lists::{List, Lists, length};
use super::near::Near;
use crate::search::relevance::{Field, Group, Likeness, NUMBER, Word, weight};

/// A group of the question in a segment.
pub(super) struct Clause {
    /// Whether a document must have it.
    pub(super) required: bool,
    /// How often the question has the group.
    pub(super) times: u32,
    /// The words of each way that a document of the segment can have.
    pub(super) ways: Vec<Vec<Lists>>,
}

impl Clause {
    /// Lists that together have all documents that have the group, as short as can be told.
    pub(super) fn all(&self) -> impl Iterator<Item = &List> {
        self.ways.iter().filter_map(|words| words.iter().min_by_key(|lists| length(lists))).flatten()
    }

    /// How many documents have the group at the most.
    pub(super) fn most(&self) -> u64 {
        self.all().map(List::len).sum()
    }
}

/// The dictionaries of a segment.
pub(super) struct Dictionaries {
    terms: Arc<InvertedIndexReader>,
    numbers: Arc<InvertedIndexReader>,
    fields: Fields,
}

impl Dictionaries {
    pub(super) fn of(fields: &Fields, segment: &SegmentReader) -> tantivy::Result<Self> {
        let (terms, numbers) = (segment.inverted_index(fields.terms)?, segment.inverted_index(fields.id)?);
        Ok(Dictionaries { terms, numbers, fields: *fields })
    }

    /// The clauses of the question's groups; `None` if the segment has nothing for one that is required.
    pub(super) fn clauses(&self, groups: &[Group]) -> io::Result<Option<Vec<Clause>>> {
        let mut clauses = Vec::new();
        for (place, group) in groups.iter().enumerate() {
            let (before, rest) = groups.split_at(place);
            if before.contains(group) {
                continue;
            }
            // Asked for again, it is found in the same documents.
            let times = u32::try_from(rest.iter().filter(|it| *it == group).count()).unwrap_or(u32::MAX);
            let clause = Clause { required: group.required, times, ways: self.ways(group)? };
            match (clause.ways.is_empty(), clause.required) {
                (false, _) => clauses.push(clause),
                (true, true) => return Ok(None),
                (true, false) => {}
            }
        }
        Ok(Some(clauses))
    }

    fn ways(&self, group: &Group) -> io::Result<Vec<Vec<Lists>>> {
        let mut ways = Vec::new();
        for way in &group.ways {
            let words = way.words.iter().map(|word| self.lists(word, group.required, way.converted));
            let words = words.collect::<io::Result<Vec<Lists>>>()?;
            if words.iter().all(|lists| !lists.is_empty()) {
                ways.push(words);
            }
        }
        Ok(ways)
    }

    fn lists(&self, word: &Word, required: bool, converted: bool) -> io::Result<Lists> {
        let mut lists = Vec::new();
        let mut put = |term: &TermInfo, field: Field, likeness: Likeness| {
            let weight = weight(field, likeness, required, converted);
            lists.push(List::new(&self.terms, term.clone(), weight));
        };
        let dictionary = self.terms.terms();
        for mark in Mark::ALL {
            let (text, likeness) =
                if mark.is_stem { (&word.stem, Likeness::Form) } else { (&word.text, Likeness::Exact) };
            if let Some(term) = dictionary.get(mark.term(text))? {
                put(&term, mark.field, likeness);
            }
        }
        if word.unfinished {
            // No byte of a text is so great.
            let after = [word.text.as_bytes(), &[0xff]].concat();
            let mut terms = dictionary.range().gt(&word.text).lt(after).into_stream()?;
            while let Some((term, info)) = terms.next() {
                if let Some((text, Mark { field, is_stem: false })) = Mark::split(term)
                    && text != word.text.as_bytes()
                {
                    put(info, field, Likeness::Beginning);
                }
            }
        }
        self.near(word, |term, field| put(term, field, Likeness::Near))?;
        if let Some(number) = word.number {
            let term = Term::from_field_i64(self.fields.id, number.0);
            lists.extend(List::of(&self.numbers, &term, NUMBER)?);
        }
        // Of equals the longest first: the sooner a document is met, the fewer lists it is looked for in.
        lists.sort_by_key(|list| Reverse((list.weight, list.len())));
        Ok(lists)
    }

    /// The terms that are near the word or its stem, but those that are known for more.
    fn near(&self, word: &Word, mut put: impl FnMut(&TermInfo, Field)) -> io::Result<()> {
        let is_known = |text: &[u8], is_stem: bool| {
            if is_stem {
                text == word.stem.as_bytes()
            } else {
                text == word.text.as_bytes() || word.unfinished && text.starts_with(word.text.as_bytes())
            }
        };
        // Most words that are not inflected are their own stems.
        let both = word.stem == word.text && word.stem_edits == word.edits;
        let walks =
            [(&word.text, word.edits, false), (&word.stem, if both { 0 } else { word.stem_edits }, true)];
        for (sought, edits, of_stems) in walks {
            if edits == 0 {
                continue;
            }
            let near = Near::new(sought, edits);
            let mut terms = self.terms.terms().search(&near).into_stream()?;
            while let Some((term, info)) = terms.next() {
                if let Some((text, mark)) = Mark::split(term)
                    && (both || mark.is_stem == of_stems)
                    && !is_known(text, mark.is_stem)
                {
                    put(info, mark.field);
                }
            }
        }
        Ok(())
    }
}
