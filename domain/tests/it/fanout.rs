//! Who is told what: event x audience.

use std::fmt::Write;

use domain::fanout::{Audience, fan_out};
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
            };
            table.push_str(&row(*event, actor.unwrap_or("system"), &audience));
        }
        let own = Audience {
            actor: Some("one"),
            creator: Some("one"),
            assignee: Some("one"),
            previous_assignee: None,
            subject: Some("one"),
        };
        table.push_str(&row(*event, "one who is everything", &own));
    }
    insta::assert_snapshot!(table);
}

fn row(event: EventKind, by: &str, audience: &Audience<&str>) -> String {
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
