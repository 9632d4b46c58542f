//! The documents of a segment that answer a question, with their scores: begun with the fewest that have them all, and narrowed by one
//! thing after another.

use std::io;

use tantivy::DocId;

use super::lists::heaviest;
use super::terms::Clause;

/// Documents in order, each with its score.
pub(super) struct Matches {
    documents: Vec<DocId>,
    scores: Vec<u32>,
    /// Documents of the segment.
    count: DocId,
}

impl Matches {
    pub(super) fn new(documents: Vec<DocId>, count: DocId) -> Self {
        Matches { scores: vec![0; documents.len()], documents, count }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (DocId, u32)> {
        self.documents.iter().copied().zip(self.scores.iter().copied())
    }

    /// Adds what the clause is worth; without it a document stays only if it is not required.
    pub(super) fn narrow(&mut self, clause: &Clause) -> io::Result<()> {
        let worth = self.worth(clause)?;
        for (score, worth) in self.scores.iter_mut().zip(&worth) {
            *score = score.saturating_add(worth.saturating_mul(clause.times));
        }
        if clause.required {
            let mut kept = worth.iter().map(|worth| *worth > 0);
            self.documents.retain(|_| kept.next().unwrap_or_default());
            let mut kept = worth.iter().map(|worth| *worth > 0);
            self.scores.retain(|_| kept.next().unwrap_or_default());
        }
        Ok(())
    }

    /// What the best way of the clause is worth in each document; nothing where there is none.
    fn worth(&self, clause: &Clause) -> io::Result<Vec<u32>> {
        let mut best = vec![0; self.documents.len()];
        for words in &clause.ways {
            let mut way: Option<Vec<u32>> = None;
            for lists in words {
                let word = heaviest(&self.documents, lists, self.count)?;
                way = Some(match way {
                    None => word,
                    Some(way) => way.into_iter().zip(word).map(|(way, word)| both(way, word)).collect(),
                });
            }
            for (best, way) in best.iter_mut().zip(way.unwrap_or_default()) {
                *best = way.max(*best);
            }
        }
        Ok(best)
    }
}

fn both(one: u32, other: u32) -> u32 {
    if one > 0 && other > 0 { one.saturating_add(other) } else { 0 }
}
