//! The words of the line that a task is read from.

pub struct QuickAddWords {
    /// An example of everything that can be said.
    pub placeholder: &'static str,
    pub hint: &'static str,
    pub understood: &'static str,
    /// Of a chip: its words are to be title again.
    pub keep_in_title: fn(&str) -> String,
    /// The words fit several people.
    pub who: fn(&str) -> String,
    pub create_hint: &'static str,
}

pub const RUSSIAN: QuickAddWords = QuickAddWords {
    placeholder: "Отчёт завтра в 15:00 @иванову !высокий",
    hint: "Срок, @исполнитель и !приоритет — прямо в строке",
    understood: "Понято из строки",
    keep_in_title: |text| format!("Оставить в названии: {text}"),
    who: |text| format!("{text} — кто именно?"),
    create_hint: "Ctrl+Enter — и начать следующую",
};

pub const ENGLISH: QuickAddWords = QuickAddWords {
    placeholder: "Report tomorrow at 3pm @anna !high",
    hint: "Deadline, @assignee and !priority go right into the line",
    understood: "Understood from the line",
    keep_in_title: |text| format!("Keep in the title: {text}"),
    who: |text| format!("{text}: who exactly?"),
    create_hint: "Ctrl+Enter — and begin the next",
};
