//! Draws much a portion at a time, so that the browser shows each before the next and nobody waits for all.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// How many of the parts are to be drawn now, of which each is so large. It grows by itself until all are; another `key` begins anew.
#[hook]
pub fn use_portions<K: Clone + PartialEq + 'static>(key: K, sizes: &[usize], portion: usize) -> usize {
    let asked = use_state_eq(|| (key.clone(), 0_usize));
    let drawn = if asked.0 == key { asked.1 } else { 0 };
    let drawn = drawn.max(next(sizes, 0, portion));
    let more = (drawn < sizes.len()).then(|| next(sizes, drawn, portion));
    use_effect_with((key, more), move |(key, more)| {
        let wait = more.map(|more| {
            let key = key.clone();
            Timeout::new(0, move || asked.set((key, more)))
        });
        move || drop(wait)
    });
    drawn
}

/// How many are drawn after those, one portion on.
fn next(sizes: &[usize], drawn: usize, portion: usize) -> usize {
    let mut sum = 0;
    let has_room = |size: &&usize| {
        let has_room = sum < portion;
        sum += **size;
        has_room
    };
    drawn + sizes.iter().skip(drawn).take_while(has_room).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_a_few_at_a_time_and_all_of_them() {
        let sizes = [18, 0, 30, 5, 100, 1, 1];
        assert_eq!(next(&sizes, 0, 40), 3, "a part is drawn whole");
        assert_eq!(next(&sizes, 3, 40), 5);
        assert_eq!(next(&sizes, 5, 40), 7);
        assert_eq!(next(&sizes, 7, 40), 7);
        assert_eq!(next(&[], 0, 40), 0);
    }
}
