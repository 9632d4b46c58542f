//! From a person's local time to a moment and back. What clocks show at a moment is asked of the browser, outside.

use std::cell::RefCell;

use chrono::{NaiveDateTime, TimeDelta};

use crate::api::Timestamp;

/// Seconds in a day of UTC.
const DAY: i64 = 24 * 60 * 60;

/// The moment that the local time names, where `local` tells the local time of a moment.
///
/// A time that the clock skips is taken as if the clock had not been put forward; of one that it shows twice, the first.
pub fn moment_of(time: NaiveDateTime, local: impl Fn(Timestamp) -> NaiveDateTime) -> Timestamp {
    let offset = |moment: Timestamp| local(moment).signed_duration_since(moment.naive_utc());
    let guess = time.and_utc();
    // Offsets differ from UTC by at most 14 hours, so these two stand on either side of any change of the clock near `time`.
    let before = offset(guess - TimeDelta::hours(24));
    let after = offset(guess + TimeDelta::hours(24));
    let candidates = [guess - before, guess - after];
    candidates.into_iter().filter(|moment| local(*moment) == time).min().unwrap_or(guess - before)
}

/// How far clocks are from UTC that are so many minutes ahead of it: «UTC+3», «UTC−3:30».
pub fn from_utc(ahead: i64) -> String {
    let (hours, rest) = (ahead.unsigned_abs() / 60, ahead.unsigned_abs() % 60);
    let mut text = "UTC".to_owned();
    if ahead != 0 {
        text.push(if ahead < 0 { '−' } else { '+' });
        text.push_str(&hours.to_string());
    }
    if rest > 0 {
        text.push_str(if rest < 10 { ":0" } else { ":" });
        text.push_str(&rest.to_string());
    }
    text
}

/// How far the clocks of a zone are from UTC, asked once a day: a page shows the same days a thousand times.
#[derive(Debug, Default)]
pub struct Offsets {
    /// At the beginning of a day of UTC, which is counted from 1970. In order.
    midnights: RefCell<Vec<(i64, TimeDelta)>>,
}

impl Offsets {
    /// What clocks show at that moment. `ask` tells it of any moment, and is slow.
    pub fn local(&self, moment: Timestamp, ask: impl Fn(Timestamp) -> NaiveDateTime) -> NaiveDateTime {
        let day = moment.timestamp().div_euclid(DAY);
        // No clock changes twice a day: one that begins and ends alike does not change in between.
        let (before, after) = (self.at_midnight(day, &ask), self.at_midnight(day + 1, &ask));
        if before == after { moment.naive_utc() + before } else { ask(moment) }
    }

    fn at_midnight(&self, day: i64, ask: impl Fn(Timestamp) -> NaiveDateTime) -> TimeDelta {
        let mut known = self.midnights.borrow_mut();
        let place = match known.binary_search_by_key(&day, |(day, _)| *day) {
            Ok(place) => return known.get(place).map_or(TimeDelta::zero(), |(_, offset)| *offset),
            Err(place) => place,
        };
        let midnight = Timestamp::from_timestamp(day * DAY, 0).unwrap_or_default();
        let offset = ask(midnight).signed_duration_since(midnight.naive_utc());
        known.insert(place, (day, offset));
        offset
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use chrono::{NaiveDate, TimeZone, Utc};
    use chrono_tz::{Africa, America, Asia, Australia, Europe, Pacific};

    use super::*;

    /// Berlin in 2026: summer time from 29 March 1:00 UTC to 25 October 1:00 UTC.
    fn berlin(moment: Timestamp) -> NaiveDateTime {
        let from = Utc.with_ymd_and_hms(2026, 3, 29, 1, 0, 0).unwrap();
        let to = Utc.with_ymd_and_hms(2026, 10, 25, 1, 0, 0).unwrap();
        let hours = if moment >= from && moment < to { 2 } else { 1 };
        moment.naive_utc() + TimeDelta::hours(hours)
    }

    fn utc(month: u32, day: u32, hour: u32, minute: u32) -> String {
        let local = NaiveDate::from_ymd_opt(2026, month, day).unwrap().and_hms_opt(hour, minute, 0).unwrap();
        moment_of(local, berlin).format("%m-%d %H:%M").to_string()
    }

    #[test]
    fn a_local_time_names_a_moment_in_winter_and_in_summer() {
        assert_eq!(utc(1, 15, 12, 0), "01-15 11:00");
        assert_eq!(utc(7, 15, 12, 0), "07-15 10:00");
    }

    #[test]
    fn days_on_which_the_clock_changes() {
        assert_eq!(utc(3, 29, 1, 30), "03-29 00:30");
        assert_eq!(utc(3, 29, 2, 30), "03-29 01:30", "skipped: as if the clock had not been put forward");
        assert_eq!(utc(3, 29, 3, 30), "03-29 01:30");
        assert_eq!(utc(10, 25, 2, 30), "10-25 00:30", "shown twice: the first");
        assert_eq!(utc(10, 25, 3, 30), "10-25 02:30");
    }

    #[test]
    fn how_far_a_zone_is_from_utc_is_said_in_hours_and_minutes() {
        let said = [
            (0, "UTC"),
            (180, "UTC+3"),
            (-180, "UTC−3"),
            (-210, "UTC−3:30"),
            (345, "UTC+5:45"),
            (605, "UTC+10:05"),
        ];
        for (ahead, text) in said {
            assert_eq!(from_utc(ahead), text);
        }
    }

    #[test]
    fn what_is_remembered_of_a_zone_is_what_it_would_say() {
        let zones = [
            Europe::Moscow,
            America::New_York,
            America::St_Johns,
            Asia::Beirut,
            Australia::Lord_Howe,
            Africa::Casablanca,
            Pacific::Apia,
        ];
        for (zone, year) in zones.into_iter().flat_map(|zone| [(zone, 2011), (zone, 2026)]) {
            let local = |moment: Timestamp| moment.with_timezone(&zone).naive_local();
            let offsets = Offsets::default();
            let mut moment = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
            let end = Utc.with_ymd_and_hms(year + 1, 1, 1, 0, 0, 0).unwrap();
            while moment < end {
                assert_eq!(offsets.local(moment, local), local(moment), "{zone} at {moment}");
                moment += TimeDelta::minutes(15);
            }
        }
    }

    #[test]
    fn a_zone_is_asked_once_a_day_and_in_any_order() {
        let asked = Cell::new(0);
        let ask = |moment: Timestamp| {
            asked.set(asked.get() + 1);
            berlin(moment)
        };
        let offsets = Offsets::default();
        let first = Utc.with_ymd_and_hms(2026, 6, 1, 7, 30, 0).unwrap();
        for hour in (0..24 * 30).rev().chain(0..24 * 30) {
            let moment = first + TimeDelta::hours(hour);
            assert_eq!(offsets.local(moment, ask), berlin(moment));
        }
        assert_eq!(asked.get(), 32, "30 days and a part of another begin and end at 32 midnights");
    }
}
