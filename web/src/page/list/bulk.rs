//! What can be done with all that is selected: only what each of them allows.

use std::rc::Rc;

use chrono::{Datelike, NaiveDate, NaiveTime};
use yew::prelude::*;

use super::dialogs::DateDialog;
use crate::api::{TaskAction, TaskId, TaskPriority, Timestamp};
use crate::civil::shift;
use crate::client::{BulkChange, Wording, use_client, use_state_of, use_wording};
use crate::page::reason::ReasonDialog;
use crate::store::Task;
use crate::ui::menu::Section;
use crate::ui::{IconKind, Menu, MenuItem, PersonPicker, icon};
use crate::view::{impl_view, view};

#[derive(PartialEq)]
pub struct BulkBar {
    pub selected: Rc<Vec<TaskId>>,
    pub onclear: Callback<()>,
}

impl_view!(BulkBar, use_bulk_bar(self));

/// What is asked before a change is made.
#[derive(Clone, Copy, PartialEq)]
enum Asking {
    Reason,
    Date,
}

#[hook]
fn use_bulk_bar(props: &BulkBar) -> Html {
    let client = use_client();
    let words = use_wording();
    let selected = props.selected.clone();
    let (tasks, progress) = use_state_of(move |state| {
        let tasks: Vec<Rc<Task>> = selected.iter().filter_map(|id| state.store.task(id)).collect();
        (tasks, state.bulk)
    });
    let asking = use_state_eq(|| None::<Asking>);
    let change = {
        let selected = props.selected.clone();
        Callback::from(move |change: BulkChange| client.change_all(&selected, &change))
    };
    let stop_asking = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(None))
    };
    let return_all = {
        let (change, stop_asking) = (change.clone(), stop_asking.clone());
        Callback::from(move |reason: String| {
            stop_asking.emit(());
            change.emit(BulkChange::Act { action: TaskAction::Return, reason: Some(reason) });
        })
    };
    if tasks.is_empty() && progress.is_none() {
        return Html::default();
    }
    let all = |may: fn(&Task) -> bool| !tasks.is_empty() && tasks.iter().all(|task| may(task));
    let requires_review = tasks.first().is_some_and(|task| task.requires_review);
    let actions = actions_menu(&words, common_actions(&tasks), requires_review, {
        let (change, asking) = (change.clone(), asking.clone());
        Callback::from(move |action: TaskAction| match action {
            TaskAction::Return => asking.set(Some(Asking::Reason)),
            TaskAction::Start
            | TaskAction::Pause
            | TaskAction::Submit
            | TaskAction::Accept
            | TaskAction::Defer
            | TaskAction::Resume
            | TaskAction::Reopen => change.emit(BulkChange::Act { action, reason: None }),
        })
    });
    let text = match progress {
        Some(progress) => (words.lists.progress)(progress.done, progress.total),
        None => (words.lists.selected)(i64::try_from(tasks.len()).unwrap_or(i64::MAX)),
    };
    let trigger = |kind: IconKind, label: &'static str| html! { <>{ icon(kind) }<span class="bulk-word">{ label }</span></> };
    let menu = |label: &'static str, kind: IconKind, sections: Vec<Section>| {
        view(Menu {
            label: label.into(),
            trigger: trigger(kind, label),
            trigger_class: "button small",
            class: "",
            sections,
        })
    };
    let priorities = TaskPriority::ALL.map(|priority| {
        let act = change.reform(move |()| BulkChange::Priority(priority));
        MenuItem { chosen: None, ..MenuItem::choice((words.priority_name)(priority), false, act) }
    });
    let pick = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(Some(Asking::Date)))
    };
    html! {
        <>
            <div class="bulk" role="toolbar" aria-label={text.clone()}>
                <span class="bulk-text" role="status">{ text }</span>
                if let Some(progress) = progress {
                    <progress value={progress.done.to_string()} max={progress.total.to_string()} />
                }
                if !actions.is_empty() {
                    { menu(words.lists.act, IconKind::StatusDone, vec![(None, actions)]) }
                }
                if all(|task| task.viewer_can.assign) {
                    { view(PersonPicker {
                        label: words.assignee.into(), trigger: trigger(IconKind::Profile, words.assignee), trigger_class: "button small",
                        chosen: None, onchoose: change.reform(BulkChange::Assign),
                    }) }
                }
                if all(|task| task.viewer_can.move_deadline) {
                    { menu(words.deadline, IconKind::Calendar, deadlines(&words, &change, pick)) }
                }
                if all(|task| task.viewer_can.edit) {
                    { menu(words.priority, IconKind::PriorityHigh, vec![(None, priorities.to_vec())]) }
                }
                if all(|task| task.viewer_can.delete) {
                    <button type="button" class="button small bulk-delete" aria-label={words.delete} onclick={change.reform(|_: MouseEvent| BulkChange::Delete)}>
                        { trigger(IconKind::Trash, words.delete) }
                    </button>
                }
                <button type="button" class="icon-button" aria-label={words.lists.clear_selection} onclick={props.onclear.reform(|_: MouseEvent| ())}>
                    { icon(IconKind::Close) }
                </button>
            </div>
            if *asking == Some(Asking::Reason) {
                { ReasonDialog { busy: false, refusal: None, onsubmit: return_all, onclose: stop_asking.clone() } }
            }
            if *asking == Some(Asking::Date) {
                { DateDialog { onsubmit: change.reform(|deadline| BulkChange::Deadline(Some(deadline))), onclose: stop_asking } }
            }
        </>
    }
}

