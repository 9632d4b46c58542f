//! The board from the keyboard: arrows go from card to card; Space or M takes a card up, arrows carry it, Enter or Space puts it down,
//! Escape puts it back. What happens is said aloud.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};
use yew::prelude::*;

use super::column::Column;
use super::cursor::{self, Way};
use super::moving::{Mover, column_name, verdict, weigh};
use super::{bring_into_view, card_around};
use crate::api::TaskId;
use crate::client::{Shortcut, Wording, use_shortcuts, use_wording};
use crate::store::Task;
use crate::ui::Verdict;

/// What is in the hand, and the index of the column that it is over.
#[derive(Clone, PartialEq)]
pub struct Carried {
    pub task: Rc<Task>,
    pub over: Option<usize>,
}

pub struct Keys {
    /// What the keyboard has taken up.
    pub carried: Option<Carried>,
    /// What has just happened, for those who hear it.
    pub said: AttrValue,
    pub onkeydown: Callback<KeyboardEvent>,
    pub onfocusout: Callback<FocusEvent>,
    /// To be called when a card was moved otherwise than by the pointer: the focus goes with it.
    pub onmoved: Callback<(TaskId, Column)>,
    /// The card that was moved so last, and where to, until the focus goes to another.
    pub moved: UseStateHandle<Option<(TaskId, Column)>>,
}

