//! One page of what is found, in the order asked for, and how many there are on all pages.

use crate::search::engine::{Found, Order, Place, Question};

/// A page after a place in an order.
pub(super) struct Page {
    order: Order,
    after: Option<Place>,
    limit: usize,
    total: u64,
    /// The first ones, and some that are not cut off yet.
    places: Vec<Place>,
}

impl Page {
    pub(super) fn of(question: &Question) -> Self {
        Page {
            order: question.order,
            after: question.after,
            limit: question.limit,
            total: 0,
            places: Vec::new(),
        }
    }

    /// One that was found.
    pub(super) fn put(&mut self, place: Place) {
        self.total = self.total.saturating_add(1);
        if self.after.is_some_and(|after| self.order.compare(&after, &place).is_ge()) {
            return;
        }
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

    pub(super) fn finish(mut self) -> Found {
        self.cut();
        let order = self.order;
        self.places.sort_unstable_by(|one, other| order.compare(one, other));
        Found { places: self.places, total: self.total }
    }
}
