//! What is let go again, so that a page that stays open for days holds what is shown and a bounded rest.
//!
//! Never forgets what a list, an open task or a change under way needs. What is forgotten is asked for again when it is wanted.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::rc::Rc;

use super::Store;
use crate::api::TaskId;

/// Lists that are kept: as many as somebody goes back to.
const LISTS: usize = 100;
/// Tasks whose comments and history are kept.
const TALKS: usize = 50;
/// Tasks taken in last are kept though no list shows them: an older answer about them may still be under way.
const RECENT_TASKS: u64 = 500;
/// So many more may come before it is looked again for what can go.
const SLACK: usize = 2_000;
/// Tasks that are known to be gone.
const GONE: u64 = 1_000;

/// The latest entries of a map: every so often those go that were inserted before that.
#[derive(Debug)]
pub(super) struct Recent<K, V> {
    entries: HashMap<K, (u64, V)>,
    inserted: u64,
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), inserted: 0 }
    }
}

impl<K: Eq + Hash, V> Recent<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        self.inserted = self.inserted.wrapping_add(1);
        self.entries.insert(key, (self.inserted, value));
        let old = self.inserted.saturating_sub(GONE);
        if old.is_multiple_of(GONE) {
            self.entries.retain(|_, (at, _)| *at > old);
        }
    }

    pub(super) fn remove(&mut self, key: &K) {
        self.entries.remove(key);
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}

/// Leaves the latest. Slow where many have to go, which is never so.
fn keep_latest<K: Clone + Eq + Hash, V>(map: &mut HashMap<K, V>, most: usize, at: fn(&V) -> u64) {
    while map.len() > most {
        let oldest = map.iter().min_by_key(|(_, value)| at(value)).map(|(key, _)| key.clone());
        let Some(oldest) = oldest else { return };
        map.remove(&oldest);
    }
}

impl Store {
    /// Lets go what is too much. Looks through everything only now and then.
    pub(super) fn forget(&mut self) {
        keep_latest(&mut self.lists, LISTS, |list| list.asked);
        keep_latest(&mut self.talks, TALKS, |talk| talk.taken);
        if self.tasks.len() < self.forget_from.max(SLACK) {
            return;
        }
        let shown: HashSet<TaskId> = self.lists.values().flat_map(|list| list.ids()).cloned().collect();
        let old = self.clock.saturating_sub(RECENT_TASKS);
        let (talks, pending) = (&self.talks, &self.pending);
        self.tasks.retain(|id, entry| {
            let is_wanted = entry.taken > old || talks.contains_key(id);
            let is_kept = is_wanted || shown.contains(id) || pending.iter().any(|one| one.concerns(id));
            if is_kept && !is_wanted && entry.server.description.is_some() {
                // Up to 20,000 characters; whoever opens the task reads it anyway.
                Rc::make_mut(&mut entry.server).description = None;
                entry.shown = super::pending::apply(pending, &entry.server);
            }
            is_kept
        });
        self.forget_from = self.tasks.len().saturating_add(SLACK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept() {
        let mut recent = Recent::default();
        for number in 0..10_000 {
            recent.insert(number, ());
        }
        assert!(recent.entries.len() <= 2_000);
        assert!((10_000 - 1_000..10_000).all(|number| recent.get(&number).is_some()));
        assert_eq!(recent.get(&0), None);
    }
}
