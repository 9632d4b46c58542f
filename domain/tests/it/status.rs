//! Which status follows which.

use std::fmt::Write;

use domain::status::TransitionFacts;
use domain::{Action, Code, Status, StatusKind};

pub(crate) fn name(status: Status) -> String {
    match status.before_overdue() {
        Some(was) => format!("OVERDUE({})", was.code()),
        None => status.kind().code().to_owned(),
    }
}

#[test]
fn transitions() {
    let mut table = String::new();
    for requires_review in [true, false] {
        for deadline_missed in [false, true] {
            writeln!(table, "requires_review={requires_review} deadline_missed={deadline_missed}").unwrap();
            for status in Status::ALL {
                for action in Action::ALL {
                    let facts = TransitionFacts { requires_review, deadline_missed };
                    if let Some(next) = status.after(*action, facts) {
                        writeln!(table, "  {:22} {:7} -> {}", name(status), action.code(), name(next))
                            .unwrap();
                    }
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_is_stored_apart_comes_back_whole() {
    for status in Status::ALL {
        assert_eq!(Status::from_parts(status.kind(), status.before_overdue()), Some(status));
    }
    assert_eq!(Status::from_parts(StatusKind::Overdue, None), None);
    assert_eq!(Status::from_parts(StatusKind::Done, Some(domain::status::Pending::New)), None);
}

#[test]
fn a_moved_deadline_ends_overdue_and_touches_nothing_else() {
    for status in Status::ALL {
        let moved = status.after_deadline_move();
        assert_ne!(moved.kind(), StatusKind::Overdue);
        if status.kind() != StatusKind::Overdue {
            assert_eq!(moved, status);
        }
        assert_eq!(moved.pending(), status.pending());
        assert_eq!(status.before_deadline(), (moved != status).then_some(moved));
    }
}

#[test]
fn codes_are_unique_and_come_back() {
    fn check<T: Code + std::fmt::Debug>() {
        for member in T::ALL {
            assert_eq!(T::from_code(member.code()), Some(*member));
        }
        assert_eq!(T::from_code(""), None);
    }
    check::<StatusKind>();
    check::<Action>();
    check::<domain::Role>();
    check::<domain::Priority>();
    check::<domain::EventKind>();
    check::<domain::NotificationKind>();
}
