//! Days as people say them, in the reader's time zone.

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

use crate::db::columns::{Locale, Timestamp};

const RU: [&str; 12] = ["янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];
const EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// «27 ноя», «27 ноя, 15:00» where the hour says something, with the year where it is not `now`'s.
pub(super) fn day(moment: Timestamp, now: Timestamp, locale: Locale, zone: Tz) -> String {
    let local = moment.to_utc().with_timezone(&zone);
    let months = match locale {
        Locale::Ru => RU,
        Locale::En => EN,
    };
    let month =
        usize::try_from(local.month0()).ok().and_then(|month| months.get(month)).copied().unwrap_or_default();
    let mut text = match locale {
        Locale::Ru => format!("{} {month}", local.day()),
        Locale::En => format!("{month} {}", local.day()),
    };
    if local.year() != now.to_utc().with_timezone(&zone).year() {
        text.push_str(&format!(" {}", local.year()));
    }
    if (local.hour(), local.minute()) != (0, 0) && (local.hour(), local.minute()) != (23, 59) {
        text.push_str(&format!(", {}:{:02}", local.hour(), local.minute()));
    }
    text
}