#[hook]
pub fn use_keys(
    row: &NodeRef,
    columns: &'static [Column],
    mover: &Mover,
    active: &UseStateHandle<Option<TaskId>>,
) -> Keys {
    let words = use_wording();
    let carried = use_state_eq(|| None::<Carried>);
    let said = use_state_eq(AttrValue::default);
    let moved = use_state_eq(|| None::<(TaskId, Column)>);
    let onmoved = {
        let (moved, active) = (moved.setter(), active.setter());
        use_callback((), move |(task, to): (TaskId, Column), ()| {
            active.set(Some(task.clone()));
            moved.set(Some((task, to)));
        })
    };
    let hand = Hand {
        words,
        row: row.clone(),
        columns,
        mover: mover.clone(),
        carried: carried.clone(),
        said: said.setter(),
        onmoved: onmoved.clone(),
    };
    let shortcut = |keys, name, act: fn(&Hand, &Element) -> bool| {
        let (hand, active) = (hand.clone(), active.clone());
        let act = Callback::from(move |()| {
            // Where no card was gone to yet, the first is meant.
            if let Some(card) = card_of(&hand.row, active.as_ref()) {
                act(&hand, &card);
            }
        });
        Shortcut::new(keys, name, act)
    };
    let board = &hand.words.board;
    use_shortcuts(
        board.board,
        vec![
            shortcut("KeyJ", board.next_card, |hand, card| hand.go(card, Way::Down)),
            shortcut("KeyK", board.previous_card, |hand, card| hand.go(card, Way::Up)),
            shortcut("KeyM", board.take_up, |hand, card| {
                focus(card);
                hand.take_up(card)
            }),
        ],
    );
    let onfocusout = {
        let hand = hand.clone();
        // With the focus gone, keys would no longer reach the card in the hand.
        Callback::from(move |event: FocusEvent| {
            if hand.carried.is_some() && event.related_target().is_some() {
                hand.put_back();
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(card) = target.filter(|target| target.class_name() == "card-link") else { return };
        let done = match &*hand.carried {
            Some(carried) => hand.carry(carried, &event),
            None if event.key() == " " => hand.take_up(&card),
            None => Way::of(&event.key()).is_some_and(|way| hand.go(&card, way)),
        };
        if done {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    Keys { carried: (*carried).clone(), said: (*said).clone(), onkeydown, onfocusout, onmoved, moved }
}

#[derive(Clone)]
struct Hand {
    words: Wording,
    row: NodeRef,
    columns: &'static [Column],
    mover: Mover,
    carried: UseStateHandle<Option<Carried>>,
    said: UseStateSetter<AttrValue>,
    onmoved: Callback<(TaskId, Column)>,
}

impl Hand {
    /// From card to card. Gives whether there was one to go from.
    fn go(&self, card: &Element, way: Way) -> bool {
        let Some(row) = self.row.cast::<Element>() else { return false };
        let Ok(columns) = row.query_selector_all("[data-drop]") else { return false };
        let columns: Vec<Option<NodeList>> =
            elements(&columns).map(|column| column.query_selector_all(".card-link").ok()).collect();
        let counts: Vec<usize> = columns
            .iter()
            .map(|cards| cards.as_ref().and_then(|cards| usize::try_from(cards.length()).ok()).unwrap_or(0))
            .collect();
        let at = columns.iter().enumerate().find_map(|(column, cards)| {
            let place = elements(cards.as_ref()?).position(|other| other == *card)?;
            Some((column, place))
        });
        let Some(at) = at else { return false };
        let (column, place) = cursor::step(&counts, at, way);
        let next = columns.get(column).and_then(Option::as_ref).and_then(|cards| elements(cards).nth(place));
        if let Some(next) = next {
            bring_into_view(&self.row, column);
            focus(&next);
        }
        true
    }

    fn take_up(&self, card: &Element) -> bool {
        let task = card_around(card).and_then(|id| self.mover.client.state().store.task(&id));
        let Some(task) = task else { return false };
        let column = card.closest("[data-drop]").ok().flatten().and_then(|it| it.get_attribute("data-drop"));
        let over = self.columns.iter().position(|it| column.as_deref() == Some(it.key()));
        self.said.set((self.words.board.picked_up)(&task.title).into());
        self.carried.set(Some(Carried { task, over }));
        true
    }

    /// With a card in the hand every key but Tab is meant for it.
    fn carry(&self, carried: &Carried, event: &KeyboardEvent) -> bool {
        let key = event.key();
        match key.as_str() {
            "Escape" => self.put_back(),
            "Tab" => return false,
            "Enter" | " " => self.put_down(carried),
            key => {
                if let Some(way) = Way::of(key) {
                    let over = cursor::carry(self.columns.len(), carried.over.unwrap_or(0), way);
                    bring_into_view(&self.row, over);
                    self.say(&carried.task, over);
                    self.carried.set(Some(Carried { task: carried.task.clone(), over: Some(over) }));
                }
            }
        }
        true
    }

    fn put_back(&self) {
        self.said.set(self.words.board.put_back.into());
        self.carried.set(None);
    }

    fn put_down(&self, carried: &Carried) {
        let Some((index, column)) = carried.over.and_then(|over| Some((over, self.columns.get(over)?)))
        else {
            return self.put_back();
        };
        // It may have changed while it was carried.
        let Some(task) = self.mover.client.state().store.task(&carried.task.id) else {
            return self.put_back();
        };
        match verdict(&self.words, &task, weigh(&self.words, &task, *column)) {
            Verdict::Here => self.put_back(),
            Verdict::Refuses(_) => self.say(&task, index),
            Verdict::Takes(_) => {
                self.carried.set(None);
                let name = column_name(&self.words, *column);
                self.said.set((self.words.board.dropped)(&task.title, name).into());
                self.mover.put(&self.words, &task, *column);
                self.onmoved.emit((task.id.clone(), *column));
            }
        }
    }

    /// What the column says to the task.
    fn say(&self, task: &Task, column: usize) {
        let Some(column) = self.columns.get(column) else { return };
        let what = match verdict(&self.words, task, weigh(&self.words, task, *column)) {
            Verdict::Here => AttrValue::from(self.words.board.is_here),
            Verdict::Takes(what) => what.unwrap_or_default(),
            Verdict::Refuses(why) => why,
        };
        self.said.set((self.words.board.over)(column_name(&self.words, *column), &what).into());
    }
}

/// The card of that task; the first on the board where it has none.
fn card_of(row: &NodeRef, id: Option<&TaskId>) -> Option<Element> {
    let cards = row.cast::<Element>()?.query_selector_all(".card-link").ok()?;
    let own = elements(&cards).find(|card| id.is_some() && card_around(card).as_ref() == id);
    own.or_else(|| elements(&cards).next())
}

fn focus(card: &Element) {
    if let Some(card) = card.dyn_ref::<HtmlElement>() {
        // What is there takes the focus.
        let _ = card.focus();
    }
}

fn elements(list: &NodeList) -> impl Iterator<Item = Element> + '_ {
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into::<Element>().ok())
}
