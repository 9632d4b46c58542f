//! Keyset pages: a place in an order, and what follows or precedes it. Nothing of GraphQL.

use super::newer::{NewerVersion, Readable};

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest<K> {
    /// How many rows, 1 to 100.
    pub size: u64,
    /// Rows after this key, in the order of the list.
    pub after: Option<K>,
    /// Rows before this key, in the order of the list.
    pub before: Option<K>,
    /// Whether the page is the last of what is asked for, not the first.
    pub backward: bool,
}

impl<K> PageRequest<K> {
    /// The first rows.
    pub fn first(size: u64) -> Self {
        PageRequest { size, after: None, before: None, backward: false }
    }

    /// How many rows to read: one more than is shown tells whether there are others.
    pub fn limit(&self) -> u64 {
        self.size.saturating_add(1)
    }
}

/// A page in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows precede.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// Makes a page of what was read by [`PageRequest::limit`], in the direction of reading.
    pub fn of<K>(request: &PageRequest<K>, mut read: Vec<T>) -> Self {
        let size = usize::try_from(request.size).unwrap_or(usize::MAX);
        let more = read.len() > size;
        read.truncate(size);
        if request.backward {
            read.reverse();
            Page { rows: read, has_next: request.before.is_some(), has_previous: more }
        } else {
            Page { rows: read, has_next: more, has_previous: request.after.is_some() }
        }
    }

    /// The same of rows of which some may be of a later version: those are left out. `Err` where nothing else was read and more
    /// follows, since nobody could go on from there.
    pub fn readable<K>(request: &PageRequest<K>, read: Vec<Readable<T>>) -> Result<Self, NewerVersion> {
        let page = Page::of(request, read);
        let more = if request.backward { page.has_previous } else { page.has_next };
        let any = !page.rows.is_empty();
        let page = Page {
            rows: page.rows.into_iter().filter_map(Readable::row).collect::<Vec<_>>(),
            has_next: page.has_next,
            has_previous: page.has_previous,
        };
        if any && more && page.rows.is_empty() { Err(NewerVersion) } else { Ok(page) }
    }

    /// The page with each row made into something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(make).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}
