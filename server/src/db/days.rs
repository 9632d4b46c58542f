//! Days in a time zone, and how statements tell them apart. The databases know no zones (SQLite none at all, and two tables of
//! zones could disagree): the moments at which days begin are worked out here and given to them.

use chrono::{Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use domain::zone::{of_offset, offset};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr};

use super::columns::Timestamp;

/// Days one after the other, with the moments at which they begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    days: Vec<Day>,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment after it.
    pub to: Timestamp,
}

/// A day: from its first moment to that of the next, which is 23, 24 or 25 hours later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// Its first moment.
    pub from: Timestamp,
    /// The first moment of the next.
    pub to: Timestamp,
}

/// Why two days make no span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanFault {
    /// The time zone is no name of the IANA database.
    Zone,
    /// The last day is before the first, or is none that a calendar has.
    Order,
    /// More days than allowed.
    TooLong,
}

/// The time zone of an IANA name, or of a distance from UTC as `+03:00`, which is all that some devices know of theirs.
pub fn zone(name: &str) -> Option<Tz> {
    let by_offset = || of_offset(offset(name)?)?.parse().ok();
    name.parse().ok().or_else(by_offset)
}

impl Day {
    /// Whether the moment lies in the day.
    pub fn contains(&self, moment: Timestamp) -> bool {
        (self.from..self.to).contains(&moment)
    }
}

impl Span {
    /// From the first day to the last, both included: `most` at the most.
    pub fn new(from: NaiveDate, to: NaiveDate, time_zone: &str, most: usize) -> Result<Self, SpanFault> {
        let zone = zone(time_zone).ok_or(SpanFault::Zone)?;
        let mut days = Vec::new();
        let mut date = from;
        while date <= to {
            if days.len() >= most {
                return Err(SpanFault::TooLong);
            }
            let next = date.checked_add_days(Days::new(1)).ok_or(SpanFault::Order)?;
            days.push(Day { date, from: beginning(date, zone), to: beginning(next, zone) });
            date = next;
        }
        match (days.first(), days.last()) {
            (Some(Day { from, .. }), Some(Day { to, .. })) => Ok(Span { from: *from, to: *to, days }),
            (_, _) => Err(SpanFault::Order),
        }
    }

    /// The days.
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    /// The number of the day in which the column's moment lies, for moments within the span. By halves, so that a row of a
    /// year costs nine comparisons.
    pub fn place(&self, column: &SimpleExpr) -> SimpleExpr {
        halves(&self.days, 0, column).cast_as("bigint")
    }
}

fn halves(days: &[Day], first: i64, column: &SimpleExpr) -> SimpleExpr {
    let (earlier, later) = days.split_at(days.len() / 2);
    match (earlier, later) {
        ([_, ..], [middle, ..]) => {
            let further = first.saturating_add(i64::try_from(earlier.len()).unwrap_or(i64::MAX));
            CaseStatement::new()
                .case(column.clone().lt(middle.from), halves(earlier, first, column))
                .finally(halves(later, further, column))
                .into()
        }
        (_, _) => Expr::val(first),
    }
}

/// The first moment of a day. Where clocks skip midnight, the day begins when they are put forward; where midnight comes
/// twice, at the first.
fn beginning(date: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = date.and_time(NaiveTime::MIN);
    let moment = (0..=4)
        .find_map(|half_hours| {
            let local = midnight.checked_add_signed(chrono::TimeDelta::minutes(30 * half_hours))?;
            zone.from_local_datetime(&local).earliest()
        })
        .map_or_else(|| Utc.from_utc_datetime(&midnight), |local| local.with_timezone(&Utc));
    Timestamp::from(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hours(span: &Span) -> Vec<i64> {
        span.days().iter().map(|day| (day.to.0 - day.from.0) / 3_600_000).collect()
    }

    #[test]
    fn days_are_as_long_as_clocks_make_them() {
        let berlin = Span::new(day("2026-03-28"), day("2026-03-30"), "Europe/Berlin", 62).unwrap();
        assert_eq!(hours(&berlin), [24, 23, 24]);
        let berlin = Span::new(day("2026-10-25"), day("2026-10-25"), "Europe/Berlin", 62).unwrap();
        assert_eq!(hours(&berlin), [25]);
        let moscow = Span::new(day("2028-02-28"), day("2028-03-01"), "Europe/Moscow", 62).unwrap();
        assert_eq!(hours(&moscow), [24, 24, 24]);
    }

    #[test]
    fn a_day_without_midnight_begins_when_clocks_are_put_forward() {
        // Clocks in Beirut go from 0:00 to 1:00.
        let beirut = Span::new(day("2026-03-28"), day("2026-03-29"), "Asia/Beirut", 62).unwrap();
        assert_eq!(hours(&beirut), [24, 23]);
    }

    #[test]
    fn a_zone_is_known_by_its_distance_too() {
        assert_eq!(zone("+03:00").map(|zone| zone.name()), Some("Etc/GMT-3"));
        assert_eq!(zone("Asia/Calcutta").map(|zone| zone.name()), Some("Asia/Calcutta"));
        assert_eq!(zone("Etc/Unknown"), None);
        // Every zone that stands for a distance is at that distance, in summer as in winter.
        for ahead in -900..=900 {
            let Some(name) = of_offset(ahead) else { continue };
            for month in [1, 7] {
                let day = Utc.with_ymd_and_hms(2026, month, 1, 0, 0, 0).unwrap();
                let local = day.with_timezone(&zone(&name).unwrap()).naive_local();
                assert_eq!((local - day.naive_utc()).num_minutes(), i64::from(ahead), "{name}");
            }
        }
    }

    #[test]
    fn limits() {
        assert!(Span::new(day("2026-01-01"), day("2026-03-03"), "UTC", 62).is_ok());
        assert!(Span::new(day("2026-01-01"), day("2026-03-04"), "UTC", 62).is_err());
        assert!(Span::new(day("2026-01-02"), day("2026-01-01"), "UTC", 62).is_err());
        assert!(Span::new(day("2026-01-01"), day("2026-01-01"), "Mars/Olympus", 62).is_err());
        assert!(Span::new(NaiveDate::MAX, NaiveDate::MAX, "UTC", 62).is_err());
    }
}
