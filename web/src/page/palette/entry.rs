//! What the palette offers, and which of it fits what was typed.

use yew::prelude::*;

use crate::browser::storage::{self, Kept};
use crate::text::fuzzy::Typed;

/// How many of the things chosen last are offered first.
const RECENT: usize = 5;

/// Something to do.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// Under which it is remembered as recent; empty for what is not.
    pub id: String,
    pub heading: &'static str,
    pub mark: Html,
    pub label: String,
    /// Other words by which it is found.
    pub also: String,
    pub note: String,
    /// What does the same, see [`crate::client::Shortcut::keys`].
    pub keys: &'static str,
    /// It was found by the server, and fits whatever its label says.
    pub is_found: bool,
    pub act: Callback<()>,
}

impl Entry {
    pub fn new(heading: &'static str, mark: Html, label: impl Into<String>, act: Callback<()>) -> Self {
        Self {
            id: String::new(),
            heading,
            mark,
            label: label.into(),
            also: String::new(),
            note: String::new(),
            keys: "",
            is_found: false,
            act,
        }
    }

    fn rank(&self, typed: &Typed) -> Option<u32> {
        if self.is_found {
            return Some(0);
        }
        typed.rank(&self.label).or_else(|| Some(typed.rank(&self.also)? + 2))
    }
}

/// Those that fit, the nearest first, under their headings in the order of the nearest of each.
pub fn fitting(entries: Vec<Entry>, typed: &str) -> Vec<Entry> {
    let typed = Typed::new(typed);
    if typed.is_empty() {
        return entries;
    }
    let ranked = entries.into_iter().filter_map(|entry| Some((entry.rank(&typed)?, entry)));
    let mut ranked: Vec<(u32, Entry)> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut headings: Vec<&str> = Vec::new();
    for (_, entry) in &ranked {
        if !headings.contains(&entry.heading) {
            headings.push(entry.heading);
        }
    }
    ranked
        .sort_by_key(|(rank, entry)| (headings.iter().position(|heading| *heading == entry.heading), *rank));
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

/// The same with those that were chosen last ahead of them all, under `heading`.
pub fn recent_first(entries: Vec<Entry>, heading: &'static str) -> Vec<Entry> {
    let kept = storage::read(Kept::Recent).unwrap_or_default();
    let recent =
        kept.split(' ').filter_map(|id| entries.iter().find(|entry| !id.is_empty() && entry.id == id));
    let recent: Vec<Entry> = recent.map(|entry| Entry { heading, ..entry.clone() }).collect();
    let rest = entries
        .into_iter()
        .filter(|entry| recent.iter().all(|other| entry.id.is_empty() || other.id != entry.id));
    recent.iter().cloned().chain(rest).collect()
}

/// Remembers that it was chosen.
pub fn remember(id: &str) {
    if id.is_empty() {
        return;
    }
    let kept = storage::read(Kept::Recent).unwrap_or_default();
    let rest = kept.split(' ').filter(|known| *known != id && !known.is_empty()).take(RECENT - 1);
    let ids: Vec<&str> = std::iter::once(id).chain(rest).collect();
    storage::keep(Kept::Recent, Some(&ids.join(" ")));
}
