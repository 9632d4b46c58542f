//! What the line of the form is understood as, in the terms of the fields below it.

use crate::api::{Locale, PersonFields, TaskPriority, UserId};
use crate::client::Wording;
use crate::quick_add::{self, Facts, Kind, Understood, When};
use crate::ui::DeadlineText;

/// What the form knows beside the line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// Who may be named.
    pub people: Vec<PersonFields>,
    pub own: Option<UserId>,
    /// What is not to be understood: its words stay in the title.
    pub refused: Vec<(Kind, String)>,
    /// Who was chosen for words that may name several.
    pub chosen: Option<(String, UserId)>,
}

/// A line, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub understood: Understood,
    pub deadline: Option<DeadlineText>,
    pub assignee: Option<UserId>,
    /// Whom the line may name, where it is not clear.
    pub candidates: Vec<PersonFields>,
}

impl Reading {
    pub fn of(line: &str, context: &Context, words: &Wording) -> Self {
        let names: Vec<String> = context.people.iter().map(|person| person.name.clone()).collect();
        let facts = Facts {
            now: words.local_now(),
            english: words.preferences.locale == Locale::En,
            names: &names,
            own: context.people.iter().position(|person| Some(&person.id) == context.own.as_ref()),
        };
        let understood = quick_add::understand(line, facts, &context.refused);
        let deadline = understood.deadline.map(|when| {
            let local = match when {
                When::At(local) => local,
                When::After(span) => words.local(words.now + span),
            };
            DeadlineText::of(Some(local))
        });
        let named = understood.assignees.iter().filter_map(|index| context.people.get(*index));
        let mut candidates: Vec<PersonFields> = named.cloned().collect();
        let words_of = understood.piece(Kind::Assignee).map(|piece| piece.words.as_str());
        if let Some((chosen_for, id)) = &context.chosen
            && words_of == Some(chosen_for)
        {
            candidates.retain(|person| person.id == *id);
        }
        let assignee = match candidates.as_slice() {
            [only] => Some(only.id.clone()),
            [] | [_, _, ..] => None,
        };
        if assignee.is_some() {
            candidates.clear();
        }
        Self { understood, deadline, assignee, candidates }
    }

    pub fn priority(&self) -> TaskPriority {
        self.understood.priority.unwrap_or(TaskPriority::Normal)
    }
}
