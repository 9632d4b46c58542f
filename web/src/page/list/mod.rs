//! A list of tasks: narrowed, grouped and sorted as its address says, and changed many at a time.

mod acts;
mod bar;
mod bulk;
mod dialogs;
mod drawing;
mod groups;
mod names;
mod part;
mod row;
mod steady;
mod table;
mod tabs;
mod viewport;
mod window;

use std::rc::Rc;

use yew::prelude::*;
use yew_router::prelude::*;

use super::filter::{Changed, Choice, Field, Grouping};
use super::new_task::{Beginning, OpenNewTask};
use crate::api::UserId;
use crate::api::enums::TaskOrderField;
use crate::browser::spawn;
use crate::client::{Wording, use_client, use_state_of, use_wording};
use crate::route::{Address, Route};
use crate::store::Scope;
use crate::ui::{IconKind, empty, icon, skeleton};
use crate::view::{impl_view, view, view_keyed};
use bar::Bar;
use bulk::BulkBar;
pub use dialogs::{DateDialog, NameDialog};
pub use row::status_text;
use table::Table;
use tabs::ListTabs;

#[derive(PartialEq)]
pub struct ListPage {
    pub scope: Scope,
    /// What its address says besides.
    pub query: AttrValue,
    /// The number of the task whose panel is open.
    pub opened: Option<i32>,
}

impl_view!(ListPage, use_list_page(self));

#[hook]
fn use_list_page(props: &ListPage) -> Html {
    let client = use_client();
    let words = use_wording();
    let navigator = use_navigator();
    let scope = props.scope;
    let viewer = use_state_of(|state| state.store.viewer.clone());
    let choice = use_memo(props.query.clone(), |query| Field::Person.clear(&Choice::read(query)));
    let selected = use_state_eq(|| Rc::new(vec![]));
    let saving = use_state_eq(|| false);
    let assignees = use_state_eq(|| None::<Rc<Vec<UserId>>>);
    {
        let (client, assignees) = (client.clone(), assignees.clone());
        use_effect_with(choice.grouping, move |grouping| {
            if *grouping == Grouping::Assignee {
                spawn(async move {
                    match client.load_assignees().await {
                        Ok(people) => assignees.set(Some(Rc::new(people))),
                        Err(trouble) => client.toast_trouble(&trouble, None),
                    }
                });
            }
        });
    }
    {
        // What was selected in another list is not meant here.
        let selected = selected.clone();
        use_effect_with((scope, props.query.clone()), move |_| selected.set(Rc::default()));
    }
    let today = words.local_now().date();
    let zone = words.preferences.zone.clone();
    let groups = use_memo(
        (viewer.clone(), choice.clone(), assignees.clone(), today, zone),
        move |(viewer, choice, assignees, today, zone)| {
            let Some(viewer) = viewer else { return Rc::default() };
            let start = |day: chrono::NaiveDate| zone.moment(day.and_time(chrono::NaiveTime::MIN));
            let known = assignees.as_deref().map(|people| people.as_slice()).unwrap_or_default();
            Rc::new(groups::groups(scope, viewer, choice, known, *today, start))
        },
    );
    let onchange = {
        let navigator = navigator.clone();
        Callback::from(move |(choice, replaces): (Choice, bool)| {
            let address = Address { route: Route::of(scope), query: choice.write().into() };
            match &navigator {
                Some(navigator) if replaces => address.replace(navigator),
                Some(navigator) => address.open(navigator),
                None => {}
            }
        })
    };
    let onsort = {
        let (choice, onchange) = (choice.clone(), onchange.clone());
        Callback::from(move |field: TaskOrderField| {
            let order = bar::next_order(choice.order, field);
            onchange.emit((Choice { order, ..(*choice).clone() }, false));
        })
    };
    let save = |open: bool| {
        let saving = saving.clone();
        Callback::from(move |()| saving.set(open))
    };
    let link = AttrValue::from(Address { route: Route::of(scope), query: choice.write().into() }.to_link());
    let onname = {
        let (client, link) = (client.clone(), link.clone());
        Callback::from(move |name: String| client.save_list(&name, link.to_string()))
    };
    let onclear = {
        let selected = selected.clone();
        Callback::from(move |()| selected.set(Rc::default()))
    };
    let new_task = use_context::<OpenNewTask>();
    let Some(viewer) = viewer else { return Html::default() };
    let new_task =
        new_task.filter(|_| viewer.role.supervises() && matches!(scope, Scope::SetByMe | Scope::All));
    let nothing = nothing(&words, scope, &choice, &onchange, new_task);
    let is_known = choice.grouping != Grouping::Assignee || assignees.is_some();
    html! {
        <div class="list">
            { view(ListTabs { scope, here: link.clone() }) }
            { view(Bar { scope, choice: choice.clone(), onchange, onsave: save(true) }) }
            if is_known {
                { view_keyed(link.to_string(), Table {
                    scope, groups: (*groups).clone(), order: choice.order.unwrap_or_default(), onsort, opened: props.opened,
                    selected: selected.clone(), link: link.clone(), empty: nothing,
                }) }
            } else {
                { skeleton(&words, 8) }
            }
            { view(BulkBar { selected: (*selected).clone(), onclear }) }
            if *saving {
                { NameDialog { title: words.lists.save_title, name: String::new(), onsubmit: onname, onclose: save(false) } }
            }
        </div>
    }
}

/// What stands where no task is, and what to do about it.
fn nothing(
    words: &Wording,
    scope: Scope,
    choice: &Choice,
    onchange: &Changed,
    new_task: Option<OpenNewTask>,
) -> Html {
    if !choice.filter.is_empty() {
        let cleared = Choice { filter: Default::default(), ..choice.clone() };
        let clear = onchange.reform(move |_: MouseEvent| (cleared.clone(), false));
        return empty(
            IconKind::Filter,
            words.lists.nothing_found.into(),
            Some(words.lists.nothing_found_hint.into()),
            html! {
                <button type="button" class="button" onclick={clear}>{ words.lists.clear_filters }</button>
            },
        );
    }
    let (title, hint) = match scope {
        Scope::Mine => (words.mine_empty, words.mine_empty_hint),
        Scope::SetByMe => (words.set_by_me_empty, words.set_by_me_empty_hint),
        Scope::Review => (words.lists.review_empty, words.lists.review_empty_hint),
        Scope::Overdue => (words.lists.overdue_empty, words.lists.overdue_empty_hint),
        Scope::All => (words.all_empty, words.all_empty_hint),
    };
    let next = match new_task {
        Some(OpenNewTask(open)) => html! {
            <button type="button" class="button primary" onclick={open.reform(|_: MouseEvent| Beginning::default())}>
                { icon(IconKind::Add) }{ words.new_task }
            </button>
        },
        None => Html::default(),
    };
    empty(IconKind::Check, title.into(), Some(hint.into()), next)
}
