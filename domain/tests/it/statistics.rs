//! What statistics count.

use domain::statistics::{Measure, days_late, on_time};
use domain::{Action, Code, StatusKind};

const DAY: i64 = 86_400_000;

#[test]
fn work_is_in_time_until_the_moment_of_its_deadline() {
    assert_eq!(on_time(Some(99), Some(100)), Some(true));
    assert_eq!(on_time(Some(100), Some(100)), Some(false));
    assert_eq!(on_time(None, Some(100)), None);
    assert_eq!(on_time(Some(99), None), None);
}

#[test]
fn a_day_of_delay_counts_once_it_has_begun() {
    let cases = [(-1, 0), (0, 1), (1, 1), (DAY - 1, 1), (DAY, 2), (10 * DAY, 11)];
    for (late, days) in cases {
        assert_eq!(days_late(1_000, 1_000 + late), days, "{late} ms");
    }
}

#[test]
fn only_what_the_creator_decides_waits_for_review() {
    for to in [StatusKind::InReview, StatusKind::Done] {
        let counted = Measure::of_transition(Action::Submit, to);
        assert_eq!(counted, (to == StatusKind::InReview).then_some(Measure::HandedIn));
    }
    let counted: Vec<&str> = Action::ALL
        .iter()
        .filter_map(|action| Measure::of_transition(*action, StatusKind::New))
        .map(Code::code)
        .collect();
    assert_eq!(counted, ["ACCEPTED", "RETURNED"]);
}
