//! How proxies write for whom they ask: `X-Forwarded-For`, in each of the forms that proxies have for it, and `Forwarded` of RFC 7239.
//! Reads addresses; whom to believe is not decided here.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The hops of a line of `X-Forwarded-For`, the client's first. `None` for one that is no address, as `unknown`.
pub(super) fn plain(line: &str) -> Vec<Option<IpAddr>> {
    line.split(',').map(node).collect()
}

/// The hops of a line of `Forwarded`. `None` for one that does not say for whom it was, or not by an address.
pub(super) fn standard(line: &str) -> Vec<Option<IpAddr>> {
    let hop = |element: &str| {
        let mut pairs = parts(element, ';').into_iter().filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
        node(value)
    };
    parts(line, ',').into_iter().map(hop).collect()
}

/// What stands between separators that are in no quotation marks. A mark that is not closed makes the rest one part.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|character| {
        let separates = character == separator && !quoted;
        quoted ^= character == '"' && !escaped;
        escaped = quoted && character == '\\' && !escaped;
        separates
    })
    .collect()
}

/// An address, with or without a port, brackets and quotation marks.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = match text.strip_prefix('"') {
        Some(quoted) => quoted.strip_suffix('"')?.trim(),
        None => text,
    };
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse::<Ipv6Addr>().ok().map(IpAddr::from);
    let alone = text.parse::<IpAddr>().ok();
    let address =
        alone.or_else(|| text.parse::<SocketAddr>().ok().map(|both| both.ip())).or_else(bracketed)?;
    Some(address.to_canonical())
}
