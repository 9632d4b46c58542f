//! The words around a text that is being written: formatting, drafts, and somebody else's change of the same text.

pub struct WritingWords {
    /// What Markdown there is, in one line.
    pub formatting: &'static str,
    pub draft_kept: &'static str,
    pub restore_draft: &'static str,
    pub drop_draft: &'static str,
    pub conflict: &'static str,
    pub conflict_hint: &'static str,
    pub theirs: &'static str,
    pub mine: &'static str,
    pub show_theirs: &'static str,
    pub keep_mine: &'static str,
    /// What Ctrl+Enter and Escape do.
    pub keys: &'static str,
}

pub const RUSSIAN: WritingWords = WritingWords {
    formatting: "**жирный**  _курсив_  [ссылка](https://…)  - список  - [ ] дело  > цитата  `код`",
    draft_kept: "Остался черновик",
    restore_draft: "Восстановить черновик",
    drop_draft: "Удалить черновик",
    conflict: "Задачу уже изменили",
    conflict_hint: "Пока вы писали, этот текст стал другим. Ваш вариант цел: выберите, какой останется.",
    theirs: "Новая версия",
    mine: "Ваш вариант",
    show_theirs: "Показать новую версию",
    keep_mine: "Оставить моё",
    keys: "Ctrl+Enter — сохранить, Esc — закрыть: черновик останется",
};

pub const ENGLISH: WritingWords = WritingWords {
    formatting: "**bold**  _italic_  [link](https://…)  - list  - [ ] to do  > quote  `code`",
    draft_kept: "A draft is left",
    restore_draft: "Restore the draft",
    drop_draft: "Delete the draft",
    conflict: "The task has been changed",
    conflict_hint: "While you were writing, this text became another. Yours is safe: choose which one stays.",
    theirs: "New version",
    mine: "Yours",
    show_theirs: "Show the new version",
    keep_mine: "Keep mine",
    keys: "Ctrl+Enter to save, Esc to close: the draft stays",
};
