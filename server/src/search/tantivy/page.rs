//! Collects one page of what tantivy matches, in the order asked for, and counts all of it.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::db::columns::TaskId;
use crate::search::engine::{Found, Order, Place, Question};

/// A page after a place in an order.
pub(super) struct Page {
    order: Order,
    scored: bool,
    after: Option<Place>,
    limit: usize,
}

impl Page {
    pub(super) fn of(question: &Question) -> Self {
        let scored = question.order == Order::Relevance && !question.words.is_empty();
        Page { order: question.order, scored, after: question.after, limit: question.limit }
    }
}

impl Collector for Page {
    type Fruit = Found;
    type Child = SegmentPage;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentPage> {
        let deadlines = match self.order {
            Order::Relevance => None,
            Order::Deadline => Some(segment.fast_fields().i64("deadline")?),
        };
        Ok(SegmentPage {
            ids: segment.fast_fields().i64("id")?,
            deadlines,
            top: Top { order: self.order, limit: self.limit, places: Vec::new() },
            after: self.after,
            total: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, segments: Vec<Found>) -> tantivy::Result<Found> {
        let mut top = Top { order: self.order, limit: self.limit, places: Vec::new() };
        let mut total = 0_u64;
        for segment in segments {
            total = total.saturating_add(segment.total);
            top.places.extend(segment.places);
        }
        Ok(Found { places: top.finish(), total })
    }
}

/// The page of one segment.
pub(super) struct SegmentPage {
    ids: Column<i64>,
    deadlines: Option<Column<i64>>,
    top: Top,
    after: Option<Place>,
    total: u64,
}

impl SegmentCollector for SegmentPage {
    type Fruit = Found;

    fn collect(&mut self, document: DocId, score: Score) {
        self.total = self.total.saturating_add(1);
        let rank = match &self.deadlines {
            Some(deadlines) => deadlines.first(document).unwrap_or(i64::MAX),
            None => whole(score),
        };
        let place = Place { rank, id: TaskId(self.ids.first(document).unwrap_or_default()) };
        if self.after.is_none_or(|after| self.top.order.compare(&after, &place).is_lt()) {
            self.top.put(place);
        }
    }

    fn harvest(self) -> Found {
        Found { places: self.top.finish(), total: self.total }
    }
}

/// The first places of an order.
struct Top {
    order: Order,
    limit: usize,
    places: Vec<Place>,
}

impl Top {
    fn put(&mut self, place: Place) {
        self.places.push(place);
        if self.places.len() >= self.limit.saturating_mul(8).max(1_024) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let order = self.order;
        if self.places.len() > self.limit {
            self.places.select_nth_unstable_by(self.limit, |one, other| order.compare(one, other));
            self.places.truncate(self.limit);
        }
    }

    fn finish(mut self) -> Vec<Place> {
        self.cut();
        let order = self.order;
        self.places.sort_unstable_by(|one, other| order.compare(one, other));
        self.places
    }
}

/// Scores are sums of small whole numbers.
#[expect(clippy::as_conversions, reason = "a float of a small whole number; there is no other way")]
fn whole(score: Score) -> i64 {
    score.round() as i64
}
