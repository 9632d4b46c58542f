//! The line at the head of the form: the input, whom `@` may mean while it is typed, and what was understood.

use gloo_timers::callback::Timeout;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::reading::Reading;
use crate::api::{PersonFields, TaskPriority};
use crate::browser::{document, spawn};
use crate::client::{Wording, use_client, use_wording};
use crate::quick_add::{Kind, Mention, people};
use crate::ui::{IconKind, avatar, error_line, icon};
use crate::view::impl_view;

/// How many people are offered at once.
const OFFERED: usize = 6;
/// How long typing has to rest before people beyond those at hand are asked for. Milliseconds.
const REST: u32 = 150;
/// The input; also where the focus goes when the form is emptied for the next task.
pub const LINE: &str = "task-title";

#[derive(PartialEq)]
pub struct Line {
    pub line: String,
    pub reading: Reading,
    pub people: Vec<PersonFields>,
    /// There are more people than those.
    pub has_more_people: bool,
    pub error: Option<AttrValue>,
    pub onchange: Callback<String>,
    /// These words are not to be understood.
    pub onrefuse: Callback<(Kind, String)>,
    /// The words are of this person; the line as it reads then.
    pub onchoose: Callback<(String, String, PersonFields)>,
    pub onfound: Callback<Vec<PersonFields>>,
}

impl_view!(Line, use_line(self));

