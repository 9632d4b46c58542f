//! A time zone by nothing but its distance from UTC, for who has no better name of it.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;

/// Zones whose clocks are never put forward or back, by the minutes that they are ahead of UTC where those are no whole hours.
/// <https://www.iana.org/time-zones>, 2025b.
const BETWEEN: [(i32, &str); 8] = [
    (-570, "Pacific/Marquesas"),
    (210, "Asia/Tehran"),
    (270, "Asia/Kabul"),
    (330, "Asia/Kolkata"),
    (345, "Asia/Kathmandu"),
    (390, "Asia/Yangon"),
    (525, "Australia/Eucla"),
    (570, "Australia/Darwin"),
];

/// The IANA name of a zone whose clocks always are so many minutes ahead of UTC: `Etc/GMT-3` is three hours ahead.
pub fn of_offset(ahead: i32) -> Option<String> {
    match (ahead / 60, ahead % 60) {
        (0, 0) => Some("UTC".to_owned()),
        (hours @ 1..=14, 0) => Some(format!("Etc/GMT-{hours}")),
        (hours @ -12..=-1, 0) => Some(format!("Etc/GMT+{}", -hours)),
        (_, _) => BETWEEN.iter().find(|(known, _)| *known == ahead).map(|(_, name)| (*name).to_owned()),
    }
}

/// The minutes ahead of UTC that are written as `+03:00`, `-0930`, `UTC+3` or `GMT-3`.
pub fn offset(text: &str) -> Option<i32> {
    let text = text.strip_prefix("UTC").or_else(|| text.strip_prefix("GMT")).unwrap_or(text);
    let (sign, digits) = match text.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, text.strip_prefix(['-', '−'])?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len().checked_sub(2)?)?,
        None => (digits, "0"),
    };
    let number = |text: &str| -> Option<i32> {
        let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_digit());
        if is_number { text.parse().ok() } else { None }
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    if minutes < 60 { Some(sign * (hours * 60 + minutes)) } else { None }
}
