//! Dragging by mouse, by pen, and by a finger that rests on a thing for a moment, so that scrolling stays what it was.
//!
//! A page marks what can be dragged with `data-drag="ITEM"` and where it can be let go with `data-drop="TARGET"`, inside one element
//! to which the reference that [`use_drag`] gives belongs. What a target says to an item before the drop is the page's [`DragRules`]; meanwhile
//!
//! - the item bears `data-lifted`, the target under the pointer `data-over="takes"`, `"here"` or `"refuses"`;
//! - the page's root element bears `data-dragging` with the same values or none;
//! - a ghost (`.drag-ghost`) follows, and below it a note (`.drag-note`) says what would come of it, or why nothing would.
//!
//! What is in a button, a field or under `data-drag="no"` does not drag. Nothing here knows of tasks, nor moves anything by
//! itself: an element must stay where it is until it is dropped.

mod gesture;
mod ghost;
mod hand;
mod scroll;
mod surface;

use web_sys::Element;
use yew::prelude::*;

use hand::Dragging;

/// An item over a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    pub item: AttrValue,
    pub target: AttrValue,
    /// How far the upper edge of what is dragged is below that of the target. CSS pixels.
    pub below: i32,
}

/// What a target says to an item, before it is dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Takes it; says what will come of it where that is not plain.
    Takes(Option<AttrValue>),
    /// It is there already.
    Here,
    /// Why it does not.
    Refuses(AttrValue),
}

impl Verdict {
    /// Takes it, and says what will come of it.
    pub fn takes(what: impl Into<AttrValue>) -> Self {
        Self::Takes(Some(what.into()))
    }
}

/// What a page says about dragging. Asked again at the drop: meanwhile things may have changed.
#[derive(Clone, PartialEq)]
pub struct DragRules {
    pub verdict: Callback<Placement, Verdict>,
    /// Called for what the target takes, and for nothing else.
    pub drop: Callback<Placement>,
    /// Told what is in the hand whenever that, or the target below it, is another. A page may keep its order meanwhile, so that nothing
    /// jumps under the pointer; one that draws nothing by it is not drawn again.
    pub carry: Callback<Option<Dragged>>,
}

/// What is in the hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Dragged {
    pub item: AttrValue,
    pub over: Option<AttrValue>,
}

/// Dragging within one element, which is there as long as the page is.
#[hook]
pub fn use_drag(rules: DragRules) -> NodeRef {
    let root = use_node_ref();
    let latest = use_mut_ref(|| rules.clone());
    *latest.borrow_mut() = rules;
    {
        let root = root.clone();
        use_effect_with((), move |()| {
            let dragging = root.cast::<Element>().map(|root| Dragging::within(root, latest));
            move || {
                if let Some(dragging) = dragging {
                    dragging.rest();
                }
            }
        });
    }
    root
}
