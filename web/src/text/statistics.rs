//! The words of statistics.

use super::plural::{english, russian};

pub struct StatisticsWords {
    pub title: &'static str,
    pub period: &'static str,
    pub this_week: &'static str,
    pub last_week: &'static str,
    pub month: &'static str,
    pub quarter: &'static str,
    pub own_period: &'static str,
    pub first_day: &'static str,
    pub last_day: &'static str,
    pub everyone: &'static str,
    pub add_person: &'static str,
    pub remove: fn(&str) -> String,
    pub download: &'static str,
    pub figures: &'static str,
    pub on_time: &'static str,
    /// Under the share: of how many.
    pub of_completed: fn(i64) -> String,
    pub nothing_completed: &'static str,
    pub late: &'static str,
    pub first_deadline: &'static str,
    pub overdue_now: &'static str,
    pub completed: &'static str,
    pub created: &'static str,
    pub median: &'static str,
    pub review: &'static str,
    pub returned: &'static str,
    pub moves: &'static str,
    pub became_overdue: &'static str,
    /// Beside a figure: what it was in the period before.
    pub before: fn(&str) -> String,
    pub flow: &'static str,
    pub flow_summary: fn(i64, i64, i64) -> String,
    pub by_status: &'static str,
    pub load: &'static str,
    pub as_table: &'static str,
    pub as_chart: &'static str,
    pub day: &'static str,
    pub open: &'static str,
    pub tasks: &'static str,
    pub open_short: fn(i64) -> String,
    /// Of the days of a period.
    pub no_days: &'static str,
    /// Of people with their open tasks.
    pub nobody: &'static str,
    pub none: &'static str,
    pub invalid_period: &'static str,
    pub duration: fn(i64) -> String,
}

/// A duration by its two largest units.
fn units(seconds: i64, names: [&str; 3]) -> String {
    let [days, hours, minutes] = names;
    let (whole_days, whole_hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let whole_minutes = seconds / 60 % 60;
    let two = |one: i64, unit: &str, other: i64, smaller: &str| {
        let mut text = one.to_string() + "\u{a0}" + unit;
        if other > 0 {
            text += "\u{a0}";
            text += &other.to_string();
            text += "\u{a0}";
            text += smaller;
        }
        text
    };
    if whole_days > 0 {
        two(whole_days, days, whole_hours, hours)
    } else if whole_hours > 0 {
        two(whole_hours, hours, whole_minutes, minutes)
    } else {
        two(whole_minutes, minutes, 0, "")
    }
}

pub const RUSSIAN: StatisticsWords = StatisticsWords {
    title: "Статистика",
    period: "Период",
    this_week: "Эта неделя",
    last_week: "Прошлая неделя",
    month: "Месяц",
    quarter: "Квартал",
    own_period: "Свой период",
    first_day: "С",
    last_day: "По",
    everyone: "Все исполнители",
    add_person: "Добавить исполнителя",
    remove: |name| format!("Убрать: {name}"),
    download: "Скачать CSV",
    figures: "Показатели",
    on_time: "В срок",
    of_completed: |count| format!("из {count} со сроком"),
    nothing_completed: "Завершённых со сроком нет",
    late: "С опозданием",
    first_deadline: "В первый срок",
    overdue_now: "Просрочено сейчас",
    completed: "Завершено",
    created: "Создано",
    median: "Медиана выполнения",
    review: "Медиана проверки",
    returned: "Возвращено",
    moves: "Переносы срока",
    became_overdue: "Просрочено",
    before: |value| format!("было {value}"),
    flow: "По дням",
    flow_summary: |created, completed, overdue| {
        format!("За период создано: {created}, завершено: {completed}, просрочено: {overdue}.")
    },
    by_status: "По статусам",
    load: "Нагрузка",
    as_table: "Показать таблицей",
    as_chart: "Показать графиком",
    day: "День",
    open: "Открыто",
    tasks: "Задач",
    open_short: |count| format!("{count} {}", russian(count, "открытая", "открытые", "открытых")),
    no_days: "За период ничего не было.",
    nobody: "Открытых задач ни у кого нет.",
    none: "—",
    invalid_period: "Период — от 1 до 366 дней.",
    duration: |seconds| units(seconds, ["дн.", "ч", "мин"]),
};

pub const ENGLISH: StatisticsWords = StatisticsWords {
    title: "Statistics",
    period: "Period",
    this_week: "This week",
    last_week: "Last week",
    month: "Month",
    quarter: "Quarter",
    own_period: "Own period",
    first_day: "From",
    last_day: "To",
    everyone: "Everyone",
    add_person: "Add a person",
    remove: |name| format!("Remove {name}"),
    download: "Download CSV",
    figures: "Figures",
    on_time: "On time",
    of_completed: |count| format!("of {count} with a deadline"),
    nothing_completed: "None completed with a deadline",
    late: "Late",
    first_deadline: "By the first deadline",
    overdue_now: "Overdue now",
    completed: "Completed",
    created: "Created",
    median: "Median time to done",
    review: "Review (median)",
    returned: "Returned",
    moves: "Deadline moves",
    became_overdue: "Overdue",
    before: |value| format!("was {value}"),
    flow: "Day by day",
    flow_summary: |created, completed, overdue| {
        format!("In the period created: {created}, completed: {completed}, became overdue: {overdue}.")
    },
    by_status: "By status",
    load: "Load",
    as_table: "Show as a table",
    as_chart: "Show as a chart",
    day: "Day",
    open: "Open",
    tasks: "Tasks",
    open_short: |count| format!("{count} {}", english(count, "open", "open")),
    no_days: "Nothing happened in the period.",
    nobody: "Nobody has open tasks.",
    none: "—",
    invalid_period: "A period is 1 to 366 days.",
    duration: |seconds| units(seconds, ["d", "h", "min"]),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_in_its_two_largest_units() {
        let said = |seconds| (RUSSIAN.duration)(seconds).replace('\u{a0}', " ");
        assert_eq!(said(0), "0 мин");
        assert_eq!(said(59 * 60), "59 мин");
        assert_eq!(said(3_600), "1 ч");
        assert_eq!(said(2 * 3_600 + 5 * 60), "2 ч 5 мин");
        assert_eq!(said(3 * 86_400 + 4 * 3_600 + 59 * 60), "3 дн. 4 ч");
    }
}
