//! Rows do not move away from under the pointer: one that leaves its place stays there, grey, until the pointer has gone. Pure.

use std::ops::Range;
use std::rc::Rc;

use crate::api::TaskId;
use crate::store::{Ids, Task};

/// A row that has left, and the member before which it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    before: usize,
    pub task: Rc<Task>,
}

/// A group as it is shown: its members, and among them those that have just left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub ids: Ids,
    left: Vec<Left>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Member(TaskId),
    Left(Rc<Task>),
}

impl Rows {
    pub fn of(ids: Ids) -> Self {
        Self { ids, left: vec![] }
    }

    pub fn len(&self) -> usize {
        self.ids.len() + self.left.len()
    }

    pub fn get(&self, row: usize) -> Option<Row> {
        let mut passed = 0;
        for left in &self.left {
            let at = left.before + passed;
            if row < at {
                break;
            }
            if row == at {
                return Some(Row::Left(left.task.clone()));
            }
            passed += 1;
        }
        self.ids.get(row.checked_sub(passed)?).cloned().map(Row::Member)
    }

    /// The place of a member among the rows.
    pub fn place(&self, id: &TaskId) -> Option<usize> {
        let member = self.ids.iter().position(|known| known == id)?;
        Some(member + self.left.iter().filter(|left| left.before <= member).count())
    }

    /// Whether nothing that has left is shown.
    pub fn is_settled(&self) -> bool {
        self.left.is_empty()
    }

    /// The members as they are now; of the rows in `seen`, those that left or moved stay where they were. `known` gives a
    /// task as it is or was.
    pub fn hold(&self, ids: Ids, seen: Range<usize>, known: impl Fn(&TaskId) -> Option<Rc<Task>>) -> Self {
        let rows: Vec<Row> = seen.filter_map(|row| self.get(row)).collect();
        let mut places = Vec::with_capacity(rows.len());
        let mut near = 0;
        for row in &rows {
            let place = match row {
                Row::Member(id) => find(&ids, id, near),
                Row::Left(_) => None,
            };
            near = place.unwrap_or(near);
            places.push(place);
        }
        let stays = longest_rising(&places);
        let mut before = places
            .iter()
            .zip(&stays)
            .find_map(|(place, stays)| place.filter(|_| *stays))
            .unwrap_or(ids.len());
        let mut left = vec![];
        for ((row, place), stays) in rows.into_iter().zip(places).zip(stays) {
            match (row, place) {
                (_, Some(place)) if stays => before = place + 1,
                (Row::Member(id), _) => {
                    if let Some(task) = known(&id) {
                        left.push(Left { before, task });
                    }
                }
                (Row::Left(task), _) => left.push(Left { before, task }),
            }
        }
        Self { ids, left }
    }
}

/// Looks from where it is likely to be: changes move a task or two.
fn find(ids: &[TaskId], id: &TaskId, near: usize) -> Option<usize> {
    let ahead = ids.iter().enumerate().skip(near).take(8);
    let found = ahead.clone().find(|(_, known)| *known == id);
    found.map(|(place, _)| place).or_else(|| ids.iter().position(|known| known == id))
}

/// Which of the places are kept so that they rise, and as many of them as can be.
fn longest_rising(places: &[Option<usize>]) -> Vec<bool> {
    // For each, the length of the longest rising row that ends there, and the one before it.
    let mut ends: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        let Some(place) = place else {
            ends.push((0, None));
            continue;
        };
        let longest = places
            .iter()
            .zip(&ends)
            .enumerate()
            .take(index)
            .filter(|(_, (other, _))| other.is_some_and(|other| other < *place))
            .max_by_key(|(_, (_, (length, _)))| *length);
        ends.push(longest.map_or((1, None), |(from, (_, (length, _)))| (length + 1, Some(from))));
    }
    let mut kept = vec![false; places.len()];
    let mut at =
        ends.iter().enumerate().filter(|(_, (length, _))| *length > 0).max_by_key(|(_, (length, _))| *length);
    while let Some((index, (_, from))) = at {
        if let Some(kept) = kept.get_mut(index) {
            *kept = true;
        }
        at = from.and_then(|from| ends.get(from).map(|end| (from, end)));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::test_task;

    fn ids(numbers: &[i32]) -> Ids {
        numbers.iter().map(|number| test_task(*number).id.clone()).collect()
    }

    fn known(id: &TaskId) -> Option<Rc<Task>> {
        (1..100).map(test_task).find(|task| task.id == *id)
    }

    /// The rows in words: those that left in brackets.
    fn shown(rows: &Rows) -> String {
        (0..rows.len())
            .map(|row| match rows.get(row).unwrap() {
                Row::Member(id) => known(&id).unwrap().number.to_string(),
                Row::Left(task) => format!("({})", task.number),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn after(before: &[i32], now: &[i32]) -> String {
        shown(&Rows::of(ids(before)).hold(ids(now), 0..before.len(), known))
    }

    #[test]
    fn a_row_that_leaves_stays_where_it_was() {
        assert_eq!(after(&[1, 2, 3], &[1, 3]), "1 (2) 3");
        assert_eq!(after(&[1, 2, 3], &[2, 3]), "(1) 2 3");
        assert_eq!(after(&[1, 2, 3], &[1, 2]), "1 2 (3)");
        assert_eq!(after(&[1, 2, 3], &[]), "(1) (2) (3)");
    }

    #[test]
    fn a_row_that_moves_is_in_both_places_and_one_that_comes_is_in_its_own() {
        assert_eq!(after(&[1, 2, 3, 4], &[2, 3, 4, 1]), "(1) 2 3 4 1");
        assert_eq!(after(&[1, 2, 3, 4], &[4, 1, 2, 3]), "4 1 2 3 (4)");
        assert_eq!(after(&[1, 2, 3], &[1, 9, 2, 3]), "1 9 2 3");
        assert_eq!(after(&[1, 2, 3], &[1, 2, 3]), "1 2 3");
    }

    #[test]
    fn what_left_before_stays_through_the_next_change() {
        let first = Rows::of(ids(&[1, 2, 3, 4])).hold(ids(&[1, 3, 4]), 0..4, known);
        let second = first.hold(ids(&[1, 4]), 0..4, known);
        assert_eq!(shown(&second), "1 (2) (3) 4");
        assert_eq!(second.place(&test_task(4).id), Some(3));
        assert!(!second.is_settled());
        assert_eq!(shown(&Rows::of(second.ids)), "1 4");
    }

    #[test]
    fn only_what_is_seen_is_held() {
        let rows = Rows::of(ids(&[1, 2, 3, 4, 5])).hold(ids(&[2, 4, 5]), 2..5, known);
        assert_eq!(shown(&rows), "2 (3) 4 5");
    }
}
