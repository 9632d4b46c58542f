//! One hand: what the pointer presses and carries, from the browser's events to what shows of a drag. What they mean is decided in
//! [`gesture`](super::gesture), what may be dropped where by the page.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::gesture::{Gesture, Input, Point, Step};
use super::ghost::Ghost;
use super::surface::{corner, element_at, named, say_state};
use super::{DragRules, Dragged, Placement, Verdict, scroll};

/// How long a finger rests on a thing to take it up. Milliseconds.
const LONG_PRESS: u32 = 300;
/// How often what is near an edge scrolls: once a frame. Milliseconds.
const FRAME: u32 = 16;
/// How long after a drag the click that ends it may come. Milliseconds.
const LATE_CLICK: u32 = 50;

/// What was pressed.
#[derive(Clone)]
struct Pressed {
    item: Element,
    name: AttrValue,
    /// Where in it.
    grip: Point,
}

/// What is pressed or in the hand.
#[derive(Default)]
struct Hand {
    gesture: Gesture,
    at: Point,
    pressed: Option<Pressed>,
    ghost: Option<Ghost>,
    over: Option<(Element, AttrValue)>,
    /// For as long as something is pressed.
    listeners: Vec<EventListener>,
    long_press: Option<Timeout>,
    frames: Option<Interval>,
}

pub(super) struct Dragging {
    this: Weak<Self>,
    root: Element,
    rules: Rc<RefCell<DragRules>>,
    hand: RefCell<Hand>,
    always: RefCell<Vec<EventListener>>,
    late_click: RefCell<Option<(EventListener, Timeout)>>,
}

impl Dragging {
    pub(super) fn within(root: Element, rules: Rc<RefCell<DragRules>>) -> Rc<Self> {
        let dragging = Rc::new_cyclic(|this| Self {
            this: this.clone(),
            root: root.clone(),
            rules,
            hand: RefCell::default(),
            always: RefCell::default(),
            late_click: RefCell::default(),
        });
        *dragging.always.borrow_mut() = vec![
            dragging.listen(&root, "pointerdown", Self::press),
            // There before the first touch, and not passive: only so can a scroll be held back once something is lifted.
            dragging.listen(&root, "touchmove", |it, event| {
                if matches!(it.hand.borrow().gesture, Gesture::Dragging { .. }) {
                    event.prevent_default();
                }
            }),
            // The browser's own dragging, of links.
            dragging.listen(&root, "dragstart", |_, event| event.prevent_default()),
        ];
        dragging
    }

    /// Listens before anyone further in does.
    fn listen(&self, target: &EventTarget, kind: &'static str, heard: fn(&Self, &Event)) -> EventListener {
        let options = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
        let this = self.this.clone();
        EventListener::new_with_options(target, kind, options, move |event| {
            if let Some(this) = this.upgrade() {
                heard(&this, event);
            }
        })
    }

    fn press(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
        if event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let Some((item, name)) = named(&target, "data-drag").filter(|(_, name)| name != "no") else { return };
        let inner = target.closest("button, input, select, textarea, [contenteditable]").ok().flatten();
        if inner.is_some_and(|inner| inner != item && item.contains(Some(&inner))) {
            return;
        }
        let input = Input::Press {
            pointer: event.pointer_id(),
            is_finger: event.pointer_type() == "touch",
            at: point(event),
        };
        if self.hand.borrow().gesture == Gesture::Idle {
            let (at, corner) = (point(event), corner(&item));
            let grip = Point { x: at.x.saturating_sub(corner.x), y: at.y.saturating_sub(corner.y) };
            let mut hand = self.hand.borrow_mut();
            hand.at = at;
            hand.pressed = Some(Pressed { item, name, grip });
        }
        self.take(input);
    }

