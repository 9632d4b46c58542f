//! Which terms of a dictionary are within so many edits of a word: [`within_edits`](crate::search::analysis::within_edits) as an
//! automaton, so that a dictionary is walked only where a term may still become near. Nothing is built beforehand: a state is a band of
//! the table of distances, and the next one is reckoned from it where the walk comes by.

use tantivy_fst::Automaton;

use super::fields::Mark;

/// As many edits as are ever forgiven.
const MOST: usize = 2;
/// Beginnings of the word whose distance to what was read can be small enough: those that are shorter or longer by so many letters.
const BAND: usize = 2 * MOST + 1;

/// A word, and how many letters of it may be wrong.
pub(super) struct Near {
    letters: Vec<u32>,
    /// The least distance that is too far; all greater ones count as this.
    far: u8,
}

/// What was read of a term of the dictionary.
#[derive(Clone, Copy)]
pub(super) struct State {
    /// Letters read.
    read: u8,
    /// The distance of what was read to each beginning of the word in the band: first to the one that is shorter by [`MOST`].
    row: [u8; BAND],
    /// The same without the last letter.
    row_before: [u8; BAND],
    /// The last letter.
    last: u32,
    /// The letter whose bytes are being read, and how many of them are to come.
    letter: u32,
    bytes_left: u8,
    /// Whether the mark was read, with which a term ends.
    marked: bool,
}

impl Near {
    pub(super) fn new(word: &str, edits: u8) -> Self {
        Near { letters: word.chars().map(u32::from).collect(), far: edits.saturating_add(1) }
    }

    /// Which beginning of the word a place in the band is after so many letters.
    fn beginning(&self, read: u8, place: usize) -> Option<usize> {
        usize::from(read)
            .saturating_add(place)
            .checked_sub(MOST)
            .filter(|length| *length <= self.letters.len())
    }

    fn may_become_near(&self, state: &State) -> bool {
        state.row.iter().any(|distance| *distance < self.far)
    }

    fn is_near(&self, state: &State) -> bool {
        let whole = self.letters.len().saturating_add(MOST).checked_sub(state.read.into());
        let distance = whole.and_then(|place| state.row.get(place));
        distance.is_some_and(|distance| *distance < self.far)
    }

    fn read(&self, state: &State, letter: u32) -> State {
        let read = state.read.saturating_add(1);
        let mut row = [self.far; BAND];
        let mut shorter = self.far;
        let longer = state.row.iter().skip(1).chain(std::iter::once(&self.far));
        let known = state.row.iter().zip(longer).zip(&state.row_before);
        for ((place, distance), ((same_length, longer), swapped)) in row.iter_mut().enumerate().zip(known) {
            let Some(length) = self.beginning(read, place) else { continue };
            let mut least = shorter.min(*longer).saturating_add(1);
            if let Some(at) = length.checked_sub(1) {
                let is_same = self.letters.get(at) == Some(&letter);
                least = least.min(same_length.saturating_add(u8::from(!is_same)));
            }
            if let Some(at) = length.checked_sub(2)
                && self.letters.get(at..length) == Some(&[letter, state.last])
            {
                least = least.min(swapped.saturating_add(1));
            }
            *distance = least.min(self.far);
            shorter = *distance;
        }
        State { read, row, row_before: state.row, last: letter, letter: 0, bytes_left: 0, marked: false }
    }
}

impl Automaton for Near {
    type State = State;

    fn start(&self) -> State {
        let mut row = [self.far; BAND];
        for (place, distance) in row.iter_mut().enumerate() {
            let length = self.beginning(0, place).and_then(|length| u8::try_from(length).ok());
            *distance = length.map_or(self.far, |length| length.min(self.far));
        }
        State { read: 0, row, row_before: [self.far; BAND], last: 0, letter: 0, bytes_left: 0, marked: false }
    }

    fn is_match(&self, state: &State) -> bool {
        state.marked && self.is_near(state)
    }

    fn can_match(&self, state: &State) -> bool {
        if state.marked { self.is_near(state) } else { self.may_become_near(state) }
    }

    /// Puts bytes together to letters: a dictionary is of valid UTF-8.
    fn accept(&self, state: &State, byte: u8) -> State {
        if state.bytes_left == 0 && byte <= Mark::LAST {
            return State { marked: true, ..*state };
        }
        let bits = u32::from(byte);
        let (letter, bytes_left) = match (state.bytes_left, byte) {
            (0, 0..=0x7f) => (bits, 0),
            (0, 0x80..=0xdf) => (bits & 0x1f, 1),
            (0, 0xe0..=0xef) => (bits & 0x0f, 2),
            (0, 0xf0..=0xff) => (bits & 0x07, 3),
            (left, _) => (state.letter << 6 | bits & 0x3f, left.saturating_sub(1)),
        };
        if bytes_left == 0 { self.read(state, letter) } else { State { letter, bytes_left, ..*state } }
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::*;
    use crate::search::analysis::within_edits;
    use crate::search::relevance::Field;

    fn finds(near: &Near, word: &str) -> bool {
        let mark = Mark { field: Field::Title, is_stem: true };
        let mut state = near.start();
        for byte in mark.term(word).bytes() {
            // Where the walk gives up, nothing that goes on may be near.
            if !near.can_match(&state) {
                return false;
            }
            state = near.accept(&state, byte);
        }
        near.is_match(&state)
    }

    fn word(rng: &mut Rng) -> String {
        (0..rng.usize(..10)).map(|_| *rng.choice(['а', 'б', 'ш', 'w', '漢', '𐍈'].iter()).unwrap()).collect()
    }

    fn mistyped(rng: &mut Rng, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        for _ in 0..rng.usize(..4) {
            let at = rng.usize(..=letters.len());
            match rng.u8(..4) {
                0 => letters.insert(at, *rng.choice(['а', 'w', '漢'].iter()).unwrap()),
                1 if at < letters.len() => drop(letters.remove(at)),
                2 if at < letters.len() => letters[at] = 'б',
                3 if at + 1 < letters.len() => letters.swap(at, at + 1),
                _ => {}
            }
        }
        letters.into_iter().collect()
    }

    #[test]
    fn the_automaton_knows_the_same_words_as_near() {
        let mut rng = Rng::with_seed(11);
        let mut near_ones = 0;
        for _ in 0..20_000 {
            let one = word(&mut rng);
            let other = if rng.bool() { word(&mut rng) } else { mistyped(&mut rng, &one) };
            for edits in 0..=2 {
                let expected = within_edits(&one, &other, edits);
                assert_eq!(finds(&Near::new(&one, edits), &other), expected, "{one:?} {other:?} {edits}");
                near_ones += usize::from(expected);
            }
        }
        assert!(near_ones > 10_000, "{near_ones}");
    }
}
