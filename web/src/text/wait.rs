//! How long to wait, in words: seconds, or minutes where there are two and more.

use super::plural;

/// From so many seconds on it is said in minutes.
const MINUTES_FROM: i64 = 120;

/// After "через".
pub fn russian(seconds: i64) -> String {
    match in_minutes(seconds) {
        Some(minutes) => said(minutes, plural::russian(minutes, "минуту", "минуты", "минут")),
        None => said(seconds, plural::russian(seconds, "секунду", "секунды", "секунд")),
    }
}

/// After "in".
pub fn english(seconds: i64) -> String {
    match in_minutes(seconds) {
        Some(minutes) => said(minutes, plural::english(minutes, "minute", "minutes")),
        None => said(seconds, plural::english(seconds, "second", "seconds")),
    }
}

/// Whole ones, none too few.
fn in_minutes(seconds: i64) -> Option<i64> {
    (seconds >= MINUTES_FROM).then(|| seconds.saturating_add(59) / 60)
}

fn said(count: i64, unit: &str) -> String {
    [&count.to_string(), "\u{a0}", unit].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_said_as_people_say_it() {
        let both =
            |seconds| (russian(seconds).replace('\u{a0}', " "), english(seconds).replace('\u{a0}', " "));
        for (seconds, ru, en) in [
            (1, "1 секунду", "1 second"),
            (2, "2 секунды", "2 seconds"),
            (17, "17 секунд", "17 seconds"),
            (61, "61 секунду", "61 seconds"),
            (120, "2 минуты", "2 minutes"),
            (121, "3 минуты", "3 minutes"),
            (900, "15 минут", "15 minutes"),
        ] {
            assert_eq!(both(seconds), (ru.to_owned(), en.to_owned()));
        }
    }
}
