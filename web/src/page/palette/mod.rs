//! The palette: everything that can be gone to, done and found, by typing a part of it, on either layout.

mod entry;
mod offers;

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::use_navigator;

use super::new_task::Beginning;
use crate::api::{PersonFields, Role};
use crate::browser::{document, spawn};
use crate::client::{caps, use_client, use_state_of, use_wording};
use crate::store::Task;
use crate::ui::{Dialog, IconKind, icon, use_asking};
use crate::view::{impl_view, view};
use entry::{Entry, fitting, recent_first, remember};
use offers::Offers;

/// How long typing has to rest before the server is asked. Milliseconds.
const REST: u32 = 120;
/// Rows that are drawn at most.
const SHOWN: usize = 40;

#[derive(Clone, PartialEq)]
pub struct Palette {
    /// It finds tasks and people alone.
    pub finds: bool,
    pub role: Role,
    /// The task that is open.
    pub opened: Option<i32>,
    pub help: Callback<()>,
    pub new_task: Callback<Beginning>,
    pub onclose: Callback<()>,
}

impl_view!(Palette, use_palette(self));

#[hook]
fn use_palette(props: &Palette) -> Html {
    let client = use_client();
    let words = use_wording();
    let own = &words.palette;
    let typed = use_state_eq(String::new);
    let pointed = use_state_eq(|| 0_usize);
    let subject = use_memo((), |()| props.opened.or_else(document::focused_task));
    let task = {
        let number = *subject;
        use_state_of(move |state| number.and_then(|number| state.store.task_by_number(number)))
    };
    let people = use_people(props.role.supervises(), &typed);
    let tasks = use_tasks(&typed);
    let offers = Offers { client: &client, words: &words, navigator: use_navigator(), role: props.role };

    let is_blank = typed.trim().is_empty();
    let new_task = (props.role.supervises() && !props.finds).then(|| {
        let text = typed.trim().to_owned();
        let (heading, label) = if is_blank {
            (own.commands, words.new_task.to_owned())
        } else {
            (words.new_task, (own.new_task)(&text))
        };
        let act = props.new_task.reform(move |()| Beginning { title: text.clone(), ..Beginning::default() });
        Entry { keys: "KeyC", ..Entry::new(heading, icon(IconKind::Add), label, act) }
    });
    let mut entries = Vec::new();
    if !props.finds {
        if let Some(task) = &task {
            entries.extend(offers.of_task(task, props.opened.is_some(), words.keyboard.task));
        }
        entries.extend(offers.pages());
        entries.extend(new_task.clone().filter(|_| is_blank));
        entries.extend(offers.commands(props.help.clone()));
    }
    entries.extend(offers.people(&people));
    let mut shown = if is_blank {
        recent_first(entries, own.recent)
    } else {
        entries.extend(offers.tasks(&tasks));
        fitting(entries, &typed)
    };
    shown.truncate(SHOWN);
    if !is_blank && props.role == Role::Admin {
        shown.push(offers.search(typed.trim()));
    }
    shown.extend(new_task.filter(|_| !is_blank));

    let last = shown.len().saturating_sub(1);
    let at = (*pointed).min(last);
    use_effect_with((at, shown.len()), |(at, _)| document::reveal(&option_id(*at)));
    let choose = {
        let onclose = props.onclose.clone();
        move |entry: &Entry| {
            remember(&entry.id);
            onclose.emit(());
            entry.act.emit(());
        }
    };
    let oninput = {
        let (typed, pointed) = (typed.clone(), pointed.clone());
        Callback::from(move |event: InputEvent| {
            pointed.set(0);
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let onkeydown = {
        let (pointed, chosen, choose) = (pointed.clone(), shown.get(at).cloned(), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => pointed.set(if at < last { at + 1 } else { 0 }),
                "ArrowUp" => pointed.set(at.checked_sub(1).unwrap_or(last)),
                "PageDown" => pointed.set((at + 8).min(last)),
                "PageUp" => pointed.set(at.saturating_sub(8)),
                "Enter" if !event.is_composing() => chosen.iter().for_each(&choose),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let option = |index: usize, entry: &Entry| {
        let onclick = {
            let (entry, choose) = (entry.clone(), choose.clone());
            Callback::from(move |_: MouseEvent| choose(&entry))
        };
        let keys = if entry.keys.is_empty() { vec![] } else { caps(entry.keys) };
        let is_pointed = index == at;
        html! {
            <div id={option_id(index)} role="option" aria-selected={is_pointed.to_string()} {onclick}
                class={classes!("option", is_pointed.then_some("pointed"))}>
                { entry.mark.clone() }
                <span class="menu-label">{ &entry.label }</span>
                if !entry.note.is_empty() { <span class="palette-note">{ &entry.note }</span> }
                { for keys.into_iter().map(|cap| html! { <kbd>{ cap.to_owned() }</kbd> }) }
            </div>
        }
    };
    let mut groups = Vec::new();
    let mut from = 0;
    for group in shown.chunk_by(|one, next| one.heading == next.heading) {
        let heading = group.first().map(|entry| entry.heading);
        let options = group.iter().enumerate().map(|(index, entry)| option(from + index, entry));
        groups.push(html! {
            <div role="group" aria-label={heading} class="menu-section">
                <div class="menu-heading" aria-hidden="true">{ heading }</div>
                { for options }
            </div>
        });
        from += group.len();
    }
    let (title, placeholder) =
        if props.finds { (own.find, own.find_placeholder) } else { (own.title, own.placeholder) };
    let is_empty = shown.is_empty();
    view(Dialog {
        title: title.into(),
        onclose: props.onclose.clone(),
        class: "palette",
        children: html! {
            <>
                <input class="palette-input" value={(*typed).clone()} {placeholder} aria-label={placeholder} autocomplete="off"
                    spellcheck="false" autofocus={true} role="combobox" aria-expanded={(!is_empty).to_string()}
                    aria-controls="palette-options" aria-autocomplete="list"
                    aria-activedescendant={(!is_empty).then(|| option_id(at))} {oninput} {onkeydown} />
                <div id="palette-options" role="listbox" aria-label={title} class="palette-options" hidden={is_empty}>{ for groups }</div>
                <p role="status" class="palette-none">
                    if is_empty && !typed.trim().is_empty() { { own.nothing } }
                </p>
            </>
        },
    })
}

fn option_id(index: usize) -> String {
    ["palette-option-", &index.to_string()].concat()
}

/// Those at hand, and those that the server finds by what was typed.
#[hook]
fn use_people(may: bool, typed: &str) -> Vec<PersonFields> {
    let client = use_client();
    let people = use_state_eq(Vec::new);
    {
        let people = people.clone();
        use_effect_with((), move |()| {
            if may {
                spawn(async move { people.set(client.people_at_hand().await.unwrap_or_default()) });
            }
        });
    }
    if typed.trim().is_empty() { vec![] } else { (*people).clone() }
}

/// Those whose number or title was typed.
#[hook]
fn use_tasks(typed: &str) -> Vec<Rc<Task>> {
    let client = use_client();
    let found = use_state_eq(Vec::new);
    let typed = typed.trim().to_owned();
    let is_asked = typed.chars().count() > 1 || typed.parse::<u32>().is_ok();
    let rest = if is_asked { REST } else { 0 };
    let ask = move |typed: String| async move {
        if is_asked { client.find_tasks(&typed).await.ok() } else { Some(vec![]) }
    };
    let shown = found.clone();
    use_asking(typed, rest, ask, move |tasks| tasks.into_iter().for_each(|tasks| shown.set(tasks)));
    (*found).clone()
}