#[hook]
fn use_line(props: &Line) -> Html {
    let words = use_wording();
    let quick = &words.quick_add;
    let mention = use_state_eq(|| None::<Mention>);
    let pointed = use_state_eq(|| None::<usize>);
    use_people_beyond(props, (*mention).clone());

    // Where one person alone is meant, the chip says it already.
    let offered: Vec<&PersonFields> = match &*mention {
        Some(mention) if props.reading.assignee.is_none() => {
            people::offered(&mention.word, props.people.iter().map(|person| person.name.as_str()))
                .into_iter()
                .filter_map(|index| props.people.get(index))
                .take(OFFERED)
                .collect()
        }
        Some(_) | None => vec![],
    };
    let look = {
        let (mention, pointed) = (mention.clone(), pointed.clone());
        move |input: &HtmlInputElement| {
            pointed.set(None);
            mention.set(Mention::at(&input.value(), input.selection_start().ok().flatten()));
        }
    };
    let oninput = {
        let (look, onchange) = (look.clone(), props.onchange.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            look(&input);
            onchange.emit(input.value());
        })
    };
    let onclick = Callback::from(move |event: MouseEvent| look(&event.target_unchecked_into()));
    let onblur = {
        let mention = mention.clone();
        Callback::from(move |_: FocusEvent| mention.set(None))
    };
    let choose = {
        let (line, onchoose, mention) = (props.line.clone(), props.onchoose.clone(), mention.clone());
        Callback::from(move |person: PersonFields| {
            if let Some(place) = &*mention {
                let (line, named) = place.replace(&line, &person.name);
                mention.set(None);
                onchoose.emit((line, named, person));
            }
        })
    };
    let onkeydown = {
        let people: Vec<PersonFields> = offered.iter().map(|person| (*person).clone()).collect();
        let (pointed, mention, choose) = (pointed.clone(), mention.clone(), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(last) = people.len().checked_sub(1) else { return };
            let is_plain = !event.ctrl_key() && !event.meta_key();
            match event.key().as_str() {
                "ArrowDown" => pointed.set(Some(pointed.map_or(0, |at| if at < last { at + 1 } else { 0 }))),
                "ArrowUp" => pointed.set(Some(pointed.map_or(last, |at| at.checked_sub(1).unwrap_or(last)))),
                // One person alone is understood already: Enter goes on to what it is for.
                "Enter" if is_plain && (last > 0 || pointed.is_some()) => {
                    people
                        .get(pointed.unwrap_or(0))
                        .cloned()
                        .into_iter()
                        .for_each(|person| choose.emit(person));
                }
                "Tab" if !event.shift_key() => {
                    people
                        .get(pointed.unwrap_or(0))
                        .cloned()
                        .into_iter()
                        .for_each(|person| choose.emit(person));
                }
                "Escape" => mention.set(None),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let option = |(index, person): (usize, &&PersonFields)| {
        let onmousedown = {
            let (choose, person) = (choose.clone(), (*person).clone());
            Callback::from(move |event: MouseEvent| {
                // The focus stays in the line.
                event.prevent_default();
                if event.button() == 0 {
                    choose.emit(person.clone());
                }
            })
        };
        let is_pointed = *pointed == Some(index);
        html! {
            <li id={format!("task-person-{index}")} role="option" aria-selected={is_pointed.to_string()} {onmousedown}
                class={classes!("option", is_pointed.then_some("pointed"))}>
                { avatar(&person.name) }
                <span class="menu-label">{ &person.name }<span class="option-note">{ (words.role_name)(person.role) }</span></span>
            </li>
        }
    };
    let is_open = !offered.is_empty();
    html! {
        <div class="field quick">
            <label for={LINE}>{ words.title }</label>
            <div class="quick-line">
                <input id={LINE} class="input" value={props.line.clone()} placeholder={quick.placeholder} autocomplete="off" autofocus={true}
                    role="combobox" aria-expanded={is_open.to_string()} aria-controls="task-people" aria-autocomplete="list"
                    aria-activedescendant={pointed.filter(|_| is_open).map(|at| format!("task-person-{at}"))}
                    aria-invalid={props.error.is_some().then_some("true")} aria-describedby="task-title-hint task-title-error"
                    {oninput} {onclick} {onblur} {onkeydown} />
                <ul id="task-people" role="listbox" aria-label={words.people} class="options suggestions" hidden={!is_open}>
                    { for offered.iter().enumerate().map(option) }
                </ul>
            </div>
            <div id="task-title-hint" class="quick-understood" aria-live="polite">{ understood(&words, props) }</div>
            if !is_open { { candidates(&words, props) } }
            { error_line("task-title-error".to_owned(), props.error.clone()) }
        </div>
    }
}

/// Where a company has more people than were read, asks for those whom the mention may mean.
#[hook]
fn use_people_beyond(props: &Line, mention: Option<Mention>) {
    let client = use_client();
    let word =
        mention.map(|mention| mention.word).filter(|word| props.has_more_people && word.chars().count() > 1);
    use_effect_with(word, {
        let onfound = props.onfound.clone();
        move |word| {
            let timer = word.clone().map(|word| {
                Timeout::new(REST, move || {
                    spawn(async move {
                        if let Ok(found) = client.find_people(people::stem(&word)).await {
                            onfound.emit(found);
                        }
                    });
                })
            });
            move || drop(timer)
        }
    });
}

/// What the title will be, and a chip for everything that is not it; or how to write, where nothing was understood.
fn understood(words: &Wording, props: &Line) -> Html {
    let (quick, reading) = (&words.quick_add, &props.reading);
    if reading.understood.pieces.is_empty() {
        return html! { <span class="field-hint">{ quick.hint }</span> };
    }
    let chip = |kind: Kind, class: &'static str, mark: Html, text: String| {
        let words_of = reading.understood.piece(kind).map(|piece| piece.words.clone()).unwrap_or_default();
        let label = (quick.keep_in_title)(&words_of);
        let onrefuse = props.onrefuse.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            onrefuse.emit((kind, words_of.clone()));
            document::focus(LINE);
        });
        html! {
            <li class={classes!("chip", class)}>
                { mark }<span class="chip-text">{ text }</span>
                <button type="button" class="chip-close" aria-label={label.clone()} title={label} {onclick}>{ icon(IconKind::Close) }</button>
            </li>
        }
    };
    let deadline = reading.deadline.as_ref().map(|deadline| {
        let (class, text) = match deadline.read(words) {
            Ok(Some(moment)) => ("soon", words.due(moment)),
            Ok(None) => ("", String::new()),
            Err(trouble) => ("overdue", trouble.to_owned()),
        };
        chip(Kind::Deadline, class, icon(IconKind::Clock), text)
    });
    let name = reading.assignee.as_ref().and_then(|id| props.people.iter().find(|person| person.id == *id));
    let assignee = name.map(|person| chip(Kind::Assignee, "", avatar(&person.name), person.name.clone()));
    let priority = reading.understood.priority.map(|priority| {
        let mark = match priority {
            TaskPriority::High => IconKind::PriorityHigh,
            TaskPriority::Normal => IconKind::PriorityNormal,
            TaskPriority::Low => IconKind::PriorityLow,
        };
        chip(Kind::Priority, "", icon(mark), (words.priority_name)(priority).to_owned())
    });
    html! {
        <>
            <span class="quick-title">{ &reading.understood.title }</span>
            <ul class="chips" aria-label={quick.understood}>{ for [deadline, assignee, priority].into_iter().flatten() }</ul>
        </>
    }
}

/// Who exactly, where the words fit several.
fn candidates(words: &Wording, props: &Line) -> Html {
    let Some(piece) =
        props.reading.understood.piece(Kind::Assignee).filter(|_| !props.reading.candidates.is_empty())
    else {
        return Html::default();
    };
    let button = |person: &PersonFields| {
        let (onchoose, line, named, person) =
            (props.onchoose.clone(), props.line.clone(), piece.words.clone(), person.clone());
        let name = person.name.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            onchoose.emit((line.clone(), named.clone(), person.clone()));
            document::focus(LINE);
        });
        html! { <button type="button" class="chip choice" {onclick}>{ avatar(&name) }{ name }</button> }
    };
    let question = (words.quick_add.who)(&piece.words);
    html! {
        <div class="chips" role="group" aria-label={question.clone()}>
            <span class="field-hint">{ question }</span>
            { for props.reading.candidates.iter().map(button) }
        </div>
    }
}
