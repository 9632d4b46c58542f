//! Lists of documents: what all of some lists have, and what documents are worth by them. Lists of common words are leapt through, not
//! read, where few documents are asked about.

use std::cmp::Ordering;
use std::io;
use std::sync::Arc;

use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{BitSet, DocId, InvertedIndexReader, Term};

/// Of so many documents of a segment one is enough that reading lists whole is faster than leaping through them.
const MANY: usize = 16;

/// The documents that have a term, and what it is worth to have it.
#[derive(Clone)]
pub(super) struct List {
    index: Arc<InvertedIndexReader>,
    term: TermInfo,
    pub(super) weight: u32,
}

impl List {
    pub(super) fn new(index: &Arc<InvertedIndexReader>, term: TermInfo, weight: u32) -> Self {
        List { index: Arc::clone(index), term, weight }
    }

    /// That of a term, where the segment has it.
    pub(super) fn of(index: &Arc<InvertedIndexReader>, term: &Term, weight: u32) -> io::Result<Option<Self>> {
        Ok(index.get_term_info(term)?.map(|term| List::new(index, term, weight)))
    }

    /// How many documents there are, deleted ones among them.
    pub(super) fn len(&self) -> u64 {
        self.term.doc_freq.into()
    }

    pub(super) fn open(&self) -> io::Result<BlockSegmentPostings> {
        self.index.read_block_postings_from_terminfo(&self.term, IndexRecordOption::Basic)
    }
}

/// The lists that answer one word, the heaviest first.
pub(super) type Lists = Vec<List>;

/// How many documents lists have, those that several have counted by each.
pub(super) fn length(lists: &[List]) -> u64 {
    lists.iter().map(List::len).sum()
}

/// All documents of some lists, in order.
pub(super) fn union<'a>(lists: impl Iterator<Item = &'a List>, count: DocId) -> io::Result<Vec<DocId>> {
    let mut union = BitSet::with_max_value(count);
    for list in lists {
        each(list, |document| {
            union.insert(document);
        })?;
    }
    let mut documents = Vec::with_capacity(union.len());
    for bucket in 0..count.div_ceil(u64::BITS) {
        let mut set = union.tinyset(bucket);
        while let Some(place) = set.pop_lowest() {
            documents.push(bucket.saturating_mul(u64::BITS).saturating_add(place));
        }
    }
    Ok(documents)
}

/// The weight of the first list that has each of the documents, which are some of so many; nothing where none has.
pub(super) fn heaviest(documents: &[DocId], lists: &[List], count: DocId) -> io::Result<Vec<u32>> {
    let are_many = index(count) / MANY <= documents.len();
    if are_many { read(documents, lists, count) } else { leap_through(documents, lists) }
}

/// [`heaviest`] of most of a segment's documents: each list is read whole.
fn read(documents: &[DocId], lists: &[List], count: DocId) -> io::Result<Vec<u32>> {
    let mut weights = vec![0; index(count)];
    for list in lists {
        each(list, |document| {
            if let Some(weight) = weights.get_mut(index(document)).filter(|weight| **weight == 0) {
                *weight = list.weight;
            }
        })?;
    }
    let weight = |document: &DocId| weights.get(index(*document)).copied().unwrap_or_default();
    Ok(documents.iter().map(weight).collect())
}

/// All documents of a list.
fn each(list: &List, mut is: impl FnMut(DocId)) -> io::Result<()> {
    let mut postings = list.open()?;
    while !postings.docs().is_empty() {
        postings.docs().iter().copied().for_each(&mut is);
        postings.advance();
    }
    Ok(())
}

fn index(document: DocId) -> usize {
    usize::try_from(document).unwrap_or(usize::MAX)
}

/// A document that is looked for, and where its weight is written.
struct Sought {
    document: DocId,
    place: usize,
}

/// [`heaviest`] of few documents: what lies between them in the lists is not read.
fn leap_through(documents: &[DocId], lists: &[List]) -> io::Result<Vec<u32>> {
    let mut weights = vec![0; documents.len()];
    let places = documents.iter().copied().enumerate();
    let mut sought: Vec<Sought> = places.map(|(place, document)| Sought { document, place }).collect();
    let mut met = 0_usize;
    for list in lists {
        meet(&mut list.open()?, &sought, |place| {
            if let Some(weight) = weights.get_mut(place).filter(|weight| **weight == 0) {
                *weight = list.weight;
                met = met.saturating_add(1);
            }
        });
        // Few that are met already do no harm; to put them out after each list would.
        if met >= sought.len() / 4 {
            sought.retain(|it| weights.get(it.place) == Some(&0));
            met = 0;
            if sought.is_empty() {
                break;
            }
        }
    }
    Ok(weights)
}

