//! What one party commands of the addresses there are: whatever is counted by address is counted by this.

use std::net::{IpAddr, Ipv6Addr};

/// The address itself for IPv4, the first of its 64-bit prefix for IPv6: a home or an office is given the whole of one.
pub fn of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// The same of an address as it is written down; what is none stands for itself.
pub fn of_text(address: &str) -> String {
    match address.parse::<IpAddr>().map(of) {
        Ok(IpAddr::V6(network)) => format!("{network}/64"),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_commands_a_network_is_one_party() {
        assert_eq!(of_text("2001:db8:1:2:3:4:5:6"), of_text("2001:db8:1:2::9"));
        assert_ne!(of_text("2001:db8:1:2::9"), of_text("2001:db8:1:3::9"));
        assert_eq!(of_text("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(of_text("a socket"), "a socket");
    }
}
