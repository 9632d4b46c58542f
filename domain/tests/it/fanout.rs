//! Who is told what: event x audience.

use std::fmt::Write;

use domain::fanout::{Announcement, Audience, TOLD_AT_ONCE, fan_out};
use domain::{Code, EventKind};

#[test]
fn event_audience() {
    let mut table = String::new();
    for event in EventKind::ALL {
        writeln!(table, "{}", event.code()).unwrap();
        for actor in [None, Some("creator"), Some("assignee"), Some("admin")] {
            let audience = Audience {
                actor,
                creator: Some("creator"),
                assignee: Some("assignee"),
                previous_assignee: Some("previous"),
                subject: Some("subject"),
                administrators: &["admin", "another admin"],
            };
            table.push_str(&row(*event, actor.unwrap_or("system"), &audience));
        }
        let own = Audience {
            actor: Some("one"),
            creator: Some("one"),
            assignee: Some("one"),
            previous_assignee: None,
            subject: Some("one"),
            administrators: &["one"],
        };
        table.push_str(&row(*event, "one who is everything", &own));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn of_a_flood_of_newcomers_the_first_few_are_told_of_and_the_last_of_these_says_so() {
    let told: Vec<Announcement> = (0..8).map(Announcement::after).collect();
    assert_eq!(told.iter().filter(|one| **one == Announcement::Told).count(), TOLD_AT_ONCE - 1);
    assert_eq!(told[TOLD_AT_ONCE - 1], Announcement::Last);
    assert!(told[TOLD_AT_ONCE..].iter().all(|one| *one == Announcement::Silent));
}

fn row(event: EventKind, by: &str, audience: &Audience<'_, &str>) -> String {
    let told: Vec<String> = fan_out(event, audience)
        .iter()
        .map(|notice| {
            let read = if notice.born_read { " (read)" } else { "" };
            format!("{} {}{read}", notice.recipient, notice.kind.code())
        })
        .collect();
    let told = if told.is_empty() { "nobody".to_owned() } else { told.join(", ") };
    format!("  by {by:22} -> {told}\n")
}
