//! Where the keys lead on the board: from card to card and from column to column. Pure.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Left,
    Right,
    First,
    Last,
}

impl Way {
    pub fn of(key: &str) -> Option<Self> {
        match key {
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            "Home" => Some(Self::First),
            "End" => Some(Self::Last),
            _ => None,
        }
    }
}

/// The column and the card in it that one comes to, of columns with so many cards each. Empty columns are passed over;
/// at an edge one stays.
pub fn step(cards: &[usize], (column, card): (usize, usize), way: Way) -> (usize, usize) {
    let count = |column: usize| cards.get(column).copied().unwrap_or(0);
    let last = |column: usize| count(column).saturating_sub(1);
    let beside = |mut columns: Box<dyn Iterator<Item = usize>>| {
        columns
            .find(|column| count(*column) > 0)
            .map_or((column, card), |found| (found, card.min(last(found))))
    };
    match way {
        Way::Up => (column, card.saturating_sub(1)),
        Way::Down => (column, card.saturating_add(1).min(last(column))),
        Way::First => (column, 0),
        Way::Last => (column, last(column)),
        Way::Left => beside(Box::new((0..column).rev())),
        Way::Right => beside(Box::new(column.saturating_add(1)..cards.len())),
    }
}

/// The column that a card in the hand comes over.
pub fn carry(columns: usize, over: usize, way: Way) -> usize {
    let last = columns.saturating_sub(1);
    match way {
        Way::Left => over.saturating_sub(1),
        Way::Right => over.saturating_add(1).min(last),
        Way::First => 0,
        Way::Last => last,
        Way::Up | Way::Down => over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_from_card_to_card_and_pass_over_empty_columns() {
        let cards = [3, 0, 2, 5];
        let cases = [
            ((0, 0), Way::Down, (0, 1)),
            ((0, 2), Way::Down, (0, 2)),
            ((0, 0), Way::Up, (0, 0)),
            ((0, 2), Way::Right, (2, 1)),
            ((2, 1), Way::Left, (0, 1)),
            ((2, 1), Way::Right, (3, 1)),
            ((3, 4), Way::Right, (3, 4)),
            ((0, 1), Way::Left, (0, 1)),
            ((3, 1), Way::Last, (3, 4)),
            ((3, 1), Way::First, (3, 0)),
        ];
        for (at, way, to) in cases {
            assert_eq!(step(&cards, at, way), to, "{at:?} {way:?}");
        }
        assert_eq!(step(&[], (0, 0), Way::Down), (0, 0));
    }

    #[test]
    fn a_card_in_the_hand_comes_over_every_column() {
        assert_eq!(carry(5, 0, Way::Right), 1);
        assert_eq!(carry(5, 4, Way::Right), 4);
        assert_eq!(carry(5, 0, Way::Left), 0);
        assert_eq!(carry(5, 2, Way::Last), 4);
        assert_eq!(carry(5, 2, Way::Down), 2);
    }
}
