//! Which form of a noun goes with a number.

/// Russian: 1, 21, 101 — 2 to 4, 22 to 24 — the rest, 11 to 14 among them (CLDR: one, few, many).
pub fn russian<'a>(number: i64, one: &'a str, few: &'a str, many: &'a str) -> &'a str {
    match (number.unsigned_abs() % 10, number.unsigned_abs() % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        (_, _) => many,
    }
}

/// English: 1 — the rest.
pub fn english<'a>(number: i64, one: &'a str, other: &'a str) -> &'a str {
    if number.unsigned_abs() == 1 { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_nouns_follow_the_last_digits() {
        let tasks = |number| russian(number, "задача", "задачи", "задач");
        for number in [1, 21, 31, 101, 1001] {
            assert_eq!(tasks(number), "задача", "{number}");
        }
        for number in [2, 3, 4, 22, 34, 102] {
            assert_eq!(tasks(number), "задачи", "{number}");
        }
        for number in [0, 5, 9, 10, 11, 12, 13, 14, 19, 20, 25, 100, 111, 112, 114] {
            assert_eq!(tasks(number), "задач", "{number}");
        }
    }

    #[test]
    fn english_nouns_have_two_forms() {
        assert_eq!(
            [0, 1, 2, 21].map(|number| english(number, "task", "tasks")),
            ["tasks", "task", "tasks", "tasks"]
        );
    }
}
