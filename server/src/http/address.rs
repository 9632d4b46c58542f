//! The address a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::{Extensions, HeaderMap};

use super::forwarded;
use crate::config::TrustedProxies;

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// The address of the client: the peer's, or, when the peer is a trusted proxy, the last that a proxy names which is not one too.
/// What an untrusted peer writes there is the client's own word and counts for nothing.
///
/// Proxies name it in `X-Forwarded-For` or in `Forwarded`. Where there are both, the client may have written the one that the proxy does
/// not: they have to agree, or the proxy itself stands for its client.
pub(super) fn client(
    trusted: &TrustedProxies,
    extensions: &Extensions,
    headers: &HeaderMap,
) -> Option<IpAddr> {
    let peer = extensions.get::<Peer>()?.0.ip().to_canonical();
    let lines =
        |name: &'static str| headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
    let ways: [Vec<Option<IpAddr>>; 2] = [
        lines("x-forwarded-for").flat_map(forwarded::plain).collect(),
        lines("forwarded").flat_map(forwarded::standard).collect(),
    ];
    let mut found = ways.iter().filter(|hops| !hops.is_empty()).map(|hops| walk(trusted, peer, hops));
    let first = found.next().unwrap_or(peer);
    Some(if found.all(|other| other == first) { first } else { peer })
}

/// Goes from the peer back to the first hop that is no proxy of ours, or as far as hops are known.
fn walk(trusted: &TrustedProxies, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
    let mut client = peer;
    for hop in hops.iter().rev() {
        match hop {
            Some(address) if trusted.contain(client) => client = *address,
            Some(_) | None => break,
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_by(trusted: &str, peer: &str, lines: &[(&'static str, &str)]) -> String {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(SocketAddr::new(peer.parse().unwrap(), 1)));
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(*name, line.parse().unwrap());
        }
        client(&trusted.parse().unwrap(), &extensions, &headers).unwrap().to_string()
    }

    fn client_of(trusted: &str, peer: &str, forwarded: &[&str]) -> String {
        let lines: Vec<_> = forwarded.iter().map(|line| ("x-forwarded-for", *line)).collect();
        client_by(trusted, peer, &lines)
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
    #[test]
    fn a_port_brackets_and_quotes_make_nobody_another() {
        for form in [
            "203.0.113.9:1234",
            " 203.0.113.9 ",
            "\"203.0.113.9\"",
            "\"203.0.113.9:80\"",
            "::ffff:203.0.113.9",
        ] {
            assert_eq!(client_of(LOCAL, "127.0.0.1", &[form]), "203.0.113.9", "{form}");
        }
        for form in [
            "2001:db8::1",
            "[2001:db8::1]",
            "[2001:db8::1]:443",
            "\"[2001:db8::1]:443\"",
            "fe80::1, 2001:db8::1",
        ] {
            assert_eq!(client_of(LOCAL, "127.0.0.1", &[form]), "2001:db8::1", "{form}");
        }
        let chain = ["6.6.6.6, 203.0.113.9:5000, 10.0.0.2:80"];
        assert_eq!(client_of("10.0.0.0/8", "10.0.0.1", &chain), "203.0.113.9");
        for unknown in ["unknown", "_hidden", "", "203.0.113", "203.0.113.9:port", "[2001:db8::1"] {
            assert_eq!(client_of(LOCAL, "127.0.0.1", &[unknown]), "127.0.0.1", "{unknown}");
        }
    }

    #[test]
    fn the_standard_header_says_it_too() {
        let by = |line: &str| client_by("10.0.0.0/8", "10.0.0.1", &[("forwarded", line)]);
        for line in [
            "for=203.0.113.9",
            "For=\"203.0.113.9:47011\";proto=https;by=203.0.113.43",
            "proto=https; for=203.0.113.9",
            "for=6.6.6.6, for=203.0.113.9;host=\"a,b;c\", for=10.0.0.2",
        ] {
            assert_eq!(by(line), "203.0.113.9", "{line}");
        }
        assert_eq!(by("for=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::17");
        for unknown in [
            "for=unknown",
            "for=_SEVKISEK",
            "proto=https",
            "for=203.0.113.9, proto=https",
            "for=\"203.0.113.9",
        ] {
            assert_eq!(by(unknown), "10.0.0.1", "{unknown}");
        }
    }

    #[test]
    fn of_two_headers_that_disagree_neither_counts() {
        let both = |plain: &str, standard: &str| {
            client_by(LOCAL, "127.0.0.1", &[("x-forwarded-for", plain), ("forwarded", standard)])
        };
        assert_eq!(both("203.0.113.9", "for=203.0.113.9"), "203.0.113.9");
        assert_eq!(both("6.6.6.6", "for=203.0.113.9"), "127.0.0.1");
        assert_eq!(both("203.0.113.9", "for=6.6.6.6"), "127.0.0.1");
        assert_eq!(both("203.0.113.9", "for=unknown"), "127.0.0.1");
    }
}
