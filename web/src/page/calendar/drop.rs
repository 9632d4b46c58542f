//! What it means to let a task go over a day, an hour or the tray.

use std::rc::Rc;

use yew::Callback;

use super::hours::HOUR;
use super::mover::Mover;
use super::target::Target;
use crate::api::Timestamp;
use crate::store::Task;
use crate::ui::drag::{DragRules, Placement, Verdict};

pub fn rules(mover: &Mover) -> DragRules {
    let judge = mover.clone();
    let drop = mover.clone();
    DragRules {
        verdict: Callback::from(move |placement: Placement| {
            let Some((task, deadline)) = meant(&judge, &placement) else {
                return Verdict::Refuses(judge.words.not_found.into());
            };
            if deadline == task.deadline {
                return Verdict::Here;
            }
            match judge.refusal(deadline) {
                Some(why) => Verdict::Refuses(why.into()),
                None => Verdict::Takes(Some(judge.say(deadline).into())),
            }
        }),
        drop: Callback::from(move |placement: Placement| {
            if let Some((task, deadline)) = meant(&drop, &placement) {
                drop.set(&task, deadline);
            }
        }),
        carry: Callback::noop(),
    }
}

/// The task, and the deadline that it gets.
fn meant(mover: &Mover, placement: &Placement) -> Option<(Rc<Task>, Option<Timestamp>)> {
    let task = mover.task(&placement.item)?;
    let target = Target::read(&placement.target)?;
    let below = u32::try_from(placement.below).unwrap_or(0);
    let deadline = mover.deadline_at(&task, target, below * 60 / HOUR);
    Some((task, deadline))
}