/// Tells which of the documents are in the postings.
fn meet(postings: &mut BlockSegmentPostings, mut sought: &[Sought], mut met: impl FnMut(usize)) {
    while let Some(first) = sought.first() {
        let start = postings.seek(first.document);
        let mut block = postings.docs().get(start..).unwrap_or_default();
        if block.is_empty() {
            return;
        }
        while let (Some((document, documents)), Some((it, others))) =
            (block.split_first(), sought.split_first())
        {
            match document.cmp(&it.document) {
                Ordering::Less => block = leap(block, |document| *document < it.document),
                Ordering::Greater => sought = leap(sought, |it| it.document < *document),
                Ordering::Equal => {
                    met(it.place);
                    (block, sought) = (documents, others);
                }
            }
        }
    }
}

/// What follows those that come before, of which there is one at least: near ones are found at once, far ones by halves.
fn leap<T>(sorted: &[T], is_before: impl Fn(&T) -> bool) -> &[T] {
    let mut reach = 1_usize;
    while sorted.get(reach).is_some_and(&is_before) {
        reach = reach.saturating_mul(2);
    }
    let rest = sorted.get(reach / 2..).unwrap_or_default();
    let within = rest.get(..reach.saturating_sub(reach / 2)).unwrap_or(rest);
    rest.get(within.partition_point(is_before)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;
    use tantivy::schema::{INDEXED, Schema};
    use tantivy::{Index, IndexWriter, TantivyDocument};

    use super::*;

    const COUNT: u32 = 20_000;

    /// Lists of every length, each with its documents.
    fn lists(rng: &mut Rng) -> Vec<(List, Vec<DocId>)> {
        let mut schema = Schema::builder();
        let field = schema.add_i64_field("numbers", INDEXED);
        let index = Index::create_in_ram(schema.build());
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 50_000_000).unwrap();
        let mut expected = vec![Vec::new(); 12];
        for document in 0..COUNT {
            let mut numbers = TantivyDocument::new();
            for (number, expected) in (0..).zip(&mut expected) {
                // Each list is half as long as the one before.
                if rng.u32(..).trailing_zeros() >= number {
                    numbers.add_i64(field, number.into());
                    expected.push(document);
                }
            }
            writer.add_document(numbers).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        assert_eq!(searcher.segment_readers().len(), 1);
        let index = searcher.segment_reader(0).inverted_index(field).unwrap();
        let list = |number: i64, weight| {
            List::of(&index, &Term::from_field_i64(field, number), weight).unwrap().unwrap()
        };
        (0..)
            .zip(1..)
            .zip(expected)
            .map(|((number, weight), expected)| (list(number, weight), expected))
            .collect()
    }

    #[test]
    fn documents_are_worth_the_same_read_or_leapt_through() {
        let mut rng = Rng::with_seed(5);
        let mut lists = lists(&mut rng);
        // The shortest first, so that every list is met by some document.
        lists.reverse();
        for one_of in [1, 3, 50, 1_000, 30_000] {
            let documents: Vec<DocId> = (0..COUNT).filter(|_| rng.u32(..one_of) == 0).collect();
            let first = rng.usize(..lists.len());
            let (some, have): (Vec<List>, Vec<Vec<DocId>>) =
                lists[first..].iter().map(|(list, have)| (list.clone(), have.clone())).unzip();
            let weight = |document: &DocId| {
                let list = have.iter().position(|have| have.binary_search(document).is_ok());
                list.map_or(0, |list| some[list].weight)
            };
            let expected: Vec<u32> = documents.iter().map(weight).collect();
            assert_eq!(read(&documents, &some, COUNT).unwrap(), expected);
            assert_eq!(leap_through(&documents, &some).unwrap(), expected);
        }
    }

    #[test]
    fn a_union_has_what_any_list_has() {
        let lists = lists(&mut Rng::with_seed(6));
        for (one, other) in [(2, 5), (8, 11), (11, 10)] {
            let mut expected = [lists[one].1.clone(), lists[other].1.clone()].concat();
            expected.sort_unstable();
            expected.dedup();
            assert_eq!(union([&lists[one].0, &lists[other].0].into_iter(), COUNT).unwrap(), expected);
        }
    }

    #[test]
    fn a_leap_ends_at_the_first_that_does_not_come_before() {
        let numbers: Vec<u32> = (0..100).collect();
        for start in 0..100 {
            for (end, rest) in (1..).zip(start + 1..=100) {
                assert_eq!(leap(&numbers[start..], |it| *it < numbers[start] + end), &numbers[rest..]);
            }
        }
    }
}
