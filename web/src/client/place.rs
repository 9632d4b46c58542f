//! Where each list was scrolled to, for as long as the page is not loaded anew: whoever comes back finds it as it was left.

use super::Client;

/// How many lists are remembered.
const MOST: usize = 30;

impl Client {
    /// Remembers how far the list of an address is scrolled, in pixels.
    pub fn keep_place(&self, link: &str, top: i32) {
        let mut places = self.0.places.borrow_mut();
        places.retain(|(known, _)| known != link);
        if places.len() >= MOST {
            places.remove(0);
        }
        places.push((link.to_owned(), top));
    }

    pub fn place(&self, link: &str) -> Option<i32> {
        self.0.places.borrow().iter().find(|(known, _)| known == link).map(|(_, top)| *top)
    }
}
