//! What is found and in which order: a question as words, and the weight of each way in which a task has a word. Both engines
//! and the answer of the database follow this one definition; [`Words::score`] is its plain form.
//!
//! Weights are small whole numbers, not statistics of the index: the same question gives the same order on every engine, and
//! a place in the order stays where it is while other tasks come and go (see `docs/adr/0007-one-relevance-for-two-engines.md`).

use super::analysis::{Token, forgiven_edits, on_other_layout, says_little, stem, tokens, within_edits};
use crate::db::columns::TaskId;

/// Words of a question that are looked at; a title has fewer.
const MOST_WORDS: usize = 24;
/// Letters of an unfinished word that is taken to be typed on the other layout: fewer begin too many words.
const CONVERTED_BEGINNING: usize = 3;
/// The task whose number was asked for comes before all others.
pub const NUMBER: u32 = 100;

/// Words that are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// A task has all of these that are required; the others add to its score.
    pub groups: Vec<Group>,
}

/// What stood between two blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Whether a task must have it.
    pub required: bool,
    /// As it was typed, and as the other keyboard layout has it: the better one counts.
    pub ways: Vec<Way>,
}

/// Words that a task must all have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Whether they were typed on the other layout.
    pub converted: bool,
    /// The words.
    pub words: Vec<Word>,
}

/// A word that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// As it is compared.
    pub text: String,
    /// Without its endings.
    pub stem: String,
    /// Whether it may go on.
    pub unfinished: bool,
    /// How many letters of it may be wrong.
    pub edits: u8,
    /// How many letters of its stem may be wrong.
    pub stem_edits: u8,
    /// The task that has this number.
    pub number: Option<TaskId>,
}

/// Where a task has a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// In its title.
    Title,
    /// In its description.
    Description,
}

impl Field {
    /// Both.
    pub const ALL: [Field; 2] = [Field::Title, Field::Description];
}

/// How a task has a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same word.
    Exact,
    /// A form of it.
    Form,
    /// A word that begins with it.
    Beginning,
    /// A word that is nearly the same.
    Near,
}

impl Likeness {
    /// All of them, the best first.
    pub const ALL: [Likeness; 4] = [Likeness::Exact, Likeness::Form, Likeness::Beginning, Likeness::Near];
}

/// What a word is worth. A word of the title weighs more than one of the description, unless it is only nearly the one
/// asked for; words that say little hardly count; a converted word counts half.
pub fn weight(field: Field, likeness: Likeness, required: bool, converted: bool) -> u32 {
    let weight = match (required, field) {
        (false, Field::Title) => 4,
        (false, Field::Description) => 2,
        (true, Field::Title) => match likeness {
            Likeness::Exact => 40,
            Likeness::Form => 36,
            Likeness::Beginning => 32,
            Likeness::Near => 16,
        },
        (true, Field::Description) => match likeness {
            Likeness::Exact => 20,
            Likeness::Form => 18,
            Likeness::Beginning => 12,
            Likeness::Near => 4,
        },
    };
    if converted { weight / 2 } else { weight }
}

impl Words {
    /// The words of what was typed. The last one may be unfinished unless something follows it.
    pub fn parse(text: &str) -> Self {
        let last = text.split_whitespace().next_back().filter(|_| !text.ends_with(char::is_whitespace));
        let mut groups = Vec::new();
        let mut left = MOST_WORDS;
        let mut chunks = text.split_whitespace().peekable();
        while let Some(chunk) = chunks.next() {
            let is_last = chunks.peek().is_none() && last.is_some();
            let group = Group::parse(chunk, is_last, left);
            left =
                left.saturating_sub(group.ways.iter().map(|way| way.words.len()).max().unwrap_or_default());
            if !group.ways.is_empty() {
                groups.push(group);
            }
        }
        if groups.iter().all(|group: &Group| !group.required) {
            for group in &mut groups {
                group.required = true;
            }
        }
        Words { groups }
    }

    /// Whether there is no word to look for.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// What a task is worth; `None` if it lacks a word that it must have.
    pub fn score(&self, id: TaskId, title: &[Token], description: &[Token]) -> Option<u32> {
        let fields = [(Field::Title, title), (Field::Description, description)];
        let mut score = 0_u32;
        for group in &self.groups {
            let ways = group.ways.iter();
            let best = ways.filter_map(|way| way.score(group.required, id, &fields)).max();
            match best {
                Some(best) => score = score.saturating_add(best),
                None if group.required => return None,
                None => {}
            }
        }
        Some(score)
    }

    /// Whether the token is what one of the words asks for.
    pub fn has(&self, token: &Token) -> bool {
        let words = self.groups.iter().flat_map(|group| &group.ways).flat_map(|way| &way.words);
        words.into_iter().any(|word| word.likeness(token).is_some())
    }
}

