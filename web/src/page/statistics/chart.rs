//! Charts, drawn by hand: bars of days, and bars of rows. What they show is in a table too, so to a screen reader a chart is one
//! picture with a sentence.

use yew::prelude::*;

use crate::api::statistics::DayFlow;

/// The most bars that still tell days apart; a longer period is drawn by sevens.
const MOST_BARS: usize = 62;
/// The most days whose names stand side by side, on a phone as well; fewer have the places of as many, so that a week which has only begun
/// is not drawn by one bar across the page.
const MOST_NAMED: usize = 7;
const HEIGHT: i32 = 160;
/// The width of what is drawn for one bar, in units of the drawing.
const STEP: i32 = 24;

/// What some days brought together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    pub created: i32,
    pub completed: i32,
    pub overdue: i32,
}

/// Whether that day brought nothing that is drawn.
pub fn is_empty(day: &DayFlow) -> bool {
    day.created == 0 && day.completed == 0 && day.overdue == 0
}

/// Bars of days, or of seven days each where there are many.
pub fn bars(days: &[DayFlow]) -> Vec<Bar> {
    let together = if days.len() > MOST_BARS { 7 } else { 1 };
    let add = |sum: Bar, day: &DayFlow| Bar {
        created: sum.created.saturating_add(day.created),
        completed: sum.completed.saturating_add(day.completed),
        overdue: sum.overdue.saturating_add(day.overdue),
    };
    days.chunks(together).map(|days| days.iter().fold(Bar::default(), add)).collect()
}

/// The smallest round number that nothing is above and whose half is whole, since lines stand at both.
pub fn ceiling(most: i32) -> i32 {
    let mut unit = 1_i32;
    loop {
        let tops = [2, 3, 4, 6, 8, 10].map(|factor| unit.saturating_mul(factor));
        if let Some(top) = tops.into_iter().find(|top| *top >= most && top % 2 == 0) {
            return top;
        }
        unit = unit.saturating_mul(10);
    }
}

/// Created as an outline, completed filled, overdue as a dot: told apart without their colours. `name` is that of a day: of each where
/// there are few, of the first and the last otherwise.
pub fn flow(days: &[DayFlow], summary: String, name: impl Fn(&DayFlow) -> String) -> Html {
    let bars = bars(days);
    let most = bars.iter().map(|bar| bar.created.max(bar.completed).max(bar.overdue)).max().unwrap_or(0);
    let top = ceiling(most);
    let places = bars.len().max(MOST_NAMED);
    let width = i32::try_from(places).unwrap_or(1).saturating_mul(STEP);
    let height = |value: i32| value.saturating_mul(HEIGHT) / top;
    let lines = [top, top / 2, 0].map(|value| {
        let y = HEIGHT - height(value);
        html! { <line class="chart-line" x1="0" x2={width.to_string()} y1={y.to_string()} y2={y.to_string()} /> }
    });
    let drawn = (0_i32..).zip(&bars).map(|(index, bar)| {
        let x = index * STEP;
        let column = |class: &'static str, x: i32, value: i32| {
            let tall = height(value);
            html! {
                if value > 0 {
                    <rect {class} x={x.to_string()} y={(HEIGHT - tall).to_string()} width="8" height={tall.to_string()} />
                }
            }
        };
        let mark = HEIGHT - height(bar.overdue);
        html! {
            <>
                { column("chart-created", x + 3, bar.created) }
                { column("chart-completed", x + 13, bar.completed) }
                if bar.overdue > 0 {
                    <path class="chart-overdue" d={format!("M{} {mark}h0", x + 12)} />
                }
            </>
        }
    });
    let has_all = days.len() <= MOST_NAMED;
    let named =
        days.iter().enumerate().filter(|(index, _)| has_all || *index == 0 || index + 1 == days.len());
    let names = named.map(|(_, day)| html! { <span>{ name(day) }</span> });
    html! {
        <div class="flow-chart">
            <div class="flow-scale" aria-hidden="true"><span>{ top }</span><span>{ top / 2 }</span><span>{ 0 }</span></div>
            <div class="flow-picture">
                <svg role="img" aria-label={summary} viewBox={format!("0 -8 {width} {}", HEIGHT + 9)} preserveAspectRatio="none">
                    { for lines }{ for drawn }
                </svg>
                <div class={if has_all { "flow-days all" } else { "flow-days" }} aria-hidden="true">{ for names }</div>
            </div>
        </div>
    }
}

/// A bar of parts, as long as it is to the longest.
pub fn row_bar(parts: &[(&'static str, i32)], longest: i32, label: String) -> Html {
    let longest = longest.max(1).to_string();
    let mut x = 0_i32;
    let parts = parts.iter().map(|(class, value)| {
        let from = x;
        x = x.saturating_add(*value);
        html! { <rect class={*class} x={from.to_string()} y="0" width={value.to_string()} height="1" /> }
    });
    html! {
        <svg class="row-bar" role="img" aria-label={label} viewBox={format!("0 0 {longest} 1")} preserveAspectRatio="none">
            { for parts }
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::statistics::Date;

    fn days(count: i32) -> Vec<DayFlow> {
        let day = |_| DayFlow { date: Date("2026-11-24".to_owned()), created: 1, completed: 2, overdue: 0 };
        (0..count).map(day).collect()
    }

    #[test]
    fn a_long_period_is_drawn_by_sevens_and_nothing_is_lost() {
        assert_eq!(bars(&days(62)).len(), 62);
        let weeks = bars(&days(366));
        assert_eq!(weeks.len(), 53);
        assert_eq!(weeks.iter().map(|bar| bar.created).sum::<i32>(), 366);
        assert_eq!(weeks.first(), Some(&Bar { created: 7, completed: 14, overdue: 0 }));
    }

    #[test]
    fn the_scale_ends_at_an_even_round_number() {
        for (most, top) in
            [(0, 2), (1, 2), (3, 4), (5, 6), (9, 10), (11, 20), (22, 30), (99, 100), (101, 200)]
        {
            assert_eq!(ceiling(most), top, "{most}");
        }
    }
}
