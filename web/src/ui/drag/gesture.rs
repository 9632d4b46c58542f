//! What a pointer's movements mean: a click, a scroll, or a drag. Pure, so that every case is tested without a browser.

/// How far a mouse or a pen moves before a press becomes a drag. CSS pixels.
const THRESHOLD: i32 = 4;
/// How far a finger may tremble while it is held; further is a scroll. CSS pixels.
const TREMBLE: i32 = 10;
/// How near to an edge what can scroll begins to. CSS pixels.
const EDGE: i32 = 56;
/// How far it scrolls in one frame at the very edge. CSS pixels.
const FASTEST: i32 = 14;

/// A place in the window. CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub x: i32,
    pub y: i32,
}

impl Point {
    fn is_within(self, distance: i32, other: Self) -> bool {
        let (across, down) = (self.x.saturating_sub(other.x), self.y.saturating_sub(other.y));
        let square = across.saturating_mul(across).saturating_add(down.saturating_mul(down));
        square <= distance.saturating_mul(distance)
    }
}

/// What has been made of one pointer so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Gesture {
    #[default]
    Idle,
    /// Down on something that can be dragged; may yet be a click or a scroll.
    Pressed {
        pointer: i32,
        is_finger: bool,
        at: Point,
    },
    Dragging {
        pointer: i32,
    },
    /// The drag was called off while the pointer is still down.
    CalledOff {
        pointer: i32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Press {
        pointer: i32,
        is_finger: bool,
        at: Point,
    },
    /// A finger has rested long enough.
    Held,
    Move {
        pointer: i32,
        at: Point,
    },
    Release {
        pointer: i32,
    },
    /// The browser has taken the pointer for itself, to scroll or to zoom.
    Lost {
        pointer: i32,
    },
    Escape,
}

/// What has to be done about an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    /// Listen to what the pointer does next.
    Watch,
    /// The drag begins.
    Lift,
    /// What is dragged follows the pointer.
    Follow,
    /// Let go over whatever is below.
    Drop,
    /// Back to where it was.
    CallOff,
    /// It was no drag, or no longer is one.
    Rest,
}

impl Gesture {
    pub(super) fn take(&mut self, input: Input) -> Step {
        let (next, step) = self.after(input);
        *self = next;
        step
    }

    fn after(self, input: Input) -> (Self, Step) {
        match (self, input) {
            (Self::Idle, Input::Press { pointer, is_finger, at }) => {
                (Self::Pressed { pointer, is_finger, at }, Step::Watch)
            }
            // A second finger: the two zoom or scroll.
            (Self::Pressed { is_finger: true, .. }, Input::Press { .. }) => (Self::Idle, Step::Rest),
            (Self::Pressed { pointer, is_finger: true, .. }, Input::Held) => {
                (Self::Dragging { pointer }, Step::Lift)
            }
            (Self::Pressed { pointer, is_finger, at: from }, Input::Move { pointer: moved, at })
                if pointer == moved =>
            {
                match is_finger {
                    true if !at.is_within(TREMBLE, from) => (Self::Idle, Step::Rest),
                    false if !at.is_within(THRESHOLD, from) => (Self::Dragging { pointer }, Step::Lift),
                    true | false => (self, Step::Nothing),
                }
            }
            (Self::Dragging { pointer }, Input::Move { pointer: moved, .. }) if pointer == moved => {
                (self, Step::Follow)
            }
            (Self::Dragging { pointer }, Input::Escape) => (Self::CalledOff { pointer }, Step::CallOff),
            (Self::Dragging { pointer }, Input::Release { pointer: gone }) if pointer == gone => {
                (Self::Idle, Step::Drop)
            }
            (Self::Dragging { pointer }, Input::Lost { pointer: gone }) if pointer == gone => {
                (Self::Idle, Step::CallOff)
            }
            (
                Self::Pressed { pointer, .. } | Self::CalledOff { pointer },
                Input::Release { pointer: gone } | Input::Lost { pointer: gone },
            ) if pointer == gone => (Self::Idle, Step::Rest),
            (
                Self::Idle | Self::Pressed { .. } | Self::Dragging { .. } | Self::CalledOff { .. },
                Input::Press { .. }
                | Input::Held
                | Input::Move { .. }
                | Input::Release { .. }
                | Input::Lost { .. }
                | Input::Escape,
            ) => (self, Step::Nothing),
        }
    }
}

