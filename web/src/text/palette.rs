//! The words of the palette.

pub struct PaletteWords {
    pub title: &'static str,
    pub placeholder: &'static str,
    pub find: &'static str,
    pub find_placeholder: &'static str,
    pub recent: &'static str,
    pub go: &'static str,
    pub commands: &'static str,
    pub tasks: &'static str,
    pub new_task: fn(&str) -> String,
    pub nothing: &'static str,
}

pub const RUSSIAN: PaletteWords = PaletteWords {
    title: "Команды",
    placeholder: "Команда, задача, № или имя",
    find: "Найти",
    find_placeholder: "Задача, № или имя",
    recent: "Недавнее",
    go: "Перейти",
    commands: "Команды",
    tasks: "Задачи",
    new_task: |text| format!("Новая задача: {text}"),
    nothing: "Ничего не нашлось",
};

pub const ENGLISH: PaletteWords = PaletteWords {
    title: "Commands",
    placeholder: "A command, task, number or name",
    find: "Find",
    find_placeholder: "A task, number or name",
    recent: "Recent",
    go: "Go to",
    commands: "Commands",
    tasks: "Tasks",
    new_task: |text| format!("New task: {text}"),
    nothing: "Nothing found",
};
