//! What keys mean among the days. Pure but for the zone of whoever looks.

use chrono::{NaiveDate, TimeDelta};

use super::days::STEP;
use super::scene::Scene;
use super::shown::View;
use crate::api::Timestamp;
use crate::civil::day_by_key;
use crate::store::Task;

/// What a key does in the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Goes to a day, and an hour of it.
    To(NaiveDate, u32),
    Create,
    Nothing,
}

/// In hours up and down go by hours, elsewhere by weeks.
pub fn pressed(key: &str, has_hours: bool, day: NaiveDate, hour: u32) -> Pressed {
    match key {
        "Enter" | " " => Pressed::Create,
        "ArrowUp" if has_hours => Pressed::To(day, hour.saturating_sub(1)),
        "ArrowDown" if has_hours => Pressed::To(day, (hour + 1).min(23)),
        _ => day_by_key(key, day).map_or(Pressed::Nothing, |to| Pressed::To(to, hour)),
    }
}

/// The deadline to which a key with Alt moves a task: by days and weeks, in hours up and down by quarters.
pub fn moved(scene: &Scene, view: View, task: &Task, key: &str, days: i64) -> Option<Timestamp> {
    let deadline = task.deadline?;
    let by_quarters = matches!(view, View::Week | View::Day);
    match key {
        "ArrowUp" if by_quarters => Some(deadline - TimeDelta::minutes(STEP.into())),
        "ArrowDown" if by_quarters => Some(deadline + TimeDelta::minutes(STEP.into())),
        _ => scene.mover.deadline_after(task, days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_by_hours_where_there_are_hours() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let from = day("2026-11-25");
        assert_eq!(pressed("ArrowDown", false, from, 9), Pressed::To(day("2026-12-02"), 9));
        assert_eq!(pressed("ArrowDown", true, from, 9), Pressed::To(from, 10));
        assert_eq!(pressed("ArrowUp", true, from, 0), Pressed::To(from, 0));
        assert_eq!(pressed("ArrowRight", true, from, 9), Pressed::To(day("2026-11-26"), 9));
        assert_eq!(pressed("Enter", true, from, 9), Pressed::Create);
        assert_eq!(pressed("x", true, from, 9), Pressed::Nothing);
    }
}