/// The actions that every one of the tasks offers, what moves them forward first.
fn common_actions(tasks: &[Rc<Task>]) -> Vec<TaskAction> {
    let Some((first, rest)) = tasks.split_first() else { return vec![] };
    let offered = |action: &TaskAction| rest.iter().all(|task| task.available_actions.contains(action));
    first.available_actions.iter().copied().filter(offered).collect()
}

pub fn actions_menu(
    words: &Wording,
    mut actions: Vec<TaskAction>,
    requires_review: bool,
    act: Callback<TaskAction>,
) -> Vec<MenuItem> {
    actions.sort_by_key(|action| action.place());
    let item = |action: TaskAction| {
        let label = (words.action_name)(action, requires_review);
        MenuItem {
            mark: Html::default(),
            ..MenuItem::action(label, IconKind::Check, act.reform(move |()| action))
        }
    };
    actions.into_iter().map(item).collect()
}

/// The deadlines that are meant most often, at the end of the working day.
fn deadlines(words: &Wording, change: &Callback<BulkChange>, pick: Callback<()>) -> Vec<Section> {
    let today = words.local_now().date();
    let at = |day: NaiveDate| {
        let evening = NaiveTime::from_hms_opt(18, 0, 0)?;
        Some(words.preferences.zone.moment(day.and_time(evening)))
            .filter(|moment: &Timestamp| *moment > words.now)
    };
    let item = |label: &'static str, deadline: Option<Timestamp>| {
        MenuItem::action(label, IconKind::Calendar, change.reform(move |()| BulkChange::Deadline(deadline)))
    };
    let days = [
        (words.today, Some(today)),
        (words.tomorrow, Some(shift(today, 1))),
        (words.lists.end_of_week, friday(today)),
        (words.lists.in_a_week, Some(shift(today, 7))),
    ];
    let days = days.into_iter().filter_map(|(label, day)| Some(item(label, Some(at(day?)?))));
    let rest = vec![
        MenuItem::action(words.lists.pick_date, IconKind::Calendar, pick),
        item(words.no_deadline, None),
    ];
    vec![(None, days.collect()), (None, rest)]
}

/// Friday of this week, unless it is today, tomorrow or gone.
fn friday(today: NaiveDate) -> Option<NaiveDate> {
    let to_friday = 4 - i64::from(today.weekday().num_days_from_monday());
    (to_friday > 1).then(|| shift(today, to_friday))
}
