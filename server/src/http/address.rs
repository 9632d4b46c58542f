//! The address a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::{Extensions, HeaderMap};

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Whether the other end of the connection is this machine, with nobody else's request in its hands.
pub(super) fn is_loopback(extensions: &Extensions, headers: &HeaderMap) -> bool {
    client(extensions, headers).is_some_and(|address| address.is_loopback())
}

/// The address of the client: the peer's, or, when the peer is on this machine, the last that a proxy there has put into
/// `X-Forwarded-For`. A header from elsewhere is the client's own word and counts for nothing.
pub(super) fn client(extensions: &Extensions, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = extensions.get::<Peer>()?.0.ip().to_canonical();
    if !peer.is_loopback() {
        return Some(peer);
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
    Some(last.and_then(|address| address.trim().parse().ok()).unwrap_or(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_of(peer: &str, forwarded: &[&'static str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(value));
        }
        client(&extensions, &headers).unwrap().to_string()
    }

    #[test]
    fn a_forwarded_address_counts_from_this_machine_alone() {
        assert_eq!(client_of("198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(client_of("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of("::ffff:127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn of_many_forwarded_addresses_the_last_counts_since_the_client_can_write_the_others() {
        assert_eq!(client_of("127.0.0.1", &["10.9.9.9, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of("127.0.0.1", &["10.9.9.9", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of("127.0.0.1", &["not an address"]), "127.0.0.1");
    }
}
