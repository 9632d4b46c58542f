//! Draws much a portion at a time, so that the browser shows each before the next and nobody waits for all.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How many of so many parts are to be drawn now, of which each is so large. It grows by itself until all are; another `key` begins anew.
#[hook]
pub fn use_portions<K: Clone + PartialEq + 'static>(
    key: K,
    parts: usize,
    size: impl Fn(usize) -> usize,
    portion: usize,
) -> usize {
    // Coming back to a key begins anew as well: what was drawn has gone meanwhile.
    let begun = use_mut_ref(|| (key.clone(), 0_u32));
    let turn = {
        let mut begun = begun.borrow_mut();
        if begun.0 != key {
            *begun = (key, begun.1.wrapping_add(1));
        }
        begun.1
    };
    let asked = use_state_eq(|| (turn, 0_usize));
    let drawn = if asked.0 == turn { asked.1 } else { 0 };
    let drawn = drawn.max(next(parts, &size, 0, portion));
    let more = (drawn < parts).then(|| next(parts, &size, drawn, portion));
    use_effect_with((turn, more), move |(turn, more)| {
        let turn = *turn;
        let wait = more.map(|more| Timeout::new(0, move || asked.set((turn, more))));
        move || drop(wait)
    });
    drawn
}

/// Which of the parts are to be drawn now: the same, beginning with the one numbered `first` and going round. Where they are more than one
/// portion, what surrounds them comes before the first, alone.
#[hook]
pub fn use_portions_from<K: Clone + PartialEq + 'static>(
    key: K,
    parts: usize,
    size: impl Fn(usize) -> usize,
    first: usize,
    portion: usize,
) -> impl Fn(usize) -> bool {
    let first = first.min(parts);
    let round = move |turn: usize| (turn + first).checked_rem(parts).unwrap_or(0);
    let around = usize::from((0..parts).map(&size).sum::<usize>() > portion);
    let size = |turn: usize| turn.checked_sub(around).map_or(portion, |turn| size(round(turn)));
    let drawn = use_portions(key, parts + around, size, portion);
    move |part: usize| (part + parts - first).checked_rem(parts).is_some_and(|turn| turn + around < drawn)
}

/// How many are drawn after those, one portion on.
fn next(parts: usize, size: impl Fn(usize) -> usize, drawn: usize, portion: usize) -> usize {
    let mut sum = 0;
    let has_room = |part: &usize| {
        let has_room = sum < portion;
        sum += size(*part);
        has_room
    };
    drawn + (drawn..parts).take_while(has_room).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_a_few_at_a_time_and_all_of_them() {
        let sizes = [18, 0, 30, 5, 100, 1, 1];
        let next = |drawn| next(sizes.len(), |part| sizes[part], drawn, 40);
        assert_eq!(next(0), 3, "a part is drawn whole");
        assert_eq!(next(3), 5);
        assert_eq!(next(5), 7);
        assert_eq!(next(7), 7);
        assert_eq!(super::next(0, |_| 1, 0, 40), 0);
        assert_eq!(super::next(100, |_| 1, 24, 24), 48);
    }
}
