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
    let asked = use_state_eq(|| (key.clone(), 0_usize));
    let drawn = if asked.0 == key { asked.1 } else { 0 };
    let drawn = drawn.max(next(parts, &size, 0, portion));
    let more = (drawn < parts).then(|| next(parts, &size, drawn, portion));
    use_effect_with((key, more), move |(key, more)| {
        let wait = more.map(|more| {
            let key = key.clone();
            Timeout::new(0, move || asked.set((key, more)))
        });
        move || drop(wait)
    });
    drawn
}

/// Which of the parts are to be drawn now: the same, beginning with the one numbered `first` and going round.
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
    let drawn = use_portions(key, parts, |turn| size(round(turn)), portion);
    move |part: usize| (part + parts - first).checked_rem(parts).is_some_and(|turn| turn < drawn)
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
