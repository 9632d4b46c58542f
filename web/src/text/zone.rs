//! From a person's local time to a moment. What the zone's offset is at a moment is asked of the browser, outside.

use chrono::{NaiveDateTime, TimeDelta};

use crate::api::Timestamp;

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

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, TimeZone, Utc};

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
}
