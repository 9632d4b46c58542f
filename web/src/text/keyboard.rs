//! The words of shortcuts and of the dialog that lists them.

pub struct KeyboardWords {
    pub title: &'static str,
    /// When they do nothing.
    pub hint: &'static str,
    /// Said in their place where the profile turns single keys off.
    pub off: &'static str,
    pub everywhere: &'static str,
    pub go: &'static str,
    pub task: &'static str,
    pub palette: &'static str,
    pub search: &'static str,
    pub send: &'static str,
    pub undo: &'static str,
    pub help: &'static str,
    pub close: &'static str,
    /// Between the keys of a sequence.
    pub then: &'static str,
    /// In the profile.
    pub single_keys: &'static str,
    pub single_keys_hint: &'static str,
}

pub const RUSSIAN: KeyboardWords = KeyboardWords {
    title: "Клавиши",
    hint: "Раскладка не важна. Пока вы печатаете, клавиши просто печатают.",
    off: "Одиночные клавиши выключены в профиле.",
    everywhere: "Везде",
    go: "Перейти",
    task: "Эта задача",
    palette: "Команды и поиск",
    search: "Найти задачу или человека",
    send: "Отправить то, что написано",
    undo: "Отменить последнее",
    help: "Эта подсказка",
    close: "Закрыть",
    then: "затем",
    single_keys: "Управление клавишами",
    single_keys_hint: "Буквы без Ctrl открывают страницы и меняют задачи; ? — весь список.",
};

pub const ENGLISH: KeyboardWords = KeyboardWords {
    title: "Keyboard",
    hint: "On any layout. While you type, keys just type.",
    off: "Single keys are off in the profile.",
    everywhere: "Everywhere",
    go: "Go to",
    task: "This task",
    palette: "Commands and search",
    search: "Find a task or a person",
    send: "Send what is written",
    undo: "Undo the last thing",
    help: "This help",
    close: "Close",
    then: "then",
    single_keys: "Single keys act",
    single_keys_hint: "Letters without Ctrl open pages and change tasks; ? lists them all.",
};
