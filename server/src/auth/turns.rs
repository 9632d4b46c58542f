//! Who hashes next. Hashes of strangers wait behind those of the known, and of strangers those of one network have half of the places at
//! the most: a flood of them costs whoever makes it.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::hashing::Bounds;
use crate::network;

/// For whom a hash is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// For somebody who is known: they are signed in, have signed in from there before, or bring a link that was given to them.
    Known,
    /// For anybody, from that network.
    Stranger(String),
}

impl Precedence {
    /// Of somebody at that address.
    pub(super) fn of(known: bool, address: &str) -> Self {
        if known { Precedence::Known } else { Precedence::Stranger(network::of_text(address)) }
    }
}

/// The turns of a process.
#[derive(Debug)]
pub(super) struct Turns {
    bounds: Bounds,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: usize,
    known: VecDeque<oneshot::Sender<Turn>>,
    strangers: VecDeque<(String, oneshot::Sender<Turn>)>,
}

/// The right to hash; dropped, it is the next one's.
#[derive(Debug)]
pub(super) struct Turn {
    /// `None` once somebody else has it.
    turns: Option<Arc<Turns>>,
}

impl Turns {
    pub(super) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Turns { bounds, state: Mutex::default() })
    }

    /// Waits for a turn; `None` at once where too many wait already.
    pub(super) async fn take(self: &Arc<Self>, precedence: Precedence) -> Option<Turn> {
        let waiting = {
            let mut state = self.state.lock();
            if state.running < self.bounds.at_once {
                state.running = state.running.saturating_add(1);
                return Some(Turn { turns: Some(Arc::clone(self)) });
            }
            let (sender, receiver) = oneshot::channel();
            match precedence {
                Precedence::Known => {
                    state.known.retain(|waiting| !waiting.is_closed());
                    if state.known.len() >= self.bounds.waiting {
                        return None;
                    }
                    state.known.push_back(sender);
                }
                Precedence::Stranger(network) => {
                    state.strangers.retain(|(_, waiting)| !waiting.is_closed());
                    let of_network = state.strangers.iter().filter(|(other, _)| *other == network).count();
                    let most_of_network = self.bounds.waiting.div_ceil(2);
                    if state.strangers.len() >= self.bounds.waiting || of_network >= most_of_network {
                        return None;
                    }
                    state.strangers.push_back((network, sender));
                }
            }
            receiver
        };
        // The sender is dropped with its turn given, and not before.
        waiting.await.ok()
    }

    /// Gives a turn that is over to the first of the known, or else of the strangers, who still waits.
    fn pass_on(self: Arc<Self>) {
        let mut state = self.state.lock();
        loop {
            let next =
                state.known.pop_front().or_else(|| state.strangers.pop_front().map(|(_, sender)| sender));
            let Some(next) = next else {
                state.running = state.running.saturating_sub(1);
                return;
            };
            match next.send(Turn { turns: Some(Arc::clone(&self)) }) {
                Ok(()) => return,
                Err(mut unwanted) => unwanted.turns = None,
            }
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.take() {
            turns.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_immediate;

    use super::*;

    const BOUNDS: Bounds = Bounds { at_once: 1, waiting: 4 };

    fn stranger(network: &str) -> Precedence {
        Precedence::Stranger(network.to_owned())
    }

    #[tokio::test]
    async fn the_known_go_before_strangers_who_came_earlier() {
        let turns = Turns::new(BOUNDS);
        let first = turns.take(stranger("a")).await.unwrap();
        let mut second = Box::pin(turns.take(stranger("b")));
        let mut known = Box::pin(turns.take(Precedence::Known));
        assert!(poll_immediate(&mut second).await.is_none());
        assert!(poll_immediate(&mut known).await.is_none());
        drop(first);
        assert!(poll_immediate(&mut second).await.is_none(), "not yet");
        let known = poll_immediate(&mut known).await.expect("its turn").unwrap();
        drop(known);
        assert!(poll_immediate(&mut second).await.expect("its turn").is_some());
    }

    #[tokio::test]
    async fn a_flood_of_one_network_leaves_places_to_others_and_the_known_have_their_own() {
        let turns = Turns::new(BOUNDS);
        let _first = turns.take(stranger("a")).await.unwrap();
        let mut waiting = Vec::new();
        for _ in 0..2 {
            let mut one = Box::pin(turns.take(stranger("a")));
            assert!(poll_immediate(&mut one).await.is_none());
            waiting.push(one);
        }
        assert!(turns.take(stranger("a")).await.is_none(), "turned away");
        for network in ["b", "c"] {
            let mut one = Box::pin(turns.take(stranger(network)));
            assert!(poll_immediate(&mut one).await.is_none(), "waits");
            waiting.push(one);
        }
        assert!(turns.take(stranger("d")).await.is_none(), "turned away");
        let mut known = Box::pin(turns.take(Precedence::Known));
        assert!(poll_immediate(&mut known).await.is_none(), "waits");
    }

    #[tokio::test]
    async fn who_is_gone_keeps_no_place_and_no_turn() {
        let turns = Turns::new(BOUNDS);
        let first = turns.take(Precedence::Known).await.unwrap();
        let mut gone = Box::pin(turns.take(stranger("a")));
        assert!(poll_immediate(&mut gone).await.is_none());
        let mut kept = Box::pin(turns.take(stranger("a")));
        assert!(poll_immediate(&mut kept).await.is_none());
        drop(gone);
        drop(first);
        let kept = poll_immediate(&mut kept).await.expect("its turn").unwrap();
        // One that goes after it was given the turn gives it back.
        let mut late = Box::pin(turns.take(stranger("a")));
        assert!(poll_immediate(&mut late).await.is_none());
        drop(kept);
        drop(late);
        assert!(poll_immediate(Box::pin(turns.take(Precedence::Known))).await.flatten().is_some());
        assert_eq!(turns.state.lock().running, 0);
    }
}