    fn take(&self, input: Input) {
        let step = self.hand.borrow_mut().gesture.take(input);
        match step {
            Step::Nothing => {}
            Step::Watch => self.watch(matches!(input, Input::Press { is_finger: true, .. })),
            Step::Lift => self.lift(),
            Step::Follow => self.follow(),
            Step::Drop => self.let_go(),
            Step::CallOff => {
                self.put_back();
                if self.hand.borrow().gesture == Gesture::Idle {
                    self.rest();
                }
            }
            Step::Rest => {
                // After a drag that was called off the pointer is let go over something, which was not to be clicked.
                if matches!(input, Input::Release { .. }) && self.hand.borrow().pressed.is_none() {
                    self.swallow_click();
                }
                self.rest();
            }
        }
    }

    fn watch(&self, is_finger: bool) {
        let Some(window) = web_sys::window() else { return };
        let listeners = vec![
            self.listen(&window, "pointermove", |it, event| {
                let Some(event) = event.dyn_ref::<PointerEvent>() else { return };
                let pointer = event.pointer_id();
                // Let go where nobody heard of it.
                if event.buttons() == 0 {
                    return it.take(Input::Lost { pointer });
                }
                it.hand.borrow_mut().at = point(event);
                it.take(Input::Move { pointer, at: point(event) });
            }),
            self.listen(&window, "pointerup", |it, event| {
                if let Some(event) = event.dyn_ref::<PointerEvent>() {
                    it.take(Input::Release { pointer: event.pointer_id() });
                }
            }),
            self.listen(&window, "pointercancel", |it, event| {
                if let Some(event) = event.dyn_ref::<PointerEvent>() {
                    it.take(Input::Lost { pointer: event.pointer_id() });
                }
            }),
            self.listen(&window, "keydown", |it, event| {
                let is_escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
                if is_escape && it.hand.borrow().ghost.is_some() {
                    event.prevent_default();
                    event.stop_propagation();
                    it.take(Input::Escape);
                }
            }),
            // A long press on a link would offer to open it.
            self.listen(&window, "contextmenu", |_, event| event.prevent_default()),
        ];
        let this = self.this.clone();
        let long_press = is_finger.then(|| {
            Timeout::new(LONG_PRESS, move || {
                if let Some(this) = this.upgrade() {
                    this.take(Input::Held);
                }
            })
        });
        let mut hand = self.hand.borrow_mut();
        hand.listeners = listeners;
        hand.long_press = long_press;
    }

    fn lift(&self) {
        let (pressed, pointer) = {
            let hand = self.hand.borrow();
            let Gesture::Dragging { pointer } = hand.gesture else { return };
            (hand.pressed.clone(), pointer)
        };
        let ghost = pressed.as_ref().filter(|pressed| pressed.item.is_connected());
        let ghost = ghost.and_then(|pressed| Ghost::of(pressed.item.dyn_ref::<HtmlElement>()?, pressed.grip));
        let Some((ghost, Pressed { item, name, .. })) = ghost.zip(pressed) else {
            self.hand.borrow_mut().gesture = Gesture::Idle;
            return self.rest();
        };
        // Without it the pointer is lost where the window ends; a browser that refuses keeps it inside.
        let _ = item.set_pointer_capture(pointer);
        let _ = item.set_attribute("data-lifted", "");
        let this = self.this.clone();
        let frames = Interval::new(FRAME, move || {
            if let Some(this) = this.upgrade()
                && scroll::near_edges(this.hand.borrow().at)
            {
                this.follow();
            }
        });
        {
            let mut hand = self.hand.borrow_mut();
            hand.ghost = Some(ghost);
            hand.frames = Some(frames);
        }
        self.tell(Some(Dragged { item: name, over: None }));
        self.follow();
    }

