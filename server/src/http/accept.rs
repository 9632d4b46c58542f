//! Which of the two media types of GraphQL over HTTP a client takes.
//! <https://graphql.github.io/graphql-over-http/draft/#sec-Accept>, RFC 9110 section 12.5.1.

use http::{HeaderMap, header};

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status tells whether the request was understood.
    GraphqlResponse,
    /// `application/json`: 200 for every well-formed request.
    Json,
}

impl MediaType {
    /// As the header names it.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            MediaType::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            MediaType::Json => "application/json; charset=utf-8",
        }
    }
}

/// The type to answer in: what the client likes best, what it names before what its wildcards cover, JSON where it says
/// nothing. `None` when it takes neither.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<MediaType> {
    let mut ranges = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .peekable();
    if ranges.peek().is_none() {
        return (!headers.contains_key(header::ACCEPT)).then_some(MediaType::Json);
    }
    let (mut graphql, mut json) = (None, None);
    for range in ranges {
        keep_most_specific(&mut graphql, range.matches("application/graphql-response+json"), range.quality);
        keep_most_specific(&mut json, range.matches("application/json"), range.quality);
    }
    let liked = |found: Option<Match>| found.filter(|found| found.quality > 0);
    match (liked(graphql), liked(json)) {
        (None, None) => None,
        (Some(_), None) => Some(MediaType::GraphqlResponse),
        (None, Some(_)) => Some(MediaType::Json),
        (Some(graphql), Some(json)) => {
            // Liked alike, the newer type has to be named: who only takes anything may know JSON alone.
            let named = graphql.precision == 2 && graphql.quality == json.quality;
            let better = graphql.quality > json.quality;
            Some(if named || better { MediaType::GraphqlResponse } else { MediaType::Json })
        }
    }
}

#[derive(Clone, Copy)]
struct Match {
    quality: u16,
    /// 0 `*/*`, 1 `application/*`, 2 the type itself.
    precision: u8,
}

fn keep_most_specific(kept: &mut Option<Match>, precision: Option<u8>, quality: u16) {
    if let Some(precision) = precision
        && kept.is_none_or(|kept| precision > kept.precision)
    {
        *kept = Some(Match { quality, precision });
    }
}

struct Range {
    essence: String,
    /// In thousandths.
    quality: u16,
}

impl Range {
    /// `None` for what is no media range or asks for another encoding than UTF-8.
    fn parse(text: &str) -> Option<Range> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| essence.contains('/'))?.to_ascii_lowercase();
        let mut quality = 1_000;
        for part in parts {
            let (name, value) = part.split_once('=')?;
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value.trim())?,
                "charset" if !is_utf8(value) => return None,
                _ => {}
            }
        }
        Some(Range { essence, quality })
    }

    fn matches(&self, media_type: &str) -> Option<u8> {
        match self.essence.as_str() {
            "*/*" => Some(0),
            "application/*" => Some(1),
            essence if essence == media_type => Some(2),
            _ => None,
        }
    }
}

/// Whether a `charset` parameter names the one encoding that JSON has.
pub(super) fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// `0` to `1` with at most three digits after the point.
fn thousandths(value: &str) -> Option<u16> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let whole: u16 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    Some(whole.saturating_mul(1_000).saturating_add(fraction).min(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiated(accept: &'static str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, http::HeaderValue::from_static(accept));
        negotiate(&headers)
    }

    #[test]
    fn json_is_for_those_who_do_not_say() {
        assert_eq!(negotiate(&HeaderMap::new()), Some(MediaType::Json));
        assert_eq!(negotiated("*/*"), Some(MediaType::Json));
        assert_eq!(negotiated("application/*"), Some(MediaType::Json));
    }

    #[test]
    fn the_type_that_is_named_goes_before_the_one_that_a_wildcard_covers() {
        assert_eq!(negotiated("application/graphql-response+json, */*"), Some(MediaType::GraphqlResponse));
        assert_eq!(negotiated("application/json, */*"), Some(MediaType::Json));
        assert_eq!(negotiated("application/json;q=0.5, */*"), Some(MediaType::GraphqlResponse));
        assert_eq!(
            negotiated("application/graphql-response+json, application/json"),
            Some(MediaType::GraphqlResponse)
        );
        assert_eq!(
            negotiated("application/json, application/graphql-response+json;q=0.9"),
            Some(MediaType::Json)
        );
        assert_eq!(
            negotiated(
                "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8;q=0.9"
            ),
            Some(MediaType::GraphqlResponse)
        );
    }

    #[test]
    fn what_is_refused_is_refused() {
        assert_eq!(negotiated("text/html"), None);
        assert_eq!(negotiated("application/json;q=0"), None);
        assert_eq!(negotiated("*/*, application/json;q=0"), Some(MediaType::GraphqlResponse));
        assert_eq!(negotiated("application/json; charset=utf-16"), None);
        assert_eq!(negotiated("application/graphql-response+json;q=9"), None);
    }
}
