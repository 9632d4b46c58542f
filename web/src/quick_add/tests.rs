//! The phrases of `phrases.txt`, each with the moment it means.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use super::*;
use crate::api::Timestamp;
use crate::text::zone::moment_of;

const PHRASES: &str = include_str!("phrases.txt");

fn moscow(moment: Timestamp) -> NaiveDateTime {
    moment.naive_utc() + TimeDelta::hours(3)
}

/// Summer time from the last Sunday of March to the last of October, 1:00 UTC.
fn berlin(moment: Timestamp) -> NaiveDateTime {
    let utc = moment.naive_utc();
    let change = |month| {
        let last = NaiveDate::from_ymd_opt(utc.year(), month, 31).unwrap();
        let back = last.weekday().num_days_from_sunday().into();
        last.checked_sub_days(Days::new(back)).unwrap().and_hms_opt(1, 0, 0).unwrap()
    };
    let is_summer = utc >= change(3) && utc < change(10);
    utc + TimeDelta::hours(if is_summer { 2 } else { 1 })
}

/// What a phrase was understood as, written as the table writes it.
fn written(phrase: &str, now: Timestamp, english: bool, local: fn(Timestamp) -> NaiveDateTime) -> String {
    let names = ["Пётр Иванов", "Анна Иванова", "Ольга Смирнова"].map(str::to_owned);
    let facts = Facts { now: local(now), english, names: &names, own: Some(2) };
    let understood = understand(phrase, facts, &[]);
    let due = understood.deadline.map_or("-".to_owned(), |when| {
        let moment = match when {
            When::At(time) => moment_of(time, local),
            When::After(span) => now + span,
        };
        format!("{} = {}", local(moment).format("%Y-%m-%d %H:%M"), moment.format("%Y-%m-%dT%H:%MZ"))
    });
    let more = [
        understood.priority.map(|priority| format!("{priority:?}")),
        (!understood.assignees.is_empty()).then(|| {
            understood.assignees.iter().map(|index| names[*index].as_str()).collect::<Vec<_>>().join(", ")
        }),
    ];
    let mut line = format!("{phrase} | {} | {due}", understood.title);
    for more in more.into_iter().flatten() {
        line = format!("{line} | {more}");
    }
    line
}

#[test]
fn every_phrase_means_what_the_table_says() {
    let mut local: fn(Timestamp) -> NaiveDateTime = moscow;
    let (mut now, mut english) = (DateTime::UNIX_EPOCH, false);
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in PHRASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix("@@ ") {
            let (zone, moment) = head.split_once(' ').unwrap();
            local = if zone == "Europe/Moscow" { moscow } else { berlin };
            let (language, moment) = moment.split_once(' ').unwrap();
            english = language == "en";
            now = moment_of(NaiveDateTime::parse_from_str(moment, "%Y-%m-%d %H:%M %a").unwrap(), local);
            continue;
        }
        let phrase = line.split(" | ").next().unwrap();
        let written = written(phrase, now, english, local);
        count += 1;
        if written != line {
            wrong.push(format!("  table: {line}\n   read: {written}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "{count} phrases");
}

#[test]
fn berlin_changes_its_clock_on_sundays() {
    assert_eq!(NaiveDate::from_ymd_opt(2026, 10, 25).unwrap().weekday(), Weekday::Sun);
    let before: Timestamp = "2026-10-25T00:59:00Z".parse().unwrap();
    assert_eq!((berlin(before) - before.naive_utc()).num_hours(), 2);
    assert_eq!((berlin(before + TimeDelta::minutes(1)) - before.naive_utc()).num_hours(), 1);
}

#[test]
fn words_that_were_refused_stay_in_the_title() {
    let now = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap().and_hms_opt(12, 0, 0).unwrap();
    let names = ["Пётр Иванов".to_owned()];
    let facts = Facts { now, english: false, names: &names, own: None };
    let line = "Отчёт завтра @иванову !высокий в 15:00";
    let all = understand(line, facts, &[]);
    assert_eq!(all.title, "Отчёт");
    let words: Vec<_> = all.pieces.iter().map(|piece| (piece.kind, piece.words.as_str())).collect();
    assert_eq!(
        words,
        [(Kind::Deadline, "завтра в 15:00"), (Kind::Assignee, "@иванову"), (Kind::Priority, "!высокий")]
    );

    let without = understand(line, facts, &[(Kind::Deadline, "завтра в 15:00".to_owned())]);
    assert_eq!((without.title.as_str(), without.deadline), ("Отчёт завтра в 15:00", None));
    assert_eq!(without.priority, Some(TaskPriority::High));
}
