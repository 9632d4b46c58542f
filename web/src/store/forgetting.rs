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
const RECENT_TASKS: usize = 500;
/// So many more may come before it is looked again for what can go.
const SLACK: usize = 2_000;
/// Tasks that are known to be gone.
const GONE: usize = 1_000;

/// The latest entries of a map: past twice as many as are to be kept the older half is dropped.
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
        if self.entries.len() > 2 * GONE {
            let kept = latest(self.entries.values().map(|(at, _)| *at), GONE);
            self.entries.retain(|_, (at, _)| *at >= kept);
        }
    }

    pub(super) fn remove(&mut self, key: &K) {
        self.entries.remove(key);
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }
}

/// From when on something is among the `most` latest of these; from the beginning where there are no more than that.
fn latest(moments: impl Iterator<Item = u64>, most: usize) -> u64 {
    let mut moments: Vec<u64> = moments.collect();
    moments.sort_unstable_by(|left, right| right.cmp(left));
    moments.get(most.saturating_sub(1)).copied().unwrap_or_default()
}

impl Store {
    /// Lets go what is too much. Looks through everything only now and then.
    pub(super) fn forget(&mut self) {
        let is_full = self.tasks.len() >= self.forget_from.max(SLACK);
        if !is_full && self.lists.len() <= 2 * LISTS && self.talks.len() <= 2 * TALKS {
            return;
        }
        let asked = latest(self.lists.values().map(|list| list.asked), LISTS);
        self.lists.retain(|_, list| list.asked >= asked);
        let read = latest(self.talks.values().map(|talk| talk.taken), TALKS);
        self.talks.retain(|_, talk| talk.taken >= read);

        let shown: HashSet<TaskId> = self.lists.values().flat_map(|list| list.ids()).cloned().collect();
        let recent = latest(self.tasks.values().map(|entry| entry.taken), RECENT_TASKS);
        let (talks, pending) = (&self.talks, &self.pending);
        self.tasks.retain(|id, entry| {
            let is_wanted = entry.taken >= recent || talks.contains_key(id);
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
        assert!(recent.entries.len() <= 2 * GONE);
        assert!((10_000 - 1_000..10_000).all(|number| recent.get(&number).is_some()));
        assert_eq!(recent.get(&0), None);
    }

    #[test]
    fn what_is_few_is_all_kept() {
        assert_eq!(latest([3, 1, 2].into_iter(), 5), 0);
        assert_eq!(latest([3, 1, 2].into_iter(), 2), 2);
    }
}