/// How far what reaches from `low` to `high` scrolls in one frame while the pointer is at `at`: the faster, the nearer an edge.
/// Less than 0 is back to its beginning.
pub(super) fn pull(at: i32, low: i32, high: i32) -> i32 {
    let zone = EDGE.min(high.saturating_sub(low) / 4);
    let speed = |depth: i32| (depth.min(zone).saturating_mul(FASTEST)).checked_div(zone).unwrap_or(0);
    let (above, below) =
        (low.saturating_add(zone).saturating_sub(at), at.saturating_sub(high.saturating_sub(zone)));
    match (above > 0, below > 0) {
        (true, _) => -speed(above).max(1),
        (false, true) => speed(below).max(1),
        (false, false) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUSE: Input = Input::Press { pointer: 1, is_finger: false, at: Point { x: 100, y: 100 } };
    const FINGER: Input = Input::Press { pointer: 1, is_finger: true, at: Point { x: 100, y: 100 } };

    fn moved(x: i32, y: i32) -> Input {
        Input::Move { pointer: 1, at: Point { x, y } }
    }

    fn steps(inputs: &[Input]) -> (Vec<Step>, Gesture) {
        let mut gesture = Gesture::Idle;
        let steps = inputs.iter().map(|input| gesture.take(*input)).collect();
        (steps, gesture)
    }

    #[test]
    fn a_press_that_does_not_move_is_a_click() {
        let inputs = [MOUSE, moved(102, 103), Input::Release { pointer: 1 }];
        assert_eq!(steps(&inputs), (vec![Step::Watch, Step::Nothing, Step::Rest], Gesture::Idle));
    }

    #[test]
    fn a_mouse_drags_once_it_has_moved_further_than_a_click_does() {
        let inputs = [MOUSE, moved(100, 105), moved(300, 200), Input::Release { pointer: 1 }];
        let expected = vec![Step::Watch, Step::Lift, Step::Follow, Step::Drop];
        assert_eq!(steps(&inputs), (expected, Gesture::Idle));
    }

    #[test]
    fn a_finger_drags_after_a_long_press_and_scrolls_before() {
        let inputs = [FINGER, moved(104, 106), Input::Held, moved(200, 100), Input::Release { pointer: 1 }];
        let expected = vec![Step::Watch, Step::Nothing, Step::Lift, Step::Follow, Step::Drop];
        assert_eq!(steps(&inputs), (expected, Gesture::Idle));

        let inputs = [FINGER, moved(100, 130), Input::Held, moved(100, 200)];
        let expected = vec![Step::Watch, Step::Rest, Step::Nothing, Step::Nothing];
        assert_eq!(steps(&inputs), (expected, Gesture::Idle));
    }

    #[test]
    fn what_the_browser_takes_for_a_scroll_is_no_drag() {
        let (taken, gesture) = steps(&[FINGER, Input::Lost { pointer: 1 }, Input::Held]);
        assert_eq!((taken, gesture), (vec![Step::Watch, Step::Rest, Step::Nothing], Gesture::Idle));
        let (taken, gesture) = steps(&[FINGER, Input::Held, Input::Lost { pointer: 1 }]);
        assert_eq!((taken, gesture), (vec![Step::Watch, Step::Lift, Step::CallOff], Gesture::Idle));
    }

    #[test]
    fn a_second_finger_zooms() {
        let second = Input::Press { pointer: 2, is_finger: true, at: Point { x: 10, y: 10 } };
        assert_eq!(steps(&[FINGER, second, Input::Held]).0, [Step::Watch, Step::Rest, Step::Nothing]);
        // Once something is dragged, another finger changes nothing.
        let inputs = [FINGER, Input::Held, second, Input::Release { pointer: 2 }];
        assert_eq!(steps(&inputs).1, Gesture::Dragging { pointer: 1 });
    }

    #[test]
    fn escape_puts_it_back_and_the_release_after_it_drops_nothing() {
        let inputs = [MOUSE, moved(200, 100), Input::Escape, moved(300, 100), Input::Release { pointer: 1 }];
        let expected = vec![Step::Watch, Step::Lift, Step::CallOff, Step::Nothing, Step::Rest];
        assert_eq!(steps(&inputs), (expected, Gesture::Idle));
        assert_eq!(steps(&[MOUSE, Input::Escape]).0, [Step::Watch, Step::Nothing]);
    }

    #[test]
    fn nothing_is_held_long_that_is_not_a_finger() {
        assert_eq!(steps(&[MOUSE, Input::Held]).0, [Step::Watch, Step::Nothing]);
    }

    #[test]
    fn what_is_below_scrolls_the_faster_the_nearer_its_edge() {
        assert_eq!(pull(300, 0, 600), 0);
        assert_eq!(pull(0, 0, 600), -FASTEST);
        assert_eq!(pull(28, 0, 600), -FASTEST / 2);
        assert_eq!(pull(55, 0, 600), -1);
        assert_eq!(pull(600, 0, 600), FASTEST);
        assert_eq!(pull(700, 0, 600), FASTEST, "beyond the edge");
        assert_eq!(pull(50, 0, 100), 0, "what is small keeps a middle that is still");
        assert_eq!(pull(0, 0, 0), 0, "nothing to scroll");
    }
}
