//! What is kept on the device: a draft, and what was chosen before signing in. Never a token, never anyone's data.

use web_sys::Storage;

/// What may be kept.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    Language,
    Theme,
    /// The new task, as far as it was typed.
    Draft,
}

impl Kept {
    fn key(self) -> &'static str {
        match self {
            Self::Language => "vekha.language",
            Self::Theme => "vekha.theme",
            Self::Draft => "vekha.draft",
        }
    }
}

pub fn read(what: Kept) -> Option<String> {
    storage()?.get_item(what.key()).ok()?
}

/// Keeps it, or with `None` forgets it.
pub fn keep(what: Kept, value: Option<&str>) {
    if let Some(storage) = storage() {
        // A full or forbidden storage only means that it is not kept.
        let _ = match value {
            Some(value) => storage.set_item(what.key(), value),
            None => storage.remove_item(what.key()),
        };
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
