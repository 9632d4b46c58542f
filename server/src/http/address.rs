//! The address a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::{Extensions, HeaderMap};

use crate::config::TrustedProxies;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// Whether the client is this machine.
pub(super) fn is_loopback(trusted: &TrustedProxies, extensions: &Extensions, headers: &HeaderMap) -> bool {
    client(trusted, extensions, headers).is_some_and(|address| address.is_loopback())
}

/// The address of the client: the peer's, or, when the peer is a trusted proxy, the last in `X-Forwarded-For` that is not one
/// too. What an untrusted peer writes there is the client's own word and counts for nothing.
pub(super) fn client(
    trusted: &TrustedProxies,
    extensions: &Extensions,
    headers: &HeaderMap,
) -> Option<IpAddr> {
    let mut client = extensions.get::<Peer>()?.0.ip().to_canonical();
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
    for hop in hops.into_iter().rev() {
        if !trusted.contain(client) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    Some(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_of(trusted: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(value));
        }
        client(&trusted.parse().unwrap(), &extensions, &headers).unwrap().to_string()
    }

    const LOCAL: &str = "127.0.0.0/8,::1";

    #[test]
    fn a_forwarded_address_counts_from_a_trusted_proxy_alone() {
        assert_eq!(client_of(LOCAL, "198.51.100.7", &["203.0.113.9"]), "198.51.100.7");
        assert_eq!(client_of(LOCAL, "127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of(LOCAL, "::ffff:127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of("172.16.0.0/12", "172.18.0.5", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of("172.16.0.0/12", "127.0.0.1", &["203.0.113.9"]), "127.0.0.1");
        assert_eq!(client_of("", "127.0.0.1", &["203.0.113.9"]), "127.0.0.1");
    }

    #[test]
    fn of_many_forwarded_addresses_the_last_that_is_no_proxy_counts_since_the_client_can_write_those_before()
    {
        assert_eq!(client_of(LOCAL, "127.0.0.1", &["10.9.9.9, 203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of(LOCAL, "127.0.0.1", &["10.9.9.9", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(client_of(LOCAL, "127.0.0.1", &["not an address"]), "127.0.0.1");
        let chain = ["6.6.6.6, 203.0.113.9, 10.0.0.2"];
        assert_eq!(client_of("10.0.0.0/8", "10.0.0.1", &chain), "203.0.113.9");
    }
}
