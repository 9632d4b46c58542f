//! How long to wait, in few letters: seconds, or minutes where there are two and more.

/// From so many seconds on it is said in minutes.
const MINUTES_FROM: i64 = 120;

/// "17 с", "3 мин": whole ones, none too few.
pub fn short(seconds: i64, [second, minute]: [&str; 2]) -> String {
    let in_minutes = seconds >= MINUTES_FROM;
    let (count, unit) =
        if in_minutes { (seconds.saturating_add(59) / 60, minute) } else { (seconds, second) };
    [&count.to_string(), "\u{a0}", unit].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_never_said_to_be_shorter_than_it_is() {
        let said = |seconds| short(seconds, ["s", "min"]).replace('\u{a0}', " ");
        assert_eq!([1, 17, 119].map(said), ["1 s", "17 s", "119 s"]);
        assert_eq!([120, 121, 180, 900].map(said), ["2 min", "3 min", "3 min", "15 min"]);
    }
}