impl Group {
    fn parse(chunk: &str, is_last: bool, most: usize) -> Self {
        let mut typed = words_of(chunk, is_last);
        typed.truncate(most);
        if typed.is_empty() {
            return Group { required: false, ways: Vec::new() };
        }
        let mut ways = vec![Way { converted: false, words: typed }];
        if let Some(other) = on_other_layout(chunk) {
            let mut words = words_of(&other, is_last);
            words.truncate(most);
            for word in &mut words {
                word.number = None;
                word.unfinished &= word.text.chars().count() >= CONVERTED_BEGINNING;
            }
            if !words.is_empty() {
                ways.push(Way { converted: true, words });
            }
        }
        let mut said = ways.iter().map(|way| way.words.as_slice());
        Group { required: !said.any(|words| matches!(words, [only] if says_little(&only.text))), ways }
    }
}

fn words_of(chunk: &str, is_last: bool) -> Vec<Word> {
    let found = tokens(chunk);
    let count = found.len();
    let word = |(place, token): (usize, Token)| {
        let ends = token.range.end == chunk.len();
        let number = (count == 1).then(|| token.word.parse().ok().map(TaskId)).flatten();
        Word { number, ..Word::new(token.word, is_last && ends && place.saturating_add(1) == count) }
    };
    found.into_iter().enumerate().map(word).collect()
}

impl Word {
    /// The word, and all that is taken for it.
    pub fn new(text: String, unfinished: bool) -> Self {
        let stem = stem(&text);
        let edits = forgiven_edits(&text);
        Word { edits, stem_edits: forgiven_edits(&stem).min(edits), stem, text, unfinished, number: None }
    }

    /// How the token is this word; the best way if there are several.
    pub fn likeness(&self, token: &Token) -> Option<Likeness> {
        if token.word == self.text {
            Some(Likeness::Exact)
        } else if token.stem == self.stem {
            Some(Likeness::Form)
        } else if self.unfinished && token.word.starts_with(&self.text) {
            Some(Likeness::Beginning)
        } else if self.is_near(token) {
            Some(Likeness::Near)
        } else {
            None
        }
    }

    fn is_near(&self, token: &Token) -> bool {
        let words = self.edits > 0 && within_edits(&self.text, &token.word, self.edits);
        words || self.stem_edits > 0 && within_edits(&self.stem, &token.stem, self.stem_edits)
    }

    fn score(
        &self,
        required: bool,
        converted: bool,
        id: TaskId,
        fields: &[(Field, &[Token])],
    ) -> Option<u32> {
        let weights = fields.iter().flat_map(|(field, tokens)| {
            tokens.iter().filter_map(|token| Some(weight(*field, self.likeness(token)?, required, converted)))
        });
        let number = (self.number == Some(id)).then_some(NUMBER);
        weights.chain(number).max()
    }
}

impl Way {
    fn score(&self, required: bool, id: TaskId, fields: &[(Field, &[Token])]) -> Option<u32> {
        let scores = self.words.iter().map(|word| word.score(required, self.converted, id, fields));
        scores.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(question: &str, title: &str, description: &str) -> Option<u32> {
        Words::parse(question).score(TaskId(7), &tokens(title), &tokens(description))
    }

    #[test]
    fn the_nearer_the_word_the_more_it_weighs() {
        let scores: Vec<_> = [
            ("договор", "Договор", ""),
            ("договор", "Договоры", ""),
            ("догово", "Договор", ""),
            ("договор", "", "Договор"),
            ("договор", "", "Договоры"),
            ("дговор", "Договор", ""),
            ("догово", "", "Договор"),
            ("дговор", "", "Договор"),
            ("договор", "Отчёт", ""),
        ]
        .into_iter()
        .map(|(question, title, description)| score(question, title, description))
        .collect();
        assert!(scores.is_sorted_by(|one, other| one > other), "{scores:?}");
        assert_eq!(scores.last(), Some(&None));
    }

    #[test]
    fn all_words_are_needed_but_those_that_say_little() {
        assert!(score("отчёт по продажам", "Отчёт о продажах", "").is_some());
        assert!(score("отчёт по продажам", "Отчёт", "").is_none());
        assert!(
            score("отчёт по продажам", "Отчёт по продажам", "")
                > score("отчёт по продажам", "Отчёт о продажах", "")
        );
        assert!(score("по", "Отчёт", "").is_none(), "alone it is what is asked for");
    }

    #[test]
    fn the_last_word_may_go_on_unless_something_follows_it() {
        assert!(score("согл", "Согласовать", "").is_some());
        assert!(score("согл ", "Согласовать", "").is_none());
        assert!(score("согл, отчёт", "Согласовать отчёт", "").is_none());
    }

    #[test]
    fn words_typed_on_the_other_layout_count_half() {
        assert_eq!(score("ljujdjh", "Договор", ""), score("договор", "Договор", "").map(|score| score / 2));
        assert!(score("договор fhtyls", "Договор аренды", "").is_some());
        assert!(score("кузщке", "Report", "").is_some());
    }

    #[test]
    fn a_number_is_that_of_a_task() {
        assert_eq!(score("7", "Отчёт", ""), Some(NUMBER));
        assert_eq!(score("№7", "Отчёт", ""), Some(NUMBER));
        assert_eq!(score("8", "Отчёт", ""), None);
    }

    #[test]
    fn nothing_to_look_for_is_nothing() {
        assert!(Words::parse("  — , ").is_empty());
    }
}
