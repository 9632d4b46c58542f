//! The words of a task's panel that its keys and buttons need.

pub struct PanelWords {
    /// Above its keys in the help.
    pub heading: &'static str,
    pub next: &'static str,
    pub previous: &'static str,
    pub edit: &'static str,
    pub act: &'static str,
    pub assignee: &'static str,
    pub deadline: &'static str,
    pub comment: &'static str,
    pub send_back: &'static str,
    pub close: &'static str,
    /// The decision was taken and the panel went on.
    pub accepted: fn(&str) -> String,
    pub sent_back: fn(&str) -> String,
    pub all_decided: &'static str,
}

pub const RUSSIAN: PanelWords = PanelWords {
    heading: "Карточка задачи",
    next: "Следующая задача",
    previous: "Предыдущая задача",
    edit: "Изменить описание",
    act: "К действиям: принять, сдать, начать",
    assignee: "Сменить исполнителя",
    deadline: "Перенести срок",
    comment: "Написать комментарий",
    send_back: "Вернуть на доработку",
    close: "Закрыть карточку",
    accepted: |number| ["Принята задача № ", number].concat(),
    sent_back: |number| ["Возвращена задача № ", number].concat(),
    all_decided: "Проверять больше нечего",
};

pub const ENGLISH: PanelWords = PanelWords {
    heading: "Task",
    next: "Next task",
    previous: "Previous task",
    edit: "Edit the description",
    act: "To the actions: accept, hand in, start",
    assignee: "Change the assignee",
    deadline: "Move the deadline",
    comment: "Write a comment",
    send_back: "Return for rework",
    close: "Close the task",
    accepted: |number| ["Task ", number, " is accepted"].concat(),
    sent_back: |number| ["Task ", number, " is returned"].concat(),
    all_decided: "Nothing more to review",
};
