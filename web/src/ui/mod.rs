//! The parts that pages are made of. Each looks the same and is reached by keyboard everywhere.

pub mod badge;
pub mod deadline_fields;
pub mod dialog;
pub mod drag;
pub mod edit_in_place;
pub mod empty;
pub mod field;
pub mod form_dialog;
pub mod formatting;
pub mod icon;
pub mod menu;
pub mod person_picker;
pub mod popover;
pub mod prose;
pub mod screen;
pub mod sight;
pub mod toasts;

pub use badge::{PersonName, avatar, deadline_mark, priority_mark, status_class, status_icon, status_mark};
pub use deadline_fields::{DeadlineFields, DeadlineText};
pub use dialog::Dialog;
pub use drag::{DragRules, Dragged, Placement, Verdict, use_drag};
pub use edit_in_place::{Check, EditInPlace, Saved};
pub use empty::{empty, skeleton};
pub use field::{PasswordField, TextArea, TextField, error_line, field_error, violation_text};
pub use form_dialog::{FormDialog, form_dialog};
pub use formatting::{format_on_key, formatting_hint, send_on_key};
pub use icon::{IconKind, icon};
pub use menu::{Menu, MenuItem, OpenMenu};
pub use person_picker::{PersonPicker, PersonSearch};
pub use popover::Popover;
pub use prose::prose;
pub use sight::use_sight;
pub use toasts::ToastRegion;