    /// Moves the ghost, and hears what the target below says.
    fn follow(&self) {
        let at = {
            let hand = self.hand.borrow();
            if let Some(ghost) = &hand.ghost {
                ghost.move_to(hand.at);
            }
            hand.at
        };
        let found = element_at(at)
            .filter(|element| self.root.contains(Some(element)))
            .and_then(|element| named(&element, "data-drop"));
        let changed = {
            let mut hand = self.hand.borrow_mut();
            let changed = hand.over != found;
            if changed && let Some((old, _)) = hand.over.take() {
                let _ = old.remove_attribute("data-over");
            }
            hand.over = found;
            changed
        };
        let verdict = self.placement().map(|placement| self.verdict(placement));
        let (state, note) = match &verdict {
            None => ("none", None),
            Some(Verdict::Here) => ("here", None),
            Some(Verdict::Takes(note)) => ("takes", note.clone()),
            Some(Verdict::Refuses(why)) => ("refuses", Some(why.clone())),
        };
        say_state(Some(state));
        let dragged = {
            let hand = self.hand.borrow();
            if let Some((over, _)) = &hand.over {
                let _ = over.set_attribute("data-over", state);
            }
            if let Some(ghost) = &hand.ghost {
                ghost.say(note.as_deref().unwrap_or_default());
            }
            let over = hand.over.as_ref().map(|(_, name)| name.clone());
            hand.pressed.as_ref().map(|pressed| Dragged { item: pressed.name.clone(), over })
        };
        if changed {
            self.tell(dragged);
        }
    }

    fn tell(&self, dragged: Option<Dragged>) {
        let carry = self.rules.borrow().carry.clone();
        carry.emit(dragged);
    }

    fn placement(&self) -> Option<Placement> {
        let hand = self.hand.borrow();
        let (target, name) = hand.over.as_ref()?;
        let below = hand.ghost.as_ref()?.top(hand.at).saturating_sub(corner(target).y);
        Some(Placement { item: hand.pressed.as_ref()?.name.clone(), target: name.clone(), below })
    }

    fn verdict(&self, placement: Placement) -> Verdict {
        let verdict = self.rules.borrow().verdict.clone();
        verdict.emit(placement)
    }

    fn let_go(&self) {
        let placement = self.placement();
        self.swallow_click();
        self.put_back();
        self.rest();
        let Some(placement) = placement else { return };
        match self.verdict(placement.clone()) {
            Verdict::Takes(_) => {
                let drop = self.rules.borrow().drop.clone();
                drop.emit(placement);
            }
            Verdict::Here | Verdict::Refuses(_) => {}
        }
    }

    /// Takes away everything by which a drag shows.
    fn put_back(&self) {
        let mut hand = self.hand.borrow_mut();
        hand.ghost = None;
        hand.frames = None;
        if let Some(pressed) = hand.pressed.take() {
            let _ = pressed.item.remove_attribute("data-lifted");
        }
        if let Some((over, _)) = hand.over.take() {
            let _ = over.remove_attribute("data-over");
        }
        drop(hand);
        say_state(None);
        self.tell(None);
    }

    /// Nothing is pressed any more.
    pub(super) fn rest(&self) {
        if self.hand.borrow().ghost.is_some() {
            self.put_back();
        }
        let hand = self.hand.take();
        // The listener that called this is among them: they go when it has returned.
        Timeout::new(0, move || drop(hand.listeners)).forget();
    }

    /// A drag ends with a click on whatever was dragged, which is not meant.
    fn swallow_click(&self) {
        let Some(window) = web_sys::window() else { return };
        let listener = self.listen(&window, "click", |_, event| {
            event.prevent_default();
            event.stop_immediate_propagation();
        });
        let this = self.this.clone();
        let timer = Timeout::new(LATE_CLICK, move || {
            if let Some(this) = this.upgrade() {
                // This timer is running: it is done with, not to be cancelled.
                if let Some((listener, timer)) = this.late_click.take() {
                    drop(listener);
                    timer.forget();
                }
            }
        });
        *self.late_click.borrow_mut() = Some((listener, timer));
    }
}

fn point(event: &PointerEvent) -> Point {
    Point { x: event.client_x(), y: event.client_y() }
}
