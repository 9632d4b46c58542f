//! The connections there are, bounded by network and in all. Past a bound the one that has been still for longest makes room:
//! whoever takes and asks nothing keeps nobody out, not even those of the same address. What is answered is not known here.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::network;

/// The connections of a process.
#[derive(Debug)]
pub(super) struct Connections {
    most: usize,
    /// Of one network: half of all, so that no single one can hold them all with what is never given up.
    most_of_network: usize,
    began: Instant,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Registered>>,
}

#[derive(Debug)]
struct Registered {
    /// `None` for a proxy that is trusted: behind it is everyone.
    network: Option<IpAddr>,
    signs: Arc<Signs>,
}

/// What is seen of a connection from outside.
#[derive(Debug, Default)]
struct Signs {
    /// When bytes last went either way, in milliseconds since the table began.
    moved: AtomicU64,
    /// A request is being answered, or a person is signed in over it: not to be given up for a newcomer.
    held: AtomicBool,
    given_up: CancellationToken,
}

/// A connection that counts until this is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    table: Arc<Connections>,
    number: u64,
    signs: Arc<Signs>,
}

/// Keeps a connection from being given up.
#[derive(Clone, Debug)]
pub(super) struct Hold(Arc<Signs>);

impl Connections {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Connections {
            most,
            most_of_network: most.div_ceil(2),
            began: Instant::now(),
            next: AtomicU64::new(0),
            open: Mutex::default(),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.open.lock().len()
    }

    /// Counts a connection, if need be in the place of one that is still; `None` where no room can be made. Of a `proxy` there may be as
    /// many as there may be in all.
    pub(super) fn admit(self: &Arc<Self>, peer: IpAddr, proxy: bool) -> Option<Connection> {
        let network = (!proxy).then(|| network::of(peer));
        let signs = Arc::new(Signs::default());
        signs.moved.store(self.now(), Ordering::Relaxed);
        let mut open = self.open.lock();
        if let Some(network) = network {
            let of_network = |registered: &Registered| registered.network == Some(network);
            if open.values().filter(|registered| of_network(registered)).count() >= self.most_of_network {
                make_room(&mut open, of_network)?;
            }
        }
        if open.len() >= self.most {
            make_room(&mut open, |_| true)?;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        open.insert(number, Registered { network, signs: Arc::clone(&signs) });
        drop(open);
        Some(Connection { table: Arc::clone(self), number, signs })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Gives up the one of these that has been still for longest.
fn make_room(open: &mut HashMap<u64, Registered>, which: impl Fn(&Registered) -> bool) -> Option<()> {
    let still = open
        .iter()
        .filter(|(_, registered)| which(registered) && !registered.signs.held.load(Ordering::Relaxed))
        .min_by_key(|(number, registered)| (registered.signs.moved.load(Ordering::Relaxed), **number))
        .map(|(number, _)| *number)?;
    let given_up = open.remove(&still)?;
    given_up.signs.given_up.cancel();
    metrics::counter!("vekha_connections_given_up_total", "why" => "room").increment(1);
    Some(())
}

impl Connection {
    /// Bytes went one way or the other.
    pub(super) fn moved(&self) {
        self.signs.moved.store(self.table.now(), Ordering::Relaxed);
    }

    /// Is cancelled when the connection is to make room for another.
    pub(super) fn given_up(&self) -> CancellationToken {
        self.signs.given_up.clone()
    }

    pub(super) fn hold(&self) -> Hold {
        Hold(Arc::clone(&self.signs))
    }
}

impl Hold {
    /// Something is done for the peer that is not to be broken off.
    pub(super) fn take(&self) {
        self.0.held.store(true, Ordering::Relaxed);
    }

    /// That is over.
    pub(super) fn release(&self) {
        self.0.held.store(false, Ordering::Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.table.open.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));
    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));

    fn is_given_up(connection: &Connection) -> bool {
        connection.given_up().is_cancelled()
    }

    #[test]
    fn past_the_bound_of_a_network_the_stillest_of_it_makes_room() {
        let table = Connections::new(4);
        let home = table.admit(HOME, false).unwrap();
        let (first, second) = (table.admit(OFFICE, false).unwrap(), table.admit(OFFICE, false).unwrap());
        first.signs.moved.store(u64::MAX, Ordering::Relaxed);

        let third = table.admit(OFFICE, false).unwrap();

        assert!(is_given_up(&second), "it was still for longer");
        assert!(![&home, &first, &third].into_iter().any(is_given_up));
        drop(second);
        assert_eq!(table.len(), 3);
    }

    #[test]
    fn what_is_held_is_not_given_up_and_a_newcomer_finds_no_room() {
        let table = Connections::new(4);
        let held: Vec<_> = (0..2).map(|_| table.admit(OFFICE, false).unwrap()).collect();
        held.iter().for_each(|connection| connection.hold().take());
        assert!(table.admit(OFFICE, false).is_none());
        assert!(table.admit(HOME, false).is_some(), "others are not concerned");
        held[0].hold().release();
        assert!(table.admit(OFFICE, false).is_some());
        assert!(is_given_up(&held[0]) && !is_given_up(&held[1]));
    }

    #[test]
    fn behind_a_proxy_all_of_them_may_come() {
        let table = Connections::new(4);
        let first: Vec<_> = (0..4).map(|_| table.admit(OFFICE, true).unwrap()).collect();
        let fifth = table.admit(OFFICE, true).unwrap();
        assert_eq!(first.iter().filter(|connection| is_given_up(connection)).count(), 1);
        assert!(is_given_up(&first[0]) && !is_given_up(&fifth));
        assert_eq!(table.len(), 4);
    }

    #[test]
    fn one_that_ended_counts_no_more() {
        let table = Connections::new(2);
        drop(table.admit(HOME, false).unwrap());
        assert_eq!(table.len(), 0);
    }
}
